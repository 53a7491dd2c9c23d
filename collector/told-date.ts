import { cleanText } from '../lib/device-text.ts';

/** RFC 2579 DateAndTime: eight octets, eleven with a zone. */
const DATE_AND_TIME_OCTETS: readonly number[] = [8, 11];
const NOON = 12;
const LEAST_YEAR = 1990;
const MOST_YEAR = 2100;

/**
 * The day that a device tells, in seconds since 1970 at noon UTC, as it does not tell its zone:
 * `06/24/2021`, `06/24/21` (month first, as PowerNet-MIB has it), `2021-06-24`, or DateAndTime. Null
 * for anything else.
 */
export function timestampOf(octets: Uint8Array): number | null {
  const text = cleanText(Buffer.from(octets).toString('latin1'));
  const american = /^(\d{1,2})\/(\d{1,2})\/(\d{2}|\d{4})$/.exec(text);
  if (american !== null) {
    const [, month, day, year] = american.map(Number) as [number, number, number, number];
    return secondsOf(year < 100 ? centuryOf(year) + year : year, month, day);
  }
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})/.exec(text);
  if (iso !== null) return secondsOf(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  if (!DATE_AND_TIME_OCTETS.includes(octets.length)) return null;
  return secondsOf(octets[0]! * 256 + octets[1]!, octets[2]!, octets[3]!);
}

function centuryOf(year: number): number {
  return year >= LEAST_YEAR % 100 ? 1900 : 2000;
}

function secondsOf(year: number, month: number, day: number): number | null {
  if (year < LEAST_YEAR || year > MOST_YEAR) return null;
  const at = new Date(Date.UTC(year, month - 1, day, NOON));
  const isThatDay = at.getUTCMonth() === month - 1 && at.getUTCDate() === day;
  return isThatDay ? at.getTime() / 1000 : null;
}
