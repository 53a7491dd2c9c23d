import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { stringify } from 'yaml';
import { systemClock } from '../../lib/clock.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { openLiveEngine } from '../api/live-engine.ts';
import { hasTool } from '../dashboards/prometheus-tools.ts';
import { freeTcpPort } from '../demo/demo-copy.ts';

describe.skipIf(!hasTool('prometheus-alertmanager'))("Debian's Alertmanager", () => {
  const folder = mkdtempSync(join(tmpdir(), 'threenines-alertmanager-'));
  let alertmanager: ChildProcess | null = null;

  afterEach(() => {
    alertmanager?.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  /** An Alertmanager that sends everything to the webhook at `url`, at once. */
  async function start(url: string): Promise<string> {
    const config = join(folder, 'alertmanager.yml');
    writeFileSync(
      config,
      stringify({
        route: { receiver: 'threenines', group_wait: '0s', group_interval: '1s' },
        receivers: [{ name: 'threenines', webhook_configs: [{ url, send_resolved: true }] }],
      }),
    );
    const address = `127.0.0.1:${await freeTcpPort()}`;
    alertmanager = spawn(
      'prometheus-alertmanager',
      [
        ...[`--config.file=${config}`, `--storage.path=${join(folder, 'data')}`],
        ...[`--web.listen-address=${address}`, '--cluster.listen-address='],
      ],
      { stdio: 'ignore' },
    );
    const isReady = async () => (await fetch(`http://${address}/-/ready`)).ok;
    await vi.waitUntil(() => isReady().catch(() => false), { timeout: MINUTE, interval: 100 });
    return `http://${address}`;
  }

  test(
    'hands on an alert and its end by its webhook',
    async () => {
      const live = await openLiveEngine(systemClock.now());
      const own = await live.api.listen({ host: '127.0.0.1', port: 0 });
      const url = await start(`${own}/api/v1/alertmanager-webhook`);
      const amtool = (...args: string[]) =>
        execFileSync('amtool', [`--alertmanager.url=${url}`, 'alert', 'add', ...args]);
      const held = () => [...live.engine.state.faults.values()].flatMap(({ alert }) => alert ?? []);

      amtool('LampBroken', 'device=core-1', 'severity=critical', '--annotation=summary="dark"');
      await vi.waitUntil(() => held().length === 1, { timeout: 30 * SECOND, interval: 50 });
      expect(held()[0]).toMatchObject({
        ...{ name: 'LampBroken', severity: 'critical' },
        labels: { device: 'core-1' },
      });

      const ended = new Date(systemClock.now() + SECOND).toISOString();
      amtool('LampBroken', 'device=core-1', 'severity=critical', `--end=${ended}`);
      await vi.waitUntil(() => held().length === 0, { timeout: 30 * SECOND, interval: 50 });
    },
    2 * MINUTE,
  );
});
