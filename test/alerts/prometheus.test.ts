import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { MINUTE } from '../../lib/time.ts';
import { hasTool } from '../dashboards/prometheus-tools.ts';
import { freeTcpPort } from '../demo/demo-copy.ts';
import { oneDeviceConfig } from '../service/one-device-config.ts';
import { ServiceProcess, writeConfig } from '../service/service-process.ts';

/** Something that Prometheus scrapes and that can be broken. */
class Exporter {
  isBroken = false;
  readonly server: Server = createServer((_, response) => {
    response.end(`lamp_broken{lamp="gate"} ${this.isBroken ? 1 : 0}\n`);
  });

  async start(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }
}

const RULES = {
  groups: [
    {
      name: 'lamps',
      interval: '1s',
      rules: [
        {
          ...{ alert: 'LampBroken', expr: 'lamp_broken == 1' },
          labels: { severity: 'critical', device: 'switch-1' },
          annotations: { summary: 'the lamp at the {{ $labels.lamp }} is broken' },
        },
      ],
    },
  ],
};

/** Polls that never come to a verdict, so that the alert is all there is. */
const NO_VERDICT = 'polling: { heartbeat: 60s, failuresToConfirm: 20, confirm: 30s }\n';

describe.skipIf(!hasTool('prometheus'))(
  'a stock Prometheus with our address as its Alertmanager',
  () => {
    let folder: string;
    let exporter: Exporter;
    let prometheus: ChildProcess | null = null;

    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'threenines-alerts-'));
      exporter = new Exporter();
    });

    afterEach(async () => {
      ServiceProcess.killAll();
      prometheus?.kill('SIGKILL');
      exporter.server.closeAllConnections();
      exporter.server.close();
      rmSync(folder, { recursive: true, force: true });
    });

    async function startPrometheus(target: string, alertmanager: number): Promise<void> {
      const rules = join(folder, 'rules.yml');
      writeFileSync(rules, stringify(RULES));
      const config = join(folder, 'prometheus.yml');
      const static_configs = [{ targets: [`127.0.0.1:${alertmanager}`] }];
      writeFileSync(
        config,
        stringify({
          global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
          rule_files: [rules],
          alerting: { alertmanagers: [{ static_configs }] },
          scrape_configs: [{ job_name: 'lamps', static_configs: [{ targets: [target] }] }],
        }),
      );
      prometheus = spawn(
        'prometheus',
        [
          `--config.file=${config}`,
          `--storage.tsdb.path=${join(folder, 'tsdb')}`,
          `--web.listen-address=127.0.0.1:${await freeTcpPort()}`,
          '--rules.alert.resend-delay=1s',
          '--log.level=error',
        ],
        { stdio: 'ignore' },
      );
    }

    async function startService(): Promise<ServiceProcess> {
      const files = oneDeviceConfig({
        ...{ devicePort: 9, webhookUrl: 'http://127.0.0.1:9/', mailPort: 9 },
        credential: '{ id: device, version: v2c, community: plain:public }',
      });
      const service = 'listen: 127.0.0.1:0\ndataFolder: data\ntimeZone: UTC\n';
      const configFolder = join(folder, 'config');
      writeConfig(configFolder, { ...files, 'threenines.yaml': service + NO_VERDICT });
      return ServiceProcess.start(configFolder);
    }

    test(
      'raises, refreshes and resolves an incident, and one that goes silent ends when it said so',
      async () => {
        await using service = await startService();
        await startPrometheus(await exporter.start(), service.port);
        exporter.isBroken = true;
        const opened = await service.event('incident-opened');
        expect(opened).toMatchObject({ tier: 2, evidence: { ruleId: 'alert-critical' } });
        const raised = await service.event('fault-raised');
        expect(raised).toMatchObject({
          ...{ kind: 'alert', deviceId: 'switch-1' },
          text: { en: 'the lamp at the gate is broken' },
          alert: { name: 'LampBroken', severity: 'critical' },
        });
        // Prometheus gives it four seconds to live at a time: it is still there after two such times.
        const eightSecondsOn = raised.at + 8000;
        await service.event('lease-renewed', ({ at }) => at > eightSecondsOn);
        expect(await incidents(service)).toMatchObject([{ status: 'open', deviceId: 'switch-1' }]);
        exporter.isBroken = false;
        const resolved = await service.event('incident-resolved');
        expect(resolved).toMatchObject({ reason: 'recovered', by: null });
        exporter.isBroken = true;
        await service.event('incident-reopened');
        prometheus!.kill('SIGKILL');
        await service.event('incident-resolved', ({ at }) => at > resolved.at);
      },
      2 * MINUTE,
    );
  },
);

async function incidents(service: ServiceProcess): Promise<unknown> {
  return (await service.get<{ items: unknown }>('/api/v1/incidents')).items;
}
