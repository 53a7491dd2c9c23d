import dgram from 'node:dgram';
import { describe, expect, test } from 'vitest';
import { startHostileAgent } from '../../lab/hostile/agent.ts';
import { hostileMode } from '../../lab/hostile/catalog.ts';
import { systemClock } from '../../lib/clock.ts';
import { createLineLogger } from '../../lib/logger.ts';
import { seededRandom } from '../../lib/random.ts';
import { config, device, watch } from '../collector/collector-fixtures.ts';
import { expectNothing, expectTruth } from './expectations.ts';
import { CREDENTIALS, PATIENT, SHORT, startRig } from './rig.ts';

const MOST_PDUS_OF_A_POLL = 6;

describe.concurrent('27: an engine that cannot be satisfied', () => {
  test.each([
    ['unknown-engine-for-ever', 'timeout', /answers for another SNMPv3 engine than it says/],
    ['not-in-time-for-ever', 'bad-response', /contradicting its own SNMPv3 engine time/],
    ['boots-exhausted', 'auth-failed', /used up its SNMPv3 restarts/],
  ] as const)('%s costs six PDUs at most, and the reason is said', async (mode, outcome, why) => {
    await using rig = await startRig(mode, { polling: SHORT });
    expectNothing(rig, await rig.heartbeat(), outcome);
    expect(rig.agent.askCount).toBeLessThanOrEqual(MOST_PDUS_OF_A_POLL);
    const before = rig.agent.askCount;
    const full = await rig.full();
    expectNothing(rig, full, outcome);
    expect(full.detail.en).toMatch(why);
    expect(rig.agent.askCount - before).toBeLessThanOrEqual(MOST_PDUS_OF_A_POLL);
  });
});

describe.concurrent('28: credentials that are refused', () => {
  test.each([
    ['wrong-digest', 'wrong authentication password'],
    ['unknown-user', 'the device does not know the user name'],
    ['decryption-error', 'the device cannot decrypt requests: check the privacy password'],
  ])('%s is known at once, without a second try', async (mode, detail) => {
    await using rig = await startRig(mode);
    const heartbeat = await rig.heartbeat();
    expectNothing(rig, heartbeat, 'auth-failed');
    expect(heartbeat.detail.en).toBe(detail);
    expect(rig.agent.askCount).toBe(2);
    expect((await rig.full()).outcome).toBe('auth-failed');
    expect(rig.agent.askCount).toBeLessThanOrEqual(4);
    expect(await rig.metric('snmp_retries_total')).toBe(0);
  });

  test('a wrong privacy password that is answered with silence is guessed', async () => {
    await using rig = await startRig('silent-when-encrypted', { polling: SHORT });
    const full = await rig.full();
    expectNothing(rig, full, 'auth-failed');
    expect(full.detail.en).toBe(
      'discovery is answered but encrypted requests are not: check the privacy password',
    );
  });
});

test.concurrent('29: discovery that is answered by unknownUserName works', async () => {
  await using rig = await startRig('unknown-user-first');
  expectTruth(rig, await rig.full());
});

test.concurrent('30: a time that nothing proves is never adopted', async () => {
  await using rig = await startRig('unproven-time');
  expectTruth(rig, await rig.full());
  expectTruth(rig, await rig.full());
  expect(Object.keys(await rig.ignored())).toEqual(['unproven-time']);
  expect(await rig.metric('snmp_session_renewals_total')).toBe(0);
  expect(await rig.metric('snmp_retries_total')).toBe(0);
});

describe.concurrent('31: an answer with less security than asked', () => {
  test.each([
    ['clear-answer', 'security-downgrade'],
    ['unencrypted-answer', 'security-downgrade'],
    ['privacy-alone', 'malformed'],
  ])('%s is never shown, and the true one behind it is', async (mode, reason) => {
    await using rig = await startRig(mode);
    expectTruth(rig, await rig.full());
    expect(Object.keys(await rig.ignored())).toEqual([reason]);
  });

  test('and no other is none', async () => {
    await using rig = await startRig('only-clear-answers', { polling: SHORT });
    expectNothing(rig, await rig.full(), 'auth-failed');
    expect(Object.keys(await rig.ignored())).toEqual(['security-downgrade']);
  });
});

describe.concurrent('32: an answer that proves nothing', () => {
  test.each([
    ['bad-digest', 'wrong-digest'],
    ['short-digest', 'wrong-digest'],
    ['bad-salt', 'decryption-error'],
    ['garbage-inside', 'decryption-error'],
  ])('%s is dropped before anything inside is read', async (mode, reason) => {
    await using rig = await startRig(mode);
    expectTruth(rig, await rig.full());
    expect(Object.keys(await rig.ignored())).toEqual([reason]);
    expect(await rig.metric('snmp_retries_total')).toBe(0);
  });
});

describe.concurrent('33: an answer to something else', () => {
  test.each<[string, readonly string[]]>([
    ['other-ids', ['no-pending-request', 'wrong-request-id']],
    ['other-engine', ['wrong-context', 'wrong-engine']],
    ['replay', ['no-pending-request']],
    ['reports-first', ['no-pending-request']],
    ['believable-reports', ['wrong-engine']],
  ])('%s is dropped', async (mode, reasons) => {
    await using rig = await startRig(mode);
    expectTruth(rig, await rig.full());
    expectTruth(rig, await rig.full());
    expect(Object.keys(await rig.ignored()).toSorted()).toEqual(reasons);
    expect(await rig.metric('snmp_requests_total')).toBe(rig.agent.askCount);
  });
});

describe.concurrent('34: an engine that is not what it was', () => {
  test.each([
    ['boots-fall', 'boots-went-back'],
    ['time-jumps', 'time-went-back'],
  ])('%s: found again within one poll, and told', async (mode, because) => {
    await using rig = await startRig(mode);
    const first = await rig.full();
    expectTruth(rig, first);
    expect(first.engineChange).toBeUndefined();
    expect(await rig.metric('snmp_session_renewals_total')).toBe(0);
    const second = await rig.full();
    expectTruth(rig, second);
    expect(second.engineChange).toMatchObject({ because, untoldCount: 0 });
    if (mode === 'boots-fall') expect(second.engineChange).toMatchObject({ before: 6, after: 1 });
    const renewals = await rig.metric('snmp_session_renewals_total', { reason: 'time-window' });
    expect(renewals).toBe(1);
    const third = await rig.full();
    expectTruth(rig, third);
    expect(third.engineChange).toBeUndefined();
  });

  test('two devices with one engine id are both answered', async () => {
    await using one = await startRig('cloned-engine');
    await using other = await startRig('cloned-engine');
    for (const rig of [one, other, one, other]) expectTruth(rig, await rig.full());
    expect(await one.metric('snmp_session_renewals_total')).toBe(0);
  });

  test('two devices with one engine id stay up, are shown as such, and the log says so once', async () => {
    const clock = systemClock;
    const mode = hostileMode('cloned-engine')!;
    const start = (seed: number) =>
      startHostileAgent({ mode, clock, random: seededRandom(seed), network: dgram });
    await using one = await start(1);
    await using other = await start(2);
    const devices = [
      device('one', { port: one.port, credentialId: 'v3', polling: PATIENT }),
      device('other', { port: other.port, credentialId: 'v3', polling: PATIENT }),
    ];
    const lines: string[] = [];
    const log = createLineLogger('info', (line) => lines.push(line));
    const { collector } = watch({ config: config(devices, CREDENTIALS, PATIENT), log });
    collector.start();
    for (let poll = 0; poll < 3; poll += 1) {
      for (const { id } of devices) expect((await collector.pollNow(id))?.outcome).toBe('ok');
    }
    const id = '80007ed904636c6f6e65';
    expect(collector.view.detail('one')?.snmpEngine).toEqual({ id, sharedWith: ['other'] });
    expect(collector.view.detail('other')?.snmpEngine).toEqual({ id, sharedWith: ['one'] });
    const told = lines.map((line) => JSON.parse(line));
    expect(told).toMatchObject([{ engineId: id, deviceIds: ['one', 'other'] }]);
    collector.stop();
  });
});
