import type { ReadingDef } from '../config/profile.ts';
import { type CellStore, cellVarbind, EMPTY, NOT_ANSWERED, numberIn } from './plan/cell-store.ts';
import type { TextArena } from './plan/text-arena.ts';
import { readNumber, readVarbind, type Value } from './reading.ts';
import type { RejectedValueReason } from './self-metrics.ts';
import { COUNTER32, GAUGE32, INTEGER, TIME_TICKS } from './snmp/tags.ts';

/** What of a poll holds its values. */
export interface Cells {
  readonly store: CellStore;
  readonly arena: TextArena;
}

/** The value of a cell as conditions and metrics see it, without `times`; undefined when there is none. */
export function readCell(
  def: ReadingDef,
  { store, arena }: Cells,
  cell: number,
  onRejected: (reason: RejectedValueReason) => void,
): Value | undefined {
  const type = store.types[cell]!;
  if (type === EMPTY || type === NOT_ANSWERED) return undefined;
  if (type === INTEGER && isUsedAsSent(def)) {
    // Most are states, asked for again and again: they stay whole numbers, which take no memory.
    const sent = store.lows[cell]! | 0;
    if (sent >= (def.atLeast ?? sent) && sent <= (def.atMost ?? sent)) return sent;
  }
  const isPlain = type === INTEGER || type === GAUGE32 || type === COUNTER32 || type === TIME_TICKS;
  const read =
    isPlain && !def.text
      ? readNumber(def, numberIn(store, cell))
      : readVarbind(def, cellVarbind(store, arena, cell, '')!);
  if (typeof read === 'number') return read;
  if (read.kind === 'rejected') onRejected(read.reason);
  return read.kind === 'value' ? read.value : undefined;
}

/** Whether an integer of that object means itself, within its bounds. */
function isUsedAsSent(def: ReadingDef): boolean {
  return (
    def.scale === 1 &&
    def.offset === 0 &&
    def.class === null &&
    def.convert === null &&
    def.absent.length === 0 &&
    !def.unsigned &&
    !def.text
  );
}
