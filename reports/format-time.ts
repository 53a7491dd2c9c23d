import { DAY, type DurationMs, type EpochMs, HOUR, MINUTE, SECOND } from '../lib/time.ts';
import type { LedgerState } from './ledger.ts';
import type { ReportWords } from './report-words.ts';

/**
 * `1d 2h 3m 4s` without the parts that are 0. Rounded down to seconds, also below zero, so that
 * nothing looks better than it is; what is left under a second reads `<1s`.
 */
export function formatSpan(ms: DurationMs, { units }: Pick<ReportWords, 'units'>): string {
  if (ms > 0 && ms < SECOND) return `<1${units[3]}`;
  const sign = ms < 0 ? '−' : '';
  let rest = Math.abs(Math.floor(ms / SECOND)) * SECOND;
  const parts: string[] = [];
  for (const [index, size] of [DAY, HOUR, MINUTE, SECOND].entries()) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count}${units[index]}`);
  }
  return parts.length === 0 ? `0${units[3]}` : sign + parts.join(' ');
}

/** The same for time that was lost or used up: rounded up to seconds, so that it does not look less. */
export function formatLost(ms: DurationMs, words: Pick<ReportWords, 'units'>): string {
  return formatSpan(ms < SECOND ? ms : Math.ceil(ms / SECOND) * SECOND, words);
}

/** The time of a state: lost time rounded up, all other down. */
export function formatState(
  state: LedgerState,
  ms: DurationMs,
  words: Pick<ReportWords, 'units'>,
): string {
  const isLost = state === 'down' || state === 'unreachable' || state === 'unknown';
  return isLost ? formatLost(ms, words) : formatSpan(ms, words);
}

/** `2026-11-01 00:00:00 +08:00` */
export function formatZoned(at: EpochMs, timeZone: string): string {
  const zoned = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
  const { year, month, day, hour, minute, second } = zoned;
  const two = (value: number) => String(value).padStart(2, '0');
  const date = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
  return `${date} ${two(hour)}:${two(minute)}:${two(second)} ${zoned.offset}`;
}
