import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { oneDeviceConfig } from './one-device-config.ts';
import { ServiceProcess, writeConfig } from './service-process.ts';

describe('a service that writes to InfluxDB', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'threenines-influx-'));
    writeConfig(
      folder,
      oneDeviceConfig({
        devicePort: 9,
        webhookUrl: 'http://127.0.0.1:9/none',
        mailPort: 9,
        credential: '{ id: device, version: v2c, community: plain:x }',
      }),
    );
    const section = 'influx: { url: "http://127.0.0.1:9", password: plain:secret-canary }\n';
    appendFileSync(join(folder, 'threenines.yaml'), section);
  });

  afterEach(() => {
    ServiceProcess.killAll();
    rmSync(folder, { recursive: true, force: true });
  });

  test('starts over a damaged buffer, counts it, and takes another server only at a restart', async () => {
    const buffer = join(folder, 'data', 'influx-buffer');
    mkdirSync(buffer, { recursive: true });
    writeFileSync(join(buffer, '000000000001.json'), '');
    writeFileSync(join(buffer, '000000000002.json'), '[{"measurement":"x","tags":{');
    await using service = await ServiceProcess.start(folder);
    const metrics = await (await fetch(`${service.url}/metrics`)).text();
    expect(metrics).toContain('threenines_influx_batches_damaged_total 2\n');
    expect(metrics).toContain('threenines_influx_points_total{result="written"} 0\n');
    expect(metrics).toContain('threenines_history_series 0\n');
    expect(metrics).toContain('threenines_history_samples_left_out_total 0\n');
    expect(service.said.join('\n')).toContain('a damaged batch for InfluxDB was put aside');
    expect((await fetch(`${service.url}/healthz`)).status).toBe(200);

    // Another InfluxDB waits for a restart; its password is shown nowhere.
    const file = join(folder, 'threenines.yaml');
    const text = readFileSync(file, 'utf8');
    const reload = async () => (await service.post('/-/reload', {})).text();
    expect(JSON.parse(await reload())).toMatchObject({ notAppliedUntilRestart: [] });
    writeFileSync(file, text.replace('secret-canary', 'secret-sparrow'));
    const answer = await reload();
    expect(JSON.parse(answer)).toMatchObject({ notAppliedUntilRestart: ['influx'] });
    expect(answer + service.said.join('\n')).not.toMatch(/secret-(canary|sparrow)/);
    writeFileSync(file, text.replace(/^influx.*\n/m, ''));
    expect(JSON.parse(await reload())).toMatchObject({ notAppliedUntilRestart: ['influx'] });
  });

  test('starts where the buffer cannot be used at all, and says so', async () => {
    mkdirSync(join(folder, 'data'), { recursive: true });
    writeFileSync(join(folder, 'data', 'influx-buffer'), 'no folder');
    await using service = await ServiceProcess.start(folder);
    expect(service.said.join('\n')).toContain('nothing goes to InfluxDB');
  });
});
