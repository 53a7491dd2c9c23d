import type { CancelTimer, Clock } from '../../lib/clock.ts';
import { SECOND } from '../../lib/time.ts';
import type { DeviceExposition } from '../device-exposition.ts';
import type { ShownDevice } from '../exposition.ts';
import type { HeldPort } from '../held-ports.ts';
import type { Observation } from '../observation.ts';
import type { Answer, FromThread, HeldUpdate, ShownUpdate, Turn } from './messages.ts';
import { RecordedMetrics } from './recorded-metrics.ts';

/** Posts to the main thread; what is in `transfer` is handed over, not copied. */
export type Post = (message: FromThread, transfer: readonly ArrayBuffer[]) => void;

/** What happens within this time goes over together. */
const GATHER_MS = 5;
/** So many observations go over without waiting for more. */
const OBSERVATIONS_A_TURN = 256;
/** Messages that the main thread has not taken in; while it is held up, more wait here. */
const MOST_ON_THE_WAY = 32;
/** Beyond it the oldest are dropped, and counted. */
const MOST_OBSERVATIONS = 50_000;
const DROPPED_AT_ONCE = 1000;
const MOST_LOG_LINES = 200;
/** How often a thread proves that it is alive though nothing happens. */
export const ALIVE_EVERY_MS = SECOND;

/**
 * What a poller thread has to tell, gathered and handed over. However long the main thread is held
 * up, it holds a bounded number of observations, and of each device only what it shows now.
 */
export class Outbox {
  readonly recorded = new RecordedMetrics();
  readonly #post: Post;
  readonly #clock: Clock;
  /** The readings that the main thread has, by device. */
  readonly #told = new Map<string, DeviceExposition>();
  readonly #shown = new Map<string, ShownDevice | null>();
  #observations: Observation[] = [];
  #droppedObservations = 0;
  #answers: { readonly id: number; readonly answer: Answer }[] = [];
  #logLines: string[] = [];
  #droppedLogLines = 0;
  #learned: string | null = null;
  readonly #held = new Map<string, HeldUpdate>();
  #onTheWay = 0;
  #cancelGather: CancelTimer | null = null;

  constructor(post: Post, clock: Clock) {
    this.#post = post;
    this.#clock = clock;
    this.#proveAlive();
  }

  observed(observation: Observation): void {
    this.#observations.push(observation);
    if (this.#observations.length > MOST_OBSERVATIONS) {
      this.#observations.splice(0, DROPPED_AT_ONCE);
      this.#droppedObservations += DROPPED_AT_ONCE;
    }
    if (this.#observations.length % OBSERVATIONS_A_TURN === 0) this.#handOver();
    else this.#gather();
  }

  shows(deviceId: string, shown: ShownDevice | null): void {
    this.#shown.set(deviceId, shown);
    this.#gather();
  }

  answered(id: number, answer: Answer): void {
    this.#answers.push({ id, answer });
    this.#gather();
  }

  said(logLine: string): void {
    if (this.#logLines.length < MOST_LOG_LINES) this.#logLines.push(logLine);
    else this.#droppedLogLines += 1;
    this.#gather();
  }

  learned(text: string): void {
    this.#learned = text;
    this.#gather();
  }

  held(deviceId: string, ports: readonly HeldPort[], areNew: boolean): void {
    const wereNew = this.#held.get(deviceId)?.areNew ?? false;
    this.#held.set(deviceId, { deviceId, ports, areNew: areNew || wereNew });
    this.#gather();
  }

  /** The main thread has taken in one message. */
  taken(): void {
    this.#onTheWay -= 1;
    if (this.#onTheWay === MOST_ON_THE_WAY - 1) this.#handOver();
  }

  /** Tells all that is left, whether the main thread has taken in the rest or not. */
  close(): void {
    this.#onTheWay = 0;
    this.#handOver();
    this.#post({ kind: 'stopped' }, []);
  }

  #proveAlive(): void {
    this.#clock.after(ALIVE_EVERY_MS, () => {
      this.#handOver();
      this.#proveAlive();
    });
  }

  #gather(): void {
    this.#cancelGather ??= this.#clock.after(GATHER_MS, () => this.#handOver());
  }

  #handOver(): void {
    this.#cancelGather?.();
    this.#cancelGather = null;
    if (this.#onTheWay >= MOST_ON_THE_WAY) return;
    this.#onTheWay += 1;
    const transfer = new Set<ArrayBuffer>();
    const turn: Turn = {
      kind: 'turn',
      sentMs: this.#clock.monotonicMs(),
      observations: this.#observations,
      droppedObservations: this.#droppedObservations,
      shown: this.#takeShown(transfer),
      answers: this.#answers,
      calls: this.recorded.take(),
      logLines: this.#logLines,
      droppedLogLines: this.#droppedLogLines,
      learned: this.#learned,
      held: [...this.#held.values()],
    };
    for (const { answer } of this.#answers) {
      if (answer instanceof Uint8Array && answer.buffer instanceof ArrayBuffer)
        transfer.add(answer.buffer);
    }
    this.#post(turn, [...transfer]);
    this.#observations = [];
    this.#droppedObservations = 0;
    this.#answers = [];
    this.#logLines = [];
    this.#droppedLogLines = 0;
    this.#learned = null;
    this.#held.clear();
  }

  #takeShown(transfer: Set<ArrayBuffer>): ShownUpdate[] {
    const updates = [...this.#shown].map(([deviceId, shown]): ShownUpdate => {
      if (shown === null) {
        this.#told.delete(deviceId);
        return { deviceId, shown };
      }
      const { readings } = shown;
      const told = this.#told.get(deviceId);
      if (readings === null) {
        this.#told.delete(deviceId);
        return { deviceId, shown: { ...shown, readings } };
      }
      if (told === readings) return { deviceId, shown: { ...shown, readings: 'same' } };
      this.#told.set(deviceId, readings);
      transfer.add(readings.octets.buffer);
      const { ports } = readings;
      if (ports === null)
        return { deviceId, shown: { ...shown, readings: { ...readings, ports } } };
      transfer.add(ports.values.buffer);
      // Labels are copied: those who poll go on with them.
      const rows = told?.ports?.rows === ports.rows ? 'same' : ports.rows;
      return {
        deviceId,
        shown: { ...shown, readings: { ...readings, ports: { ...ports, rows } } },
      };
    });
    this.#shown.clear();
    return updates;
  }
}
