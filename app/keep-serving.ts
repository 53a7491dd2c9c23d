import { type Clock, delay } from '../lib/clock.ts';
import type { Logger } from '../lib/logger.ts';
import { type DurationMs, MINUTE, SECOND } from '../lib/time.ts';
import type { JournalAlarm } from './journal-alarm.ts';

/** The disk is looked at again after this; longer each time that it held for no time at all. */
const FIRST_WAIT_MS: DurationMs = 5 * SECOND;
const LONGEST_WAIT_MS: DurationMs = MINUTE;
/** A journal that has taken everything for so long is well again. */
const WELL_AFTER_MS: DurationMs = 30 * SECOND;

/** A journal that was opened, or why it cannot be. */
export type Opening<Opened> =
  | { readonly ok: true; readonly opened: Opened }
  | {
      readonly ok: false;
      readonly message: string;
      /** The same for whoever asks from outside. */
      readonly publicMessage: string;
      /** The disk may take it again by itself, or once somebody has made room. */
      readonly mayPass: boolean;
      /** Nobody need be woken for it. */
      readonly isNoAlarm: boolean;
    };

/** How one life of the service ended: with the exit code of the process, or over its journal. */
export type LifeEnd = { readonly code: number } | { readonly journalFailed: string };

export interface KeepServingOptions<Opened> {
  readonly clock: Clock;
  readonly log: Logger;
  readonly alarm: Pick<JournalAlarm, 'tell' | 'tellAndEnd' | 'tellOver' | 'isTold'>;
  /** Resolves with the exit code when the process is asked to end. */
  readonly stopped: Promise<number>;
  readonly open: () => Opening<Opened>;
  /** What the disk answers to a write; null: it takes it. */
  readonly probe: () => Error | null;
  /** Serves until it ends. Whatever follows a failed journal waits for `mayEnd`: until then it answers. */
  readonly serve: (opened: Opened, life: Life) => Promise<LifeEnd>;
  /** Answers in its place, until disposed; null: the address is taken, and that has been said. */
  readonly hold: (getReason: () => string) => Promise<AsyncDisposable | null>;
}

/** What a life of the service hears from whoever keeps it. */
export interface Life {
  /** Resolves once there is a disk again to go on with, or with the exit code when the process is to end. */
  readonly afterFailure: (problem: string) => Promise<number | null>;
  /** Resolves when the process may end over what is a fault of the program. */
  readonly afterBug: (problem: string) => Promise<void>;
  /** It runs; `isRecording`: whether its journal takes what it is given. */
  readonly runs: (isRecording: () => boolean) => Disposable;
}

/**
 * Keeps the service over what happens to its disk. After an append that failed only what is read from
 * the disk again may be believed, so a life ends with its journal and another one begins from the
 * disk, in the same process, as soon as that takes writes:
 *
 *   open ──▶ serve ──journal fails──▶ answers, decides and pages nothing ──disk takes writes──▶ open
 *     └─cannot be opened, and that may pass──▶ hold the address ──it can──▶ serve
 *
 * The catch-all is told once that it fails, and once that it is over. Resolves with the exit code.
 */
export async function keepServing<Opened>(options: KeepServingOptions<Opened>): Promise<number> {
  const keeper = new Keeper(options);
  for (;;) {
    const opened = await keeper.open();
    if ('code' in opened) return opened.code;
    const end = await options.serve(opened.value, keeper.life());
    if ('code' in end) return end.code;
    options.log.warn(
      { why: end.journalFailed },
      'the service begins anew from what is on the disk',
    );
  }
}

class Keeper<Opened> {
  readonly #options: KeepServingOptions<Opened>;
  #waitMs: DurationMs = FIRST_WAIT_MS;

  constructor(options: KeepServingOptions<Opened>) {
    this.#options = options;
  }

  async open(): Promise<{ readonly value: Opened } | { readonly code: number }> {
    const { open, log, hold, alarm } = this.#options;
    let opening = open();
    if (opening.ok) return { value: opening.opened };
    let { message, publicMessage } = opening;
    log.error({ problem: message }, 'the journal cannot be opened');
    if (!opening.mayPass) {
      if (!opening.isNoAlarm) await alarm.tellAndEnd(message);
      return { code: 1 };
    }
    await using holding = await hold(() => publicMessage);
    if (holding === null) return { code: 1 };
    for (;;) {
      const code = await this.#untilDiskTakes(() => message);
      if (code !== null) return { code };
      opening = open();
      if (opening.ok) return { value: opening.opened };
      ({ message, publicMessage } = opening);
      if (opening.mayPass) continue;
      if (!opening.isNoAlarm) await alarm.tellAndEnd(message);
      return { code: 1 };
    }
  }

  life(): Life {
    return {
      afterFailure: (problem) => this.#untilDiskTakes(() => problem),
      afterBug: (problem) => this.#options.alarm.tellAndEnd(problem),
      runs: (isRecording) => this.#tellOverWhenWell(isRecording),
    };
  }

  /** Null once the disk takes writes, else the exit code. Meanwhile whoever must know is told. */
  async #untilDiskTakes(getProblem: () => string): Promise<number | null> {
    const { clock, alarm, stopped, probe } = this.#options;
    void alarm.tell(getProblem());
    for (;;) {
      const isOver = new AbortController();
      const waited = delay(clock, this.#waitMs, isOver.signal).then(() => null);
      const code = await Promise.race([stopped, waited]);
      isOver.abort();
      if (code !== null) return code;
      if (probe() === null) break;
      void alarm.tell(getProblem());
    }
    // Should it fail again at once, the next look is later.
    this.#waitMs = Math.min(LONGEST_WAIT_MS, this.#waitMs * 2);
    return null;
  }

  /** From time to time until it is told: what nobody took is told again. */
  #tellOverWhenWell(isRecording: () => boolean): Disposable {
    const { clock, alarm } = this.#options;
    let cancel = () => {};
    const look = () => {
      cancel = clock.after(WELL_AFTER_MS, look);
      if (!isRecording()) return;
      this.#waitMs = FIRST_WAIT_MS;
      if (alarm.isTold) void alarm.tellOver();
    };
    cancel = clock.after(WELL_AFTER_MS, look);
    return { [Symbol.dispose]: () => cancel() };
  }
}
