import type { ReadingDef } from '../config/profile.ts';
import { deviceText } from '../lib/device-text.ts';
import type { RejectedValueReason } from './self-metrics.ts';
import type { Varbind } from './snmp-client.ts';

/** A value as conditions and metrics see it: a number in the base unit, or cleaned text. */
export type Value = number | string;

export type Read =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'absent' }
  | { readonly kind: 'rejected'; readonly reason: RejectedValueReason };

const ABSENT: Read = { kind: 'absent' };
const LONGEST_NUMBER_TEXT = 32;
/** Digits that survive a scale such as 0.1 without noise from binary fractions. */
const SIGNIFICANT_DIGITS = 12;
const WRAPPED_INTEGER = 2 ** 32;
const FEW_DIGITS = 10 ** SIGNIFICANT_DIGITS;

/** Turns what the device sent into a value, or says why it cannot be used. Does not apply `times`. */
export function readVarbind(def: ReadingDef, varbind: Varbind): Read {
  if (isMissing(varbind)) return ABSENT;
  if (def.text) {
    const text = textOf(varbind);
    return text === '' ? ABSENT : { kind: 'value', value: text };
  }
  const sent = numberOf(varbind);
  if (sent === null) return { kind: 'rejected', reason: 'wrong-type' };
  const read = readNumber(def, sent);
  return typeof read === 'number' ? { kind: 'value', value: read } : read;
}

const REJECTED_ABSENT = { kind: 'rejected', reason: 'absent' } as const;
const OUT_OF_RANGE = { kind: 'rejected', reason: 'out-of-range' } as const;

/** As `readVarbind` for a number as it was sent; the number itself when it can be used. */
export function readNumber(
  def: ReadingDef,
  sent: number,
): number | Exclude<Read, { kind: 'value' }> {
  if (def.absent.length > 0 && def.absent.includes(sent)) return REJECTED_ABSENT;
  const raw = def.unsigned && sent < 0 ? sent + WRAPPED_INTEGER : sent;
  const value = scaled(raw, def.scale, def.offset);
  if (isWithin(def, value)) return value;
  if (def.orScale === null) return OUT_OF_RANGE;
  const other = scaled(raw, def.orScale, def.offset);
  return isWithin(def, other) ? other : OUT_OF_RANGE;
}

function scaled(raw: number, scale: number, offset: number): number {
  // As it stands an integer of few digits has no noise.
  if (scale === 1 && offset === 0 && Number.isInteger(raw) && Math.abs(raw) < FEW_DIGITS)
    return raw;
  return Number((raw * scale + offset).toPrecision(SIGNIFICANT_DIGITS));
}

function isWithin({ atLeast, atMost }: ReadingDef, value: number): boolean {
  return !(atLeast !== null && value < atLeast) && !(atMost !== null && value > atMost);
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
