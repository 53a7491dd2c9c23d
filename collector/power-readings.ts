import { type LocalText, sayWith } from '../lib/local-text.ts';
import { MINUTE, SECOND } from '../lib/time.ts';
import { addSample, type Work } from './evaluation-work.ts';
import { METRIC_PREFIX } from './metrics.ts';
import type { Condition } from './observation.ts';
import { type BatteryReading, forecastPower, type PowerForecast } from './power-forecast.ts';

const BOUNDS = ['low', 'likely', 'high'] as const;

/**
 * Forecasts how long the load lasts from the readings of this poll, exports it, and gives the minutes
 * to faults of the battery that have none of their own. null for what is no power system, or tells nothing.
 */
export function forecastOf(work: Work, nowMs: number): PowerForecast | null {
  const reading = batteryReading(work);
  if (reading === null) {
    work.memory.discharge.points = [];
    return null;
  }
  const forecast = forecastPower(work.memory.discharge, reading, nowMs);
  if (forecast === null) return null;
  for (const bound of BOUNDS) {
    const seconds = Math.round(forecast[`${bound}Ms`] / SECOND);
    addSample(work, 'power_forecast_seconds', { bound }, seconds, null);
  }
  return forecast;
}

/** Told by profiles as 1 while the battery is being tested. */
export const TEST_METRIC = 'power_battery_test';
export const ON_BATTERY_METRIC = 'power_on_battery';
/** Judged by a standard of its own. */
export const BATTERY_CELSIUS_METRIC = 'power_battery_celsius';
const RUNTIME_METRIC = 'power_runtime_seconds';

/**
 * A battery that is being tested bears the load because somebody wants it to: the device is not on
 * battery, whichever of its profiles says so.
 */
export function withholdTested({ found, series }: Work): void {
  const others = found.conditions.filter(({ kind }) => kind !== 'on-battery');
  found.conditions.splice(0, found.conditions.length, ...others);
  for (const [metric, value] of TOLD_IN_A_TEST) {
    const key = METRIC_PREFIX + metric;
    const kept = series.get(key);
    if (kept !== undefined) series.set(key, { ...kept, sample: { ...kept.sample, value } });
  }
}

const TOLD_IN_A_TEST = [
  [TEST_METRIC, 1],
  [ON_BATTERY_METRIC, 0],
] as const;

/** Cards that do not know the time left say 0: with this charge nobody means it. */
const CHARGE_THAT_BELIES_NONE_LEFT = 0.25;

/** Leaves out a time left of 0 that the charge belies, whichever profile tells it. */
export function withholdNoneLeft(work: Work): void {
  if (powerValue(work, RUNTIME_METRIC) !== 0) return;
  const charge = powerValue(work, 'power_charge_ratio');
  if (charge === null || charge < CHARGE_THAT_BELIES_NONE_LEFT) return;
  work.series.delete(METRIC_PREFIX + RUNTIME_METRIC);
  const { conditions } = work.found;
  conditions.forEach((condition, place) => {
    const { facts } = condition;
    if (facts.batteryMinutes !== 0) return;
    conditions[place] = { ...condition, facts: { ...facts, batteryMinutes: null } };
  });
}

/**
 * The conditions with the minutes that are reckoned with: those of the forecast where the device told
 * none, or more than is left. What it reported is then said beside them, and why it does not count.
 */
export function withForecast(
  conditions: readonly Condition[],
  forecast: PowerForecast | null,
): readonly Condition[] {
  if (forecast === null || !forecast.onBattery) return conditions;
  const { reportDoubt: doubt } = forecast;
  const likely = forecast.likelyMs / MINUTE;
  return conditions.map((condition) => {
    if (condition.kind !== 'on-battery' && condition.kind !== 'battery-low') return condition;
    const told = condition.facts.batteryMinutes;
    const batteryMinutes = told === null || doubt === 'stale' ? likely : Math.min(told, likely);
    const facts = { ...condition.facts, batteryMinutes };
    return { ...condition, facts, text: withDoubt(condition.text, forecast) };
  });
}

function withDoubt(text: LocalText, { reportedMs, reportDoubt }: PowerForecast): LocalText {
  if (reportDoubt === null || reportedMs === null) return text;
  const minutes = String(Math.floor(reportedMs / MINUTE));
  return reportDoubt === 'stale'
    ? sayWith(
        { text, minutes },
        '{text}; the {minutes} min that it reports stand still while the battery runs down',
        '{text}；设备上报的 {minutes} 分钟在电量下降时一直未变，不予采信',
      )
    : sayWith(
        { text, minutes },
        '{text}; it reports {minutes} min, but the battery runs down faster',
        '{text}；设备上报 {minutes} 分钟，但电量下降得更快',
      );
}

/** The value of the device's series of that metric with these labels; null: it tells none. */
export function powerValue({ series }: Work, metric: string, ...labels: string[]): number | null {
  const kept = series.get([METRIC_PREFIX + metric, ...labels].join('\u0000'));
  return kept === undefined ? null : Number(kept.sample.value);
}

/** The values of all lines of that metric. */
export function powerValues({ series }: Work, metric: string): number[] {
  const name = METRIC_PREFIX + metric;
  return [...series.values()].flatMap(({ sample }) =>
    sample.metric.name === name ? [Number(sample.value)] : [],
  );
}

/**
 * Whether the load is on battery; null: nothing tells. Profiles that have no flag of their own say it
 * by a condition.
 */
export function isOnBattery(work: Work): boolean | null {
  const told = powerValue(work, ON_BATTERY_METRIC);
  if (told !== null) return told === 1;
  return onBatteryCondition(work) === undefined ? null : true;
}

function onBatteryCondition({ found }: Work): Condition | undefined {
  return found.conditions.find(({ kind }) => kind === 'on-battery');
}

/** Profiles that have no flag of their own tell the charge by a condition too. */
function batteryReading(work: Work): BatteryReading | null {
  const onBattery = isOnBattery(work);
  if (onBattery === null) return null;
  const read = (metric: string) => powerValue(work, metric);
  const runtimeSeconds = read(RUNTIME_METRIC);
  const loads = powerValues(work, 'power_load_ratio');
  return {
    onBattery,
    runtimeMs: runtimeSeconds === null ? null : runtimeSeconds * SECOND,
    chargeRatio: read('power_charge_ratio') ?? onBatteryCondition(work)?.facts.chargeRatio ?? null,
    loadRatio: loads.length === 0 ? null : Math.max(...loads),
    busVolts: read('power_dc_volts') ?? read('power_battery_volts'),
  };
}
