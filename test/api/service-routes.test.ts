import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Problem } from '../../config/problem.ts';
import { site } from './fake-config.ts';
import { openApi } from './open-api.ts';

const WARNING: Problem = {
  file: 'oncall.yaml',
  line: 0,
  path: '',
  message: 'nobody is paged',
  severity: 'warning',
};

describe('GET /api/v1/summary', () => {
  it('counts by health and tier and says how fresh that is', async () => {
    const { read, service, clock } = await openApi();
    const summary = await read('/api/v1/summary');
    expect(summary).toMatchObject({
      now: '2026-03-01T11:20:00.000Z',
      timeZone: 'Asia/Shanghai',
      demo: true,
      dataAt: '2026-03-01T11:19:56.000Z',
      dataAgeMs: 4000,
      sequence: service.deps.journal.lastSequence(),
      devices: { up: 13, degraded: 2, down: 2, unreachable: 5, unknown: 1 },
    });
    expect(summary.tiers).toMatchObject([
      { tier: 1, open: 1, breached: 0, acknowledged: 0 },
      { tier: 2, open: 1, breached: 0, acknowledged: 0 },
      { tier: 3, open: 0, breached: 0, acknowledged: 1 },
      { tier: 4, open: 1, breached: 1, acknowledged: 0 },
    ]);
    clock.advance(60_000);
    expect((await read('/api/v1/summary')).dataAgeMs).toBe(64_000);
  });

  it('has no age before the first observation', async () => {
    const { read, service } = await openApi();
    service.state.leaseAt = null;
    expect(await read('/api/v1/summary')).toMatchObject({ dataAt: null, dataAgeMs: null });
  });
});

describe('people, sites and inbox', () => {
  it('lists people without their addresses', async () => {
    const { read } = await openApi();
    const { items } = await read('/api/v1/people');
    expect(items[0]).toEqual({
      id: 'duty-primary',
      name: 'Duty engineer',
      language: 'en',
      timeZone: 'Asia/Shanghai',
      channelIds: ['inbox', 'mail'],
    });
  });

  it('lists sites with their devices counted, empty ones too', async () => {
    const { read, service } = await openApi();
    const empty = site('depot', 'Depot');
    service.config = { ...service.config, sites: [...service.config.sites, empty] };
    const { items } = await read('/api/v1/sites');
    expect(items[1]).toMatchObject({ id: 'harbour', health: { down: 1, unreachable: 5, up: 0 } });
    expect(items.at(-1)).toMatchObject({ id: 'depot', health: { up: 0, unknown: 0 } });
  });

  it('shows pages as they were sent, newest first', async () => {
    const { read } = await openApi();
    const { items } = await read('/api/v1/inbox');
    expect(items[0]).toMatchObject({
      incidentId: 'inc-000006',
      personName: 'Second on call',
      tier: 1,
    });
    expect(items[0].text).toContain('Acknowledge within 15 minutes');
  });
});

describe('for Prometheus', () => {
  it('exports the service with the API on top, one family once', async () => {
    const { app } = await openApi();
    await app.inject({ url: '/api/v1/devices/core-1' });
    await app.inject({ url: '/nobody/asked' });
    const { body, headers } = await app.inject({ url: '/metrics' });
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(body).toContain('threenines_fake 1\n');
    expect(body).toContain(
      'threenines_http_requests_total{method="GET",route="/api/v1/devices/:id",status="2xx"} 1\n',
    );
    expect(body).toContain('route="none",status="4xx"} 1\n');
    expect(body).not.toContain('nobody');
    const families = body.match(/^# TYPE \S+/gm)!;
    expect(new Set(families).size).toBe(families.length);
  });

  it('leaves the readings of devices out for who scrapes them one by one', async () => {
    const { app } = await openApi();
    const { body } = await app.inject({ url: '/metrics?devices=none' });
    expect(body).toContain('threenines_fake 0\n');
    expect((await app.inject({ url: '/metrics?devices=some' })).statusCode).toBe(400);
  });

  it('exports one device, and 404 for one that is not there', async () => {
    const { app } = await openApi();
    const answer = await app.inject({ url: '/metrics/devices/core-1' });
    expect(answer.body).toBe('threenines_device_up{device="core-1"} 1\n');
    expect((await app.inject({ url: '/metrics/devices/core-9' })).statusCode).toBe(404);
    expect((await app.inject({ url: '/metrics/devices/..%2fx' })).statusCode).toBe(400);
  });

  it('discovers every device with an instance of its own at the address that was asked', async () => {
    const { app, service } = await openApi();
    const headers = { host: 'threenines:9909' };
    const groups = (await app.inject({ url: '/sd/devices', headers })).json();
    expect(groups).toHaveLength(service.config.devices.length);
    expect(groups[0]).toEqual({
      targets: ['threenines:9909'],
      labels: {
        __metrics_path__: '/metrics/devices/core-1',
        instance: 'core-1',
        __meta_threenines_site: 'central',
        __meta_threenines_role: 'core',
      },
    });
    service.config = { ...service.config, devices: [] };
    expect((await app.inject({ url: '/sd/devices' })).json()).toEqual([]);
  });
});

describe('for its operator', () => {
  it('is healthy while it answers and ready when it says so', async () => {
    const { app, service } = await openApi();
    for (const url of ['/healthz', '/-/healthy', '/readyz', '/-/ready'])
      expect((await app.inject({ url })).statusCode).toBe(200);
    service.readiness = { ready: false, reasons: ['journal is being replayed'] };
    for (const url of ['/readyz', '/-/ready']) {
      const answer = await app.inject({ url });
      expect(answer.statusCode).toBe(503);
      expect(answer.json()).toEqual({ ready: false, reasons: ['journal is being replayed'] });
    }
    expect((await app.inject({ url: '/healthz' })).statusCode).toBe(200);
  });

  it('reloads from the machine itself, without a body', async () => {
    const { app } = await openApi();
    const answer = await app.inject({ method: 'POST', url: '/-/reload' });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({
      ...{ reloaded: true, devices: 23 },
      ...{ warnings: [], notAppliedUntilRestart: [] },
    });
  });

  it('says what may be worth mending in a configuration that it takes', async () => {
    const { app, service } = await openApi();
    service.reloadOutcome = { ...service.reloadOutcome, problems: [WARNING] };
    const answer = await app.inject({ method: 'POST', url: '/-/reload' });
    expect(answer.statusCode).toBe(200);
    expect(answer.json().warnings).toEqual(['oncall.yaml: warning: nobody is paged']);
  });

  it('names what is wrong with a configuration, errors before warnings', async () => {
    const { app, service } = await openApi();
    const error: Problem = {
      file: 'devices.yaml',
      line: 3,
      path: 'devices[0].role',
      message: 'no',
      severity: 'error',
    };
    service.reloadOutcome = { ...service.reloadOutcome, ok: false, problems: [WARNING, error] };
    const answer = await app.inject({ method: 'POST', url: '/-/reload' });
    expect(answer.statusCode).toBe(422);
    expect(answer.json().problems).toEqual([
      'devices.yaml:3: devices[0].role: no',
      'oncall.yaml: warning: nobody is paged',
    ]);
  });

  it('does not reload for other machines, nor through a proxy', async () => {
    const { app } = await openApi();
    const reload = { method: 'POST', url: '/-/reload' } as const;
    const far = await app.inject({ ...reload, remoteAddress: '192.0.2.9' });
    const proxied = await app.inject({ ...reload, headers: { 'x-forwarded-for': '127.0.0.1' } });
    expect([far.statusCode, proxied.statusCode]).toEqual([403, 403]);
    expect((await app.inject({ ...reload, remoteAddress: '::1' })).statusCode).toBe(200);
  });
});

describe('the console', () => {
  it('says in plain words that it is not built', async () => {
    const { app } = await openApi({ deps: { consoleFolder: '/nowhere' } });
    const answer = await app.inject({ url: '/' });
    expect(answer.statusCode).toBe(503);
    expect(answer.body).toContain('npm start');
  });

  it('is served from its folder: named assets for a year, the page afresh', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'threenines-console-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await mkdir(join(folder, 'assets'));
    await writeFile(join(folder, 'index.html'), '<p>console</p>');
    await writeFile(join(folder, 'assets/index-abc.js'), 'export {}');
    await writeFile(join(folder, '.threenines-built'), 'stamp');
    const { app } = await openApi({ deps: { consoleFolder: folder } });
    const page = await app.inject({ url: '/' });
    expect(page.body).toBe('<p>console</p>');
    expect(page.headers['cache-control']).toBe('no-cache');
    const asset = await app.inject({ url: '/assets/index-abc.js' });
    expect(asset.headers['cache-control']).toContain('immutable');
    expect((await app.inject({ url: '/.threenines-built' })).statusCode).toBe(404);
  });
});
