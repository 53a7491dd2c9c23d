import type { Clock } from './clock.ts';
import type { Logger } from './logger.ts';
import type { DurationMs } from './time.ts';

interface Stop {
  readonly name: string;
  readonly stop: () => Promise<void> | void;
}

/**
 * What has been started and must be stopped, in reverse order. A half-finished start rolls back by
 * the same path. One stop that fails or hangs is logged and does not keep the others from running.
 */
export class Lifecycle implements AsyncDisposable {
  readonly #stops: Stop[] = [];
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #stopTimeoutMs: DurationMs;

  constructor(clock: Clock, log: Logger, stopTimeoutMs: DurationMs) {
    this.#clock = clock;
    this.#log = log;
    this.#stopTimeoutMs = stopTimeoutMs;
  }

  /** Registers how to undo what was just started. */
  onStop(name: string, stop: () => Promise<void> | void): void {
    this.#stops.push({ name, stop });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (let entry = this.#stops.pop(); entry !== undefined; entry = this.#stops.pop()) {
      await this.#stopOne(entry);
    }
  }

  async #stopOne({ name, stop }: Stop): Promise<void> {
    let cancel = () => {};
    const timeout = new Promise<'timeout'>((resolve) => {
      cancel = this.#clock.after(this.#stopTimeoutMs, () => resolve('timeout'));
    });
    try {
      const outcome = await Promise.race([Promise.resolve(stop()).then(() => 'stopped'), timeout]);
      if (outcome === 'timeout') this.#log.error({ part: name }, 'stop timed out');
    } catch (error) {
      this.#log.error({ part: name, error: String(error) }, 'stop failed');
    } finally {
      cancel();
    }
  }
}
