import type { Test, Tests, ValueDef } from '../config/profile.ts';
import type { Value } from './reading.ts';
import type { Row } from './table-rows.ts';
import { holds, type Lookup, namesIn } from './tests-of-values.ts';

/** Tables by the names of their columns and row values. A table that was not read is not in it. */
export type RowsByColumn = ReadonlyMap<string, readonly Row[]>;

/** Computes one value; undefined when what it needs is absent. */
export function computeValue(
  def: ValueDef,
  lookup: Lookup,
  rowsByColumn: RowsByColumn,
): number | undefined {
  const { compute } = def;
  switch (compute.how) {
    case 'sum':
      return sum(compute.terms, lookup);
    case 'ratio': {
      const of = lookup(compute.of);
      const per = lookup(compute.per);
      return typeof of === 'number' && typeof per === 'number' && per !== 0 ? of / per : undefined;
    }
    case 'first': {
      const told = compute.of.map(lookup).find((value) => typeof value === 'number');
      return typeof told === 'number' ? told : undefined;
    }
    case 'fallen':
      // Only a memory can tell: `fallen-values.ts`.
      return undefined;
    case 'flag':
      return isDecidable(compute.when, lookup)
        ? Number(holds(compute.when, lookup, false))
        : undefined;
    default:
      return foldColumn(compute.how, compute.of, compute.where, rowsByColumn);
  }
}

/** Every name the computation looks at. */
export function namesUsedBy(def: ValueDef): string[] {
  const { compute } = def;
  switch (compute.how) {
    case 'sum':
      return Object.keys(compute.terms);
    case 'ratio':
      return [compute.of, compute.per];
    case 'first':
      return [...compute.of];
    case 'fallen':
      return [compute.of];
    case 'flag':
      return namesIn(compute.when);
    default:
      return [compute.of, ...Object.keys(compute.where)];
  }
}

/** A flag without evidence is absent, not 0: every value of `all` is there, or, without `all`, one of `any`. */
function isDecidable({ all, any }: Tests, lookup: Lookup): boolean {
  const isKnown = (test: Test) => lookup(test.value) !== undefined;
  return all.length > 0 ? all.every(isKnown) : any.some(isKnown);
}

function sum(terms: Readonly<Record<string, number>>, lookup: Lookup): number | undefined {
  let total = 0;
  for (const [name, factor] of Object.entries(terms)) {
    const value = lookup(name);
    if (typeof value !== 'number') return undefined;
    total += value * factor;
  }
  return total;
}

function foldColumn(
  how: 'max' | 'min' | 'mean' | 'count',
  column: string,
  where: Readonly<Record<string, readonly string[]>>,
  rowsByColumn: RowsByColumn,
): number | undefined {
  const rows = rowsByColumn.get(column);
  if (rows === undefined) return undefined;
  const values: Value[] = rows
    .filter((row) =>
      Object.entries(where).every(([name, accepted]) =>
        accepted.includes(String(row.values.get(name))),
      ),
    )
    .map((row) => row.values.get(column))
    .filter((value) => value !== undefined);
  if (how === 'count') return values.length;
  const numbers = values.filter((value) => typeof value === 'number');
  if (numbers.length === 0) return undefined;
  if (how === 'max') return numbers.reduce((a, b) => Math.max(a, b));
  if (how === 'min') return numbers.reduce((a, b) => Math.min(a, b));
  return numbers.reduce((a, b) => a + b, 0) / numbers.length;
}
