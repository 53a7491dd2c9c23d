import type { Clock } from '../lib/clock.ts';
import type { DurationMs } from '../lib/time.ts';
import type { RequestBounds } from './snmp-client.ts';

/** How long the system's own word (ICMP) is waited for when no further try is due anyway. */
const LAST_WORD_MS = 200;

export interface Tries<Answer> {
  readonly clock: Clock;
  /** Wait for a reply to one try. */
  readonly timeoutMs: DurationMs;
  /** Further tries after the first. */
  readonly retries: number;
  readonly bounds: RequestBounds;
  /** Sends the request once more. `answered` may be called late, or never; a useless reply is not an answer. */
  send(isRetry: boolean, answered: (answer: Answer) => void): void;
  /** Started once, at the first silence: whether the system knows why nobody answers. */
  askSystem(): Promise<'refused' | 'unreachable' | null>;
}

export type TriesOutcome<Answer> =
  | { readonly kind: 'answer'; readonly answer: Answer; readonly rttMs: DurationMs }
  | { readonly kind: 'timeout' | 'refused' | 'unreachable' | 'deadline' | 'aborted' };

/**
 * Sends a request until it is answered, refused, given up after the last try, cut off by the
 * deadline, or aborted. A reply to an earlier try counts as well: a slow device is not a silent one.
 */
export function runTries<Answer>(tries: Tries<Answer>): Promise<TriesOutcome<Answer>> {
  return new Promise((resolve) => new Attempt(tries, resolve).next());
}

/** To microseconds: more is noise. */
function roundedMs(durationMs: number): DurationMs {
  return Math.round(durationMs * 1000) / 1000;
}

class Attempt<Answer> {
  readonly #tries: Tries<Answer>;
  readonly #resolve: (outcome: TriesOutcome<Answer>) => void;
  readonly #onAbort = () => this.#finish({ kind: 'aborted' });
  #sent = 0;
  #finished = false;
  #asked: Promise<void> | null = null;
  #cancelTimer = () => {};

  constructor(tries: Tries<Answer>, resolve: (outcome: TriesOutcome<Answer>) => void) {
    this.#tries = tries;
    this.#resolve = resolve;
    tries.bounds.signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  next(): void {
    const { clock, bounds, timeoutMs } = this.#tries;
    if (this.#finished) return;
    const sentMs = clock.monotonicMs();
    const leftMs = bounds.deadlineMs - sentMs;
    if (bounds.signal.aborted || leftMs <= 0) {
      this.#finish({ kind: bounds.signal.aborted ? 'aborted' : 'deadline' });
      return;
    }
    const isRetry = this.#sent > 0;
    this.#sent += 1;
    this.#cancelTimer = clock.after(Math.min(timeoutMs, leftMs), () => this.#onSilence());
    this.#tries.send(isRetry, (answer) =>
      this.#finish({ kind: 'answer', answer, rttMs: roundedMs(clock.monotonicMs() - sentMs) }),
    );
  }

  #onSilence(): void {
    const { clock, bounds, retries } = this.#tries;
    if (clock.monotonicMs() >= bounds.deadlineMs) {
      this.#finish({ kind: 'deadline' });
      return;
    }
    this.#asked ??= this.#tries.askSystem().then((word) => {
      if (word !== null) this.#finish({ kind: word });
    });
    if (this.#sent <= retries) {
      this.next();
      return;
    }
    this.#cancelTimer = clock.after(LAST_WORD_MS, () => this.#finish({ kind: 'timeout' }));
    // When the system has already been heard and knew nothing, there is nothing to wait for.
    void this.#asked.then(() => this.#finish({ kind: 'timeout' }));
  }

  #finish(outcome: TriesOutcome<Answer>): void {
    if (this.#finished) return;
    this.#finished = true;
    this.#cancelTimer();
    this.#tries.bounds.signal.removeEventListener('abort', this.#onAbort);
    this.#resolve(outcome);
  }
}
