import { describe, expect, it } from 'vitest';
import { dependentsOf } from '../../api/dependents.ts';
import { NO_FACTS } from '../../collector/observation.ts';
import { POLL_DETAILS } from '../../collector/poll-details.ts';
import { NO_TEXT } from '../../lib/local-text.ts';
import { fakeCollector } from './fake-collector.ts';
import { fakeConfig } from './fake-config.ts';
import { fakePlan } from './fake-plan.ts';
import { openApi } from './open-api.ts';

const idsOf = (list: { items: { id: string }[] }) => list.items.map(({ id }) => id);

describe('GET /api/v1/devices', () => {
  it('lists devices with health, in order of id', async () => {
    const { read, service } = await openApi();
    const list = await read('/api/v1/devices?limit=1000');
    expect(list.nextCursor).toBeNull();
    expect(idsOf(list)).toEqual(service.config.devices.map(({ id }) => id).toSorted());
    const down = list.items.find((device: { id: string }) => device.id === 'agg-harbour');
    expect(down).toMatchObject({ health: 'down', siteName: 'Harbour', role: 'aggregation' });
    expect(down.roleName).toEqual({ en: 'aggregation', 'zh-CN': '汇聚' });
  });

  it('filters by site, role, health and text, alone and together', async () => {
    const { read } = await openApi();
    expect(idsOf(await read('/api/v1/devices?site=hill&role=power'))).toEqual(['ups-hill']);
    expect(idsOf(await read('/api/v1/devices?health=unknown'))).toEqual(['dns-1']);
    const notUp = await read('/api/v1/devices?health=not-up');
    expect(notUp.items).toHaveLength(10);
    expect(notUp.items.every(({ health }: { health: string }) => health !== 'up')).toBe(true);
    expect(idsOf(await read('/api/v1/devices?q=CORE'))).toEqual(['core-1', 'core-2']);
    expect(idsOf(await read('/api/v1/devices?q=core&health=up'))).toEqual(['core-1']);
    expect(idsOf(await read('/api/v1/devices?q=%25'))).toEqual([]);
  });

  it('gives every device exactly once over pages of three', async () => {
    const { read, service } = await openApi();
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await read(`/api/v1/devices?limit=3${cursor ? `&cursor=${cursor}` : ''}`);
      expect(page.items.length).toBeLessThanOrEqual(3);
      seen.push(...idsOf(page));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(service.config.devices.map(({ id }) => id).toSorted());
  });

  it.each([
    ['limit=0', '/querystring/limit'],
    ['limit=1001', '/querystring/limit'],
    ['limit=many', '/querystring/limit'],
    ['role=boss', '/querystring/role'],
    ['health=fine', '/querystring/health'],
    ['site=../etc', '/querystring/site'],
    [`q=${'x'.repeat(101)}`, '/querystring/q'],
  ])('refuses %s', async (query, pointer) => {
    const { app } = await openApi();
    const answer = await app.inject({ url: `/api/v1/devices?${query}` });
    expect(answer.statusCode).toBe(400);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json().errors.map((error: { pointer: string }) => error.pointer)).toContain(
      pointer,
    );
  });

  it('reports everything that is wrong at once', async () => {
    const { app } = await openApi();
    const answer = await app.inject({ url: '/api/v1/devices?limit=0&role=boss&health=fine' });
    const pointers = new Set(
      answer.json().errors.map((error: { pointer: string }) => error.pointer),
    );
    expect(pointers).toEqual(
      new Set(['/querystring/limit', '/querystring/role', '/querystring/health']),
    );
  });
});

describe('GET /api/v1/devices/:id', () => {
  it('tells state, polls, place in the network and open incidents', async () => {
    const { read } = await openApi();
    const device = await read('/api/v1/devices/agg-harbour');
    expect(device.parents).toEqual([
      { id: 'core-1', name: 'core-1', health: 'up', port: 'Te1/1' },
      { id: 'core-2', name: 'core-2', health: 'degraded', port: 'Te1/1' },
    ]);
    expect(device.powerFeeds).toEqual([
      { id: 'ups-harbour', name: 'ups-harbour', health: 'unreachable' },
    ]);
    expect(idsOf({ items: device.dependents })).toContain('access-harbour-1');
    expect(idsOf({ items: device.incidents })).toEqual(['inc-000006']);
    expect(device.observed.ports).toHaveLength(4);
    expect(device.observed.ports[3]).toMatchObject({ operStatus: 'down', receiveBps: null });
  });

  it('shows a member of an incident with that incident', async () => {
    const { read } = await openApi();
    const device = await read('/api/v1/devices/access-harbour-2');
    expect(idsOf({ items: device.incidents })).toEqual(['inc-000006']);
  });

  it('counts faults and knows flapping', async () => {
    const { read, service } = await openApi();
    const key = 'core-1/port:Te1/1/port-down';
    service.state.devices.get('core-1')!.faultKeys.add(key);
    service.state.faults.set(key, {
      key,
      deviceId: 'core-1',
      component: 'port:Te1/1',
      kind: 'port-down',
      level: 'warning',
      since: 1,
      raisedAt: 1,
      text: NO_TEXT,
      facts: NO_FACTS,
      factsAt: 1,
      incidentId: null,
    });
    service.state.flaps.set(key, { raisedAt: [1], flappingSince: 1 });
    expect(await read('/api/v1/devices/core-1')).toMatchObject({ openFaults: 1, flapping: true });
    expect(await read('/api/v1/devices/dns-1')).toMatchObject({ openFaults: 0, flapping: false });
  });

  it('says why the last poll failed in each language', async () => {
    const { read } = await openApi({
      deps: { collector: fakeCollector(fakeConfig, 0, { lastDetail: POLL_DETAILS.cannotDecrypt }) },
    });
    const { observed } = await read('/api/v1/devices/core-1');
    expect(observed.lastDetail).toEqual({
      en: 'replies cannot be decrypted: check the privacy password',
      'zh-CN': '应答无法解密：请检查加密密码',
    });
    expect(observed.profiles[0].reason).toEqual({ en: 'every device', 'zh-CN': '所有设备' });
  });

  it('has nulls for a device that was never polled', async () => {
    const never = {
      detail: () => null,
      explain: () => null,
      renderDevice: () => null,
      renderSnmp: () => null,
      isHeard: () => true,
      renderAll: () => [],
    };
    const { read, service } = await openApi({ deps: { collector: never } });
    service.state.devices.delete('dns-1');
    expect(await read('/api/v1/devices/dns-1')).toMatchObject({
      health: 'unknown',
      healthSince: null,
      observed: null,
    });
  });

  it.each(['nobody', 'core-3'])('answers 404 for %s', async (id) => {
    const { app } = await openApi();
    const answer = await app.inject({ url: `/api/v1/devices/${id}` });
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toMatchObject({ status: 404, type: 'about:blank' });
  });

  it.each(['%2e%2e%2fetc%2fpasswd', '..', 'a%00b', 'CORE-1', '*', "x'--", 'a'.repeat(64), '%'])(
    'refuses the id %s',
    async (id) => {
      const { app } = await openApi();
      const answer = await app.inject({ url: `/api/v1/devices/${id}` });
      expect([400, 404, 414]).toContain(answer.statusCode);
      expect(answer.headers['content-type']).toContain('application/problem+json');
    },
  );

  it('never tells a credential', async () => {
    const { app } = await openApi();
    for (const url of [
      '/api/v1/devices',
      '/api/v1/devices/core-1',
      '/api/v1/people',
      '/sd/devices',
    ])
      expect((await app.inject({ url })).body).not.toMatch(/canary|community|noc\.example/);
  });
});

describe('GET /api/v1/devices/:id/plan', () => {
  it('tells how a device is polled, in instants and in both languages', async () => {
    const { read } = await openApi();
    const told = await read('/api/v1/devices/core-1/plan');
    const [heartbeat, full] = told.lanes;
    expect(heartbeat).toMatchObject({ lane: 'heartbeat', everyMs: 15_000, lastOutcome: 'ok' });
    expect(Date.parse(full.nextAt) - Date.parse(full.lastAt)).toBe(60_000);
    expect(told.plan.cost).toMatchObject({ requestCount: 2, requestsToWalk: 7 });
    expect(told.plan.tables[0].columns[1]).toEqual({
      care: 'nothing',
      why: { en: 'the device has nothing of it', 'zh-CN': '设备没有该列' },
      names: ['ifInUnknownProtos'],
      cells: 0,
    });
    expect(told.wire.roundTrips.waitsMs).toEqual([300, 2000]);
  });

  it('says that nothing is learned yet, and that whoever polls is silent', async () => {
    const collector = fakeCollector(fakeConfig, 0);
    const explain = (id: string) =>
      id === 'core-2' ? null : { ...fakePlan(id, 0), plan: null, lastWalk: null };
    const { read, app } = await openApi({ deps: { collector: { ...collector, explain } } });
    expect(await read('/api/v1/devices/core-1/plan')).toMatchObject({ plan: null, lastWalk: null });
    const answer = await app.inject({ url: '/api/v1/devices/core-2/plan' });
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toMatchObject({ status: 503, type: 'about:blank' });
  });

  it.each([
    ['nobody', 404],
    ['CORE-1', 400],
  ])('has a problem with %s', async (id, status) => {
    const { app } = await openApi();
    const answer = await app.inject({ url: `/api/v1/devices/${id}/plan` });
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['content-type']).toContain('application/problem+json');
  });
});

describe('dependentsOf', () => {
  const config = fakeConfig();
  const lost = (id: string, port: string | null) =>
    dependentsOf(config, id, port)
      .filter(({ hasOtherPath }) => !hasOtherPath)
      .map(({ device }) => device.id);

  it('keeps those with another path apart from those that are cut off', () => {
    const all = dependentsOf(config, 'core-1', null);
    expect(all.length).toBeGreaterThan(15);
    expect(all.every(({ hasOtherPath }) => hasOtherPath)).toBe(true);
    expect(lost('agg-hill', null)).toHaveLength(5);
  });

  it('follows one port only when a port is meant', () => {
    expect(lost('agg-hill', 'Gi0/2')).toEqual(['access-hill-2']);
    expect(dependentsOf(config, 'agg-hill', 'Gi0/9')).toEqual([]);
  });

  it('follows power: a UPS takes down what only it feeds, and what hangs on that', () => {
    const ids = lost('ups-harbour', null);
    expect(ids).toContain('agg-harbour');
    expect(ids).toContain('access-harbour-4');
    const central = dependentsOf(config, 'ups-central', null);
    const path = (id: string) => central.find(({ device }) => device.id === id)!.hasOtherPath;
    expect([path('core-1'), path('core-2')]).toEqual([false, true]);
  });

  it('takes a path that something else has cut for no other path', () => {
    const [agg] = dependentsOf(config, 'core-1', null);
    const others = agg!.device.parents.filter((link) => link.deviceId !== 'core-1');
    expect(others.length).toBeGreaterThan(0);
    const found = dependentsOf(config, 'core-1', null, (link) => others.includes(link));
    expect(found.find(({ device }) => device.id === agg!.device.id)!.hasOtherPath).toBe(false);
    expect(found.some(({ hasOtherPath }) => hasOtherPath)).toBe(true);
  });

  it('survives parents in a circle', () => {
    const [first, second, ...rest] = fakeConfig().devices;
    const link = (deviceId: string) => [{ deviceId, port: null }];
    const devices = [
      { ...first!, parents: link(second!.id) },
      { ...second!, parents: link(first!.id) },
      ...rest,
    ];
    const found = dependentsOf(fakeConfig({ devices }), first!.id, null);
    expect(found.map(({ device }) => device.id)).toContain(second!.id);
  });
});
