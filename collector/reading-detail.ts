import { READING_CLASSES, type ReadingClass } from '../config/reading-class.ts';
import { deviceText } from '../lib/device-text.ts';
import type { Refusal } from './evaluation-work.ts';
import type { Ends } from './reading.ts';
import type { Grade, ReadingSource } from './reading-source.ts';
import type { RejectedValueReason } from './self-metrics.ts';
import type { Varbind } from './snmp-client.ts';

/** What the device sent, for people and programs: numbers as such, text cleaned. */
export type RawValue = number | string | null;

/** Where a reading comes from. */
export interface SourceDetail {
  readonly oid: string;
  /** Symbolic name of the object. */
  readonly object: string;
  readonly profile: string;
  readonly title: string;
  readonly class: ReadingClass | null;
  readonly unit: string | null;
  readonly raw: RawValue;
  /** Factor from what was sent to the value, where it is another one than the MIB declares; null: as declared. */
  readonly otherScale: number | null;
  /** null: nothing judges it. */
  readonly grade: Grade | null;
  /** What the number of a state means. */
  readonly stateText: string | null;
}

/** A value that is not shown, and why. */
export interface RefusalDetail {
  /** Blank, and `object` the metric, of a value that was computed of several. */
  readonly oid: string;
  readonly object: string;
  readonly profile: string;
  readonly class: ReadingClass | null;
  readonly raw: RawValue;
  readonly reason: RejectedValueReason;
  /** What was made of it, in the base unit, by which factor; null: nothing, or by no plain factor. */
  readonly value: number | null;
  readonly scale: number | null;
  readonly unit: string | null;
  /** What would be believed; null: nothing was made of it. */
  readonly possible: readonly Ends[] | null;
}

/** What was sent. */
export function rawOf({ value }: Pick<Varbind, 'value'>): RawValue {
  if (value instanceof Uint8Array) return deviceText(value);
  return typeof value === 'bigint' ? Number(value) : value;
}

/** Where a reading comes from, for people. */
export function sourceOf(source: ReadingSource): SourceDetail {
  const { def, facts } = source;
  const raw = rawOf(facts.varbind);
  return {
    oid: source.oid,
    object: def.name,
    profile: source.profile.id,
    title: source.title,
    class: source.class,
    unit: source.class === null ? null : READING_CLASSES[source.class].unit,
    raw,
    otherScale: facts.otherScale,
    grade: source.grade,
    stateText: def.states[String(raw)]?.text ?? null,
  };
}

/** Why a value is not shown. */
export function refusalOf({ profile, def, oid, varbind, why }: Refusal): RefusalDetail {
  const { reason, made } = why;
  const readingClass = made?.class ?? def.class;
  return {
    oid,
    object: def.name,
    profile: profile?.id ?? '',
    class: readingClass,
    raw: rawOf(varbind),
    reason,
    value: made?.value ?? null,
    scale: made?.scale ?? null,
    unit: readingClass === null ? null : READING_CLASSES[readingClass].unit,
    possible: made?.possible ?? null,
  };
}
