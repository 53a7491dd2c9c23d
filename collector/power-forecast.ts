import { type DurationMs, MINUTE } from '../lib/time.ts';

/** What one poll of a power system tells of its battery; null: it does not tell. */
export interface BatteryReading {
  readonly onBattery: boolean;
  /** As the system itself estimates. */
  readonly runtimeMs: DurationMs | null;
  /** 0..1 */
  readonly chargeRatio: number | null;
  /** Share of the rated power, of the line that bears most. */
  readonly loadRatio: number | null;
  /** Of a 48 V plant, whose controllers often tell no charge. */
  readonly busVolts: number | null;
}

export const FORECAST_BASES = [
  'reported',
  'discharge',
  'reported-and-discharge',
  'voltage',
] as const;
export type ForecastBasis = (typeof FORECAST_BASES)[number];

/** Why what a system reports is not reckoned with: it stands still, or the battery falls faster. */
export const REPORT_DOUBTS = ['stale', 'too-long'] as const;
export type ReportDoubt = (typeof REPORT_DOUBTS)[number];

/** Time until the load goes dark: while on battery from now on, else if the mains failed now. */
export interface PowerForecast {
  readonly onBattery: boolean;
  readonly lowMs: DurationMs;
  readonly likelyMs: DurationMs;
  readonly highMs: DurationMs;
  readonly basis: ForecastBasis;
  /** What the system itself reports, reckoned with or not; null: nothing. */
  readonly reportedMs: DurationMs | null;
  /** null: what is reported is what is reckoned with, or nothing is. */
  readonly reportDoubt: ReportDoubt | null;
}

/** What is remembered of a discharge; it begins anew with each. */
export interface DischargeMemory {
  points: DischargePoint[];
}

interface DischargePoint {
  readonly atMs: number;
  readonly charge: number | null;
  readonly load: number | null;
  readonly volts: number | null;
  readonly runtimeMs: DurationMs | null;
}

const MOST_POINTS = 240;
/** A fall is measured over no less than this, and no smaller fall. */
const SHORTEST_SPAN_MS = 2 * MINUTE;
const SMALLEST_CHARGE_FALL = 0.02;
const SMALLEST_VOLT_FALL = 0.3;
/** From this fall of charge on, and no larger error, a discharge that lasts shorter than reported is believed. */
const FALL_THAT_PROVES = 0.05;
const MOST_SLOPE_ERROR = 0.3;
/** A report that does not change over so long, while so much is lost, stands still. */
const STALE_SPAN_MS = 3 * MINUTE;
const VOLT_FALL_OF_STALE = 0.6;
/** How far off the estimates of power systems are, with batteries that are not new. */
const REPORT_BOUNDS = { low: 0.7, high: 1.2 } as const;
const LEAST_SLOPE_ERROR = 0.1;
const LEAST_MARGIN = { low: 0.9, high: 1.1 } as const;
/** Where the low-voltage disconnect of a 48 V plant usually opens, and what such a plant can be at. */
const DISCONNECT_VOLTS = 43.2;
const PLANT_VOLTS = { least: 40, most: 60 } as const;
const NOTHING_REPORTED = { reportedMs: null, reportDoubt: null } as const;
/** A lead battery falls faster towards its end: a straight line is the most that can be hoped for. */
const VOLTAGE_BOUNDS = { low: 0.4, likely: 0.7 } as const;

/** Of a system that was never on battery. */
export function noDischarge(): DischargeMemory {
  return { points: [] };
}

/**
 * Minutes to dark: the shorter of what the system reports and of what its charge, as it has fallen at
 * the load it had, gives at the load now, once that has fallen far enough to tell. A report that
 * stands still while the charge falls is told, but not reckoned with. null where nothing tells.
 * Remembers the reading while on battery.
 */
export function forecastPower(
  memory: DischargeMemory,
  reading: BatteryReading,
  nowMs: number,
): PowerForecast | null {
  const { runtimeMs } = reading;
  if (!reading.onBattery) {
    memory.points = [];
    return runtimeMs === null ? null : reportedForecast(runtimeMs, false);
  }
  const { chargeRatio: charge, loadRatio: load, busVolts: volts } = reading;
  const point = { atMs: nowMs, charge, load, volts, runtimeMs };
  memory.points = [...memory.points, point].slice(-MOST_POINTS);
  const discharge = dischargeForecast(memory.points, reading);
  if (runtimeMs === null) return discharge?.forecast ?? voltageForecast(memory.points);
  if (isStale(memory.points, runtimeMs)) {
    const own = discharge?.forecast ?? voltageForecast(memory.points);
    if (own !== null) return { ...own, reportedMs: runtimeMs, reportDoubt: 'stale' };
  }
  return discharge === null ? reportedForecast(runtimeMs, true) : combined(runtimeMs, discharge);
}

/** Whether the report has been the same for so long that what was lost meanwhile must have changed it. */
function isStale(points: readonly DischargePoint[], runtimeMs: DurationMs): boolean {
  const other = points.findLastIndex((point) => point.runtimeMs !== runtimeMs);
  const [first, last] = [points[other + 1], points.at(-1)];
  if (first === undefined || last === undefined) return false;
  if (last.atMs - first.atMs < STALE_SPAN_MS) return false;
  const fell = (from: number | null, to: number | null) =>
    from === null || to === null ? 0 : from - to;
  return (
    fell(first.charge, last.charge) >= FALL_THAT_PROVES ||
    fell(plantVolts(first), plantVolts(last)) >= VOLT_FALL_OF_STALE
  );
}

/** The volts of a point where they are those of a 48 V plant. */
function plantVolts({ volts }: DischargePoint): number | null {
  if (volts === null || volts < PLANT_VOLTS.least || volts > PLANT_VOLTS.most) return null;
  return volts;
}

function reportedForecast(runtimeMs: DurationMs, onBattery: boolean): PowerForecast {
  return {
    onBattery,
    lowMs: runtimeMs * REPORT_BOUNDS.low,
    likelyMs: runtimeMs,
    highMs: runtimeMs * REPORT_BOUNDS.high,
    basis: 'reported',
    reportedMs: runtimeMs,
    reportDoubt: null,
  };
}

interface Discharge {
  readonly forecast: PowerForecast;
  readonly isProven: boolean;
}

function dischargeForecast(
  points: readonly DischargePoint[],
  { chargeRatio, loadRatio }: BatteryReading,
): Discharge | null {
  const line = lineThrough(points, ({ charge }) => charge);
  if (line === null || chargeRatio === null || line.fell < SMALLEST_CHARGE_FALL) return null;
  const loads = points.flatMap(({ load }) => (load === null ? [] : [load]));
  const meanLoad = loads.reduce((sum, load) => sum + load, 0) / loads.length;
  // Twice the load drains twice as fast.
  const pace = loadRatio !== null && loadRatio > 0 && meanLoad > 0 ? loadRatio / meanLoad : 1;
  const likelyMs = chargeRatio / (line.perMs * pace);
  const error = Math.max(LEAST_SLOPE_ERROR, line.error);
  return {
    isProven: line.fell >= FALL_THAT_PROVES && line.error <= MOST_SLOPE_ERROR,
    forecast: {
      onBattery: true,
      lowMs: likelyMs / (1 + error),
      likelyMs,
      highMs: likelyMs * (1 + error),
      basis: 'discharge',
      ...NOTHING_REPORTED,
    },
  };
}

/** Spans what both say; the shorter is what is likely, and a report is doubted that is past all error. */
function combined(runtimeMs: DurationMs, { forecast, isProven }: Discharge): PowerForecast {
  const isTooLong = isProven && forecast.highMs < runtimeMs;
  const likelyMs = isProven ? Math.min(forecast.likelyMs, runtimeMs) : runtimeMs;
  return {
    onBattery: true,
    lowMs: Math.min(likelyMs * LEAST_MARGIN.low, forecast.lowMs),
    likelyMs,
    highMs: Math.max(runtimeMs * LEAST_MARGIN.high, forecast.highMs),
    basis: 'reported-and-discharge',
    reportedMs: runtimeMs,
    reportDoubt: isTooLong ? 'too-long' : null,
  };
}

function voltageForecast(points: readonly DischargePoint[]): PowerForecast | null {
  const last = points.at(-1);
  const line = lineThrough(points, ({ volts }) => volts);
  const volts = last === undefined ? null : plantVolts(last);
  if (line === null || volts === null || line.fell < SMALLEST_VOLT_FALL) return null;
  const highMs = Math.max(0, volts - DISCONNECT_VOLTS) / line.perMs;
  return {
    onBattery: true,
    lowMs: highMs * VOLTAGE_BOUNDS.low,
    likelyMs: highMs * VOLTAGE_BOUNDS.likely,
    highMs,
    basis: 'voltage',
    ...NOTHING_REPORTED,
  };
}

interface FallingLine {
  /** How much is lost in a millisecond; above 0. */
  readonly perMs: number;
  /** How much was lost from the first to the last point. */
  readonly fell: number;
  /** Standard error of the slope as a share of it. */
  readonly error: number;
}

/** Least squares; null when the points are too few, too close together, or do not fall. */
function lineThrough(
  points: readonly DischargePoint[],
  tell: (point: DischargePoint) => number | null,
): FallingLine | null {
  const told = points.flatMap((point) => {
    const value = tell(point);
    return value === null ? [] : [{ x: point.atMs, y: value }];
  });
  const [first, last] = [told[0], told.at(-1)];
  if (first === undefined || last === undefined || told.length < 3) return null;
  if (last.x - first.x < SHORTEST_SPAN_MS) return null;
  const mean = (pick: (point: { x: number; y: number }) => number) =>
    told.reduce((sum, point) => sum + pick(point), 0) / told.length;
  const [xMean, yMean] = [mean(({ x }) => x), mean(({ y }) => y)];
  const xx = told.reduce((sum, { x }) => sum + (x - xMean) ** 2, 0);
  const xy = told.reduce((sum, { x, y }) => sum + (x - xMean) * (y - yMean), 0);
  const slope = xy / xx;
  if (!(slope < 0)) return null;
  const residuals = told.reduce((sum, { x, y }) => sum + (y - yMean - slope * (x - xMean)) ** 2, 0);
  const deviation = Math.sqrt(residuals / Math.max(1, told.length - 2) / xx);
  return { perMs: -slope, fell: first.y - last.y, error: deviation / -slope };
}
