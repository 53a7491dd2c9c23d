import type { CancelTimer, Clock } from '../../lib/clock.ts';
import { type DurationMs, SECOND } from '../../lib/time.ts';

export interface VerifierDeps {
  readonly clock: Clock;
  /** Does a full poll of a device as soon as it can; resolves when it has ended. Never rejects. */
  readonly pollNow: (deviceId: string) => Promise<unknown>;
  readonly onPoll: () => void;
}

interface DeviceTurn {
  isPolling: boolean;
  isAsked: boolean;
  cancel: CancelTimer | null;
  tokens: number;
  filledMs: number;
}

/**
 * How long the first trap of a burst waits for the others, and for an agent that sends before its
 * own tables have changed.
 */
const SETTLE_MS: DurationMs = 250;
/** So many polls in a row at that pace; in a storm that goes on, one each `REFILL_MS`. */
const MOST_TOKENS = 4;
const REFILL_MS: DurationMs = 15 * SECOND;

/**
 * Polls the devices that traps are about, to see what is true. One poll of a device at a time: what
 * comes while it runs leads to one more after it, however much it is.
 *
 *   idle ──asked──▶ waiting ──SETTLE_MS, a token──▶ polling ──asked meanwhile──▶ waiting
 *                                                     └──else──▶ idle
 */
export class Verifier {
  readonly #deps: VerifierDeps;
  readonly #turns = new Map<string, DeviceTurn>();
  #isStopped = false;

  constructor(deps: VerifierDeps) {
    this.#deps = deps;
  }

  /** Asks for a poll of the device. */
  ask(deviceId: string): void {
    if (this.#isStopped) return;
    const turn = this.#turnOf(deviceId);
    turn.isAsked = true;
    this.#plan(deviceId, turn);
  }

  /** Forgets everybody but these devices. */
  keepOnly(deviceIds: ReadonlySet<string>): void {
    for (const [deviceId, turn] of this.#turns) {
      if (deviceIds.has(deviceId)) continue;
      turn.cancel?.();
      this.#turns.delete(deviceId);
    }
  }

  /** Asks for no more polls. */
  stop(): void {
    this.#isStopped = true;
    this.keepOnly(new Set());
  }

  #turnOf(deviceId: string): DeviceTurn {
    const known = this.#turns.get(deviceId);
    if (known !== undefined) return known;
    const filledMs = this.#deps.clock.monotonicMs();
    const fresh = { isPolling: false, isAsked: false, cancel: null, tokens: MOST_TOKENS, filledMs };
    this.#turns.set(deviceId, fresh);
    return fresh;
  }

  #plan(deviceId: string, turn: DeviceTurn): void {
    if (turn.isPolling || turn.cancel !== null || !turn.isAsked) return;
    const { clock } = this.#deps;
    const nowMs = clock.monotonicMs();
    const gained = Math.floor((nowMs - turn.filledMs) / REFILL_MS);
    turn.tokens = Math.min(MOST_TOKENS, turn.tokens + gained);
    turn.filledMs += gained * REFILL_MS;
    const untilTokenMs = turn.tokens > 0 ? 0 : turn.filledMs + REFILL_MS - nowMs;
    turn.cancel = clock.after(Math.max(SETTLE_MS, untilTokenMs), () => {
      turn.cancel = null;
      void this.#poll(deviceId, turn);
    });
  }

  async #poll(deviceId: string, turn: DeviceTurn): Promise<void> {
    turn.isAsked = false;
    turn.isPolling = true;
    turn.tokens -= 1;
    this.#deps.onPoll();
    await this.#deps.pollNow(deviceId);
    turn.isPolling = false;
    if (this.#turns.get(deviceId) === turn) this.#plan(deviceId, turn);
  }
}
