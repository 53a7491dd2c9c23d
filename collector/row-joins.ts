import type { IndexValueDef, JoinDef } from '../config/profile.ts';
import type { Value } from './reading.ts';

/** The values of a row of another table, by its index; undefined when there is no such row. */
export type RowsOfTable = (table: string) => RowFinder | undefined;
export type RowFinder = (index: string, column: string) => Value | undefined;

/** What the index of a row tells. */
export function indexValue(def: IndexValueDef, index: string): Value | undefined {
  const parts = index.split('.');
  const from = placeOf(def.from, parts.length);
  const to = placeOf(def.to, parts.length);
  if (from < 0 || to < from || to >= parts.length) return undefined;
  const own = parts.slice(from, to + 1);
  switch (def.as) {
    case 'number':
      return Number(own[0]);
    case 'ipv4':
    case 'index':
      return own.join('.');
    case 'inet':
      return addressOf(own);
    case 'last-inet':
      return addressOf(own.slice(own.length > IPV6_PARTS ? -IPV6_PARTS : -IPV4_PARTS));
    default:
      return textOfParts(own);
  }
}

const IPV4_PARTS = 4;
/** No two IPv4 addresses with their types and lengths take more. */
const IPV6_PARTS = 16;

function addressOf(parts: readonly string[]): string {
  return parts.length === IPV6_PARTS ? ipv6Of(parts) : parts.join('.');
}

function ipv6Of(parts: readonly string[]): string {
  const groups: string[] = [];
  for (let at = 0; at < parts.length; at += 2) {
    groups.push((Number(parts[at]) * 256 + Number(parts[at + 1])).toString(16));
  }
  return groups.join(':').replace(/(^|:)0(:0)+(:|$)/, '::');
}

const FIRST_PRINTABLE = 32;
const PAST_PRINTABLE = 127;

/** Text in an index is one part for each octet. */
function textOfParts(parts: readonly string[]): string {
  return parts
    .map(Number)
    .filter((code) => code >= FIRST_PRINTABLE && code < PAST_PRINTABLE)
    .map((code) => String.fromCharCode(code))
    .join('');
}

function placeOf(number: number, length: number): number {
  return number < 0 ? length + number : number - 1;
}

/** Takes over what other tables tell of a row. */
export function joinRow(
  joins: readonly JoinDef[],
  index: string,
  values: Map<string, Value>,
  rowsOf: RowsOfTable,
): void {
  for (const join of joins) {
    const find = rowsOf(join.table);
    const key = keyOf(join, index, values);
    if (find === undefined || key === null) continue;
    for (const [name, column] of Object.entries(join.take)) {
      const value = find(key, column);
      if (value !== undefined) values.set(name, value);
    }
  }
}

function keyOf(join: JoinDef, index: string, values: ReadonlyMap<string, Value>): string | null {
  if (join.by !== null) {
    const value = values.get(join.by);
    return value === undefined ? null : String(value);
  }
  if (join.parts === null) return index;
  const parts = index.split('.');
  return parts.slice(0, join.parts).join('.');
}
