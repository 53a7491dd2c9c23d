import { type LocalText, sayWith } from '../lib/local-text.ts';
import { MINUTE, SECOND } from '../lib/time.ts';
import { addSample, type Work } from './evaluation-work.ts';
import { METRIC_PREFIX } from './metrics.ts';
import type { Condition } from './observation.ts';
import { type BatteryReading, forecastPower, type PowerForecast } from './power-forecast.ts';

const LINES: readonly string[] = ['total', '1', '2', '3'];
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
const ON_BATTERY_METRIC = 'power_on_battery';

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

/** Profiles that have no flag of their own say by a condition that the load is on battery, and tell the charge there. */
function batteryReading({ series, found }: Work): BatteryReading | null {
  const read = (metric: string, ...labels: string[]): number | null => {
    const kept = series.get([METRIC_PREFIX + metric, ...labels].join('\u0000'));
    return kept === undefined ? null : Number(kept.sample.value);
  };
  const condition = found.conditions.find(({ kind }) => kind === 'on-battery');
  const onBattery = read(ON_BATTERY_METRIC) ?? (condition === undefined ? null : 1);
  if (onBattery === null) return null;
  const runtimeSeconds = read('power_runtime_seconds');
  const loads = LINES.flatMap((line) => read('power_load_ratio', line) ?? []);
  return {
    onBattery: onBattery === 1,
    runtimeMs: runtimeSeconds === null ? null : runtimeSeconds * SECOND,
    chargeRatio: read('power_charge_ratio') ?? condition?.facts.chargeRatio ?? null,
    loadRatio: loads.length === 0 ? null : Math.max(...loads),
    busVolts: read('power_dc_volts') ?? read('power_battery_volts'),
  };
}
