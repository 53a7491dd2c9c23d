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

/** Turns what the device sent into a value, or says why it cannot be used. Does not apply `times`. */
export function readVarbind(def: ReadingDef, varbind: Varbind): Read {
  if (isMissing(varbind)) return ABSENT;
  if (def.text) {
    const text = textOf(varbind);
    return text === '' ? ABSENT : { kind: 'value', value: text };
  }
  const sent = numberOf(varbind);
  if (sent === null) return { kind: 'rejected', reason: 'wrong-type' };
  if (def.absent.includes(sent)) return { kind: 'rejected', reason: 'absent' };
  const raw = def.unsigned && sent < 0 ? sent + WRAPPED_INTEGER : sent;
  for (const scale of [def.scale, def.orScale]) {
    if (scale === null) continue;
    const value = Number((raw * scale + def.offset).toPrecision(SIGNIFICANT_DIGITS));
    const tooLow = def.atLeast !== null && value < def.atLeast;
    if (!tooLow && !(def.atMost !== null && value > def.atMost)) return { kind: 'value', value };
  }
  return { kind: 'rejected', reason: 'out-of-range' };
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
