import { compareOids, indexBelow } from './oid.ts';
import type { Varbind } from './snmp-client.ts';

/** Rows of one table that are read; a table with more is cut and counted. */
export const TABLE_ROW_CAP = 10_000;

/** How far the reading of one column has come. */
export interface Cursor {
  readonly name: string;
  readonly oid: string;
  /** The last name that was read, or that of the column. */
  at: string;
  /** What of `at` is behind the name of the column; empty: nothing was read. */
  atIndex: string;
  /** By row index. */
  readonly cells: Map<string, Varbind>;
  /** Octets that its cells took. */
  octets: number;
}

/** Why a column is not read any further. */
export type ColumnEnd = 'end' | 'not-increasing' | 'row-cap';

export interface RowsTaken {
  readonly ended: ReadonlyMap<Cursor, ColumnEnd>;
  /** The names contradict their places: what comes after them in the answer was not taken. */
  readonly isMixed: boolean;
}

/**
 * Gives the varbinds of one GETBULK answer, round after round (RFC 3416 §4.2.3), to their columns. A
 * value is taken by the name that it carries. That a column has ended is told by the place of a name
 * outside of it, which is believed only where no name in the round belongs elsewhere. Columns that
 * got nothing, because the answer was cut, stay where they are.
 */
export function takeRounds(group: readonly Cursor[], varbinds: readonly Varbind[]): RowsTaken {
  const ended = new Map<Cursor, ColumnEnd>();
  const indexes: (string | null)[] = [];
  for (let from = 0; from < varbinds.length; from += group.length) {
    const count = Math.min(group.length, varbinds.length - from);
    for (let place = 0; place < count; place += 1) {
      indexes[place] = indexIn(group[place]!, varbinds[from + place]!);
    }
    // Asked alone, the first name outside ends the column even if it steps back: some agents begin anew at their end.
    const mayBeMixed = (group.length > 1 || from > 0) && indexes.includes(null);
    if (mayBeMixed && isMixedRound(group, varbinds.slice(from, from + count), ended)) {
      return { ended, isMixed: true };
    }
    for (let place = 0; place < count; place += 1) {
      const cursor = group[place]!;
      if (ended.has(cursor)) continue;
      const end = takeCell(cursor, varbinds[from + place]!, indexes[place]!);
      if (end !== null) ended.set(cursor, end);
    }
  }
  return { ended, isMixed: false };
}

function takeCell(cursor: Cursor, varbind: Varbind, index: string | null): ColumnEnd | null {
  if (index === null) return 'end';
  // Both are below the same column.
  if (cursor.atIndex !== '' && compareOids(index, cursor.atIndex) <= 0) return 'not-increasing';
  if (cursor.cells.size >= TABLE_ROW_CAP) return 'row-cap';
  cursor.cells.set(index, varbind);
  cursor.octets += usualOctets(varbind);
  cursor.at = varbind.oid;
  cursor.atIndex = index;
  return null;
}

function indexIn({ oid }: Cursor, varbind: Varbind): string | null {
  return varbind.type === 'end-of-mib-view' ? null : indexBelow(oid, varbind.oid);
}

/**
 * Whether a name outside of its column cannot be that of the next object: it comes before what was
 * asked for, or is the very next one of another column, which got something else. The next object
 * after a column that has ended is never that: the column it begins has read it, or reads it now.
 */
function isMixedRound(
  group: readonly Cursor[],
  round: readonly Varbind[],
  ended: ReadonlyMap<Cursor, ColumnEnd>,
): boolean {
  const isOwn = round.map((varbind, place) => indexIn(group[place]!, varbind) !== null);
  return round.some((varbind, place) => {
    if (isOwn[place] || varbind.type === 'end-of-mib-view') return false;
    const cursor = group[place]!;
    if (ended.has(cursor)) return false;
    if (compareOids(varbind.oid, cursor.at) <= 0) return true;
    return group.some(
      (other, otherPlace) =>
        isOwn[otherPlace] !== true &&
        !ended.has(other) &&
        indexIn(other, varbind) !== null &&
        compareOids(varbind.oid, other.at) > 0,
    );
  });
}

/** About what a varbind takes in a reply. */
function usualOctets({ oid, value }: Varbind): number {
  const nameOctets = Math.ceil(oid.length / 2);
  const valueOctets =
    value instanceof Uint8Array ? value.length : typeof value === 'bigint' ? 7 : 4;
  return nameOctets + valueOctets + VARBIND_HEADER_OCTETS;
}

const VARBIND_HEADER_OCTETS = 6;
