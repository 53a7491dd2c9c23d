import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { signAcknowledgement } from '../../alerting/acknowledge-link.ts';
import type { Input } from '../../alerting/inputs.ts';
import type { Channel } from '../../config/model.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../lib/time.ts';
import { secret } from '../pages/page-fixtures.ts';
import { fakeConfig } from './fake-config.ts';
import { OUTSIDER } from './fake-service.ts';
import { openApi } from './open-api.ts';

const PUBLIC = 'https://pager.example.org/noc';
const NUMBER = '+8613800138000';
const TWILIO = {
  ...{ accountSid: `AC${'a'.repeat(32)}`, authToken: secret('twilio-token'), apiUrl: '' },
  ...{ from: '+15005550006', timeoutMs: 5 * SECOND },
};
const CHANNELS: readonly Channel[] = [
  { id: 'sms', kind: 'twilio-sms', ...TWILIO },
  { id: 'voice', kind: 'twilio-voice', ...TWILIO },
  {
    ...{ id: 'chat', kind: 'slack', url: null, token: secret('xoxb'), room: 'C1', apiUrl: '' },
    ...{ signingSecret: secret('slack-secret'), timeoutMs: 5 * SECOND },
  },
  {
    ...{ id: 'ding', kind: 'dingtalk', url: secret('https://x'), signingSecret: null },
    ...{ appSecret: secret('ding-secret'), timeoutMs: 5 * SECOND },
  },
];
const CONTACTS = [
  { channelId: 'sms', address: NUMBER },
  { channelId: 'voice', address: NUMBER },
  { channelId: 'chat', address: 'U0SECOND1' },
  { channelId: 'ding', address: 'staff-2' },
];

/** The API whose second on call is reached by every channel that can answer. */
async function withChannels() {
  const plain = fakeConfig();
  const people = plain.people.map((each) =>
    each.id === 'duty-second' ? { ...each, contacts: CONTACTS } : each,
  );
  const service = { ...plain.service, publicUrl: PUBLIC };
  const said: { url: string; body: string }[] = [];
  const http = {
    send: async ({ url, body }: { url: string; body: string }) => {
      said.push({ url, body });
      return { kind: 'response', status: 200, body: 'ok' } as const;
    },
  };
  const api = await openApi({ config: { people, channels: CHANNELS, service }, deps: { http } });
  const recorded: Input[] = [];
  Object.assign(api.service.deps.host, {
    record: async (input: Input) => void recorded.push(input),
  });
  const incident = api.service.state.incidents.get('inc-000006')!;
  const token = (change: object = {}) =>
    signAcknowledgement('key of the test', {
      ...{ incidentId: incident.id, openedAt: incident.openedAt, episode: incident.episode },
      ...{ personId: 'duty-second', expiresAt: api.clock.now() + DAY, ...change },
    });
  const acknowledged = () =>
    api.service.commands.flatMap((command) =>
      command.type === 'acknowledge' ? [`${command.by} ${command.via}`] : [],
    );
  /** It happens again: the incident waits for an answer once more. */
  const reopen = () => {
    Object.assign(incident, { episode: 2, acknowledgedAt: null, acknowledgedBy: null });
  };
  const refused = async (reason: string) => {
    const line = `threenines_callbacks_refused_total{reason="${reason}"} `;
    const { body } = await api.app.inject({ url: '/metrics', headers: { host: 'localhost' } });
    return Number(body.split(line)[1]?.split('\n')[0]);
  };
  return { ...api, said, recorded, incident, token, acknowledged, reopen, refused };
}

type Api = Awaited<ReturnType<typeof withChannels>>;

/** A request as Twilio makes it. */
function twilio(
  { app }: Api,
  path: string,
  fields: Record<string, string>,
  key = 'twilio-token',
  written = (signature: string) => signature,
) {
  const url = `/api/v1/callbacks/twilio/${path}`;
  const names = Object.keys(fields).sort();
  const text = PUBLIC + url + names.map((name) => name + fields[name]).join('');
  const signature = createHmac('sha1', key).update(text).digest('base64');
  return app.inject({
    ...{ method: 'POST', url, payload: new URLSearchParams(fields).toString() },
    headers: {
      ...{ 'content-type': 'application/x-www-form-urlencoded', host: 'pager.example.org' },
      'x-twilio-signature': written(signature),
    },
  });
}

describe('Twilio', () => {
  it.each(['ack 6', 'ACK 000006', ' Ack #6. ', '确认 6', '收到6', 'ok inc-000006'])(
    'acknowledges by the reply %j from the number of the person',
    async (Body) => {
      const api = await withChannels();
      const answer = await twilio(api, 'sms/message', { Body, From: NUMBER });
      expect(answer.headers['content-type']).toBe('text/xml; charset=utf-8');
      expect(answer.body).toMatch(/<Message>Acknowledged 6: .*<\/Message><\/Response>$/);
      expect(api.acknowledged()).toEqual(['duty-second sms']);
    },
  );

  it('takes each message once: played again, it does not acknowledge the next outbreak', async () => {
    const api = await withChannels();
    const message = { Body: 'ack 6', From: NUMBER, MessageSid: 'SM1' };
    expect((await twilio(api, 'sms/message', message)).statusCode).toBe(200);
    api.reopen();
    expect((await twilio(api, 'sms/message', message)).statusCode).toBe(403);
    expect(api.acknowledged()).toHaveLength(1);
    expect(await api.refused('replayed')).toBe(1);
    await twilio(api, 'sms/message', { ...message, Body: 'ack 6-2', MessageSid: 'SM2' });
    expect(api.acknowledged()).toHaveLength(2);
  });

  it('nor with its signature written in another way', async () => {
    const api = await withChannels();
    const message = { Body: 'ack 6', From: NUMBER, MessageSid: 'SM1' };
    await twilio(api, 'sms/message', message);
    api.reopen();
    const again = await twilio(api, 'sms/message', message, 'twilio-token', (text) =>
      text.replace(/=+$/, ''),
    );
    expect(again.statusCode).toBe(403);
    expect(api.acknowledged()).toHaveLength(1);
  });

  it('a late reply to the page of an earlier outbreak does not acknowledge the next', async () => {
    const api = await withChannels();
    api.reopen();
    const reply = async (Body: string) =>
      (await twilio(api, 'sms/message', { Body, From: NUMBER })).body;
    expect(await reply('ack 6')).toContain('answered with &quot;ack 6-2&quot;');
    expect(await reply('ack 6-3')).toContain('has changed since');
    expect(api.incident.acknowledgedAt).toBeNull();
    expect(await reply('ack 6-2')).toContain('Acknowledged 6-2');
  });

  it('a reply without a code counts only where nothing else was asked within a day', async () => {
    const api = await withChannels();
    const reply = async () =>
      (await twilio(api, 'sms/message', { Body: 'ok', From: NUMBER, MessageSid: `${told}` })).body;
    const { state } = api.service;
    for (const other of state.incidents.values())
      if (other !== api.incident && other.acknowledgedAt === null) other.acknowledgedAt = 1;
    const page = [...state.pages.values()].find(({ incidentId }) => incidentId === 'inc-000006')!;
    let told = 0;
    /** Pages of the second on call: which outbreak, how long ago. */
    const asked = (...pages: readonly (readonly [number, number])[]) => {
      told += 1;
      state.pages.clear();
      api.incident.pageIds.length = 0;
      for (const [episode, agoMs] of pages) {
        const id = `page-${told}-${episode}`;
        const at = { queuedAt: api.clock.now() - agoMs, status: 'sent' as const };
        state.pages.set(id, { ...page, id, episode, personId: 'duty-second', ...at });
        api.incident.pageIds.push(id);
      }
    };
    api.reopen();
    state.openIncidentIds.add('inc-000006');
    asked([1, HOUR], [2, MINUTE]);
    expect(await reply()).toContain('Which one? Reply &quot;ack 6-2&quot;');
    expect(api.incident.acknowledgedAt).toBeNull();
    asked([1, DAY], [2, MINUTE]);
    expect(await reply()).toContain('Acknowledged 6-2');
  });

  it('says what is meant when it is not clear, and acknowledges nothing', async () => {
    const api = await withChannels();
    const reply = async (Body: string) =>
      (await twilio(api, 'sms/message', { Body, From: NUMBER })).body;
    expect(await reply('what is this? ack')).toContain('Not understood');
    expect(await reply('ack 999')).toContain('no open incident 999');
    expect(await reply('stop')).toContain('Not understood');
    expect(api.acknowledged()).toEqual([]);
  });

  it('answers no stranger', async () => {
    const api = await withChannels();
    const answer = await twilio(api, 'sms/message', { Body: 'ack 6', From: '+15550001111' });
    expect(answer.body).toMatch(/<Response><\/Response>$/);
    expect(api.acknowledged()).toEqual([]);
  });

  it('acknowledges by the key 1 in the call to the person', async () => {
    const api = await withChannels();
    const path = `voice/digits?token=${api.token()}`;
    const wrong = await twilio(api, path, { Digits: '2', To: NUMBER });
    expect(wrong.body).toContain('<Hangup/>');
    await twilio(api, path, { Digits: '1', To: '+15550001111' });
    const others = `voice/digits?token=${api.token({ personId: 'shift-lead' })}`;
    await twilio(api, others, { Digits: '1', To: NUMBER });
    expect(api.acknowledged()).toEqual([]);
    const answer = await twilio(api, path, { Digits: '1', To: NUMBER });
    expect(answer.body).toContain('<Say language="en-US">Acknowledged 6');
    expect(api.acknowledged()).toEqual(['duty-second voice']);
  });

  it.each([
    ['delivered', { MessageStatus: 'delivered' }, 'delivered', ''],
    ['undelivered', { MessageStatus: 'undelivered', ErrorCode: '30003' }, 'failed', '30003'],
    ['a call that nobody took', { CallStatus: 'no-answer' }, 'failed', 'no-answer'],
  ])('gives receipts: %s', async (_, fields, status, code) => {
    const api = await withChannels();
    const [page] = api.service.state.pages.values();
    Object.assign(page!, { channelId: 'sms' });
    const path = `sms/status?page=${encodeURIComponent(page!.id)}`;
    expect((await twilio(api, path, fields)).statusCode).toBe(204);
    expect(api.recorded).toMatchObject([
      { kind: 'confirmation', confirmation: { pageId: page!.id, status } },
    ]);
    expect(JSON.stringify(api.recorded[0])).toContain(code);
  });

  it('says nothing of what is on its way, or of the page of another channel', async () => {
    const api = await withChannels();
    const [page] = api.service.state.pages.values();
    const path = `sms/status?page=${encodeURIComponent(page!.id)}`;
    await twilio(api, path, { MessageStatus: 'delivered' });
    Object.assign(page!, { channelId: 'sms' });
    await twilio(api, path, { MessageStatus: 'sent' });
    expect(api.recorded).toEqual([]);
  });

  it.each([
    ['another key', 'sms/message', 'other'],
    ['a channel of another kind', 'chat/message', 'twilio-token'],
    ['a channel that is none', 'nothing/message', 'twilio-token'],
  ])('is not believed with %s', async (_, path, key) => {
    const api = await withChannels();
    const answer = await twilio(api, path, { Body: 'ack 6', From: NUMBER }, key);
    expect(answer.statusCode).toBe(403);
    expect(api.acknowledged()).toEqual([]);
    expect(await api.refused('unsigned')).toBe(1);
  });
});

describe('Slack', () => {
  const press = (api: Api, fields: object, { key = 'slack-secret', ageMs = 0 } = {}) => {
    const payload = JSON.stringify({
      ...{ type: 'block_actions', response_url: 'https://hooks.slack.com/actions/x' },
      ...fields,
    });
    const body = new URLSearchParams({ payload }).toString();
    const timestamp = String(Math.floor((api.clock.now() - ageMs) / SECOND));
    const mac = createHmac('sha256', key).update(`v0:${timestamp}:${body}`).digest('hex');
    return api.app.inject({
      ...{ method: 'POST', url: '/api/v1/callbacks/slack/chat', payload: body },
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-slack-request-timestamp': timestamp,
        'x-slack-signature': `v0=${mac}`,
      },
    });
  };
  const button = (api: Api, userId = 'U0SECOND1', value = api.token()) => ({
    user: { id: userId },
    actions: [{ action_id: 'threenines_acknowledge', value }],
  });

  it('acknowledges as the member who pressed the button, and tells them alone', async () => {
    const api = await withChannels();
    expect((await press(api, button(api))).statusCode).toBe(200);
    expect(api.acknowledged()).toEqual(['duty-second slack']);
    expect(api.said[0]!.url).toBe('https://hooks.slack.com/actions/x');
    expect(JSON.parse(api.said[0]!.body)).toMatchObject({ response_type: 'ephemeral' });
    expect(api.said[0]!.body).toContain('Acknowledged 6');
  });

  it('does so whoever the page was for, but for nobody that is not known', async () => {
    const api = await withChannels();
    await press(api, button(api, 'U0STRANGER'));
    expect(api.acknowledged()).toEqual([]);
    expect(api.said[0]!.body).toContain('not known');
    await press(api, button(api, 'U0SECOND1', api.token({ personId: 'shift-lead' })));
    expect(api.acknowledged()).toEqual(['duty-second slack']);
  });

  it('does not for a member whom the escalation does not lead to, and says how they may', async () => {
    const api = await withChannels();
    const config = api.service.config;
    const outsider = { ...config.people[0]!, id: OUTSIDER };
    const contacts = [{ channelId: 'chat', address: 'U0OUTSIDE1' }];
    Object.assign(config, { people: [...config.people, { ...outsider, contacts }] });
    await press(api, button(api, 'U0OUTSIDE1'));
    expect(api.incident.acknowledgedAt).toBeNull();
    expect(api.said[0]!.body).toContain('not of the escalation of 6');
  });

  it('does not for a page of an earlier outbreak, or a token that is none', async () => {
    const api = await withChannels();
    api.incident.episode = 2;
    await press(api, button(api, 'U0SECOND1', api.token({ episode: 1 })));
    await press(api, button(api, 'U0SECOND1', 'forged'));
    expect(api.incident.acknowledgedAt).toBeNull();
    expect(api.said[0]!.body).toContain('has changed since');
    expect(api.said[1]!.body).toContain('too old');
  });

  it('takes each press once', async () => {
    const api = await withChannels();
    const pressed = button(api);
    expect((await press(api, pressed)).statusCode).toBe(200);
    Object.assign(api.incident, { acknowledgedAt: null, acknowledgedBy: null });
    expect((await press(api, pressed)).statusCode).toBe(403);
    expect(api.acknowledged()).toHaveLength(1);
  });

  it('is not believed without its signature, or long after', async () => {
    const api = await withChannels();
    expect((await press(api, button(api), { key: 'other' })).statusCode).toBe(403);
    expect((await press(api, button(api), { ageMs: 6 * MINUTE })).statusCode).toBe(403);
    expect(api.acknowledged()).toEqual([]);
  });

  it.each(['{', 'null', '[]', '{"user":7,"actions":"x"}'])('survives %s', async (payload) => {
    const api = await withChannels();
    const body = new URLSearchParams({ payload }).toString();
    const timestamp = String(Math.floor(api.clock.now() / SECOND));
    const mac = createHmac('sha256', 'slack-secret')
      .update(`v0:${timestamp}:${body}`)
      .digest('hex');
    const answer = await api.app.inject({
      ...{ method: 'POST', url: '/api/v1/callbacks/slack/chat', payload: body },
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-slack-request-timestamp': timestamp,
        'x-slack-signature': `v0=${mac}`,
      },
    });
    expect(answer.statusCode).toBe(200);
  });
});

describe('DingTalk', () => {
  const write = (
    api: Api,
    content: string,
    change: { key?: string; ageMs?: number; from?: string } = {},
  ) => {
    const { key = 'ding-secret', ageMs = 0, from = 'staff-2' } = change;
    const timestamp = String(api.clock.now() - ageMs);
    const sign = createHmac('sha256', key).update(`${timestamp}\n${key}`).digest('base64');
    const headers = { timestamp, sign };
    return api.post(
      '/api/v1/callbacks/dingtalk/ding',
      { senderStaffId: from, text: { content } },
      headers,
    );
  };

  it('acknowledges by a message to the robot, as its sender', async () => {
    const api = await withChannels();
    const answer = await write(api, ' 确认 6 ');
    expect(answer.body).toMatchObject({ msgtype: 'text', at: { atUserIds: ['staff-2'] } });
    expect(answer.body.text.content).toContain('Acknowledged 6');
    expect(api.acknowledged()).toEqual(['duty-second dingtalk']);
    expect((await write(api, 'ack 6', { ageMs: 1 })).body.text.content).toContain(
      'already acknowledged',
    );
  });

  it('takes each signature once, whatever the text: it covers the timestamp alone', async () => {
    const api = await withChannels();
    await write(api, 'ack 6');
    api.reopen();
    expect((await write(api, 'ack 6')).status).toBe(403);
    expect((await write(api, 'ok 6')).status).toBe(403);
    expect(api.acknowledged()).toHaveLength(1);
    expect(await api.refused('replayed')).toBe(2);
  });

  it('does not for a stranger, a wrong signature or an old one', async () => {
    const api = await withChannels();
    expect((await write(api, 'ack 6', { from: 'staff-9' })).body.text.content).toContain(
      'not known',
    );
    expect((await write(api, 'ack 6', { key: 'other' })).status).toBe(403);
    expect((await write(api, 'ack 6', { ageMs: 2 * HOUR })).status).toBe(403);
    expect(api.acknowledged()).toEqual([]);
  });
});
