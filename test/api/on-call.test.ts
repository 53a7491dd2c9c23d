import { describe, expect, it } from 'vitest';
import type { Schedule } from '../../config/schedule/schedule.ts';
import { DAY, HOUR, MINUTE } from '../../lib/time.ts';
import { rule } from '../alerting/network.ts';
import { openLiveEngine } from './live-engine.ts';

const MONDAY = Date.parse('2026-11-30T00:00:00Z');

const SCHEDULE: Schedule = {
  id: 'noc',
  name: 'NOC',
  timeZone: 'Asia/Shanghai',
  teamId: null,
  isPartial: false,
  managerIds: ['shift-lead'],
  layers: [
    {
      id: 'days',
      personIds: ['duty-primary', 'duty-second'],
      firstAt: '2026-11-30T00:00',
      shiftMs: DAY,
      endsAt: '2026-12-20T00:00',
      hours: [],
      holidays: 'also',
    },
  ],
  holidays: [],
  overrides: [],
};

const open = () => openLiveEngine(MONDAY, { schedules: [SCHEDULE], catchAll: ['shift-lead'] });
type Planned = {
  readonly afterMinutes: number;
  readonly person: { readonly id: string };
  readonly kind: string;
  readonly channelIds: readonly string[];
};

const iso = (at: number) => new Date(at).toISOString();

describe('on call', () => {
  it('says who is on call, who follows, and when nobody is', async () => {
    const { get } = await open();
    const { status, body } = await get('/api/v1/oncall');
    expect(status).toBe(200);
    expect(body.catchAll).toEqual([{ id: 'shift-lead', name: 'Shift lead' }]);
    const [noc] = body.schedules;
    expect(noc).toMatchObject({ id: 'noc', timeZone: 'Asia/Shanghai' });
    expect(noc.now).toMatchObject({
      people: [{ id: 'duty-primary', name: 'Duty engineer' }],
      from: '2026-11-29T16:00:00.000Z',
      to: '2026-11-30T16:00:00.000Z',
    });
    expect(noc.next[0].people).toEqual([{ id: 'duty-second', name: 'Second on call' }]);
    expect(noc.gaps).toEqual([{ from: '2026-12-19T16:00:00.000Z', to: iso(MONDAY + 30 * DAY) }]);
  });

  it('at another instant', async () => {
    const { get } = await open();
    const { body } = await get('/api/v1/oncall?at=2026-12-01T00:00:00Z');
    expect(body.schedules[0].now.people[0].id).toBe('duty-second');
    expect((await get('/api/v1/oncall?at=yesterday')).status).toBe(400);
  });

  it('takes an override, shows it, keeps it in the journal, and takes it back', async () => {
    const { get, post, journal } = await open();
    const made = await post('/api/v1/oncall/overrides', {
      ...{ by: 'shift-lead', schedule: 'noc', person: 'duty-second', replaces: 'duty-primary' },
      ...{ from: iso(MONDAY + HOUR), to: iso(MONDAY + 2 * HOUR), reason: 'dentist' },
    });
    expect(made).toEqual({ status: 200, body: { ids: ['ovr-000001'] } });
    const during = await get(`/api/v1/oncall?at=${iso(MONDAY + 90 * MINUTE)}`);
    expect(during.body.schedules[0].now).toMatchObject({
      people: [{ id: 'duty-second' }],
      overrideIds: ['ovr-000001'],
    });
    expect(during.body.schedules[0].overrides[0]).toMatchObject({ reason: 'dentist' });
    expect([...journal.read()].filter(({ event }) => event.type === 'override-added')).toHaveLength(
      1,
    );
    const removal = '/api/v1/oncall/overrides/ovr-000001/removal';
    expect((await post(removal, { by: 'shift-lead' })).status).toBe(200);
    expect((await post(removal, { by: 'shift-lead' })).status).toBe(404);
    const after = await get(`/api/v1/oncall?at=${iso(MONDAY + 90 * MINUTE)}`);
    expect(after.body.schedules[0].now.people[0].id).toBe('duty-primary');
  });

  it('trades turns', async () => {
    const { get, post } = await open();
    const given = (person: string, from: number) => ({
      ...{ person, from: iso(from), to: iso(from + DAY) },
    });
    const start = Date.parse('2026-11-30T16:00:00Z');
    const made = await post('/api/v1/oncall/swaps', {
      ...{ by: 'duty-second', schedule: 'noc', reason: '' },
      first: given('duty-second', start),
      second: given('duty-primary', start + DAY),
    });
    expect(made.body.ids).toHaveLength(2);
    const whoAt = async (at: number) =>
      (await get(`/api/v1/oncall?at=${iso(at)}`)).body.schedules[0].now.people[0].id;
    expect(await whoAt(start + HOUR)).toBe('duty-primary');
    expect(await whoAt(start + DAY + HOUR)).toBe('duty-second');
  });

  it('refuses what cannot be, with the reason', async () => {
    const { post } = await open();
    const body = {
      ...{ by: 'shift-lead', schedule: 'noc', person: 'duty-second' },
      ...{ from: iso(MONDAY), to: iso(MONDAY + HOUR) },
    };
    const type = async (change: object) =>
      (await post('/api/v1/oncall/overrides', { ...body, ...change })).body.type;
    expect(await type({ schedule: 'moc' })).toBe('urn:threenines:no-such-schedule');
    expect(await type({ by: 'ghost' })).toBe('urn:threenines:no-such-person');
    expect(await type({ to: iso(MONDAY) })).toBe('urn:threenines:bad-span');
  });
});

describe('who would be paged', () => {
  it('for a device: the tier, why, each person in order and after how many minutes', async () => {
    const step = { afterMs: 0, personIds: [], scheduleIds: ['noc'], channelIds: [] };
    const late = { afterMs: 5 * MINUTE, personIds: ['shift-lead'], channelIds: [] };
    const steps = { 1: [step, late], 2: [step, late], 3: [step, late], 4: [step, late] };
    const { get, run } = await openLiveEngine(MONDAY, {
      schedules: [SCHEDULE],
      gradingRules: [rule('down', 2, { faultKinds: ['device-down'] })],
      escalationPolicies: [{ id: 'default', siteIds: [], steps }],
    });
    await run(MINUTE);
    const { status, body } = await get('/api/v1/oncall/plan?device=core-1');
    expect(status).toBe(200);
    expect(body).toMatchObject({ incidentId: null, deviceId: 'core-1', tier: 2 });
    expect(
      body.pages
        .slice(0, 2)
        .map((page: Planned) => [page.afterMinutes, page.person.id, page.kind, page.channelIds]),
    ).toEqual([
      [0, 'duty-primary', 'opened', ['inbox']],
      [5, 'shift-lead', 'escalated', ['inbox']],
    ]);
  });

  it('nobody, where no rule makes it an incident, and for what does not exist', async () => {
    const { get, run } = await open();
    await run(MINUTE);
    const { status, body } = await get('/api/v1/oncall/plan?device=core-1');
    expect([status, body.type]).toEqual([422, 'urn:threenines:no-incident']);
    expect((await get('/api/v1/oncall/plan?device=core-99')).status).toBe(404);
    expect((await get('/api/v1/oncall/plan')).status).toBe(400);
    expect((await get('/api/v1/oncall/plan?incident=inc-000009')).status).toBe(404);
  });
});
