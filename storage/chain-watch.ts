import { systemClock } from '../lib/clock.ts';
import type { DurationMs } from '../lib/time.ts';
import { provenStretches } from './proven-stretches.ts';
import { type ChainVerdict, verifyChain } from './verify-chain.ts';

/**
 * Proves the chain of a journal file up to entry `through`, beside a running service and in no hurry:
 * after each stretch it pauses for so many times as long as that took. Where an entry is not what was
 * written, the whole file is read again, entry by entry, to say which.
 */
export function watchChain(file: string, through: number, pauseRatio: number): ChainVerdict {
  try {
    const stretches = provenStretches(file, through);
    for (let startedMs = systemClock.monotonicMs(); ; startedMs = systemClock.monotonicMs()) {
      const { done, value } = stretches.next();
      if (done === true) return value ? { ok: true, entries: through } : verifyChain(file);
      pause((systemClock.monotonicMs() - startedMs) * pauseRatio);
    }
  } catch {
    // What cannot be read is judged by the one that says where and why.
    return verifyChain(file);
  }
}

/** Holds up the thread that calls; nobody ever wakes it sooner. */
function pause(durationMs: DurationMs): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, durationMs);
}
