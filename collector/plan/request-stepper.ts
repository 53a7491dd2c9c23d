import type { Clock } from '../../lib/clock.ts';
import { type Packets, packetsBetween, packetsOf } from '../exporter/read-costs.ts';
import type { PollClient } from '../poll-client.ts';
import { POLL_DETAILS } from '../poll-details.ts';
import type { PduView } from '../snmp/pdu-view.ts';
import type { SnmpError } from '../snmp-client.ts';
import type { Asker } from '../transport/exchange.ts';
import { type CellStore, hasValue, NOT_ANSWERED, numberIn, takeVarbind } from './cell-store.ts';
import { isNameAt } from './course.ts';
import { isNameOf, type Layout, type TablePlace, tableOf, UPTIME_CELL } from './layout.ts';
import type { PlannedRequest } from './planned-request.ts';
import type { TextArena } from './text-arena.ts';

/** Why the stepper stands still. */
export type Stop =
  /** Everything was asked. */
  | { readonly kind: 'done' }
  /** The request at `place` got no answer. */
  | { readonly kind: 'failed'; readonly error: SnmpError }
  /** RFC 3416 §3 error-status and error-index of the reply to the request at `place`. */
  | { readonly kind: 'refused'; readonly status: number; readonly index: number }
  /** The reply to the request at `place` held the first so many of its objects, and no more. */
  | { readonly kind: 'cut'; readonly count: number }
  /** sysUpTime tells of another life of the agent: what is planned may be wrong. */
  | { readonly kind: 'restarted' };

const DONE: Stop = { kind: 'done' };
const RESTARTED: Stop = { kind: 'restarted' };
/** Of a cell that was answered under another name, or not at all. */
export const MISFIT: SnmpError = { failure: 'bad-response', detail: POLL_DETAILS.unfitReply };

/** Where replies go, and what they tell beside their values. */
export interface StepContext {
  readonly client: Pick<PollClient, 'ask' | 'traffic'>;
  readonly clock: Clock;
  readonly deadlineMs: number;
  readonly layout: Layout;
  readonly arena: TextArena;
  readonly store: CellStore;
  /** As the last complete poll left them. */
  readonly before: CellStore;
  /** Takes in sysUpTime; false when the agent has started anew. */
  noteUptime(ticks: number, atMs: number): boolean;
  /** The counters in the row of this cell were read at that sysUpTime; null: the agent does not tell. */
  noteDated(cell: number, ticks: number | null, atMs: number): void;
  /** The values of a request have been taken. */
  noteTaken(request: PlannedRequest): void;
  /** A reply held so many objects that were not asked for. */
  noteUnasked(objectCount: number): void;
  /** A request was answered, or given up. */
  noteCost(request: PlannedRequest, durationMs: number, packets: Packets | null): void;
}

/**
 * Asks one request after the other and puts the replies into a store: one object for a whole poll,
 * nothing for a varbind. A value is taken by the name it carries, never by its place alone.
 */
export class RequestStepper implements Asker {
  /** The request that is asked, or was asked last. */
  place = 0;
  /** More may be put behind the last, and others in place of one that failed. */
  readonly requests: PlannedRequest[];
  /** Round trip of the last reply. */
  rttMs: number | null = null;
  answeredCount = 0;
  takenCount = 0;
  /** Varbinds of the largest request that was answered. */
  mostAnswered = 0;
  /** Octets of the varbinds of the largest reply. */
  mostOctets = 0;
  /** Cells answered under another name, or not at all. */
  readonly misfits: number[] = [];
  /** Tables of which a known instance is gone. */
  readonly shrunkTables = new Set<TablePlace>();
  /** The reply took more octets than was reckoned. */
  hasGrown = false;
  readonly #context: StepContext;
  #resolve: (stop: Stop) => void = () => {};
  #reject: (error: unknown) => void = () => {};
  #askedMs = 0;
  #packetsBefore: Packets | null = null;
  #stopAfterOne = false;

  constructor(context: StepContext, requests: readonly PlannedRequest[]) {
    this.#context = context;
    this.requests = [...requests];
  }

  /** Asks from `place` on until something stops it; with `one`, a single request. */
  go(one: boolean): Promise<Stop> {
    if (this.place >= this.requests.length) return Promise.resolve(DONE);
    this.#stopAfterOne = one;
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.#ask();
    });
  }

  replied(pdu: PduView, rttMs: number): void {
    try {
      this.#takeReply(pdu, rttMs);
    } catch (error) {
      this.#reject(error);
    }
  }

  failed(error: SnmpError): void {
    this.#noteCost();
    this.#resolve({ kind: 'failed', error });
  }

  #ask(): void {
    const { client, clock, deadlineMs } = this.#context;
    this.#askedMs = clock.monotonicMs();
    this.#packetsBefore = packetsOf(client);
    client.ask(this.requests[this.place]!, deadlineMs, this);
  }

  #takeReply(pdu: PduView, rttMs: number): void {
    this.rttMs = Math.round(rttMs * 1000) / 1000;
    this.answeredCount += 1;
    const atMs = this.#noteCost();
    if (pdu.errorStatus !== 0) {
      this.#resolve({ kind: 'refused', status: pdu.errorStatus, index: pdu.errorIndex });
      return;
    }
    const request = this.requests[this.place]!;
    if (this.#isCut(request, pdu)) {
      this.#resolve({ kind: 'cut', count: pdu.count });
      return;
    }
    this.#takeValues(request, pdu);
    this.mostAnswered = Math.max(this.mostAnswered, request.varbindCount);
    if (pdu.count > 0) this.mostOctets = Math.max(this.mostOctets, octetsOf(pdu));
    this.#context.noteTaken(request);
    this.place += 1;
    if (!this.#takeUptime(request, atMs)) {
      this.#resolve(RESTARTED);
      return;
    }
    if (this.place >= this.requests.length) this.#resolve(DONE);
    else if (this.#stopAfterOne) this.#resolve(DONE);
    else this.#ask();
  }

  /**
   * Whether the reply is the beginning of what was asked and no more than half of it: some agents cut
   * what they cannot answer, without the error that RFC 3416 §4.2.1 has for it.
   */
  #isCut({ course, from, hasUptime, varbindCount }: PlannedRequest, pdu: PduView): boolean {
    const { count } = pdu;
    if (count === 0 || count >= varbindCount) return false;
    if (count * 2 > varbindCount && !this.#stopAfterOne) return false;
    const { nameStarts, nameEnds } = pdu.columns;
    const start = nameStarts[count - 1]!;
    const end = nameEnds[count - 1]!;
    const { layout } = this.#context;
    if (hasUptime && count === 1) return isNameOf(layout, UPTIME_CELL, pdu.octets, start, end);
    const place = from + count - 1 - Number(hasUptime);
    return isNameAt(layout, course, place, pdu.octets, start, end);
  }

  /** False when the agent has started anew. */
  #takeUptime({ course, from, to, hasUptime }: PlannedRequest, atMs: number): boolean {
    const context = this.#context;
    const told = hasUptime ? numberIn(context.store, UPTIME_CELL) : Number.NaN;
    const ticks = Number.isNaN(told) ? null : told;
    const { datedPlaces } = course;
    for (let number = 0; number < datedPlaces.length; number += 1) {
      const place = datedPlaces[number]!;
      if (place >= to) break;
      if (place >= from) context.noteDated(course.cells[place]!, ticks, atMs);
    }
    return ticks === null || context.noteUptime(ticks, atMs);
  }

  #noteCost(): number {
    const { client, clock } = this.#context;
    const nowMs = clock.monotonicMs();
    const packets = packetsBetween(this.#packetsBefore, packetsOf(client));
    this.#context.noteCost(this.requests[this.place]!, nowMs - this.#askedMs, packets);
    return nowMs;
  }

  #takeValues(request: PlannedRequest, pdu: PduView): void {
    const { layout } = this.#context;
    const { course, from, to, hasUptime, octets } = request;
    const { cells } = course;
    const { nameStarts, nameEnds } = pdu.columns;
    let takenCount = 0;
    let row = 0;
    if (hasUptime) {
      takenCount += this.#take(UPTIME_CELL, this.#rowOfUptime(pdu), pdu);
      row += 1;
    }
    for (let place = from; place < to; place += 1, row += 1) {
      const cell = cells[place]!;
      const isInPlace =
        row < pdu.count &&
        isNameAt(layout, course, place, pdu.octets, nameStarts[row]!, nameEnds[row]!);
      takenCount += this.#take(cell, isInPlace ? row : this.#find(cell, pdu), pdu);
    }
    const unaskedCount = pdu.count - takenCount;
    this.takenCount += takenCount;
    if (unaskedCount > 0) this.#context.noteUnasked(unaskedCount);
    else if (pdu.count > 0 && octetsOf(pdu) > octets + GREATEST_GROWTH_OCTETS) this.hasGrown = true;
  }

  /** Takes the value in a row of the reply, −1: it has none; gives how many values were taken. */
  #take(cell: number, row: number, pdu: PduView): 0 | 1 {
    const { layout, store, before, arena } = this.#context;
    if (row === -1) {
      this.misfits.push(cell);
      // What the poll before was told dates nothing now.
      if (cell === UPTIME_CELL) store.types[cell] = NOT_ANSWERED;
      return 0;
    }
    if (pdu.columns.types[row]! >= FIRST_EXCEPTION && hasValue(before, cell)) {
      const table = tableOf(layout, cell);
      if (table !== null) this.shrunkTables.add(table);
    }
    takeVarbind(store, arena, cell, pdu, row);
    return 1;
  }

  #rowOfUptime(pdu: PduView): number {
    const { nameStarts, nameEnds } = pdu.columns;
    const { layout } = this.#context;
    const isFirst =
      pdu.count > 0 && isNameOf(layout, UPTIME_CELL, pdu.octets, nameStarts[0]!, nameEnds[0]!);
    return isFirst ? 0 : this.#find(UPTIME_CELL, pdu);
  }

  #find(cell: number, pdu: PduView): number {
    const { nameStarts, nameEnds } = pdu.columns;
    for (let row = 0; row < pdu.count; row += 1) {
      if (isNameOf(this.#context.layout, cell, pdu.octets, nameStarts[row]!, nameEnds[row]!)) {
        return row;
      }
    }
    return -1;
  }
}

const FIRST_EXCEPTION = 0x80;
/** Half of what is kept free for growth. */
const GREATEST_GROWTH_OCTETS = 6;
/** The headers before the first name. */
const LEAD_OCTETS = 4;

function octetsOf({ columns, count }: PduView): number {
  return columns.valueEnds[count - 1]! - columns.nameStarts[0]! + LEAD_OCTETS;
}
