import { READING_CLASSES, type ReadingClass } from '../config/reading-class.ts';
import { deviceText } from '../lib/device-text.ts';
import type { Refusal } from './evaluation-work.ts';
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
  readonly oid: string;
  readonly object: string;
  readonly profile: string;
  readonly class: ReadingClass | null;
  readonly raw: RawValue;
  readonly reason: RejectedValueReason;
}

/** What was sent. */
export function rawOf({ value }: Varbind): RawValue {
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
export function refusalOf({ profile, def, oid, varbind, reason }: Refusal): RefusalDetail {
  return {
    oid,
    object: def.name,
    profile: profile.id,
    class: def.class,
    raw: rawOf(varbind),
    reason,
  };
}
