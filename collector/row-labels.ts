import { InternPool } from './plan/intern-pool.ts';

/** Labels of many rows, one after the other. Shared by many polls, and never changed. */
export interface RowLabels {
  readonly labels: Uint8Array;
  /** Where those of row i end: at 2i the usual ones, at 2i + 1 with what belongs only to long lines. */
  readonly ends: Uint32Array;
}

const pool = new InternPool<RowLabels>(({ labels, ends }) => [labels, ends]);

/** The same labels for all devices of one kind whose ports nobody has described. */
export function shareLabels(rows: RowLabels): RowLabels {
  return pool.share(rows);
}
