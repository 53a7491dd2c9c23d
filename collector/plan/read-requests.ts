import { type Clock, delay } from '../../lib/clock.ts';
import { GENTLE_VARBINDS } from '../agent-habits.ts';
import {
  type AskLimit,
  askForLess,
  limitToRemember,
  noteAnswered,
  passOver,
} from '../ask-limit.ts';
import type { AskSize, BatchSize } from '../batch-size.ts';
import { errorOfStatus, isAboutOneObject, NO_SUCH_NAME, TOO_BIG } from '../error-status.ts';
import type { PollClient } from '../poll-client.ts';
import { POLL_DETAILS } from '../poll-details.ts';
import type { SelfMetrics } from '../self-metrics.ts';
import { NO_SUCH_INSTANCE } from '../snmp/tags.ts';
import type { RequestBounds, SnmpError } from '../snmp-client.ts';
import { type CellStore, hasValue, NOT_ANSWERED } from './cell-store.ts';
import { careOfScalar, type DevicePlan, POLLS_BETWEEN_TRIES } from './device-plan.ts';
import { CARE, columnOf, rowOf, tableOf, UPTIME_CELL } from './layout.ts';
import { cellsOf, type PlannedRequest, requestFor } from './planned-request.ts';
import { MISFIT, type RequestStepper, type Stop } from './request-stepper.ts';

/** What reading the requests of a plan needs beside the stepper, and leaves behind. */
export interface PlanReading {
  readonly plan: DevicePlan;
  /** Where the stepper puts what is answered. */
  readonly store: CellStore;
  readonly client: PollClient;
  readonly clock: Clock;
  readonly bounds: RequestBounds;
  readonly batch: BatchSize;
  readonly selfMetrics: SelfMetrics;
  /** Wait between two requests to a weak agent; 0: none. */
  readonly spacingMs: number;
  readonly errors: SnmpError[];
  /** Requests that were not answered although the device answers others. */
  silences: number;
  /** Of those, requests larger than any that was answered. */
  lostBigRequests: number;
  /** Cells of those that were given up. */
  readonly lostForSize: (readonly number[])[];
  /** What the device can answer at once, as far as this poll shows. */
  readonly limit: AskLimit;
  /** Cells that alone were too big. */
  bigCells: number;
  /** The smallest request of several objects that was too big or lost; octets of its whole reply. */
  failed: AskSize | null;
  /** The most objects that came back in a reply that was cut. */
  cameBack: number | null;
}

/** How reading the requests of a plan ended. */
export type ReadEnd =
  /** Everything was asked; what could not be read is among the errors. */
  | 'read'
  /** The device has fallen silent; the last error says how. */
  | 'silent'
  /** The agent has started anew. */
  | 'restarted';

/** Smaller sizes tried after silence, in one poll, before a request is given up. */
const MOST_SILENCES = 2;
/** Polls until an object that alone is not answered is tried again. */
const POLLS_AFTER_SILENCE = 60;
/** Cells found to be too big, in one poll, before whole requests are given up. */
const MOST_BIG_CELLS = 8;
const UPTIME_OID = '1.3.6.1.2.1.1.3.0';

/**
 * Asks everything that the stepper has. A request that is too big, or lost although the device
 * answers, is put again in halves; an object that the agent refuses is left out and remembered.
 */
export async function readRequests(
  reading: PlanReading,
  stepper: RequestStepper,
): Promise<ReadEnd> {
  const end = await askAll(reading, stepper);
  reviseLost(reading, stepper);
  rememberLimit(reading, stepper);
  if (end !== 'read') return end;
  noteMisfits(reading, stepper);
  return stepper.misfits.length > 0 && stepper.takenCount === 0 ? 'silent' : 'read';
}

/** What was given up for its size was lost for one of its objects, when as many were answered later. */
function reviseLost(reading: PlanReading, stepper: RequestStepper): void {
  const { plan, lostForSize } = reading;
  for (const cells of lostForSize) {
    if (cells.length > stepper.mostAnswered) continue;
    for (const cell of cells) if (cell !== UPTIME_CELL) plan.suspects.add(cell);
    plan.isStale = true;
    reading.lostBigRequests = 0;
    reading.limit.most = Number.POSITIVE_INFINITY;
  }
}

async function askAll(reading: PlanReading, stepper: RequestStepper): Promise<ReadEnd> {
  const { bounds, clock, spacingMs, limit } = reading;
  while (stepper.place < stepper.requests.length) {
    if (bounds.signal.aborted) {
      reading.errors.push({ failure: 'aborted', detail: POLL_DETAILS.calledOff });
      return 'silent';
    }
    while (isTooLarge(reading, stepper.requests[stepper.place]!) && halve(stepper));
    const stop = await stepper.go(spacingMs > 0 || Number.isFinite(limit.most));
    if (stop.kind === 'done') noteAnswered(limit);
    const end = await afterStop(reading, stepper, stop);
    if (end !== null) return end;
    const isOver = stepper.place >= stepper.requests.length;
    if (spacingMs > 0 && !isOver) await delay(clock, spacingMs);
  }
  return 'read';
}

/** More than it has shown to answer; after more was tried in vain, more than it answered before. */
function isTooLarge(reading: PlanReading, { varbindCount, octets }: PlannedRequest): boolean {
  const { limit, failed, batch, client } = reading;
  if (varbindCount > limit.most) return true;
  if (failed === null || batch.good === null) return false;
  const { good } = batch;
  return varbindCount > good.varbinds || octets + client.frameOctets > good.octets;
}

/** What the device could not give is not complete because it is not asked for this time. */
export function noteFailed(reading: PlanReading): void {
  for (const [cell, error] of reading.plan.failed) {
    reading.errors.push(detailedFor(reading, cell, error));
  }
}

/** What the device could not answer at once is not asked of it at once again. */
function rememberLimit(reading: PlanReading, stepper: RequestStepper): void {
  const { batch, limit, plan, selfMetrics, failed, cameBack, client } = reading;
  reading.failed = null;
  reading.cameBack = null;
  if (failed === null || !Number.isFinite(limitToRemember(limit))) return;
  const answered = {
    varbinds: stepper.mostAnswered,
    octets: stepper.mostOctets + client.frameOctets,
  };
  if (!batch.learn({ answered, failed, cameBack })) return;
  selfMetrics.batchReduced();
  plan.isStale = true;
}

/** Asks for less from now on in this poll. */
function tooMuch(reading: PlanReading, request: PlannedRequest): void {
  askForLess(reading.limit, request.varbindCount);
  noteTooMuch(reading, request);
}

function noteTooMuch(reading: PlanReading, request: PlannedRequest): void {
  const { varbindCount, octets } = request;
  const { failed, client } = reading;
  if (failed !== null && failed.varbinds <= varbindCount) return;
  reading.failed = { varbinds: varbindCount, octets: octets + client.frameOctets };
}

/** The device gives so many objects at once, and no more of them. */
function afterCut(reading: PlanReading, stepper: RequestStepper, count: number): void {
  const request = stepper.requests[stepper.place]!;
  if (request.varbindCount > 1) {
    tooMuch(reading, request);
    reading.cameBack = Math.max(reading.cameBack ?? 0, count);
    reading.limit.most = count;
    if (halve(stepper)) return;
  }
  giveUp(reading, stepper, errorOfStatus(TOO_BIG));
}

async function afterStop(
  reading: PlanReading,
  stepper: RequestStepper,
  stop: Stop,
): Promise<ReadEnd | null> {
  switch (stop.kind) {
    case 'done':
      return null;
    case 'restarted':
      return 'restarted';
    case 'cut':
      afterCut(reading, stepper, stop.count);
      return null;
    case 'refused':
      afterStatus(reading, stepper, stop.status, stop.index);
      return null;
    default:
      return afterFailure(reading, stepper, stop.error);
  }
}

function afterStatus(
  reading: PlanReading,
  stepper: RequestStepper,
  status: number,
  index: number,
): void {
  const request = stepper.requests[stepper.place]!;
  const error = errorOfStatus(status);
  if (status === TOO_BIG) {
    afterTooBig(reading, stepper, error);
    return;
  }
  if (!isAboutOneObject(status)) {
    giveUp(reading, stepper, error);
    return;
  }
  const cells = cellsOf(request);
  const culprit = cells.length === 1 ? 0 : index - 1;
  if (culprit < 0 || culprit >= cells.length) {
    if (!halve(stepper)) giveUp(reading, stepper, error);
    return;
  }
  refuse(reading, stepper, cells[culprit]!, status);
}

/** Leaves a refused cell out of the request, and of those to come. */
function refuse(reading: PlanReading, stepper: RequestStepper, cell: number, status: number): void {
  const { plan, store, errors } = reading;
  const { layout } = plan;
  plan.isStale = true;
  const table = tableOf(layout, cell);
  const isGone = status === NO_SUCH_NAME;
  // RFC 1157 §4.1.2: noSuchName is how SNMPv1 says that there is no such instance.
  const hadValue = hasValue(store, cell);
  plan.refused.set(cell, isGone ? Number.POSITIVE_INFINITY : POLLS_BETWEEN_TRIES);
  store.types[cell] = isGone ? NO_SUCH_INSTANCE : NOT_ANSWERED;
  if (!isGone) {
    const error = errorOfStatus(status);
    plan.failed.set(cell, error);
    errors.push(detailedFor(reading, cell, error));
  }
  const isRowGone = isGone && hadValue && table !== null;
  if (isRowGone) stepper.shrunkTables.add(table);
  const row = isRowGone ? rowOf(table, cell) : -1;
  const isLeft = (other: number) =>
    other !== cell &&
    !(isRowGone && tableOf(layout, other) === table && rowOf(table, other) === row);
  const request = stepper.requests[stepper.place]!;
  const left = cellsOf(request).filter(isLeft);
  if (left.length === 0 || (left.length === 1 && left[0] === UPTIME_CELL)) {
    stepper.place += 1;
  } else {
    stepper.requests[stepper.place] = requestFor(layout, left, request.octets);
  }
}

async function afterFailure(
  reading: PlanReading,
  stepper: RequestStepper,
  error: SnmpError,
): Promise<ReadEnd | null> {
  const { errors } = reading;
  switch (error.failure) {
    case 'too-big':
      afterTooBig(reading, stepper, error);
      return null;
    case 'timeout':
      break;
    case 'deadline':
      if (stepper.answeredCount === 0) {
        errors.push(error);
        return 'silent';
      }
      errors.push(error);
      reading.selfMetrics.tableCut('deadline');
      while (stepper.place < stepper.requests.length) skip(reading, stepper);
      return null;
    case 'aborted':
    case 'refused':
    case 'unreachable':
      errors.push(error);
      return 'silent';
    default:
      if (stepper.answeredCount === 0) {
        errors.push(error);
        return 'silent';
      }
      giveUp(reading, stepper, error);
      return null;
  }
  const alive = await reading.client.get([UPTIME_OID], reading.bounds);
  if (alive.error !== null && alive.error.failure !== 'deadline') {
    errors.push(alive.error);
    return 'silent';
  }
  afterSilence(reading, stepper, error);
  return null;
}

/** A request was lost although the device answers: for its size, or for one of its objects. */
function afterSilence(reading: PlanReading, stepper: RequestStepper, error: SnmpError): void {
  const { plan } = reading;
  const request = stepper.requests[stepper.place]!;
  const cells = cellsOf(request);
  const isForItsSize = cells.length > 1 && cells.length > stepper.mostAnswered;
  reading.silences += 1;
  if (isForItsSize) reading.lostBigRequests += 1;
  if (cells.length === 1) {
    leaveFor(plan, cells[0]!, error);
    giveUp(reading, stepper, error);
  } else if (plan.suspects.has(cells.at(-1)!)) {
    giveUp(reading, stepper, error);
  } else if (reading.silences >= MOST_SILENCES) {
    if (isForItsSize) {
      // One that loses even fewer shows that it is weak, and not how much it answers.
      if (cells.length > 2 * GENTLE_VARBINDS) noteTooMuch(reading, request);
      reading.lostForSize.push(cells);
    } else for (const cell of cells) if (cell !== UPTIME_CELL) plan.suspects.add(cell);
    plan.isStale = true;
    giveUp(reading, stepper, error);
  } else {
    if (isForItsSize && reading.batch.size > GENTLE_VARBINDS) tooMuch(reading, request);
    halve(stepper);
  }
}

/** Asks for a cell that costs a poll too much only once in a while. */
function leaveFor(plan: DevicePlan, cell: number, error: SnmpError): void {
  plan.refused.set(cell, POLLS_AFTER_SILENCE);
  plan.failed.set(cell, error);
  plan.suspects.delete(cell);
  plan.isStale = true;
}

/** Asks again in parts; a cell that alone is too big is to blame, and not how many there were. */
function afterTooBig(reading: PlanReading, stepper: RequestStepper, error: SnmpError): void {
  const { plan, limit } = reading;
  const request = stepper.requests[stepper.place]!;
  const cells = cellsOf(request);
  if (cells.length === 1) {
    reading.bigCells += 1;
    leaveFor(plan, cells[0]!, error);
    passOver(limit);
  } else if (reading.bigCells < MOST_BIG_CELLS) {
    tooMuch(reading, request);
    if (halve(stepper)) return;
  }
  giveUp(reading, stepper, error);
}

/** Puts two requests in place of one; false when it cannot be divided. */
function halve(stepper: RequestStepper, place: number = stepper.place): boolean {
  const request = stepper.requests[place]!;
  const { layout, octets } = request;
  const cells = cellsOf(request);
  const hasUptime = request.hasUptime && cells.length > 1;
  const own = hasUptime ? cells.slice(1) : cells;
  if (own.length < 2) {
    if (!hasUptime) return false;
    // Alone it is asked for once, ahead of everything.
    const first = place === 0 ? [requestFor(layout, [UPTIME_CELL], octets)] : [];
    stepper.requests.splice(place, 1, ...first, requestFor(layout, own, octets));
    return true;
  }
  const middle = Math.ceil(own.length / 2);
  const part = (from: number, to: number): PlannedRequest => {
    const some = own.slice(from, to);
    const asked = hasUptime ? [UPTIME_CELL, ...some] : some;
    return requestFor(layout, asked, Math.ceil(octets / 2));
  };
  stepper.requests.splice(place, 1, part(0, middle), part(middle, own.length));
  return true;
}

function giveUp(reading: PlanReading, stepper: RequestStepper, error: SnmpError): void {
  const cells = cellsOf(stepper.requests[stepper.place]!);
  const first = cells.find((cell) => cell !== UPTIME_CELL) ?? UPTIME_CELL;
  reading.errors.push(detailedFor(reading, first, error));
  const isLate = error.failure === 'timeout' || error.failure === 'deadline';
  reading.selfMetrics.tableCut(isLate ? (error.failure as 'timeout' | 'deadline') : 'other');
  skip(reading, stepper);
}

/** Leaves the present request unanswered: what rarely changes keeps its value, the rest has none. */
function skip(reading: PlanReading, stepper: RequestStepper): void {
  for (const cell of cellsOf(stepper.requests[stepper.place]!)) markUnread(reading, cell);
  stepper.place += 1;
}

function markUnread({ plan, store }: PlanReading, cell: number): void {
  const table = tableOf(plan.layout, cell);
  const care = table === null ? careOfScalar(plan, cell) : table.care[columnOf(table, cell)];
  if (cell !== UPTIME_CELL && care === CARE.always) store.types[cell] = NOT_ANSWERED;
}

function noteMisfits(reading: PlanReading, stepper: RequestStepper): void {
  const [first] = stepper.misfits;
  if (first === undefined) return;
  reading.errors.push(detailedFor(reading, first, MISFIT));
  reading.selfMetrics.tableCut('other');
  for (const cell of stepper.misfits) markUnread(reading, cell);
}

function detailedFor({ plan }: PlanReading, cell: number, error: SnmpError): SnmpError {
  const table = tableOf(plan.layout, cell);
  if (table === null) return error;
  return { ...error, detail: POLL_DETAILS.ofTable(table.def.name, error.detail) };
}
