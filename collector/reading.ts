import type { ReadingDef } from '../config/profile.ts';
import {
  isPossible,
  meansNoValue,
  possibleRanges,
  READING_CLASSES,
  type ReadingClass,
} from '../config/reading-class.ts';
import { deviceText } from '../lib/device-text.ts';
import type { RejectedValueReason } from './self-metrics.ts';
import type { Varbind } from './snmp-client.ts';
import { timestampOf } from './told-date.ts';

/** A value as conditions and metrics see it: a number in the base unit, or cleaned text. */
export type Value = number | string;

export type Read =
  | {
      readonly kind: 'value';
      readonly value: Value;
      /** The factor that was used in place of the declared one; absent: the declared one was. */
      readonly otherScale?: number;
    }
  | { readonly kind: 'absent' }
  | Rejected;

/** What was sent cannot be used. */
export interface Rejected {
  readonly kind: 'rejected';
  readonly reason: RejectedValueReason;
  /** Absent where no value was made of what was sent. */
  readonly made?: MadeValue;
}

/** A value that is not believed, and what would be. */
export interface MadeValue {
  readonly class: ReadingClass | null;
  /** In the base unit. */
  readonly value: number;
  /** The factor from what was sent; null: no plain factor. */
  readonly scale: number | null;
  /** The least first. */
  readonly possible: readonly Ends[];
}

/** null: there is no end. */
export interface Ends {
  readonly atLeast: number | null;
  readonly atMost: number | null;
}

const ABSENT: Read = { kind: 'absent' };
const LONGEST_NUMBER_TEXT = 32;
/** Digits that survive a scale such as 0.1 without noise from binary fractions. */
const SIGNIFICANT_DIGITS = 12;
const WRAPPED_INTEGER = 2 ** 32;
const FEW_DIGITS = 10 ** SIGNIFICANT_DIGITS;

const REJECTED_ABSENT = { kind: 'rejected', reason: 'absent' } as const;
const WRONG_TYPE = { kind: 'rejected', reason: 'wrong-type' } as const;

/** What other values of the same row or device do to a value. */
export interface Adjustment {
  readonly factor: number;
  readonly class: ReadingClass | null;
  readonly scale: number;
  readonly offset: number;
}

function readDate(varbind: Varbind): Read {
  const { value } = varbind;
  const seconds = value instanceof Uint8Array ? timestampOf(value) : null;
  return seconds === null ? WRONG_TYPE : { kind: 'value', value: seconds };
}

const NO_ADJUSTMENT: Adjustment = { factor: 1, class: null, scale: 1, offset: 0 };

/** Turns what the device sent into a value, or says why it cannot be used. */
export function readVarbind(
  def: ReadingDef,
  varbind: Varbind,
  adjustment: Adjustment = NO_ADJUSTMENT,
): Read {
  if (isMissing(varbind)) return ABSENT;
  if (def.text) {
    const text = textOf(varbind);
    return text === '' ? ABSENT : { kind: 'value', value: text };
  }
  if (def.convert === 'date-to-timestamp') return readDate(varbind);
  const sent = def.pattern === null ? numberOf(varbind) : numberIn(def.pattern, textOf(varbind));
  if (sent === null) {
    const text = textOf(varbind);
    if (def.states[text] !== undefined) return { kind: 'value', value: text };
    return def.absentTexts.includes(text) ? REJECTED_ABSENT : WRONG_TYPE;
  }
  const read = readNumber(def, sent, adjustment);
  return typeof read === 'number' ? { kind: 'value', value: read } : read;
}

function numberIn(pattern: RegExp, text: string): number | null {
  const found = pattern.exec(text)?.[1];
  const number = found === undefined ? Number.NaN : Number(found);
  return Number.isFinite(number) ? number : null;
}

/** As `readVarbind` for a number as it was sent; the number itself when it is used as declared. */
export function readNumber(
  def: ReadingDef,
  sent: number,
  adjustment: Adjustment = NO_ADJUSTMENT,
): number | Read {
  if (def.absent.length > 0 && def.absent.includes(sent)) return REJECTED_ABSENT;
  const readingClass = adjustment.class ?? def.class;
  // Before any guess: a factor that makes a likely value of such a number tells a lie.
  if (readingClass !== null && meansNoValue(readingClass, sent)) return REJECTED_ABSENT;
  const raw = def.unsigned && sent < 0 ? sent + WRAPPED_INTEGER : sent;
  const value = converted(def, adjustment, raw, def.scale);
  if (isBelieved(def, readingClass, value)) return value;
  for (const scale of otherScales(def, readingClass)) {
    const other = converted(def, adjustment, raw, scale);
    if (isBelieved(def, readingClass, other))
      return { kind: 'value', value: other, otherScale: scale };
  }
  return outOfRange(def, adjustment, value);
}

/** Refuses a value, with what was made of what was sent; `expected`: what it should be for another reason. */
export function outOfRange(
  def: ReadingDef,
  by: Adjustment,
  value: number,
  expected: Ends | null = null,
): Rejected {
  const readingClass = by.class ?? def.class;
  const scale = Number((def.scale * by.scale * by.factor).toPrecision(SIGNIFICANT_DIGITS));
  const possible = expected === null ? believedRanges(def, readingClass) : [expected];
  const made = { class: readingClass, value, scale: def.convert === null ? scale : null, possible };
  return { kind: 'rejected', reason: 'out-of-range', made };
}

function converted(def: ReadingDef, by: Adjustment, raw: number, scale: number): number {
  if (by === NO_ADJUSTMENT && def.convert === null) return scaled(raw, scale, def.offset);
  const inUnit = (raw * scale + def.offset) * by.scale + by.offset;
  const value = inUnit * by.factor;
  if (def.convert === null)
    return Number.isInteger(value) ? value : Number(value.toPrecision(SIGNIFICANT_DIGITS));
  if (def.convert === 'hundredths-dbm-or-microwatts')
    return value < 0 ? value / 100 : dbmOf(value / 1000);
  return value <= 0 ? NOTHING_RECEIVED_DBM : Math.max(NOTHING_RECEIVED_DBM, dbmOf(value));
}

/** What receivers call no light. */
const NOTHING_RECEIVED_DBM = -40;

function dbmOf(milliwatts: number): number {
  return Number((10 * Math.log10(milliwatts)).toPrecision(SIGNIFICANT_DIGITS));
}

function scaled(raw: number, scale: number, offset: number): number {
  // As it stands an integer of few digits has no noise.
  if (scale === 1 && offset === 0 && Number.isInteger(raw) && Math.abs(raw) < FEW_DIGITS)
    return raw;
  return Number((raw * scale + offset).toPrecision(SIGNIFICANT_DIGITS));
}

/** Bounds that a profile gives stand for those of what is measured, each for its own end. */
function isBelieved(def: ReadingDef, readingClass: ReadingClass | null, value: number): boolean {
  const { atLeast, atMost } = def;
  if (atLeast === null && atMost === null)
    return readingClass === null || isPossible(readingClass, value);
  // As `believedRanges`, without making any: this is asked of every value of every poll.
  const own = readingClass === null ? null : possibleRanges(readingClass);
  const least = atLeast ?? own?.[0]?.atLeast ?? value;
  const most = atMost ?? own?.at(-1)?.atMost ?? value;
  return value >= least && value <= most;
}

/** One range where the profile gives a bound, for what it gives none the outermost of the class. */
function believedRanges(
  { atLeast, atMost }: ReadingDef,
  readingClass: ReadingClass | null,
): readonly Ends[] {
  const own = readingClass === null ? [] : possibleRanges(readingClass);
  if (atLeast === null && atMost === null) return own;
  return [
    {
      atLeast: atLeast ?? own[0]?.atLeast ?? null,
      atMost: atMost ?? own.at(-1)?.atMost ?? null,
    },
  ];
}

function otherScales(def: ReadingDef, readingClass: ReadingClass | null): readonly number[] {
  if (def.orScales.length > 0) return def.orScales;
  if (readingClass === null) return [];
  return READING_CLASSES[readingClass].spread.map((factor) => def.scale * factor);
}

/** The three exceptions of RFC 3416 §3, and NULL, which some agents send for a missing cell. */
export function isMissing(varbind: Varbind): boolean {
  return varbind.value === null;
}

/** The number a device sent, whatever type it chose: some send numbers as text. null when it is none. */
export function numberOf(varbind: Pick<Varbind, 'value'>): number | null {
  const { value } = varbind;
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Uint8Array && value.length <= LONGEST_NUMBER_TEXT) {
    const text = deviceText(value).trim();
    return /^[-+]?\d+(\.\d+)?$/.test(text) ? Number(text) : null;
  }
  return null;
}

/** What the device sent, as cleaned text; empty when it sent nothing. */
export function textOf(varbind: Varbind): string {
  const { value } = varbind;
  if (value instanceof Uint8Array) return deviceText(value);
  return value === null ? '' : String(value);
}
