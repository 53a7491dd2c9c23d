import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LEASE_INTERVAL_MS } from '../../alerting/events.ts';
import { oneDeviceConfig } from './one-device-config.ts';
import { ServiceProcess, writeConfig } from './service-process.ts';

describe('the threads that poll', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'threenines-threads-'));
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

  function setThreads(count: number): void {
    const path = join(folder, 'threenines.yaml');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace('concurrency: 10', `concurrency: 10, threads: ${count}`));
  }

  test.each([0, 2])('may be %s: a device that is down is found either way', async (count) => {
    setThreads(count);
    await using service = await ServiceProcess.start(folder);
    await service.event(
      'health-changed',
      ({ deviceId, to }) => deviceId === 'switch-1' && to === 'down',
    );
    const metrics = await (await fetch(`${service.url}/metrics`)).text();
    expect(metrics).toContain(
      'threenines_device_up{device="switch-1",site="lab",role="access"} 0\n',
    );
    if (count === 0) expect(metrics).not.toContain('threenines_poller_threads');
    else expect(metrics).toContain(`threenines_poller_threads ${count}\n`);
    expect(await service.get('/api/v1/devices/switch-1')).toMatchObject({
      observed: { lastOutcome: expect.stringMatching(/timeout|refused/) },
    });
  });

  test('prove that devices are observed: leases are renewed', async () => {
    await using service = await ServiceProcess.start(folder);
    const first = await service.event('lease-renewed');
    // The first one is the start's own; the next needs a thread that proves to be alive.
    const next = await service.event('lease-renewed', ({ at }) => at > first.at);
    expect(next.at - first.at).toBeGreaterThanOrEqual(LEASE_INTERVAL_MS);
  });
});
