import type { Clock } from '../../lib/clock.ts';
import type { Logger } from '../../lib/logger.ts';
import { MINUTE } from '../../lib/time.ts';
import type { TrapRefusal } from './trap-verdict.ts';

/** One line for each reason in this time; what else came is told in the next one. */
const SAMPLE_EVERY_MS = MINUTE;

/**
 * Says in the log why notifications are refused: one sample for each reason a minute, with the number
 * of those since the sample before. Whoever floods the listener cannot flood the log.
 */
export class RefusalLog {
  readonly #log: Logger;
  readonly #clock: Clock;
  readonly #reasons = new Map<TrapRefusal, { untilMs: number; unsaid: number }>();

  constructor(log: Logger, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  /** Notes one refusal. `address` is as the socket told it. */
  note(reason: TrapRefusal, address: string, port: number): void {
    const nowMs = this.#clock.monotonicMs();
    const known = this.#reasons.get(reason);
    if (known !== undefined && nowMs < known.untilMs) {
      known.unsaid += 1;
      return;
    }
    this.#reasons.set(reason, { untilMs: nowMs + SAMPLE_EVERY_MS, unsaid: 0 });
    const fields = { reason, address, port, before: known?.unsaid ?? 0 };
    this.#log.warn(fields, 'notification refused');
  }
}
