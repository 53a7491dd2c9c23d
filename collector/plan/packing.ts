import { valueOctets } from './cell-store.ts';
import { newCourse } from './course.ts';
import { type Layout, nameLength, UPTIME_CELL } from './layout.ts';
import { modulesOf, PlannedRequest } from './planned-request.ts';
import type { LaidOut } from './relayout.ts';

/** What one reply may hold. */
export interface RequestLimits {
  /** Octets of all varbinds. */
  readonly octets: number;
  readonly varbinds: number;
}

/** Cells that must be answered together, as those of one row whose difference is a rate. */
export type CellGroup = readonly number[];

/** The UDP payload of one Ethernet frame (RFC 894, RFC 791, RFC 768). */
export const FRAME_OCTETS = 1_472;
/** So many octets the values of a request may grow by before it is packed anew. */
export const GROWTH_OCTETS = 12;
const HEADER_OCTETS = 2;
const LONGEST_SHORT_LENGTH = 127;

/** Octets of a varbind with that cell's name and value. */
export function varbindOctets({ layout, store, arena }: LaidOut, cell: number): number {
  const value = element(valueOctets(store, arena, cell));
  return element(element(nameLength(layout, cell)) + value);
}

function element(contentOctets: number): number {
  if (contentOctets <= LONGEST_SHORT_LENGTH) return contentOctets + HEADER_OCTETS;
  return contentOctets + HEADER_OCTETS + (contentOctets > 0xff ? 2 : 1);
}

/** Cells in the order asked for, and where requests for them end. */
export interface Packed {
  readonly cells: readonly number[];
  /** One for each full request; what is behind the last is too little for another. */
  readonly cuts: readonly Cut[];
}

/** One request among those that a list of cells is cut into. */
export interface Cut {
  /** Place in the list behind its last cell. */
  readonly end: number;
  /** Octets that the varbinds of its reply are reckoned to take. */
  readonly octets: number;
  /** Which modules of `/snmp` it reads for. */
  readonly modules: number;
}

/**
 * Puts groups into requests, in order, each request as full as the limits allow. A group is never
 * divided, even when it alone exceeds them. `withUptime`: every request begins with sysUpTime, which
 * is not among the cells.
 */
export function packGroups(
  laid: LaidOut,
  groups: readonly CellGroup[],
  limits: RequestLimits,
  withUptime: boolean,
): Packed {
  const cuts: Cut[] = [];
  const cells: number[] = [];
  const lead = withUptime ? 1 : 0;
  const leadOctets = withUptime ? varbindOctets(laid, UPTIME_CELL) : 0;
  let from = 0;
  let octets = leadOctets;
  for (const group of groups) {
    let needed = 0;
    for (const cell of group) needed += varbindOctets(laid, cell);
    const count = lead + cells.length - from + group.length;
    const fits = octets + needed <= limits.octets && count <= limits.varbinds;
    if (!fits && cells.length > from) {
      const modules = modulesOf(laid.layout, cells.slice(from), withUptime);
      cuts.push({ end: cells.length, octets, modules });
      from = cells.length;
      octets = leadOctets;
    }
    for (const cell of group) cells.push(cell);
    octets += needed;
  }
  return { cells, cuts };
}

/** As `packGroups`, with a last request for what is left over. */
export function packAll(
  laid: LaidOut,
  groups: readonly CellGroup[],
  limits: RequestLimits,
  withUptime: boolean,
): PlannedRequest[] {
  const { layout } = laid;
  const { cells, cuts } = packGroups(laid, groups, limits, withUptime);
  const from = cuts.at(-1)?.end ?? 0;
  const rest = cells.slice(from);
  if (cells.length === 0) return [];
  const all = [...cuts];
  if (rest.length > 0) {
    let octets = withUptime ? varbindOctets(laid, UPTIME_CELL) : 0;
    for (const cell of rest) octets += varbindOctets(laid, cell);
    all.push({ end: cells.length, octets, modules: modulesOf(layout, rest, withUptime) });
  }
  return requestsOf(layout, newCourse(layout, cells), all, withUptime);
}

/** The requests that a course is cut into. */
export function requestsOf(
  layout: Layout,
  course: PlannedRequest['course'],
  cuts: readonly Cut[],
  withUptime: boolean,
): PlannedRequest[] {
  let from = 0;
  return cuts.map(({ end, octets, modules }) => {
    const request = new PlannedRequest(layout, course, from, end, withUptime, octets, modules);
    from = end;
    return request;
  });
}
