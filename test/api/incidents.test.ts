import { describe, expect, it } from 'vitest';
import { sentenceOf } from '../../api/event-sentence.ts';
import { foldIncident, parseFaultKey } from '../../api/incident-record.ts';
import { NO_FACTS } from '../../collector/observation.ts';
import { NO_TEXT, say } from '../../lib/local-text.ts';
import { formatInstant, MINUTE, SECOND } from '../../lib/time.ts';
import { FAKE_DEVICES, fakeConfig } from './fake-config.ts';
import { addIncident } from './fake-incidents.ts';
import { openApi } from './open-api.ts';

const idsOf = (list: { items: { id: string }[] }) => list.items.map(({ id }) => id);

const BUSY = say('busy', '繁忙');

describe('GET /api/v1/incidents', () => {
  it('lists live and finished incidents, newest first, those of the journal too', async () => {
    const { read } = await openApi();
    const list = await read('/api/v1/incidents');
    expect(idsOf(list)).toEqual([6, 5, 4, 3, 2, 1].map((number) => `inc-00000${number}`));
    expect(list.nextCursor).toBeNull();
  });

  it.each([
    ['status=open', ['inc-000006', 'inc-000005', 'inc-000002']],
    ['status=acknowledged', ['inc-000003']],
    ['status=resolved', ['inc-000004', 'inc-000001']],
    ['tier=4', ['inc-000004', 'inc-000002']],
    ['status=open&tier=1', ['inc-000006']],
    ['status=resolved&tier=1', []],
  ])('filters by %s', async (query, expected) => {
    const { read } = await openApi();
    expect(idsOf(await read(`/api/v1/incidents?${query}`))).toEqual(expected);
  });

  it('names devices that have left the configuration as they were named last', async () => {
    const { read, service } = await openApi();
    const { deviceId } = await read('/api/v1/incidents/inc-000004');
    const left = FAKE_DEVICES.filter(({ id }) => id !== deviceId);
    service.deps.getConfig = () => fakeConfig({ devices: left });
    expect(await read('/api/v1/incidents/inc-000004')).toMatchObject({ deviceName: deviceId });
    service.state.formerNames.set(deviceId, 'Switch of old');
    const incident = await read('/api/v1/incidents/inc-000004');
    expect(incident).toMatchObject({ deviceName: 'Switch of old' });
    expect(incident.title.en).toContain('Switch of old');
  });

  it.each(['all', 'open', 'resolved'])('pages through %s one at a time', async (status) => {
    const { read } = await openApi();
    const whole = idsOf(await read(`/api/v1/incidents?status=${status}`));
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const url = `/api/v1/incidents?status=${status}&limit=1${cursor ? `&cursor=${cursor}` : ''}`;
      const page = await read(url);
      seen.push(...idsOf(page));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(whole);
  });

  it('goes on past a long stretch without matches', async () => {
    const { read, service } = await openApi();
    service.state.lastIncidentNumber = 650;
    const seen: string[] = [];
    let cursor: string | null = null;
    let pages = 0;
    do {
      const page = await read(
        `/api/v1/incidents?status=resolved${cursor ? `&cursor=${cursor}` : ''}`,
      );
      seen.push(...idsOf(page));
      cursor = page.nextCursor;
      pages += 1;
    } while (cursor !== null);
    expect(seen).toEqual(['inc-000004', 'inc-000001']);
    expect(pages).toBe(4);
  });

  it('derives the response clock from the present time', async () => {
    const { read, clock } = await openApi();
    const clockOf = async (id: string) => (await read(`/api/v1/incidents/${id}`)).clock;
    expect(await clockOf('inc-000006')).toMatchObject({
      status: 'running',
      remainingMs: 6 * MINUTE + 50 * SECOND,
    });
    expect(await clockOf('inc-000002')).toMatchObject({
      status: 'breached',
      remainingMs: -11 * MINUTE,
    });
    expect(await clockOf('inc-000003')).toMatchObject({ status: 'met', remainingMs: null });
    clock.advance(7 * MINUTE);
    expect(await clockOf('inc-000006')).toMatchObject({
      status: 'breached',
      remainingMs: -10 * SECOND,
    });
  });
});

describe('GET /api/v1/incidents/:id', () => {
  it('says why the tier, what hangs on the cause, and who was paged', async () => {
    const { read } = await openApi();
    const incident = await read('/api/v1/incidents/inc-000006');
    expect(incident).toMatchObject({
      status: 'open',
      tier: 1,
      tierName: { en: 'critical', 'zh-CN': '特别重大' },
      siteName: 'Harbour',
      otherSites: [{ name: 'Central exchange' }],
      affectedCount: 5,
      cutOffCount: 5,
    });
    expect(incident.because['zh-CN']).toContain('无冗余路径');
    expect(incident.members[0]).toMatchObject({ relation: 'root', deviceId: 'agg-harbour' });
    expect(incident.members).toHaveLength(5);
    expect(incident.pages.map((page: { status: string }) => page.status)).toEqual(['sent', 'sent']);
    expect(incident.paged.map(({ name }: { name: string }) => name)).toEqual([
      'Duty engineer',
      'Second on call',
    ]);
  });

  it('says of a page that it is held back, and of nobody that they were paged by it', async () => {
    const { read, service, clock } = await openApi();
    const page = [...service.state.pages.values()].find(({ facts }) => facts.tier === 3)!;
    const { incidentId, personId } = page;
    for (const other of service.state.pages.values())
      if (other.incidentId === incidentId) other.status = 'queued';
    const view = async () => {
      const { pages, paged, beingPaged } = await read(`/api/v1/incidents/${incidentId}`);
      const held = pages.find(({ id }: { id: string }) => id === page.id).isHeldBack;
      const ids = (people: { id: string }[]) => people.map(({ id }) => id);
      return { held, isPaged: ids(paged).includes(personId), waits: ids(beingPaged) };
    };
    expect(await view()).toMatchObject({ held: false, isPaged: false });
    for (let sent = 0; sent < 30; sent += 1) {
      const times = { status: 'sent', finishedAt: clock.now() - MINUTE } as const;
      service.state.pages.set(`p-${sent}`, { ...page, id: `p-${sent}`, ...times });
    }
    const late = await view();
    expect(late).toMatchObject({ held: true, isPaged: false });
    expect(late.waits).toContain(personId);
  });

  it('folds one that only the journal still knows', async () => {
    const { read } = await openApi();
    const incident = await read('/api/v1/incidents/inc-000001');
    expect(incident).toMatchObject({
      status: 'resolved',
      faultText: { en: 'fan 2 has stopped', 'zh-CN': '风扇 2 已停转' },
      acknowledgedBy: { id: 'duty-second', name: 'Second on call' },
      resolution: { by: null, reason: 'recovered' },
    });
    expect(incident.title.en).toBe('agg-station: fan fault (2)');
    expect(incident.pages).toHaveLength(2);
  });

  it('keeps the answer for a finished incident fresh when it opens again', async () => {
    const { read, service, clock } = await openApi();
    expect((await read('/api/v1/incidents/inc-000004')).status).toBe('resolved');
    const live = service.state.incidents.get('inc-000004')!;
    const firstOpenMs = live.resolvedAt! - live.openedAt;
    expect(await read('/api/v1/incidents/inc-000004')).toMatchObject({ openMs: firstOpenMs });
    Object.assign(live, { resolvedAt: null, restoredAt: null, reopenedAt: clock.now() });
    live.startedAt = clock.now() - SECOND;
    const acknowledgeBy = clock.now() + 60 * MINUTE;
    await service.record({
      ...{ type: 'incident-reopened', at: clock.now(), incidentId: 'inc-000004', episode: 2 },
      ...{ startedAt: clock.now() - SECOND, acknowledgeBy },
    });
    expect(await read('/api/v1/incidents/inc-000004')).toMatchObject({
      status: 'open',
      openedAt: formatInstant(live.openedAt),
      startedAt: formatInstant(clock.now() - SECOND),
      reopenedAt: formatInstant(clock.now()),
      restoredAt: null,
      openMs: null,
    });
    live.resolvedAt = clock.now() + SECOND;
    const end = { type: 'incident-resolved', at: clock.now() + SECOND } as const;
    await service.record({
      ...end,
      incidentId: 'inc-000004',
      by: null,
      reason: 'recovered',
      text: '',
      restoredAt: clock.now(),
    });
    expect(await read('/api/v1/incidents/inc-000004')).toMatchObject({
      status: 'resolved',
      episode: 2,
      startedAt: formatInstant(clock.now() - SECOND),
      restoredAt: formatInstant(clock.now()),
      openMs: firstOpenMs + SECOND,
    });
  });

  it.each(['inc-000099', 'inc-999999', 'core-1', 'inc-'])('answers 404 for %s', async (id) => {
    const { app } = await openApi();
    for (const url of [`/api/v1/incidents/${id}`, `/api/v1/incidents/${id}/timeline`])
      expect((await app.inject({ url })).statusCode).toBe(404);
  });
});

describe('GET /api/v1/incidents/:id/timeline', () => {
  it('tells every step in both languages, oldest first', async () => {
    const { read } = await openApi();
    const { items, nextAfter } = await read('/api/v1/incidents/inc-000003/timeline');
    expect(nextAfter).toBeNull();
    expect(items.map(({ type }: { type: string }) => type)).toEqual([
      ...['incident-opened', 'page-queued', 'page-sent', 'page-queued', 'page-sent'],
      'incident-acknowledged',
    ]);
    expect(items[0].text.en).toBe(
      'Opened as tier 3 significant because core core-2 lost a redundant power supply',
    );
    expect(items.at(-1).text).toEqual({
      en: 'Shift lead acknowledged (console)',
      'zh-CN': 'Shift lead 已确认（控制台）',
    });
    for (const { text } of items) expect(text['zh-CN']).toMatch(/\p{Script=Han}/u);
  });

  it('says what is wrong in each language', async () => {
    const { read, service } = await openApi();
    const text = { en: 'power supply 1 reports failed', 'zh-CN': '电源模块 1 报告故障' };
    const key = 'core-2/psu:1/power-supply';
    service.state.faults.delete(key);
    const detail = await read('/api/v1/incidents/inc-000003');
    expect(detail.faultText).toEqual(text);
    expect(detail.members[0].text).toEqual(NO_TEXT);
    const at = service.deps.clock.now();
    const fault = {
      deviceId: 'core-2',
      component: 'psu:1',
      kind: 'power-supply',
      level: 'critical',
      ...{ since: at, text, facts: NO_FACTS },
    } as const;
    const told = { raisedAt: at, factsAt: at };
    service.state.faults.set(key, { ...fault, key, ...told, incidentId: 'inc-000003' });
    expect((await read('/api/v1/incidents/inc-000003')).members[0].text).toEqual(text);
    expect(
      sentenceOf({ ...fault, type: 'fault-raised', at, faultKey: key }, service.config),
    ).toEqual({
      en: 'core-2: power supply fault (1), critical: power supply 1 reports failed',
      'zh-CN': 'core-2：电源模块故障（1），严重：电源模块 1 报告故障',
    });
  });

  it('does not mix in a device that is named like an incident', async () => {
    const { read, service, clock } = await openApi();
    await service.record({
      ...{
        type: 'health-changed',
        at: clock.now(),
        deviceId: 'inc-000003',
        from: 'up',
        to: 'down',
      },
      ...{ since: clock.now(), reason: 'confirmed-failure' },
    });
    const { items } = await read('/api/v1/incidents/inc-000003/timeline');
    expect(items.map(({ type }: { type: string }) => type)).not.toContain('health-changed');
  });

  it('is bounded and goes on after a sequence number', async () => {
    const { read, service, clock } = await openApi();
    const id = await addIncident(service, {
      ...{ number: 7, tier: 4, rootFaultKey: 'dns-1/cpu:1/cpu-high', text: BUSY },
      ...{ openedAt: clock.now(), because: BUSY },
    });
    const note = {
      type: 'incident-noted',
      at: clock.now(),
      incidentId: id,
      by: 'shift-lead',
    } as const;
    await service.record(
      ...Array.from({ length: 1500 }, (_, index) => ({ ...note, text: `${index}` })),
    );
    const first = await read(`/api/v1/incidents/${id}/timeline`);
    expect(first.items).toHaveLength(1000);
    const second = await read(`/api/v1/incidents/${id}/timeline?after=${first.nextAfter}`);
    expect(second.nextAfter).toBeNull();
    expect(second.items.at(-1).text.en).toBe('Shift lead: 1499');
    expect(first.items.length + second.items.length).toBe(1501);
  });
});

describe('folding an incident', () => {
  it('restarts the clock when an upgrade asks for a fresh acknowledgement', async () => {
    const { service } = await openApi();
    const events = [...service.deps.journal.read({ subject: 'inc-000003' })].map(
      ({ event }) => event,
    );
    const evidence = service.state.incidents.get('inc-000003')!.evidence;
    const upgrade = { type: 'incident-graded', at: 5, incidentId: 'inc-000003' } as const;
    const graded = { ...upgrade, from: 3, to: 1, evidence, acknowledgeBy: 99 } as const;
    const fresh = foldIncident([...events, { ...graded, needsFreshAcknowledgement: true }])!;
    expect(fresh).toMatchObject({ tier: 1, episode: 2, acknowledgedAt: null, acknowledgeBy: 99 });
    const kept = foldIncident([...events, { ...graded, needsFreshAcknowledgement: false }])!;
    expect(kept).toMatchObject({ tier: 1, episode: 1, acknowledgedBy: 'shift-lead' });
  });

  it('knows how each page ended', async () => {
    const { service } = await openApi();
    const events = [...service.deps.journal.read({ subject: 'inc-000006' })].map(
      ({ event }) => event,
    );
    const queued = events.filter((event) => event.type === 'page-queued');
    const page = { incidentId: 'inc-000006', at: 7 };
    const [first, second] = queued.map(({ pageId }) => pageId);
    const opened = events.filter((event) => !('pageId' in event));
    const folded = foldIncident([
      ...opened,
      ...queued,
      {
        ...page,
        type: 'page-attempt-failed',
        pageId: first!,
        attempt: 1,
        reason: say('connection failed (EHOSTUNREACH)', '连接失败（EHOSTUNREACH）'),
        nextAttemptAt: 9,
      },
      { ...page, type: 'page-abandoned', pageId: first!, reason: say('HTTP 410', 'HTTP 410') },
      { ...page, type: 'page-cancelled', pageId: second!, reason: 'acknowledged' },
    ])!;
    expect(folded.pages).toMatchObject([
      { status: 'abandoned', attempts: 1, lastFailure: say('HTTP 410', 'HTTP 410') },
      { status: 'cancelled', finishedAt: 7 },
    ]);
    const gaveUp = { ...page, type: 'page-abandoned', pageId: first!, reason: 'too late' } as const;
    const old = foldIncident([...opened, ...queued, gaveUp])!;
    expect(old.pages[0]).toMatchObject({ lastFailure: say('too late', 'too late') });
  });

  it('reads fault keys whose component holds slashes', () => {
    expect(parseFaultKey('agg-1/port:Te1/0/1/port-down')).toEqual({
      deviceId: 'agg-1',
      component: 'port:Te1/0/1',
      kind: 'port-down',
    });
    expect(parseFaultKey('agg-1/*/device-down').component).toBeNull();
  });
});
