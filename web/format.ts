import { language, messages } from './language.ts';
import { summary } from './live-data.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Largest two units: `3 d 4 h`, `12 min`, `40 s`. */
export function formatDuration(durationMs: number): string {
  const text = messages.value;
  const whole = Math.max(0, durationMs);
  const part = (size: number) => Math.floor(whole / size);
  if (whole >= DAY) return both(text.days(part(DAY)), text.hours(part(HOUR) % 24), part(HOUR) % 24);
  if (whole >= HOUR)
    return both(text.hours(part(HOUR)), text.minutes(part(MINUTE) % 60), part(MINUTE) % 60);
  return whole >= MINUTE ? text.minutes(part(MINUTE)) : text.seconds(part(SECOND));
}

function both(large: string, small: string, smallCount: number): string {
  return smallCount === 0 ? large : `${large} ${small}`;
}

/** Minutes and seconds for a running clock: `6:05`. */
export function formatCountdown(durationMs: number): string {
  const seconds = Math.floor(Math.abs(durationMs) / SECOND);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatter(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const timeZone = summary.value?.timeZone ?? 'UTC';
  const key = `${language.value} ${timeZone} ${JSON.stringify(options)}`;
  const known = formats.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(language.value, { ...options, timeZone, hourCycle: 'h23' });
  formats.set(key, made);
  return made;
}

const CLOCK = { hour: '2-digit', minute: '2-digit' } as const;
const TO_SECONDS = { ...CLOCK, second: '2-digit' } as const;

/** `19:26 GMT+8`, with the date when it is not of today. */
export function formatInstant(instant: string | number, now: number): string {
  const at = typeof instant === 'number' ? instant : Date.parse(instant);
  const date = isSameDay(at, now) ? {} : ({ month: 'short', day: 'numeric' } as const);
  return formatter({ ...date, ...CLOCK, timeZoneName: 'short' }).format(at);
}

/** `Jun 24, 2021` */
export function formatDay(at: number): string {
  return formatter({ year: 'numeric', month: 'short', day: 'numeric' }).format(at);
}

/** `19:26:05`, with the date when it is not of today; for columns whose heading names the zone. */
export function formatTimeOfDay(instant: string | number, now: number): string {
  const at = typeof instant === 'number' ? instant : Date.parse(instant);
  const date = isSameDay(at, now) ? {} : ({ month: 'short', day: 'numeric' } as const);
  return formatter({ ...date, ...TO_SECONDS }).format(at);
}

/** For the header: the present to the second, with its zone. */
export function formatPresent(now: number): string {
  return formatter({ ...TO_SECONDS, timeZoneName: 'short' }).format(now);
}

/**
 * For the axis of a picture, whose zone stands beside it: `19:26`, to the second where ticks are so
 * close, `Nov 30` at midnight and where they are days apart.
 */
export function formatAxisInstant(at: number, stepMs: number): string {
  const clock = formatter(stepMs < MINUTE ? TO_SECONDS : CLOCK).format(at);
  const isDate = stepMs >= DAY || /^00:00(:00)?$/.test(clock);
  return isDate ? formatter({ month: 'short', day: 'numeric' }).format(at) : clock;
}

/** `Asia/Shanghai (GMT+8)` */
export function formatZone(now: number): string {
  const short = formatter({ timeZoneName: 'short' })
    .formatToParts(now)
    .find(({ type }) => type === 'timeZoneName')?.value;
  const zone = summary.value?.timeZone ?? 'UTC';
  return short === undefined || short === zone ? zone : `${zone} (${short})`;
}

function isSameDay(left: number, right: number): boolean {
  const day = formatter({ year: 'numeric', month: '2-digit', day: '2-digit' });
  return day.format(left) === day.format(right);
}

/** In the digits of the language, with at most so many decimals. */
export function formatNumber(value: number, digits: number): string {
  return new Intl.NumberFormat(language.value, { maximumFractionDigits: digits }).format(value);
}

const BIT_UNITS = ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s', 'Tbit/s'];

/** `1.24 Gbit/s`; a dash for null. */
export function formatBitRate(bitsPerSecond: number | null): string {
  return bitsPerSecond === null ? '–' : formatScaled(bitsPerSecond, 1000, BIT_UNITS);
}

/** With the largest unit that leaves a digit before the point; each is `step` of the one before. */
export function formatScaled(value: number, step: number, units: readonly string[]): string {
  let rest = Math.abs(value);
  let unit = 0;
  for (; rest >= step && unit < units.length - 1; unit++) rest /= step;
  return `${formatNumber(Math.sign(value) * rest, rest < 10 ? 2 : rest < 100 ? 1 : 0)} ${units[unit]}`;
}

/** `4.2 ms`, `180 ms`. */
export function formatMilliseconds(durationMs: number): string {
  return `${formatNumber(durationMs, durationMs < 10 ? 1 : 0)} ms`;
}
