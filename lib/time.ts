/** An instant of the wall clock: milliseconds since 1970-01-01T00:00:00Z. Used for records and deadlines. */
export type EpochMs = number;

/** A length of time in milliseconds. */
export type DurationMs = number;

export const SECOND: DurationMs = 1000;
export const MINUTE: DurationMs = 60 * SECOND;
export const HOUR: DurationMs = 60 * MINUTE;
export const DAY: DurationMs = 24 * HOUR;

const UNIT_MS: Readonly<Record<string, DurationMs>> = {
  ms: 1,
  s: SECOND,
  m: MINUTE,
  h: HOUR,
  d: DAY,
};

/**
 * Reads a duration such as `15s`, `1m30s`, `500ms`, `2h` or `7d`.
 * Returns null for anything else (no unit, negative, fraction, empty).
 */
export function parseDuration(text: string): DurationMs | null {
  if (!/^(\d{1,9}(ms|[smhd]))+$/.test(text)) return null;
  let total = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)(ms|[smhd])/g)) {
    total += Number(count) * UNIT_MS[unit as string]!;
  }
  return total;
}

/**
 * Writes a duration for a person, largest two units: `2d 4h`, `12m 30s`, `45s`, `0s`.
 * A negative duration gets a leading minus sign; milliseconds are rounded down.
 */
export function formatDuration(durationMs: DurationMs): string {
  const sign = durationMs < 0 ? '-' : '';
  let rest = Math.floor(Math.abs(durationMs) / SECOND) * SECOND;
  const parts: string[] = [];
  for (const [unit, size] of [
    ['d', DAY],
    ['h', HOUR],
    ['m', MINUTE],
    ['s', SECOND],
  ] as const) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0 || (parts.length > 0 && parts.length < 2)) parts.push(`${count}${unit}`);
    if (parts.length === 2) break;
  }
  return (
    sign + (parts.length === 0 ? '0s' : parts.filter((part) => !part.startsWith('0')).join(' '))
  );
}

/** RFC 3339 in UTC with milliseconds, the form of every instant in the API and the journal export. */
export function formatInstant(at: EpochMs): string {
  return new Date(at).toISOString();
}
