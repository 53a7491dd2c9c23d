import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ExplainedDevice,
  explainDevice,
  explainLanes,
  type PollTimes,
} from '../../../collector/explain-device.ts';
import { oidOf } from '../../../collector/plan/layout.ts';
import { POLL_DETAILS } from '../../../collector/poll-details.ts';
import type { LabProcess } from '../../../lab/process.ts';
import { NO_TEXT } from '../../../lib/local-text.ts';
import { SECOND } from '../../../lib/time.ts';
import { CREDENTIALS, DEVICES } from '../../lab/demo-network.ts';
import { startAgents } from '../../poller-threads/thread-rig.ts';
import { askable } from '../askable.ts';
import { community } from '../client-fixtures.ts';
import { config, device, POLLING, watch } from '../collector-fixtures.ts';
import { startDebianAgent, withoutSnmpd } from '../debian-agent.ts';
import { pollOf } from '../full-poll-fixtures.ts';

/** A collector of one device that listens at that port, stopped when the callback has ended. */
async function polled(
  port: number,
  credentialId: string,
  look: (one: ReturnType<typeof watch>) => Promise<void>,
): Promise<void> {
  const devices = [device('a', { port, credentialId })];
  const one = watch({ config: config(devices, Object.fromEntries(CREDENTIALS)) });
  one.collector.start();
  try {
    await look(one);
  } finally {
    one.collector.stop();
  }
}

/** What every agent has in common once it was walked and then polled along its plan. */
async function expectTrueExplanation({ collector }: ReturnType<typeof watch>): Promise<void> {
  const explain = () => collector.view.explain('a')!;
  expect(explain()).toMatchObject({ plan: null, lastFullPoll: null, profiles: [] });
  await collector.pollNow('a');
  const walked = explain();
  expect(walked.lastWalk).toEqual(walked.lastFullPoll);
  expect(walked.plan?.pollsSinceWalk).toBe(0);
  const { requestCount, requestsToWalk } = walked.plan!.cost;
  await collector.pollNow('a');
  const planned = explain();
  // What was foretold is what was sent.
  expect(planned.lastFullPoll?.packetsSent).toBe(requestCount);
  expect(planned.lastWalk).toEqual(walked.lastWalk);
  expect(planned.lastWalk!.packetsSent).toBeGreaterThan(2 * requestCount);
  expect(requestsToWalk).toBeGreaterThanOrEqual(2 * requestCount);
  expect(planned.plan?.pollsSinceWalk).toBe(1);
  expect(planned.profiles.map(({ id }) => id)).toContain('if-mib');
  expect(planned.wire.roundTrips?.smoothedMs).toBeGreaterThan(0);
  const [heartbeat, full] = planned.lanes;
  expect(heartbeat!.nextAt! - heartbeat!.lastAt!).toBeLessThanOrEqual(POLLING.heartbeatMs);
  expect(full).toMatchObject({ lastOutcome: 'ok', everyMs: POLLING.fullPollMs });
  expect(full!.nextAt!).toBeGreaterThan(full!.lastAt!);
}

describe('the explanation of a device of the lab', () => {
  let lab: LabProcess;
  beforeAll(async () => {
    lab = await startAgents();
  });
  afterAll(() => lab.stop());

  it.each(['acc-north-1', 'core-1'])('%s foretells its next poll', async (id) => {
    const { credentialId } = DEVICES.find((one) => one.id === id)!;
    await polled(lab.ports.get(id)!, credentialId, expectTrueExplanation);
  });

  it('can be sent to another thread, and holds no secret', async () => {
    await polled(lab.ports.get('acc-north-1')!, 'community', async ({ collector }) => {
      await collector.pollNow('a');
      const explanation = collector.view.explain('a');
      expect(structuredClone(explanation)).toEqual(explanation);
      expect(JSON.stringify(explanation)).not.toContain('"demo"');
    });
  });

  it('takes nobody’s turn: who looks changes nothing', async () => {
    await polled(lab.ports.get('acc-north-1')!, 'community', async ({ collector }) => {
      await collector.pollNow('a');
      const first = collector.view.explain('a')!.plan;
      expect(collector.view.explain('a')!.plan).toEqual(first);
    });
  });
});

describe.skipIf(withoutSnmpd)("the explanation of Debian's snmpd", () => {
  it('foretells its next poll, and says what is left out for which reason', async () => {
    await using agent = await startDebianAgent();
    await polled(agent.port, 'default', async (one) => {
      await expectTrueExplanation(one);
      const { plan, notUnderstood } = one.collector.view.explain('a')!;
      const ports = plan!.tables.find(({ name }) => name === 'ifTable')!;
      const namesOf = (care: string) =>
        ports.columns.filter((group) => group.care === care).flatMap(({ names }) => names);
      expect(namesOf('lowHalf')).toContain('ifInOctets');
      expect(namesOf('always')).toContain('ifHCInOctets');
      expect(namesOf('rare')).toContain('ifName');
      expect(plan!.scalars.flatMap(({ names }) => names)).toContain('sysUpTime');
      expect(notUnderstood[0]?.en).toContain('1.3.6.1.4.1.8072');
    });
  });
});

describe('the explanation of an agent that is difficult', () => {
  const IF = '1.3.6.1.2.1.2.2.1';
  const rows = Array.from({ length: 12 }, (_, at) => [
    [`${IF}.2.${at + 1}`, `eth${at + 1}`],
    ...[7, 8, 10, 14, 16].map((column) => [`${IF}.${column}.${at + 1}`, 1]),
  ]).flat();
  const switchOf12 = () => pollOf(Object.fromEntries(rows));
  const explained = (
    { memory, client }: ReturnType<typeof pollOf>,
    more: Partial<ExplainedDevice> = {},
  ) =>
    explainDevice({
      ...{ device: device('a'), credential: community('public'), memory, client: askable(client) },
      ...{ confirmed: 'answering', lanes: [], lastFullPoll: null, lastWalk: null, now: 0 },
      evaluation: null,
      ...more,
    });

  it('names the objects that it refused, and when they are asked for again', async () => {
    const one = switchOf12();
    await one.poll();
    const plan = one.memory.plan!;
    const cellOf = (oid: string) =>
      Array.from({ length: plan.layout.size }, (_, cell) => cell).find(
        (cell) => oidOf(plan.layout, cell) === oid,
      )!;
    plan.refused.set(cellOf(`${IF}.14.7`), 4);
    plan.refused.set(cellOf(`${IF}.16.2`), Number.POSITIVE_INFINITY);
    const { refused, refusedCount, learned } = explained(one).plan!;
    expect(refusedCount).toBe(2);
    expect(refused).toEqual([
      { oid: `${IF}.14.7`, name: 'ifInErrors.7', pollsLeft: 4 },
      { oid: `${IF}.16.2`, name: 'ifOutOctets.2', pollsLeft: null },
    ]);
    expect(learned.map(({ en }) => en).join()).toContain('ifInErrors, ifOutOctets');
  });

  it('says why little is asked of it at once', async () => {
    const one = switchOf12();
    await one.poll();
    const before = explained(one).plan!;
    expect(before.batch.why.en).toContain('Ethernet frame');
    one.memory.batch.reduce();
    const after = explained(one).plan!;
    expect(after.batch.varbinds).toBeLessThan(before.batch.varbinds);
    expect(after.batch.why.en).toContain('refused or lost');
    one.memory.habits.gentle = 'slow';
    const gentle = explained(one).plan!.batch;
    expect(gentle.varbinds).toBeLessThanOrEqual(8);
    expect(gentle.why.en).toContain('its replies take long');
    one.memory.habits.gentle = null;
    one.memory.habits.quirks = { ...one.memory.habits.quirks, gentle: true };
    const weak = explained(one).plan!.batch;
    expect(weak.varbinds).toBeLessThanOrEqual(8);
    expect(weak.why.en).toContain('its profile says that its agent is weak');
  });

  it('reckons a walk without GETBULK, which it refuses or SNMPv1 does not have', async () => {
    const one = switchOf12();
    await one.poll();
    const withBulk = explained(one).plan!.cost.requestsToWalk;
    const v1 = explained(one, { credential: community('public', 'v1') });
    expect(v1.snmpVersion).toBe('v1');
    expect(v1.plan!.cost.requestsToWalk).toBeGreaterThan(withBulk + 8);
    one.memory.habits.refusesBulk = true;
    const refusing = explained(one).plan!;
    expect(refusing.cost.requestsToWalk).toBe(v1.plan!.cost.requestsToWalk);
    expect(refusing.learned.map(({ en }) => en)).toContain('it answers GETNEXT but not GETBULK');
  });
});

describe('the lanes', () => {
  const times: PollTimes = {
    confirmed: 'answering',
    contradictions: 0,
    contradictionsNeeded: 3,
    isLongSilent: false,
    running: null,
    next: { heartbeat: 5 * SECOND, full: 60 * SECOND },
    last: { heartbeat: null, full: null },
  };
  const paces = (more: Partial<PollTimes>) =>
    explainLanes(POLLING, { ...times, ...more }, NO_TEXT).map(({ pace }) => pace.en);

  it('say why a device is asked when it is', () => {
    expect(paces({})).toEqual(['at its turn', 'at its turn']);
    expect(paces({ contradictions: 1 })[0]).toContain('2 more answers alike confirm a change');
    expect(paces({ isLongSilent: true })[0]).toContain('half as often');
    expect(paces({ running: 'full' })).toEqual(['at its turn', 'under way now']);
    expect(paces({ next: { heartbeat: 1, full: null } })[1]).toBe('not before the device answers');
  });

  it('say what a good full poll could not read, and why one failed', () => {
    const end = { at: 1, tookMs: 2, detail: POLL_DETAILS.noReply };
    const detailOf = (outcome: 'ok' | 'timeout') =>
      explainLanes(
        POLLING,
        { ...times, last: { heartbeat: null, full: { ...end, outcome } } },
        POLL_DETAILS.notIncreasing,
      )[1]!.lastDetail;
    expect(detailOf('ok')).toEqual(POLL_DETAILS.notIncreasing);
    expect(detailOf('timeout')).toEqual(POLL_DETAILS.noReply);
  });
});
