import { rowCount, rowOf, type TablePlace } from './layout.ts';

/** When the counters of each row of a table were read, by our clock and by the device's. */
export interface RowDates {
  /** Monotonic. */
  readonly readAtMs: Float64Array;
  /** RFC 3418 sysUpTime of the same PDU; NaN where the agent does not tell. */
  readonly uptimeTicks: Float64Array;
}

/** All rows at one instant. */
export function rowsReadAt(table: TablePlace, atMs: number, ticks: number | null): RowDates {
  const rows = rowCount(table);
  return {
    readAtMs: new Float64Array(rows).fill(atMs),
    uptimeTicks: new Float64Array(rows).fill(ticks ?? Number.NaN),
  };
}

/** Records when the row of a cell was read. */
export function dateRow(
  dates: RowDates,
  table: TablePlace,
  cell: number,
  atMs: number,
  ticks: number | null,
): void {
  const row = rowOf(table, cell);
  dates.readAtMs[row] = atMs;
  dates.uptimeTicks[row] = ticks ?? Number.NaN;
}
