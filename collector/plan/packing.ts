import { type CellStore, valueOctets } from './cell-store.ts';
import { type Layout, nameLength } from './layout.ts';
import { type PlannedRequest, requestFor } from './planned-request.ts';

/** The scalar that every request of counters begins with: layouts keep sysUpTime in their first cell. */
export const UPTIME_CELL = 0;

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
export function varbindOctets(layout: Layout, store: CellStore, cell: number): number {
  const value = element(valueOctets(store, cell));
  return element(element(nameLength(layout, cell)) + value);
}

function element(contentOctets: number): number {
  if (contentOctets <= LONGEST_SHORT_LENGTH) return contentOctets + HEADER_OCTETS;
  return contentOctets + HEADER_OCTETS + (contentOctets > 0xff ? 2 : 1);
}

export interface Packed {
  /** As full as can be. */
  readonly full: readonly PlannedRequest[];
  /** What was left over: too little for another request. */
  readonly rest: readonly CellGroup[];
}

/**
 * Puts groups into requests, in order, each request as full as the limits allow. A group is never
 * divided, even when it alone exceeds them. `withUptime`: every request begins with sysUpTime.
 */
export function packGroups(
  layout: Layout,
  store: CellStore,
  groups: readonly CellGroup[],
  limits: RequestLimits,
  withUptime: boolean,
): Packed {
  const full: PlannedRequest[] = [];
  const lead = withUptime ? [UPTIME_CELL] : [];
  const leadOctets = withUptime ? varbindOctets(layout, store, UPTIME_CELL) : 0;
  let cells = [...lead];
  let octets = leadOctets;
  let rest: CellGroup[] = [];
  for (const group of groups) {
    const needed = group.reduce((sum, cell) => sum + varbindOctets(layout, store, cell), 0);
    const fits = octets + needed <= limits.octets && cells.length + group.length <= limits.varbinds;
    if (!fits && cells.length > lead.length) {
      full.push(requestFor(layout, cells, octets));
      cells = [...lead];
      octets = leadOctets;
      rest = [];
    }
    cells.push(...group);
    rest.push(group);
    octets += needed;
  }
  return { full, rest };
}

/** As `packGroups`, with a last request for what is left over. */
export function packAll(
  layout: Layout,
  store: CellStore,
  groups: readonly CellGroup[],
  limits: RequestLimits,
  withUptime: boolean,
): PlannedRequest[] {
  const { full, rest } = packGroups(layout, store, groups, limits, withUptime);
  if (rest.length === 0) return [...full];
  const cells = [...(withUptime ? [UPTIME_CELL] : []), ...rest.flat()];
  const octets = cells.reduce((sum, cell) => sum + varbindOctets(layout, store, cell), 0);
  return [...full, requestFor(layout, cells, octets)];
}
