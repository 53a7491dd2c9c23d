import { POWER_SUBJECTS, type StandardDef } from '../config/standard-def.ts';
import { MINUTE, SECOND } from '../lib/time.ts';
import type { Work } from './evaluation-work.ts';
import { METRIC_PREFIX } from './metrics.ts';
import type { Condition } from './observation.ts';
import {
  BATTERY_CELSIUS_METRIC,
  isOnBattery,
  ON_BATTERY_METRIC,
  powerValue,
  powerValues,
} from './power-readings.ts';
import { holdToStandard } from './standard-check.ts';

type PowerSubject = (typeof POWER_SUBJECTS)[number];
type PowerStandard = StandardDef & { readonly of: PowerSubject };

/** Where profiles tell of the same, so that what a device says itself and what its readings say is one fault. */
const COMPONENTS: Readonly<Record<PowerSubject, string>> = {
  'battery-runtime': 'battery',
  'battery-charge': 'battery',
  'battery-temperature': 'battery',
  'dc-bus': 'battery',
  'output-load': 'output',
};

const METRICS: Readonly<Record<PowerSubject, string>> = {
  'battery-runtime': 'power_runtime_seconds',
  'battery-charge': 'power_charge_ratio',
  'battery-temperature': BATTERY_CELSIUS_METRIC,
  'dc-bus': 'power_dc_volts',
  'output-load': 'power_load_ratio',
};

/** What is left of a battery says something only while it bears the load. */
const OF_DISCHARGE: ReadonlySet<PowerSubject> = new Set([
  'battery-runtime',
  'battery-charge',
  'dc-bus',
]);

/** What a bus of a 48 V plant can be at. */
const PLANT_VOLTS = { least: 36, most: 60 } as const;

/** Whether the standard is for values of the normal power model. */
export function isOfPower(standard: StandardDef): standard is PowerStandard {
  return POWER_SUBJECTS.some((subject) => subject === standard.of);
}

/**
 * Judges a value of the normal power model, whichever profile tells it. What is left of a battery is judged
 * only while the load is on it; a fault of it that stands ends when the value is well back or the mains are, not
 * because a value is not told any more.
 */
export function checkPowerStandard(work: Work, place: string, standard: PowerStandard): void {
  const component = COMPONENTS[standard.of];
  const key = `${place}/${component}`;
  const isOfDischarge = OF_DISCHARGE.has(standard.of);
  if (isOfDischarge && !isOnBattery(work)) {
    if (work.unreadMetrics.has(ON_BATTERY_METRIC)) keepAsItWas(work, key, component);
    return;
  }
  const value = judgedValue(work, standard.of);
  if (value !== null) {
    const facts = isOfDischarge ? batteryFacts(work) : {};
    holdToStandard(work, key, standard, { component, title: component, value, facts });
    return;
  }
  const isUnread = work.unreadMetrics.has(METRICS[standard.of]);
  if (isUnread || isOfDischarge) keepAsItWas(work, key, component);
}

function keepAsItWas({ memory, found }: Work, key: string, component: string): void {
  found.seenKeys.add(key);
  if (memory.conditions.standing.has(key)) found.unreadComponents.add(component);
}

/** null: it is not told, or says nothing of what is judged. */
function judgedValue(work: Work, of: PowerSubject): number | null {
  switch (of) {
    case 'battery-runtime':
      return powerValue(work, 'power_runtime_seconds');
    case 'battery-charge':
      return powerValue(work, 'power_charge_ratio');
    case 'battery-temperature':
      return warmestUnjudged(work);
    case 'dc-bus': {
      const volts = powerValue(work, 'power_dc_volts');
      const isOf48 = volts !== null && volts >= PLANT_VOLTS.least && volts <= PLANT_VOLTS.most;
      return isOf48 ? volts : null;
    }
    case 'output-load': {
      // Rectifiers that charge batteries after an outage give all they can, and are not overloaded.
      if (powerValue(work, 'power_dc_volts') !== null) return null;
      const loads = powerValues(work, 'power_load_ratio');
      return loads.length === 0 ? null : Math.max(...loads);
    }
  }
}

/** Of the temperatures of batteries that the device itself does not judge. */
function warmestUnjudged({ series }: Work): number | null {
  let warmest: number | null = null;
  for (const { sample, source } of series.values()) {
    if (sample.metric.name !== METRIC_PREFIX + BATTERY_CELSIUS_METRIC) continue;
    if (source !== null && source.grade !== null) continue;
    warmest = Math.max(warmest ?? Number.NEGATIVE_INFINITY, Number(sample.value));
  }
  return warmest;
}

function batteryFacts(work: Work): Partial<Condition['facts']> {
  const seconds = powerValue(work, 'power_runtime_seconds');
  return {
    batteryMinutes: seconds === null ? null : (seconds * SECOND) / MINUTE,
    chargeRatio: powerValue(work, 'power_charge_ratio'),
  };
}
