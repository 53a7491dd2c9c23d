import type { DurationMs, EpochMs } from '../lib/time.ts';
import type { DeviceTime } from './figures.ts';
import { type Period, type PeriodKind, periodAt } from './period.ts';
import type { SegmentStore } from './segments.ts';

/** One part of a period, `[from, to)`: a day of a month, an hour of a day, a month of a year. */
export interface Bucket {
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** `22`, `W47`, `11` or `14:00`: what stands above its column. */
  readonly label: string;
}

/** What became of a device's time in a bucket; the parts that have not begun are all 0. */
export interface HeatCell {
  readonly lostMs: DurationMs;
  readonly unknownMs: DurationMs;
  readonly maintenanceMs: DurationMs;
  /** Time under the promise: without maintenance and out-of-service. */
  readonly agreedMs: DurationMs;
}

export interface HeatRow {
  /** Null: all devices together. */
  readonly deviceId: string | null;
  readonly cells: readonly HeatCell[];
}

/** How a period went, part by part: all devices together, and those with the most time lost. */
export interface HeatMap {
  readonly buckets: readonly Bucket[];
  readonly all: HeatRow;
  readonly devices: readonly HeatRow[];
}

/** Rows of devices: more would not be read. */
const MOST_ROWS = 40;

const PARTS: Readonly<Record<PeriodKind, 'hour' | 'day' | 'week' | 'month'>> = {
  day: 'hour',
  week: 'day',
  month: 'day',
  quarter: 'week',
  year: 'month',
};
const HOUR_MS = 3_600_000;

/** The parts of a period in its own zone: a day of 25 hours has 25, a week is cut where the quarter ends. */
export function bucketsOf(period: Period): Bucket[] {
  const part = PARTS[period.kind];
  const buckets: Bucket[] = [];
  for (let from = period.from; from < period.to; ) {
    const to = Math.min(period.to, part === 'hour' ? from + HOUR_MS : endOf(part, from, period));
    buckets.push({ from, to, label: labelOf(part, from, period) });
    from = to;
  }
  return buckets;
}

/** The heat map of a period up to `countedTo`. */
export function deriveHeatMap(
  times: readonly DeviceTime[],
  segments: SegmentStore,
  period: Period,
  countedTo: EpochMs,
): HeatMap {
  const buckets = bucketsOf(period);
  const sums = buckets.map(() => ({ lostMs: 0, unknownMs: 0, maintenanceMs: 0, agreedMs: 0 }));
  for (const { device } of times) {
    for (const [index, cell] of heatRow(device.id, segments, buckets, countedTo).entries()) {
      const sum = sums[index]!;
      sum.lostMs += cell.lostMs;
      sum.unknownMs += cell.unknownMs;
      sum.maintenanceMs += cell.maintenanceMs;
      sum.agreedMs += cell.agreedMs;
    }
  }
  const rows = times
    .toSorted((a, b) => badness(b) - badness(a))
    .slice(0, MOST_ROWS)
    .map(({ device: { id } }) => {
      return { deviceId: id, cells: heatRow(id, segments, buckets, countedTo) };
    });
  return { buckets, all: { deviceId: null, cells: sums }, devices: rows };
}

/** What puts a device further up: lost time, and after that time that nobody saw. */
function badness({ durations: { down, unreachable, unknown } }: DeviceTime): number {
  return (down + unreachable) * 1000 + unknown;
}

/** One device's row of a heat map. */
function heatRow(
  deviceId: string,
  segments: SegmentStore,
  buckets: readonly Bucket[],
  countedTo: EpochMs,
): HeatCell[] {
  return buckets.map(({ from, to }) => {
    const until = Math.min(to, countedTo);
    if (until <= from) return { lostMs: 0, unknownMs: 0, maintenanceMs: 0, agreedMs: 0 };
    const durations = segments.durations(deviceId, from, until);
    return {
      lostMs: durations.down + durations.unreachable,
      unknownMs: durations.unknown,
      maintenanceMs: durations.maintenance,
      agreedMs: until - from - durations.maintenance - durations['out-of-service'],
    };
  });
}

function endOf(part: 'day' | 'week' | 'month', at: EpochMs, { timeZone }: Period): EpochMs {
  return periodAt(part, at, timeZone).to;
}

function labelOf(part: string, at: EpochMs, { timeZone }: Period): string {
  const zoned = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
  if (part === 'hour') return String(zoned.hour).padStart(2, '0');
  if (part === 'week') return `W${String(zoned.weekOfYear).padStart(2, '0')}`;
  return String(part === 'month' ? zoned.month : zoned.day);
}
