import { assert } from '../../lib/assert.ts';
import type { CancelTimer, Clock } from '../../lib/clock.ts';
import type { DurationMs } from '../../lib/time.ts';

/** How late an alarm may ring, never early: waits for replies need no more precision. */
const SLOT_MS: DurationMs = 10;
/** One turn is about five seconds; a longer wait is passed over until its turn comes. */
const SLOT_COUNT = 512;

const NOT_SET = -1;
const RINGING = -2;

/** Something that waits for an instant. It carries its own place in the wheel, so that setting it allocates nothing. */
export abstract class Alarm {
  /** The rest is the wheel's own. */
  slot = NOT_SET;
  dueTick = 0;
  previous: Alarm | null = null;
  next: Alarm | null = null;

  abstract ring(nowMs: number): void;
}

/**
 * Waits of many requests on one timer of the clock, which is set for the first slot that holds an
 * alarm. Most waits are cancelled by a reply: setting and cancelling cost a few pointers each.
 */
export class TimerWheel {
  readonly #clock: Clock;
  readonly #slots: (Alarm | null)[] = new Array<Alarm | null>(SLOT_COUNT).fill(null);
  #count = 0;
  #doneTick: number;
  #timerTick = Number.POSITIVE_INFINITY;
  #cancelTimer: CancelTimer = () => {};

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#doneTick = Math.floor(clock.monotonicMs() / SLOT_MS);
  }

  /** Sets the alarm to an instant of the monotonic clock, in place of the one it was set to. */
  set(alarm: Alarm, dueMs: number): void {
    this.cancel(alarm);
    if (this.#count === 0) this.#doneTick = Math.floor(this.#clock.monotonicMs() / SLOT_MS);
    alarm.dueTick = Math.max(Math.ceil(dueMs / SLOT_MS), this.#doneTick + 1);
    const slot = alarm.dueTick % SLOT_COUNT;
    const first = this.#slots[slot]!;
    alarm.slot = slot;
    alarm.previous = null;
    alarm.next = first;
    if (first !== null) first.previous = alarm;
    this.#slots[slot] = alarm;
    this.#count += 1;
    if (alarm.dueTick < this.#timerTick) this.#setTimer(alarm.dueTick);
  }

  /** Harmless when it is not set. */
  cancel(alarm: Alarm): void {
    if (alarm.slot >= 0) this.#unlink(alarm);
    alarm.slot = NOT_SET;
  }

  /** Forgets the timer of the clock; no alarm may be set any more. */
  close(): void {
    assert(this.#count === 0, 'nobody waits when the wheel stops');
    this.#cancelTimer();
    this.#timerTick = Number.POSITIVE_INFINITY;
  }

  #unlink(alarm: Alarm): void {
    if (alarm.previous === null) this.#slots[alarm.slot] = alarm.next;
    else alarm.previous.next = alarm.next;
    if (alarm.next !== null) alarm.next.previous = alarm.previous;
    alarm.previous = null;
    alarm.next = null;
    this.#count -= 1;
  }

  #setTimer(tick: number): void {
    this.#cancelTimer();
    this.#timerTick = tick;
    const delayMs = tick * SLOT_MS - this.#clock.monotonicMs();
    this.#cancelTimer = this.#clock.after(Math.max(0, delayMs), () => this.#turn());
  }

  #turn(): void {
    this.#timerTick = Number.POSITIVE_INFINITY;
    const nowMs = this.#clock.monotonicMs();
    const nowTick = Math.floor(nowMs / SLOT_MS);
    const due: Alarm[] = [];
    const lastTick = Math.min(nowTick, this.#doneTick + SLOT_COUNT);
    for (let tick = this.#doneTick + 1; tick <= lastTick; tick += 1) {
      let alarm = this.#slots[tick % SLOT_COUNT]!;
      while (alarm !== null) {
        const { next } = alarm;
        if (alarm.dueTick <= nowTick) {
          this.#unlink(alarm);
          alarm.slot = RINGING;
          due.push(alarm);
        }
        alarm = next!;
      }
    }
    this.#doneTick = Math.max(this.#doneTick, nowTick);
    // One that rings may cancel or set others that are due as well.
    for (const alarm of due) {
      if (alarm.slot !== RINGING) continue;
      alarm.slot = NOT_SET;
      alarm.ring(nowMs);
    }
    this.#setTimerForNext();
  }

  #setTimerForNext(): void {
    if (this.#count === 0) return;
    for (let tick = this.#doneTick + 1; tick < this.#doneTick + SLOT_COUNT; tick += 1) {
      if (this.#slots[tick % SLOT_COUNT] === null) continue;
      if (tick < this.#timerTick) this.#setTimer(tick);
      return;
    }
    const turnTick = this.#doneTick + SLOT_COUNT;
    if (turnTick < this.#timerTick) this.#setTimer(turnTick);
  }
}
