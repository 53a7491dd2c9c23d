import { describe, expect, it } from 'vitest';
import { openApi } from './open-api.ts';

const ACKNOWLEDGE = '/api/v1/incidents/inc-000006/acknowledgement';

describe('commands on an incident', () => {
  it.each(['   ', '\u0000\u202e', '\u200b'])(
    'takes no note that nobody can read: %j',
    async (text) => {
      const { post } = await openApi();
      const body = { by: 'duty-primary', text };
      const answer = await post('/api/v1/incidents/inc-000006/notes', body);
      expect(answer.status).toBe(400);
      expect(JSON.stringify(answer.body)).toContain('must be text that can be read');
    },
  );

  it('acknowledges and answers with the incident as it is then', async () => {
    const { post, service } = await openApi();
    const answer = await post(ACKNOWLEDGE, { by: 'duty-second' });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      status: 'acknowledged',
      acknowledgedBy: { id: 'duty-second', name: 'Second on call' },
      clock: { status: 'met', remainingMs: null },
    });
    expect(service.commands).toEqual([
      { type: 'acknowledge', incidentId: 'inc-000006', by: 'duty-second', via: 'api' },
    ]);
  });

  it('records the console as the way when the browser says so', async () => {
    const { post, service } = await openApi();
    await post(ACKNOWLEDGE, { by: 'duty-second' }, { 'sec-fetch-site': 'same-origin' });
    expect(service.commands[0]).toMatchObject({ via: 'console' });
  });

  it('tells the second one who was first', async () => {
    const { post } = await openApi();
    await post(ACKNOWLEDGE, { by: 'duty-second' });
    const answer = await post(ACKNOWLEDGE, { by: 'shift-lead' });
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({
      type: 'urn:threenines:already-acknowledged',
      by: 'duty-second',
      name: 'Second on call',
    });
  });

  it('resolves with a reason, and not twice', async () => {
    const { post, service } = await openApi();
    const url = '/api/v1/incidents/inc-000006/resolution';
    const body = { by: 'shift-lead', text: 'fuse\u202e replaced\n\n by hand' };
    const answer = await post(url, body);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ status: 'resolved' });
    expect(service.commands[0]).toMatchObject({ text: 'fuse replaced by hand' });
    expect((await post(url, body)).status).toBe(409);
  });

  it('writes a note that the timeline shows', async () => {
    const { post, read } = await openApi();
    const url = '/api/v1/incidents/inc-000006/notes';
    expect((await post(url, { by: 'shift-lead', text: 'crew is on site' })).status).toBe(200);
    const { items } = await read('/api/v1/incidents/inc-000006/timeline');
    expect(items.at(-1).text['zh-CN']).toBe('Shift lead：crew is on site');
  });

  it('names the valid ids for an unknown person, and nothing else of them', async () => {
    const { post, service } = await openApi();
    const answer = await post(ACKNOWLEDGE, { by: 'stranger' });
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({
      type: 'urn:threenines:no-such-person',
      known: ['duty-primary', 'duty-second', 'shift-lead'],
    });
    expect(JSON.stringify(answer.body)).not.toContain('noc.example');
    expect(service.commands).toEqual([]);
  });

  it('answers 404 for an unknown incident', async () => {
    const { post } = await openApi();
    const answer = await post('/api/v1/incidents/inc-000099/acknowledgement', { by: 'shift-lead' });
    expect(answer.status).toBe(404);
  });

  it('passes on that the cause is still failing', async () => {
    const { post } = await openApi({
      deps: {
        host: {
          state: (await openApi()).service.state,
          submit: () => {},
          record: async () => {},
          subscribe: () => () => {},
          command: async () => ({ accepted: false, reason: 'still-failing', by: null }),
        },
      },
    });
    const answer = await post('/api/v1/incidents/inc-000006/resolution', {
      by: 'shift-lead',
      text: 'x',
    });
    expect(answer).toMatchObject({ status: 409, body: { type: 'urn:threenines:still-failing' } });
  });

  it.each([
    [{}, '/body/by'],
    [{ by: 5 }, '/body/by'],
    [{ by: null }, '/body/by'],
    [{ by: ['shift-lead'] }, '/body/by'],
    [{ by: '../../etc' }, '/body/by'],
    [{ by: 'shift-lead', tier: 1 }, '/body/tier'],
    [[], '/body'],
    ['"text"', '/body'],
    ['null', '/body'],
  ])('refuses the body %j', async (body, pointer) => {
    const { post, service } = await openApi();
    const answer = await post(ACKNOWLEDGE, body);
    expect(answer.status).toBe(400);
    expect(answer.body.errors[0].pointer).toBe(pointer);
    expect(service.commands).toEqual([]);
  });

  it.each(['', ' \n\t ', 'x'.repeat(2001)])(
    'refuses a note that is empty or too long',
    async (text) => {
      const { post } = await openApi();
      const answer = await post('/api/v1/incidents/inc-000006/notes', { by: 'shift-lead', text });
      expect(answer.status).toBe(400);
    },
  );
});

describe('the demo network', () => {
  it('lists, breaks and mends', async () => {
    const { read, post, service } = await openApi();
    expect((await read('/api/v1/lab')).items[0]).toEqual({
      deviceId: 'agg-harbour',
      part: null,
      active: false,
      title: { en: 'Stop agg-harbour', 'zh-CN': '停掉 agg-harbour' },
    });
    const broken = await post('/api/v1/lab/failures', { device: 'core-1', part: 'Te1/1' });
    expect(broken.body.items[1]).toMatchObject({ active: true });
    const mended = await post('/api/v1/lab/restorations', { device: 'core-1', part: 'Te1/1' });
    expect(mended.body.items[1]).toMatchObject({ active: false });
    await post('/api/v1/lab/restorations', {});
    await post('/api/v1/lab/story', {});
    expect(service.labLog).toEqual([
      'fail core-1 Te1/1',
      'restore core-1 Te1/1',
      'restore all',
      'story',
    ]);
  });

  it('says what would have been valid', async () => {
    const { post } = await openApi();
    const answer = await post('/api/v1/lab/failures', { device: 'nobody' });
    expect(answer).toMatchObject({ status: 422, body: { detail: 'no device "nobody"' } });
  });

  it('does not exist where real devices are watched', async () => {
    const { app, read } = await openApi({ deps: { lab: null } });
    expect((await app.inject({ url: '/api/v1/lab' })).statusCode).toBe(404);
    const answer = await app.inject({ method: 'POST', url: '/api/v1/lab/story' });
    expect(answer.statusCode).toBe(404);
    expect((await read('/api/v1/summary')).lab).toBe(false);
    expect((await read('/api/v1/openapi.json')).paths).not.toHaveProperty('/api/v1/lab');
  });
});
