import type { DurationMs, EpochMs } from '../lib/time.ts';
import type { StateDurations } from './availability.ts';
import type { DeviceTime } from './figures.ts';
import { formatSpan, formatZoned } from './format-time.ts';
import type { Period } from './period.ts';
import type { ReportWords } from './report-words.ts';
import type { SegmentStore } from './segments.ts';

/** How little is known of a period: what a verdict on it must not be told without. */
export interface KnownPart {
  /** Since when anything is; null: from the start of the period, or never. */
  readonly since: EpochMs | null;
  /**
   * Time of the devices in which they were seen to be up or down, and what it is held against: all of
   * the period where its beginning is not known or most of it is left out, else the time that was there
   * to be measured: planned work and what is out of service were known all the same.
   */
  readonly measuredMs: DurationMs;
  readonly wholeMs: DurationMs;
  readonly deviceCount: number;
}

/** A period that begins with less unknown than this part of it, and of which more than that is measured, is whole. */
const LATE_PERCENT = 1;
const MEASURED_PERCENT = 95;
/** Of a period of which less than this was measured the verdict says little, whatever the reason. */
const LEAST_PERCENT = 50;

/** Null where a period is known as good as whole, as one is by a service that ran all the time. */
export function deriveKnownPart(
  times: readonly DeviceTime[],
  segments: SegmentStore,
  from: EpochMs,
  countedTo: EpochMs,
): KnownPart | null {
  const deviceCount = times.length;
  if (countedTo === from || deviceCount === 0) return null;
  let measuredMs = 0;
  let unknownMs = 0;
  for (const { durations } of times) {
    const { up, degraded, down, unreachable, unknown } = durations;
    measuredMs += up + degraded + down + unreachable;
    unknownMs += unknown;
  }
  const since = knownSince(times, segments, from, countedTo);
  const isLate = (since - from) * 100 >= (countedTo - from) * LATE_PERCENT;
  const periodMs = (countedTo - from) * deviceCount;
  const isMostlyLeftOut = measuredMs * 100 < periodMs * LEAST_PERCENT;
  const wholeMs = isLate || isMostlyLeftOut ? periodMs : measuredMs + unknownMs;
  if (!isLate && measuredMs * 100 >= wholeMs * MEASURED_PERCENT) return null;
  const isEver = since < countedTo;
  return { since: isLate && isEver ? since : null, measuredMs, wholeMs, deviceCount };
}

/** Whether less was measured than makes a period known as good as whole, by the time that is told of it. */
export function isLittleMeasured(durations: Readonly<StateDurations>): boolean {
  const { up, degraded, down, unreachable, unknown, maintenance } = durations;
  const measuredMs = up + degraded + down + unreachable;
  const periodMs = measuredMs + unknown + maintenance + durations['out-of-service'];
  return (
    measuredMs * 100 < periodMs * LEAST_PERCENT ||
    measuredMs * 100 < (measuredMs + unknown) * MEASURED_PERCENT
  );
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
