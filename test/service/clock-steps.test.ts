import { globSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../../lib/time.ts';
import { WebhookReceiver } from '../pages/webhook-receiver.ts';
import { ServiceProcess, writeConfig } from './service-process.ts';

/** Debian's package faketime: stands between a process and the wall clock. */
const [LIBRARY] = globSync('/usr/lib/*/faketime/libfaketimeMT.so.1');
const isSkipped = LIBRARY === undefined && process.env.CI !== 'true';
const SIGNING_KEY = 'signing-key-of-some-length';
const SOON = 3 * MINUTE;
/** When the second and the third are told, after the start. */
const SECOND_AFTER_MS = 3 * SECOND;
const THIRD_AFTER_MS = 7 * SECOND;

describe.skipIf(isSkipped)('a wall clock that is set under the running service', () => {
  let root: string;
  let offsetFile: string;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'threenines-clock-steps-'));
    offsetFile = join(root, 'offset');
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  afterEach(() => ServiceProcess.killAll());

  /** At once, and never half-written. */
  function setClock(offsetMs: number): void {
    const sign = offsetMs < 0 ? '-' : '+';
    writeFileSync(`${offsetFile}.new`, `${sign}${Math.abs(offsetMs) / SECOND}\n`);
    renameSync(`${offsetFile}.new`, offsetFile);
  }

  test('ahead by an hour and back again, while an incident is open: each step comes once, after its elapsed time', {
    timeout: SOON,
  }, async () => {
    await using webhook = await WebhookReceiver.start(SIGNING_KEY);
    const folder = join(root, 'service');
    writeConfig(folder, configFor(webhook.url()));
    setClock(0);
    await using service = await ServiceProcess.start(folder, {
      LD_PRELOAD: LIBRARY!,
      FAKETIME_TIMESTAMP_FILE: offsetFile,
      // In seconds: to read the file at each look at the clock would slow the service down.
      FAKETIME_CACHE_DURATION: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    });
    await raise(service);
    const { at: openedAt } = await service.event('incident-opened');
    await webhook.received(1);

    setClock(HOUR);
    const ahead = await service.event('clock-stepped', ({ byMs }) => byMs > 0);
    expect(Math.round(ahead.byMs / MINUTE)).toBe(60);
    const second = await service.event('clock-step-taken', ({ step }) => step.endsWith(':1'));
    expect(second.at - ahead.byMs - openedAt).toBeGreaterThanOrEqual(SECOND_AFTER_MS);
    await webhook.received(2);

    setClock(0);
    const back = await service.event('clock-stepped', ({ byMs }) => byMs < 0);
    expect(Math.round(back.byMs / MINUTE)).toBe(-60);
    const third = await service.event('clock-step-taken', ({ step }) => step.endsWith(':2'));
    const netMs = ahead.byMs + back.byMs;
    expect(third.at - netMs - openedAt).toBeGreaterThanOrEqual(THIRD_AFTER_MS);
    await webhook.received(3);

    await raise(service, new Date().toISOString());
    await service.event('incident-resolved');
    await webhook.received(6);
    const told = webhook.requests.map(({ body }) => {
      const { recipient, event } = JSON.parse(body);
      return `${recipient.id} ${event}`;
    });
    // Neither a reminder nor a breach for an hour that did not pass, and nothing twice.
    expect(told.slice(0, 3)).toEqual(['p0 opened', 'p1 escalated', 'p2 escalated']);
    expect(told.slice(3).sort()).toEqual(['p0 resolved', 'p1 resolved', 'p2 resolved']);
    expect(webhook.badSignatures).toBe(0);
  });
});

function raise(service: ServiceProcess, endsAt?: string): Promise<Response> {
  const labels = { alertname: 'Clocks', severity: 'critical' };
  const annotations = { summary: 'clocks' };
  return service.post('/api/v2/alerts', [
    { labels, annotations, ...(endsAt === undefined ? {} : { endsAt }) },
  ]);
}

function configFor(url: string) {
  const steps = [0, SECOND_AFTER_MS, THIRD_AFTER_MS]
    .map((afterMs, place) => `{ after: ${afterMs / SECOND}s, people: [p${place}] }`)
    .join(', ');
  return {
    'threenines.yaml': 'listen: 127.0.0.1:0\ndataFolder: data\ntimeZone: UTC\n',
    'devices.yaml': `
credentials: [{ id: none, version: v2c, community: plain:public }]
sites: [{ id: lab, name: Laboratory }]
devices:
  - { id: switch-1, name: Switch one, address: 127.0.0.1, port: 9, site: lab, role: access,
      credential: none }
`,
    'oncall.yaml': `
people:
${[0, 1, 2].map((place) => `  - { id: p${place}, name: P${place}, contacts: [hook] }`).join('\n')}
channels:
  - { id: hook, kind: webhook, url: "plain:${url}", signingKey: "plain:${SIGNING_KEY}" }
escalationPolicies:
  - id: standard
    tiers: { 1: [${steps}], 2: [${steps}], 3: [${steps}], 4: [{ after: 2h, people: [p0] }] }
`,
    'grading.yaml': `
rules:
  - { id: any-alert, tier: 2, when: { faultKinds: [alert] }, for: 0s }
  - { id: clock, tier: 4, when: { faultKinds: [clock-stepped] }, for: 10m }
`,
  };
}
