/**
 * What a reading measures, whatever the vendor: the metric it becomes when its profile names none, the
 * base unit of its value, and the values that a device can mean. `spread` holds factors to try when a
 * value is outside: agents that count in other units than their MIB says.
 */
export interface ReadingClassDef {
  readonly metric: string;
  readonly unit: string;
  /** Factor of what profiles write as percent, minutes … is theirs; this only bounds the result. */
  readonly atLeast: number | null;
  readonly atMost: number | null;
  readonly spread: readonly number[];
  /** Between these, inside the bounds, nothing is believed either. */
  readonly gap: readonly [number, number] | null;
}

function classOf(
  metric: string,
  unit: string,
  bounds: readonly [number, number] | null = null,
  spread: readonly number[] = [],
  gap: readonly [number, number] | null = null,
): ReadingClassDef {
  return { metric, unit, atLeast: bounds?.[0] ?? null, atMost: bounds?.[1] ?? null, spread, gap };
}

const DAY_SECONDS = 86_400;

/** Every class that a profile may name. */
export const READING_CLASSES = {
  temperature: classOf('sensor_celsius', 'celsius', [-40, 120]),
  humidity: classOf('sensor_humidity_ratio', 'ratio', [0, 1]),
  voltage: classOf('sensor_volts', 'volts'),
  current: classOf('sensor_amperes', 'amperes', [-20_000, 20_000]),
  power: classOf('sensor_watts', 'watts'),
  'apparent-power': classOf('sensor_volt_amperes', 'volt-amperes'),
  'power-factor': classOf('sensor_power_factor_ratio', 'ratio', [-1, 1]),
  energy: classOf('sensor_energy_joules', 'joules'),
  // Mains of 50 and 60 Hz, and the 400 Hz of ships and aircraft.
  frequency: classOf('sensor_hertz', 'hertz', [40, 420], [0.1, 10], [70, 380]),
  charge: classOf('sensor_charge_ratio', 'ratio', [0, 1]),
  runtime: classOf('sensor_runtime_seconds', 'seconds', [0, 30 * DAY_SECONDS]),
  load: classOf('sensor_load_ratio', 'ratio', [0, 3]),
  percent: classOf('sensor_share_ratio', 'ratio', [-1, 10]),
  fanspeed: classOf('sensor_rpm', 'rpm', [0, 100_000]),
  airflow: classOf('sensor_airflow_cubic_meters_per_minute', 'cubic-meters-per-minute'),
  pressure: classOf('sensor_pascals', 'pascals'),
  dbm: classOf('sensor_dbm', 'dbm', [-80, 60]),
  decibel: classOf('sensor_decibels', 'decibels', [-200, 200]),
  duration: classOf('sensor_duration_seconds', 'seconds'),
  count: classOf('sensor_amount', 'count'),
  truth: classOf('sensor_truth', 'truth', [0, 1]),
  state: classOf('component_state', 'state'),
  processor: classOf('cpu_utilization_ratio', 'ratio', [0, 1]),
  memory: classOf('memory_pool_used_ratio', 'ratio', [0, 1]),
} as const satisfies Readonly<Record<string, ReadingClassDef>>;

export type ReadingClass = keyof typeof READING_CLASSES;

export const READING_CLASS_NAMES = Object.keys(READING_CLASSES) as readonly ReadingClass[];

const CLASS_BY_SUFFIX: readonly (readonly [string, ReadingClass])[] = [
  ['_celsius', 'temperature'],
  ['_humidity_ratio', 'humidity'],
  ['_volts', 'voltage'],
  ['_amperes', 'current'],
  ['_volt_amperes', 'apparent-power'],
  ['_watts', 'power'],
  ['_hertz', 'frequency'],
  ['_charge_ratio', 'charge'],
  ['_runtime_seconds', 'runtime'],
  ['_battery_seconds', 'runtime'],
  ['_load_ratio', 'load'],
  ['_rpm', 'fanspeed'],
  ['_state', 'state'],
  ['cpu_utilization_ratio', 'processor'],
  ['power_alarms', 'count'],
];

/** The class of a reading whose profile names only its metric; null: none that people look for. */
export function classOfMetric(metric: string): ReadingClass | null {
  const found = [...CLASS_BY_SUFFIX]
    .filter(([suffix]) => metric.endsWith(suffix))
    .sort(([a], [b]) => b.length - a.length);
  return found[0]?.[1] ?? null;
}
