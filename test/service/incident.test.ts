import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  AUTH_PASSWORD,
  type DebianAgent,
  PRIV_PASSWORD,
  startDebianAgent,
  withoutSnmpd,
} from '../collector/debian-agent.ts';
import { MailServerRig } from '../pages/mail-server.ts';
import { WebhookReceiver } from '../pages/webhook-receiver.ts';
import { oneDeviceConfig, SIGNING_KEY } from './one-device-config.ts';
import { runCommand, ServiceProcess, writeConfig } from './service-process.ts';

const CREDENTIALS = {
  v2c: '{ id: device, version: v2c, community: plain:public }',
  'v3 authPriv': `{ id: device, version: v3, user: monitor, authentication: sha1,
    authenticationPassword: "plain:${AUTH_PASSWORD}", privacy: aes128,
    privacyPassword: "plain:${PRIV_PASSWORD}" }`,
};

interface Incident {
  readonly id: string;
  readonly tier: number;
  readonly resolvedAt: string | null;
  readonly clock: { readonly acknowledgeBy: string; readonly status: string };
}

describe.skipIf(withoutSnmpd)('from a real device to a page and a figure', () => {
  let folder: string;
  let agent: DebianAgent;
  let webhook: WebhookReceiver;
  let mail: MailServerRig;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'threenines-service-'));
    agent = await startDebianAgent();
    webhook = await WebhookReceiver.start(SIGNING_KEY);
    mail = await MailServerRig.start();
  });

  afterEach(async () => {
    ServiceProcess.killAll();
    await agent.stop();
    await webhook[Symbol.asyncDispose]();
    await mail[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  const configure = (credential: string) =>
    writeConfig(
      folder,
      oneDeviceConfig({
        devicePort: agent.port,
        webhookUrl: webhook.url(),
        mailPort: mail.port,
        credential,
      }),
    );

  test.each(Object.entries(CREDENTIALS))(
    '%s: snmpd stops, an incident opens and pages; it starts again, and everyone hears of it',
    async (_, credential) => {
      configure(credential);
      await using service = await ServiceProcess.start(folder);
      await service.event('health-changed', (event) => event.to === 'up');
      await agent.stop();
      const opened = await service.event('incident-opened');
      expect(opened).toMatchObject({ tier: 2, rootFaultKey: 'switch-1/*/device-down' });
      await service.event('page-sent', (event) => String(event.pageId).includes('/hook/'));
      await service.event('page-sent', (event) => String(event.pageId).includes('/mail/'));
      await agent.restart();
      await service.event('incident-resolved');
      await service.event('page-sent', (event) => String(event.pageId).endsWith('/hook/resolved'));
      await service.event('page-sent', (event) => String(event.pageId).endsWith('/mail/resolved'));

      expect([...webhook.taken.values()].map((page) => page.kind ?? page.event)).toHaveLength(2);
      expect(webhook.badSignatures).toBe(0);
      expect(mail.received.map((message) => message.to)).toEqual([
        ['duty@example.org'],
        ['duty@example.org'],
      ]);
      const { items } = await service.get<{ items: Incident[] }>('/api/v1/incidents?status=all');
      expect(items).toHaveLength(1);
      const metrics = await (await fetch(`${service.url}/metrics`)).text();
      expect(metrics).toMatch(/threenines_device_state\{device="switch-1"[^}]*\} 0\n/);
    },
  );

  test('killed with -9 in the middle: the same incident, the same deadline, no page lost or doubled', async () => {
    configure(CREDENTIALS.v2c);
    const first = await ServiceProcess.start(folder);
    await first.event('health-changed', (event) => event.to === 'up');
    await agent.stop();
    const opened = await first.event('incident-opened');
    await first.kill9();

    await using second = await ServiceProcess.start(folder);
    await second.event('page-sent', (event) => String(event.pageId).includes('/hook/'));
    await second.event('page-sent', (event) => String(event.pageId).includes('/mail/'));
    // The device is judged anew after the restart; the incident must not be.
    await second.event(
      'health-changed',
      (event) => event.from === 'unknown' && event.to === 'down',
    );
    const { items } = await second.get<{ items: Incident[] }>('/api/v1/incidents?status=all');
    expect(items.map((incident) => incident.id)).toEqual([opened.incidentId]);
    expect(Date.parse(items[0]!.clock.acknowledgeBy)).toBe(opened.acknowledgeBy);
    expect([...webhook.taken.keys()].filter((key) => key.includes('opened'))).toHaveLength(1);

    await agent.restart();
    await second.event('page-sent', (event) => String(event.pageId).endsWith('/hook/resolved'));
    expect(webhook.taken.size).toBe(2);
  });

  test('the report counts the outage from the journal while the service runs', async () => {
    configure(CREDENTIALS.v2c);
    await using service = await ServiceProcess.start(folder);
    await service.event('health-changed', (event) => event.to === 'up');
    await agent.stop();
    await service.event('incident-opened');
    await agent.restart();
    const { at: resolvedAt } = await service.event('incident-resolved');
    // A running period is judged up to the last proof that somebody observes.
    await service.event('lease-renewed', ({ at }) => at > resolvedAt);
    const year = String(new Date().getUTCFullYear());
    const report = await runCommand(['report', '--period', year, '--config', folder, '--json']);
    expect(report.err.replaceAll(/.*warning.*\n/g, '')).toBe('');
    const { devices } = JSON.parse(report.out) as { devices: { statesMs: { down: number } }[] };
    expect(devices).toHaveLength(1);
    expect(devices[0]!.statesMs.down).toBeGreaterThan(0);
    const text = await runCommand(['report', '--period', year, '--config', folder]);
    expect(text.out).toContain('Switch one');
  });

  test('a wrong community is silence with a name, and the service stays up', async () => {
    configure('{ id: device, version: v2c, community: plain:wrong }');
    await using service = await ServiceProcess.start(folder);
    await service.event('incident-opened');
    const device = await service.get<{ health: string }>('/api/v1/devices/switch-1');
    expect(device.health).toBe('down');
    expect((await fetch(`${service.url}/readyz`)).status).toBe(200);
  });
});
