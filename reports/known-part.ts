import type { DurationMs, EpochMs } from '../lib/time.ts';
import type { DeviceTime } from './figures.ts';
import { formatSpan, formatZoned } from './format-time.ts';
import type { Period } from './period.ts';
import type { ReportWords } from './report-words.ts';
import type { SegmentStore } from './segments.ts';

/** How little is known of a period: what a verdict on it must not be told without. */
export interface KnownPart {
  /** Since when anything is; null: from the start of the period, or never. */
  readonly since: EpochMs | null;
  /** Time of the devices in which they were seen to be up or down, and all of their time. */
  readonly measuredMs: DurationMs;
  readonly wholeMs: DurationMs;
  readonly deviceCount: number;
}

/** A period that begins with less unknown than this part of it, and of which more than that is measured, is whole. */
const LATE_PERCENT = 1;
const MEASURED_PERCENT = 95;

/** Null where a period is known as good as whole, as one is by a service that ran all the time. */
export function deriveKnownPart(
  times: readonly DeviceTime[],
  segments: SegmentStore,
  from: EpochMs,
  countedTo: EpochMs,
): KnownPart | null {
  const deviceCount = times.length;
  const wholeMs = (countedTo - from) * deviceCount;
  if (wholeMs === 0) return null;
  let measuredMs = 0;
  for (const { durations } of times) {
    const { up, degraded, down, unreachable } = durations;
    measuredMs += up + degraded + down + unreachable;
  }
  const since = knownSince(times, segments, from, countedTo);
  const isLate = (since - from) * 100 >= (countedTo - from) * LATE_PERCENT;
  if (!isLate && measuredMs * 100 >= wholeMs * MEASURED_PERCENT) return null;
  const isEver = since < countedTo;
  return { since: isLate && isEver ? since : null, measuredMs, wholeMs, deviceCount };
}

/** The first instant at which a device was observed, or in declared work; `to` where none ever was. */
function knownSince(
  times: readonly DeviceTime[],
  segments: SegmentStore,
  from: EpochMs,
  to: EpochMs,
): EpochMs {
  let first = to;
  for (const { device } of times) {
    let at = from;
    for (const segment of segments.notUp(device.id, from, first)) {
      const isKnown = segment.state !== 'unknown' && segment.state !== 'out-of-service';
      if (isKnown || segment.from > at) break;
      at = segment.to;
    }
    first = Math.min(first, at);
    if (first === from) break;
  }
  return first;
}

/** `1d 8h out of 90d (known since 2026-03-30 …)`; of several devices their mean. Empty for null. */
export function sayKnownPart(
  known: KnownPart | null,
  { timeZone }: Pick<Period, 'timeZone'>,
  words: ReportWords,
): string {
  if (known === null) return '';
  const { measuredMs, wholeMs, deviceCount, since } = known;
  const [measured, whole] = [measuredMs, wholeMs].map((ms) =>
    formatSpan(Math.floor(ms / deviceCount), words),
  );
  const notes = [
    ...(since === null ? [] : [words.knownSince(formatZoned(since, timeZone))]),
    ...(deviceCount === 1 ? [] : [words.meanOf(deviceCount)]),
  ];
  const note = notes.length === 0 ? '' : words.inBrackets(notes.join(words.comma));
  return `${words.knownPart(measured!, whole!)}${note}`;
}
