import type { DurationMs, EpochMs } from '../lib/time.ts';
import { SECOND } from '../lib/time.ts';
import type { ChannelOutcome } from './channels/outgoing-page.ts';

/** Failures in a row after which a channel is believed broken. */
const FAILURES_TO_OPEN = 5;
const FIRST_PROBE_MS: DurationMs = 5 * SECOND;
const LONGEST_PROBE_MS: DurationMs = 30 * SECOND;

interface Circuit {
  failures: number;
  /** Nothing is tried before; then one page tries for all. */
  nextProbeAt: EpochMs;
  probeMs: DurationMs;
  /** Until when the far end asked not to be tried at all. */
  pausedUntil: EpochMs;
}

/**
 * One circuit a channel, in memory: losing it costs a few tries.
 *
 *   closed ──5 failures in a row──▶ open: one probe every 5 s, 10 s … 30 s ──a page goes out──▶ closed
 *
 * A refusal that is final for one page says nothing against the channel. A channel that asks to be
 * left alone (Retry-After) is, for all pages.
 */
export class ChannelCircuits {
  readonly #circuits = new Map<string, Circuit>();

  /** Whether a page may be tried now; `underWay` is what is being tried on the channel. */
  mayTry(channelId: string, underWay: number, now: EpochMs): boolean {
    const circuit = this.#circuits.get(channelId);
    if (circuit === undefined) return true;
    if (isAhead(circuit.pausedUntil, now)) return false;
    if (circuit.failures < FAILURES_TO_OPEN) return true;
    return underWay === 0 && !isAhead(circuit.nextProbeAt, now);
  }

  /** When something may be tried again; null when it may be now. */
  nextAt(channelId: string, now: EpochMs): EpochMs | null {
    const circuit = this.#circuits.get(channelId);
    if (circuit === undefined) return null;
    const isOpen = circuit.failures >= FAILURES_TO_OPEN;
    const at = Math.max(circuit.pausedUntil, isOpen ? circuit.nextProbeAt : 0);
    return isAhead(at, now) ? at : null;
  }

  isOpen(channelId: string): boolean {
    return (this.#circuits.get(channelId)?.failures ?? 0) >= FAILURES_TO_OPEN;
  }

  /** Takes in how a try ended. */
  count(channelId: string, outcome: ChannelOutcome, now: EpochMs): void {
    if (outcome.result === 'sent') {
      this.#circuits.delete(channelId);
      return;
    }
    if (outcome.permanent) return;
    const circuit = this.#circuits.get(channelId) ?? {
      ...{ failures: 0, nextProbeAt: 0, probeMs: FIRST_PROBE_MS, pausedUntil: 0 },
    };
    circuit.failures += 1;
    if (circuit.failures > FAILURES_TO_OPEN) {
      circuit.probeMs = Math.min(2 * circuit.probeMs, LONGEST_PROBE_MS);
    }
    circuit.nextProbeAt = now + circuit.probeMs;
    if (outcome.waitMs !== undefined) circuit.pausedUntil = now + outcome.waitMs;
    this.#circuits.set(channelId, circuit);
  }
}

/** Later than now, but not by more than any wait is: a clock that was set back holds nothing up. */
function isAhead(at: EpochMs, now: EpochMs): boolean {
  return at > now && at - now <= LONGEST_WAIT_MS;
}

const LONGEST_WAIT_MS: DurationMs = 600 * SECOND;
