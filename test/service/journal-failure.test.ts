import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { MINUTE } from '../../lib/time.ts';
import { readJournal } from '../../storage/read-journal.ts';
import { WebhookReceiver } from '../pages/webhook-receiver.ts';
import { cannotShim, compileShim, DISK_ERRORS } from '../storage/disk-faults.ts';
import { oneDeviceConfig, SIGNING_KEY } from './one-device-config.ts';
import { runCommand, ServiceProcess, writeConfig } from './service-process.ts';

const isSkipped = cannotShim && process.env.CI !== 'true';
/** Opening an empty journal takes fewer calls to the disk. */
const AFTER_THE_START = '90';
/** What it says when it waits for its journal. */
const HELD = /waiting until it can be opened; (http\S+)\/readyz/;
const NOBODY = 9;
const SOON = 3 * MINUTE;

describe.skipIf(isSkipped)('a journal that can no longer be written', () => {
  let root: string;
  let library: string;

  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'threenines-journal-failure-'));
    library = compileShim(root);
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  afterEach(() => ServiceProcess.killAll());

  function configure(name: string, webhookUrl: string): string {
    const folder = join(root, name);
    const credential = '{ id: device, version: v2c, community: plain:public }';
    const settings = { devicePort: NOBODY, webhookUrl, mailPort: NOBODY, credential };
    writeConfig(folder, oneDeviceConfig(settings));
    return folder;
  }

  const failing = (errno: number, failAt: string) => ({
    LD_PRELOAD: library,
    DISK_ERRNO: `${errno}`,
    DISK_FAIL_AT: failAt,
    // Notes of other runs must not keep this one quiet.
    TMPDIR: root,
  });

  const told = (webhook: WebhookReceiver) =>
    [...webhook.taken.values()].filter(({ incident }) => incident === 'self-watch');

  test.each(Object.entries(DISK_ERRORS))(
    '%s while it runs: people are told once, it answers that it takes nothing, what was acknowledged is there',
    { timeout: SOON },
    async (name, errno) => {
      await using webhook = await WebhookReceiver.start(SIGNING_KEY);
      const folder = configure(name, webhook.url());
      const service = await ServiceProcess.start(folder, failing(errno, AFTER_THE_START));
      const { taken, refusal } = await raiseUntilRefused(service);
      expect(refusal.status).toBe(503);
      expect(refusal.headers.get('retry-after')).toBe('5');
      const ready = await fetch(`${service.url}/readyz`);
      expect(ready.status).toBe(503);
      expect(await ready.text()).toContain('nothing is recorded or paged');
      expect((await fetch(`${service.url}/healthz`)).status).toBe(200);
      // The disk seems to take writes again, the journal does not: it waits for it under the same address.
      const waiting = await service.says('waiting until it can be opened');
      expect(waiting).toContain(service.url);
      const held = await fetch(`${service.url}/readyz`);
      expect(held.status).toBe(503);
      expect(await held.text()).toContain('the journal cannot be opened');
      const alert = await service.post('/api/v2/alerts', []);
      expect([alert.status, alert.headers.get('retry-after')]).toEqual([503, '5']);
      await service.kill9();
      expect(alertsIn(folder)).toEqual(expect.arrayContaining(taken));
      expect(taken.length).toBeGreaterThan(0);

      // A supervisor starts it again: nobody is told again.
      const again = await ServiceProcess.start(folder, failing(errno, '1'), HELD);
      expect(told(webhook)).toHaveLength(1);
      expect(JSON.stringify(told(webhook))).toContain('pages nobody');
      again.signal('SIGTERM');
      expect(await again.ended()).toBe(0);
    },
  );

  test('a call that fails once: it begins anew from the disk by itself', {
    timeout: SOON,
  }, async () => {
    await using webhook = await WebhookReceiver.start(SIGNING_KEY);
    const folder = configure('once', webhook.url());
    const fault = { ...failing(DISK_ERRORS.EIO, AFTER_THE_START), DISK_FAIL_ONCE: '1' };
    await using service = await ServiceProcess.start(folder, fault);
    const { taken } = await raiseUntilRefused(service);
    await service.saysAgain('Threenines is running');
    expect(await service.get('/readyz')).toEqual({ ready: true, reasons: [] });
    expect((await raise(service, 'later')).status).toBe(200);
    expect(alertsIn(folder)).toEqual(expect.arrayContaining([...taken, 'later']));
    expect(told(webhook)).toHaveLength(1);
  });

  test('a journal that cannot even be opened: people are told', { timeout: SOON }, async () => {
    await using webhook = await WebhookReceiver.start(SIGNING_KEY);
    const folder = configure('never-opened', webhook.url());
    const args = ['serve', '--config', folder];
    const { code, err } = await runCommand(args, failing(DISK_ERRORS.EIO, '1'));
    expect(code).toBe(1);
    expect(err).toContain('cannot open the journal');
    expect(webhook.taken.size).toBe(1);
  });

  test('that another service holds wakes nobody', { timeout: SOON }, async () => {
    await using webhook = await WebhookReceiver.start(SIGNING_KEY);
    const folder = configure('in-use', webhook.url());
    await using _running = await ServiceProcess.start(folder);
    const { code } = await runCommand(['serve', '--config', folder]);
    expect(code).toBe(1);
    expect(webhook.requests.filter(({ body }) => body.includes('self-watch'))).toEqual([]);
  });
});

/** Alerts one after the other until one is refused; gives those that were taken. */
async function raiseUntilRefused(
  service: ServiceProcess,
): Promise<{ readonly taken: string[]; readonly refusal: Response }> {
  const taken: string[] = [];
  for (;;) {
    const name = `alert-${taken.length + 1}`;
    const answer = await raise(service, name);
    if (answer.status !== 200) return { taken, refusal: answer };
    taken.push(name);
  }
}

function raise(service: ServiceProcess, name: string): Promise<Response> {
  const labels = { alertname: name, severity: 'critical' };
  return service.post('/api/v2/alerts', [{ labels, annotations: { summary: name } }]);
}

function alertsIn(folder: string): string[] {
  const opened = readJournal<{ type: string; text?: { en: string } }>(join(folder, 'data'));
  if (!opened?.ok) throw new Error('no journal');
  using reader = opened.reader;
  return Array.from(reader.entries(), ({ event }) => event)
    .filter(({ type }) => type === 'fault-raised')
    .map(({ text }) => text!.en);
}
