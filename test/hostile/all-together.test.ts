import dgram from 'node:dgram';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import type { Observation } from '../../collector/observation.ts';
import type { PollingConfig } from '../../config/model.ts';
import { startHostileAgent } from '../../lab/hostile/agent.ts';
import { HONEST } from '../../lab/hostile/saying.ts';
import { seededRandom } from '../../lib/random.ts';
import { SECOND } from '../../lib/time.ts';
import { config, device, POLLING, watch } from '../collector/collector-fixtures.ts';
import type { ToldAgent } from './agents-thread.ts';
import { EffortClock } from './effort-clock.ts';
import { CREDENTIALS } from './rig.ts';

/** Of the healthy device. */
const POLLS = 14;
/** After its turn; the largest devices, of 10,000 ports, take about that long to be understood. */
const LATE_MS = 0.25 * SECOND;
const MOST_LATE_POLLS = 2;
/** Nothing excuses this. */
const TOO_LATE_MS = SECOND;

/** Often enough that every misbehaviour is met several times. */
const OFTEN: PollingConfig = {
  ...POLLING,
  heartbeatMs: 0.5 * SECOND,
  fullPollMs: 2 * SECOND,
  timeoutMs: 0.3 * SECOND,
  retries: 1,
  confirmMs: 0.1 * SECOND,
  deadlineMs: 1.5 * SECOND,
  concurrency: 64,
};

/** All hostile agents in a thread of their own: what they work is not the collector's. */
async function startHostileAgents() {
  const thread = new Worker(new URL('./agents-thread.ts', import.meta.url));
  const told = async () => ((await once(thread, 'message')) as [readonly ToldAgent[]])[0];
  const agents = await told();
  return {
    agents,
    ask() {
      thread.postMessage('how many');
      return told();
    },
    async [Symbol.asyncDispose]() {
      await thread.terminate();
    },
  };
}

test('a healthy device beside all hostile ones at once is never late', async () => {
  await using clock = new EffortClock();
  await using hostile = await startHostileAgents();
  const world = { clock, random: seededRandom(41), network: dgram };
  await using honest = await startHostileAgent({ ...world, mode: HONEST });
  const devices = hostile.agents.map(({ name, port, speaks }) =>
    device(name, { port, credentialId: speaks, polling: OFTEN }),
  );
  const patient = { ...OFTEN, timeoutMs: 2 * SECOND };
  devices.push(device('healthy', { port: honest.port, credentialId: 'v2c', polling: patient }));
  const seen: Observation[] = [];
  const enough = Promise.withResolvers<void>();
  const { collector } = watch({
    clock,
    config: config(devices, CREDENTIALS, OFTEN),
    onObservation(observation) {
      if (observation.deviceId !== 'healthy') return;
      seen.push(observation);
      if (seen.length === POLLS) enough.resolve();
    },
  });
  collector.start();
  await enough.promise;
  collector.stop();

  expect(new Set(seen.map(({ outcome }) => outcome))).toEqual(new Set(['ok']));
  expect(seen.filter(({ kind }) => kind === 'full').length).toBeGreaterThanOrEqual(2);
  const gaps = seen.slice(1).map(({ startedAt }, place) => startedAt - seen[place]!.startedAt);
  const late = gaps.filter((gapMs) => gapMs > OFTEN.heartbeatMs + LATE_MS);
  expect(late.length).toBeLessThanOrEqual(MOST_LATE_POLLS);
  expect(Math.max(...gaps)).toBeLessThanOrEqual(OFTEN.heartbeatMs + TOO_LATE_MS);
  for (const { name, askCount } of await hostile.ask()) expect(askCount, name).toBeGreaterThan(0);
});
