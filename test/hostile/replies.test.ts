import dgram from 'node:dgram';
import { describe, expect, test } from 'vitest';
import { startHostileAgent } from '../../lab/hostile/agent.ts';
import { hostileMode } from '../../lab/hostile/catalog.ts';
import { seededRandom } from '../../lib/random.ts';
import { expectNothing, expectTruth } from './expectations.ts';
import { RANDOM_SEED, SHORT, startRig } from './rig.ts';

/** Tries of one poll and the one datagram by which the system is asked why nobody answers. */
const TRIES_OF_SHORT = 3;

describe.concurrent('1: a reply from another port or address', () => {
  test.each([
    ['other-port', /no reply in time; 127\.0\.0\.1:\d+ answered instead and was ignored/],
    ['other-address', /no reply in time; 127\.0\.0\.2:\d+ answered instead and was ignored/],
  ])('%s is counted, named, and never used', async (mode, detail) => {
    await using rig = await startRig(mode, { polling: SHORT });
    expectNothing(rig, await rig.heartbeat());
    const full = await rig.full();
    expectNothing(rig, full);
    expect(full.detail.en).toMatch(detail);
    const { count, lastFrom } = rig.detail.strayReplies;
    expect((await rig.ignored())[mode]).toBe(count);
    expect(count).toBeGreaterThanOrEqual(2);
    expect(full.detail.en).toContain(lastFrom);
    expect(rig.detail.replyFromAnyAddress).toBe(false);
    expect(rig.agent.askCount).toBeLessThanOrEqual(2 * TRIES_OF_SHORT);
  });

  test.each(['other-port', 'other-address'])(
    '%s counts for a device of which that is known',
    async (mode) => {
      await using rig = await startRig(mode, { device: { replyFromAnyAddress: true } });
      expectTruth(rig, await rig.full());
      expect(await rig.ignored()).toEqual({});
      expect(rig.detail).toMatchObject({
        replyFromAnyAddress: true,
        strayReplies: { count: 0, lastFrom: null },
      });
    },
  );
});

describe.concurrent('2: an id that is wrong, old, or out of turn', () => {
  test.each(['wrong-id', 'stale-id'])('%s is dropped', async (mode) => {
    await using rig = await startRig(mode, { polling: { ...SHORT, failuresToConfirm: 9 } });
    expectNothing(rig, await rig.full());
    expectNothing(rig, await rig.full());
    expect(Object.keys(await rig.ignored())).toEqual(['no-pending-request']);
  });

  test('a wrong id leaves the request pending for the right one', async () => {
    await using rig = await startRig('wrong-id-first');
    expectTruth(rig, await rig.full());
    expect(await rig.ignored()).toEqual({ 'no-pending-request': rig.agent.askCount });
    expect(await rig.metric('snmp_retries_total')).toBe(0);
  });

  test('replies out of turn find their requests', async () => {
    await using rig = await startRig('reordered', { polling: { timeoutMs: 400 } });
    expectTruth(rig, await rig.full());
  });
});

describe.concurrent('3: a reply that comes again, late, or very late', () => {
  test('three copies are one result', async () => {
    await using rig = await startRig('duplicate');
    expectTruth(rig, await rig.full());
    const askCount = rig.agent.askCount;
    expect(await rig.metric('snmp_requests_total')).toBe(askCount);
    expect(rig.watched.observations).toHaveLength(2);
  });

  test('one that comes after its try was repeated counts all the same', async () => {
    await using rig = await startRig('late');
    const heartbeat = await rig.heartbeat();
    expect(heartbeat.outcome).toBe('ok');
    expect(heartbeat.rttMs).toBeGreaterThan(1_000);
    expect(await rig.metric('snmp_retries_total')).toBeGreaterThanOrEqual(1);
  });

  test('one that answers the request before never counts for the next', async () => {
    await using rig = await startRig('very-late');
    expectTruth(rig, await rig.full());
    expectTruth(rig, await rig.full());
    const ids = rig.agent.asks.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe.concurrent('4: loss', () => {
  test('is known as it is, and does not end a poll', async () => {
    await using rig = await startRig('loss', { polling: { retries: 8 } });
    expectTruth(rig, await rig.full());
    const chance = seededRandom(RANDOM_SEED);
    const isAnswered = new Map<number, boolean>();
    for (const { id } of rig.agent.asks) {
      const isKept = chance.next() >= 0.3;
      // The system is asked about a silent device with a copy.
      if (!isAnswered.has(id)) isAnswered.set(id, isKept);
    }
    const lostCount = [...isAnswered.values()].filter((isKept) => !isKept).length;
    const lostRatio = lostCount / isAnswered.size;
    const requests = await rig.metric('snmp_requests_total');
    const ratio = (await rig.metric('snmp_retries_total')) / requests;
    expect(lostRatio).toBeGreaterThan(0.1);
    expect(Math.abs(ratio - lostRatio)).toBeLessThanOrEqual(0.05);
  });

  test('of one datagram is not seen from outside', async () => {
    await using rig = await startRig('first-lost', { polling: { timeoutMs: 400 } });
    expect((await rig.heartbeat()).outcome).toBe('ok');
    expect(rig.series('device_up')).toEqual({ '': 1 });
  });

  test('of a whole poll alone takes no device down, and nothing is asked beyond its tries', async () => {
    await using rig = await startRig('silent', { polling: SHORT });
    expectNothing(rig, await rig.heartbeat());
    expect(rig.series('device_up')).toEqual({});
    expect(rig.agent.askCount).toBe(TRIES_OF_SHORT);
  });
});

test.concurrent('5: forged replies before the true one cost their counting and nothing else', async () => {
  await using rig = await startRig('forged-first');
  expectTruth(rig, await rig.full());
  const { askCount } = rig.agent;
  const ignored = await rig.ignored();
  expect(Object.keys(ignored).toSorted()).toEqual([
    'no-pending-request',
    'wrong-community',
    'wrong-version',
  ]);
  const forgedCount = Object.values(ignored).reduce((sum, count) => sum + count, 0);
  expect(forgedCount).toBe(50 * askCount);
  expect(await rig.metric('snmp_requests_total')).toBe(askCount);
});

describe.concurrent('6: another community, version or kind of message is no reply', () => {
  test.each([
    ['wrong-community', 'wrong-community'],
    ['wrong-version', 'wrong-version'],
    ['wrong-pdu', 'malformed'],
    ['echo', 'malformed'],
  ])('%s', async (mode, reason) => {
    await using rig = await startRig(mode, { polling: SHORT });
    expectNothing(rig, await rig.full());
    expect((await rig.ignored())[reason]).toBeGreaterThanOrEqual(1);
    // A heartbeat, the greeting of the poll, and one object of it: the silence may be for its size.
    expect(rig.agent.askCount).toBeLessThanOrEqual(3 * TRIES_OF_SHORT);
  });
});

describe.concurrent('7: a port where nobody listens', () => {
  test('is refused within one try', async () => {
    await using rig = await startRig('port-closed', { polling: { timeoutMs: 300, retries: 9 } });
    const refused = await rig.heartbeat();
    expectNothing(rig, refused, 'refused');
    expect(refused.detail.en).toBe('nobody listens at this address and port');
    // The next try may leave while the system is being asked.
    expect(await rig.metric('snmp_requests_total')).toBeLessThanOrEqual(2);
  });

  test('is found again by itself', async () => {
    const polling = { timeoutMs: 300, retries: 9 };
    await using rig = await startRig('duplicate', { polling });
    const { port } = rig.agent;
    await rig.full();
    await rig.agent[Symbol.asyncDispose]();
    const before = await rig.metric('snmp_requests_total');
    const refused = await rig.full();
    expect(refused).toMatchObject({ outcome: 'refused' });
    expect(refused.detail.en).toBe('nobody listens at this address and port');
    // The next try may leave while the system is being asked.
    expect((await rig.metric('snmp_requests_total')) - before).toBeLessThanOrEqual(2);
    const mode = hostileMode('duplicate')!;
    const random = seededRandom(1);
    await using _back = await startHostileAgent({
      mode,
      port,
      clock: rig.clock,
      random,
      network: dgram,
    });
    expectTruth(rig, await rig.full());
  });
});
