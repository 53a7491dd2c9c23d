import { delay, systemClock } from '../../lib/clock.ts';
import { SECOND } from '../../lib/time.ts';
import { ownCpuSeconds, ownPeakMemoryMb } from '../cpu-time.ts';
import type { PollTally, PollTask } from './poll-task.ts';

/** What a poller counts while it runs. */
export interface Counts {
  polls: number;
  pdus: number;
  varbinds: number;
  timeouts: number;
}

/** Counts that start at 0. */
export function newCounts(): Counts {
  return { polls: 0, pdus: 0, varbinds: 0, timeouts: 0 };
}

/** Lets a running poller warm up, then tells what it did in the seconds of the task. */
export async function meter(counts: Counts, task: PollTask): Promise<PollTally> {
  await delay(systemClock, task.warmUpSeconds * SECOND);
  const before = { ...counts };
  const cpuBefore = ownCpuSeconds();
  const startedMs = systemClock.monotonicMs();
  await delay(systemClock, task.seconds * SECOND);
  return {
    polls: counts.polls - before.polls,
    pdus: counts.pdus - before.pdus,
    varbinds: counts.varbinds - before.varbinds,
    timeouts: counts.timeouts - before.timeouts,
    cpuSeconds: ownCpuSeconds() - cpuBefore,
    seconds: (systemClock.monotonicMs() - startedMs) / SECOND,
    memoryMb: ownPeakMemoryMb(),
  };
}
