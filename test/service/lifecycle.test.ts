import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { oneDeviceConfig } from './one-device-config.ts';
import { runCommand, ServiceProcess, writeConfig } from './service-process.ts';

describe('a service and its configuration', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'threenines-service-'));
    writeConfig(
      folder,
      oneDeviceConfig({
        devicePort: 9,
        webhookUrl: 'http://127.0.0.1:9/none',
        mailPort: 9,
        credential: '{ id: device, version: v2c, community: plain:secret-canary }',
      }),
    );
  });

  afterEach(() => {
    ServiceProcess.killAll();
    rmSync(folder, { recursive: true, force: true });
  });

  test('a bad file leaves the old configuration in force and says so, by SIGHUP and by HTTP', async () => {
    await using service = await ServiceProcess.start(folder);
    writeFileSync(join(folder, 'grading.yaml'), 'rules: [{ id: x, tier: 9 }]\n');
    writeFileSync(join(folder, 'notes.yaml'), 'one: warning\n');
    const answer = await service.post('/-/reload', {});
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(JSON.stringify(await answer.json())).toContain('grading.yaml');
    service.signal('SIGHUP');
    await service.says('configuration warning');
    await service.says('configuration not reloaded: the old one stays in force');
    const refusals = service.said.filter((line) => line.includes('configuration not taken'));
    expect(refusals.length).toBeGreaterThan(0);
    for (const line of refusals) expect(line).toContain('grading.yaml');
    const metrics = await (await fetch(`${service.url}/metrics`)).text();
    expect(metrics).toContain('threenines_config_last_reload_successful 0');
    expect((await service.get<{ items: unknown[] }>('/api/v1/devices')).items).toHaveLength(1);
  });

  test('a maintenance window that was loaded too late is warned about at a start and at a reload', async () => {
    const times = 'startsAt: 2026-01-01T00:00Z, endsAt: 2126-01-01T00:00Z';
    const file = (id: string) =>
      `windows: [{ id: ${id}, reason: r, owner: o, ${times}, sites: [lab] }]\n`;
    writeFileSync(join(folder, 'maintenance.yaml'), file('early'));
    await using service = await ServiceProcess.start(folder);
    expect(service.said.join('\n')).toMatch(/"early\W+ began at 2026-01-01T00:00:00.000Z, before/);
    writeFileSync(join(folder, 'maintenance.yaml'), file('later'));
    const answer = await service.post('/-/reload', {});
    expect(JSON.stringify(await answer.json())).toMatch(/\\"later\\" began at/);
  });

  test('a good file is taken over while it runs', async () => {
    await using service = await ServiceProcess.start(folder);
    const more = oneDeviceConfig({
      devicePort: 9,
      webhookUrl: 'http://127.0.0.1:9/none',
      mailPort: 9,
      credential: '{ id: device, version: v2c, community: plain:secret-canary }',
    })['devices.yaml']!;
    writeFileSync(
      join(folder, 'devices.yaml'),
      `${more}  - { id: switch-2, address: 127.0.0.1, port: 10, site: lab, role: access, credential: device }\n`,
    );
    expect((await service.post('/-/reload', {})).status).toBe(200);
    await service.event('topology-loaded', (event) => JSON.stringify(event).includes('switch-2'));
    const { items } = await service.get<{ items: { id: string }[] }>('/api/v1/devices');
    expect(items.map((device) => device.id)).toEqual(['switch-1', 'switch-2']);
  });

  test('what counts only after a restart is said, by SIGHUP and by HTTP, until that restart', async () => {
    await using service = await ServiceProcess.start(folder);
    service.signal('SIGHUP');
    expect(await service.says('configuration reloaded')).toBe('configuration reloaded: 1 device');
    const file = join(folder, 'threenines.yaml');
    const text = readFileSync(file, 'utf8');
    const elsewhere = text.replace('127.0.0.1:0', '127.0.0.1:9').replace(': data', ': other');
    writeFileSync(file, elsewhere);
    for (const _ of ['once', 'again']) {
      const answer = await service.post('/-/reload', {});
      expect(await answer.json()).toMatchObject({
        ...{ reloaded: true, devices: 1 },
        notAppliedUntilRestart: ['listen', 'dataFolder'],
      });
    }
    await service.says('"settings":["listen","dataFolder"]');
    service.signal('SIGHUP');
    await service.says(
      'configuration reloaded: 1 device; not applied until restart: listen, dataFolder',
    );
    writeFileSync(file, text);
    const back = await service.post('/-/reload', {});
    expect(await back.json()).toMatchObject({ notAppliedUntilRestart: [] });
  });

  test('a data folder that the environment decides does not wait for a restart', async () => {
    const elsewhere = { THREENINES_DATA: join(folder, 'data') };
    await using service = await ServiceProcess.start(folder, elsewhere);
    const file = join(folder, 'threenines.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace(': data', ': other'));
    const answer = await service.post('/-/reload', {});
    expect(await answer.json()).toMatchObject({ reloaded: true, notAppliedUntilRestart: [] });
  });

  test('two services never share a journal', async () => {
    await using _service = await ServiceProcess.start(folder);
    const second = await runCommand(['serve', '--config', folder]);
    expect(second.code).toBe(1);
    expect(second.err).toContain('another Threenines service is using this folder');
  });

  test('a port that is taken ends it with a sentence and exit code 1', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const text = readFileSync(join(folder, 'threenines.yaml'), 'utf8');
    writeFileSync(
      join(folder, 'threenines.yaml'),
      text.replace('127.0.0.1:0', `127.0.0.1:${port}`),
    );
    const started = await runCommand(['serve', '--config', folder]);
    taken.close();
    expect(started.code).toBe(1);
    expect(started.err).toContain(`127.0.0.1:${port} is in use`);
  });

  test('a data folder that cannot be made ends it at once', async () => {
    const started = await runCommand(['serve', '--config', folder, '--data', '/proc/none/data']);
    expect(started.code).toBe(1);
    expect(started.err).toContain('/proc/none/data');
  });

  test('a configuration with errors does not start, and every error is named', async () => {
    writeFileSync(join(folder, 'oncall.yaml'), 'people: [{ id: "A B" }]\nchanels: []\n');
    const started = await runCommand(['serve', '--config', folder]);
    expect(started.code).toBe(1);
    expect(started.err).toContain('oncall.yaml:1');
    expect(started.err).toContain('oncall.yaml:2');
  });

  test('it stops on SIGTERM in order and writes down that it did', async () => {
    const service = await ServiceProcess.start(folder);
    await service[Symbol.asyncDispose]();
    await using again = await ServiceProcess.start(folder);
    await again.event('service-stopped');
  });

  test('no secret is said or shown', async () => {
    await using service = await ServiceProcess.start(folder);
    await service.event('incident-opened');
    const texts = [
      service.said.join('\n'),
      await (await fetch(`${service.url}/metrics`)).text(),
      JSON.stringify(await service.get('/api/v1/devices/switch-1')),
      JSON.stringify(await service.get('/api/v1/incidents?status=all')),
    ];
    for (const text of texts) expect(text).not.toContain('secret-canary');
  });

  test('unknown commands and options are refused with the usage', async () => {
    expect((await runCommand(['fly'])).code).toBe(2);
    expect((await runCommand(['report', '--perod', '2026'])).code).toBe(2);
    expect((await runCommand(['report', '--period', 'soon', '--config', folder])).err).toContain(
      'expected 2026',
    );
    expect((await runCommand(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
