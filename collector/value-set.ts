import type { ReadingDef } from '../config/profile.ts';
import type { ReadingClass } from '../config/reading-class.ts';
import {
  type Adjustment,
  outOfRange,
  type Read,
  type Rejected,
  readVarbind,
  type Value,
} from './reading.ts';
import type { Varbind } from './snmp-client.ts';
import { holds, type Lookup } from './tests-of-values.ts';

/** Where a value comes from, beside its definition. */
export interface ValueFacts {
  readonly varbind: Varbind;
  /** The factor that was used in place of the declared one; null: the declared one. */
  readonly otherScale: number | null;
  /** Where another object says what is measured. */
  readonly class: ReadingClass | null;
}

/** Values by name, of a row or of the scalars of a profile, and where each comes from. */
export interface ValueSet {
  readonly values: Map<string, Value>;
  readonly facts: Map<string, ValueFacts>;
}

export type OnRefused = (def: ReadingDef, varbind: Varbind, why: Rejected) => void;

/** A set with nothing in it. */
export function emptySet(): ValueSet {
  return { values: new Map(), facts: new Map() };
}

/** Whether the value can only be told once others are known. */
export function isDependent(def: ReadingDef): boolean {
  return (
    def.times !== null ||
    def.dividedBy !== null ||
    def.decimals !== null ||
    def.unitBy !== null ||
    def.product.length > 0 ||
    def.when !== null
  );
}

/** Reads one object that depends on no other into the set. */
export function readPlain(
  def: ReadingDef,
  varbind: Varbind,
  set: ValueSet,
  onRefused: OnRefused,
): void {
  note(def, varbind, readVarbind(def, varbind), null, set, onRefused);
}

/** Reads one object that other values of the set bear on; without those it has no value. */
export function readDependent(
  def: ReadingDef,
  varbind: Varbind,
  set: ValueSet,
  lookup: Lookup,
  onRefused: OnRefused,
): void {
  if (def.when !== null && !holds(def.when, lookup, false)) return;
  const adjustment = adjustmentOf(def, lookup);
  if (adjustment === null) return;
  const expected = productOf(def, lookup);
  const read =
    expected === null
      ? readVarbind(def, varbind, adjustment)
      : readNear(def, varbind, adjustment, expected);
  note(def, varbind, read, adjustment.class, set, onRefused);
}

function note(
  def: ReadingDef,
  varbind: Varbind,
  read: Read,
  readingClass: ReadingClass | null,
  set: ValueSet,
  onRefused: OnRefused,
): void {
  if (read.kind === 'rejected') onRefused(def, varbind, read);
  if (read.kind !== 'value') return;
  set.values.set(def.name, read.value);
  set.facts.set(def.name, {
    varbind,
    otherScale: read.otherScale ?? null,
    class: readingClass,
  });
}

/** A product below this says nothing about the unit of a value: what is lost and rounded is more. */
const LEAST_PRODUCT = 100;
/** Real power is this share of volts times amperes. */
const NEAR = { atLeast: 0.3, atMost: 1.15 };

/** What the value should be about; null: nothing tells. */
function productOf(def: ReadingDef, lookup: Lookup): number | null {
  if (def.product.length === 0) return null;
  let product = 1;
  for (const name of def.product) {
    const value = lookup(name);
    if (typeof value !== 'number') return null;
    product *= value;
  }
  return Math.abs(product) < LEAST_PRODUCT ? null : Math.abs(product);
}

/** Reads with the first factor that brings the value near what it should be. */
function readNear(
  def: ReadingDef,
  varbind: Varbind,
  adjustment: Adjustment,
  expected: number,
): Read {
  const ratio = (read: Read) =>
    read.kind === 'value' && typeof read.value === 'number'
      ? Math.abs(read.value) / expected
      : Number.NaN;
  const isNear = (read: Read) => ratio(read) >= NEAR.atLeast && ratio(read) <= NEAR.atMost;
  const declared = readVarbind({ ...def, orScales: [] }, varbind, adjustment);
  // 0 is near nothing: an agent that does not measure power says it while amperes flow.
  if (declared.kind !== 'value' || isNear(declared)) return declared;
  for (const scale of def.orScales) {
    const other = readVarbind({ ...def, scale, orScales: [] }, varbind, adjustment);
    if (other.kind === 'value' && isNear(other)) return { ...other, otherScale: scale };
  }
  return typeof declared.value === 'number'
    ? outOfRange(def, adjustment, declared.value, rangeNear(expected))
    : { kind: 'rejected', reason: 'out-of-range' };
}

function rangeNear(expected: number) {
  return {
    atLeast: Math.floor(expected * NEAR.atLeast),
    atMost: Math.ceil(expected * NEAR.atMost),
  };
}

const MOST_DECIMALS = 12;

/** null when a value that is needed is not there. */
function adjustmentOf(def: ReadingDef, lookup: Lookup): Adjustment | null {
  let factor = 1;
  const named = (name: string): number => {
    const value = lookup(name);
    return typeof value === 'number' ? value : Number.NaN;
  };
  if (def.times !== null) factor *= named(def.times);
  if (def.dividedBy !== null) factor /= named(def.dividedBy);
  if (def.decimals !== null) {
    const decimals = named(def.decimals);
    factor *= Math.abs(decimals) > MOST_DECIMALS ? Number.NaN : 10 ** -decimals;
  }
  if (!Number.isFinite(factor)) return null;
  if (def.unitBy === null) return { factor, class: null, scale: 1, offset: 0 };
  const unit = def.unitBy.units[String(lookup(def.unitBy.value))];
  return unit === undefined ? null : { factor, ...unit };
}
