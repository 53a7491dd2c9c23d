import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Recording } from '../../collector/recording/snmprec.ts';
import type { ReferenceSensor } from './reference.ts';
import { isAlike, type Tally } from './score.ts';

/** Object, and what its number is multiplied with. */
export type NaiveTable = ReadonlyMap<string, number>;

/**
 * A plain table of OIDs with a factor each, beside the recordings: what one gets without joins, units that
 * other objects tell, numbers that mean "not there", or anything that deviates. null: there is none.
 */
export function naiveTable(folder: string): NaiveTable | null {
  const file = join(folder, '../research/oids.csv');
  if (!existsSync(file)) return null;
  const lines = readFileSync(file, 'utf8').trim().split('\n').slice(1);
  const cells = lines.map((line) =>
    line.match(/("[^"]*"|[^,]*)(,|$)/g)!.map((cell) => cell.replace(/,$/, '').replace(/"/g, '')),
  );
  return new Map(cells.map((row) => [row[3]!.replace(/\.0$/, ''), factorOf(row[9] ?? '')]));
}

/** `/10`, `*60` in the units of people, not in base units: the reference has percent and minutes. */
function factorOf(conversion: string): number {
  const divided = /^(?:value)?\/(\d+)/.exec(conversion);
  return divided === null ? 1 : 1 / Number(divided[1]);
}

/** Rows whose object is in the table and whose number comes out right, percent as percent or as share. */
export function naiveTally(
  { varbinds }: Recording,
  table: NaiveTable,
  rows: readonly ReferenceSensor[],
): Tally {
  const sent = new Map(varbinds.map(({ oid, value }) => [oid, Number(value)]));
  const right = rows.filter(({ oid, value }) => {
    const factor = factorFor(table, oid);
    const raw = sent.get(oid);
    if (factor === null || raw === undefined) return false;
    return [1, 100].some((unit) => isAlike(raw * factor * unit, value)) || isAlike(raw, value);
  });
  return { right: right.length, all: rows.length, missed: [] };
}

function factorFor(table: NaiveTable, oid: string): number | null {
  for (let end = oid.lastIndexOf('.'); end > 0; end = oid.lastIndexOf('.', end - 1)) {
    const factor = table.get(oid.slice(0, end));
    if (factor !== undefined) return factor;
  }
  return null;
}
