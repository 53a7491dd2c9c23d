/** From the least to the most, both possible. */
export type Range = readonly [number, number];

/**
 * What a reading measures, whatever the vendor: the metric it becomes when its profile names none, the
 * base unit of its value, and the values that equipment can have. `spread` holds factors to try when
 * a value is not possible: agents that count in other units than their MIB says.
 */
export interface ReadingClassDef {
  readonly metric: string;
  readonly unit: string;
  /** In the base unit, the least range first: what is in none of them is not believed. */
  readonly possible: readonly Range[];
  readonly spread: readonly number[];
  /** Numbers, as sent and before any factor, that agents send where they have no value. */
  readonly noValue: ReadonlySet<number>;
}

const ANY: Range = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
const DAY_SECONDS = 86_400;
const YEAR_SECONDS = 366 * DAY_SECONDS;

/** The ends of registers of 32 and 64 bits (a double has no more of 2^63 - 1 and 2^64 - 1). */
const ENDS_OF_32_BITS = [-(2 ** 31), 2 ** 31 - 1, 2 ** 32 - 1, -(2 ** 63), 2 ** 63, 2 ** 64];
/** Of 16 bits, also as agents send them that have divided by ten or a hundred. */
const ENDS_OF_16_BITS = [-32_768, 32_767, 65_535].flatMap((end) => [end, end / 10, end / 100]);

/** A number that only ever grows passes the ends of 16 bits on its way. */
const CODES_OF_COUNTERS = new Set(ENDS_OF_32_BITS);
const CODES_OF_MEASURES = new Set([...ENDS_OF_32_BITS, ...ENDS_OF_16_BITS]);
const NO_CODES: ReadonlySet<number> = new Set();

interface ClassOptions {
  readonly spread?: readonly number[];
  readonly noValue?: ReadonlySet<number>;
}

function classOf(
  metric: string,
  unit: string,
  possible: readonly Range[],
  { spread = [], noValue = CODES_OF_MEASURES }: ClassOptions = {},
): ReadingClassDef {
  return { metric, unit, possible, spread, noValue };
}

/**
 * Every class that a profile may name, with what is possible where the profile sets no bounds of its own. The
 * bounds are wide: they are there for other units, wrapped numbers and codes for "no value", and not
 * for judging. A profile of equipment beyond them (a meter of medium voltage) says so with `atLeast` and
 * `atMost`.
 */
export const READING_CLASSES = {
  // Cold: the lowest that industrial sensors are made for, -55 °C, and some. Hot: silicon works up to a
  // junction of 150 °C. The ends of 8 bits, 127 and -128, are how small agents say that nothing is fitted.
  temperature: classOf('sensor_celsius', 'celsius', [
    [-60, 126.9],
    [127.1, 150],
  ]),
  // Relative humidity, by definition.
  humidity: classOf('sensor_humidity_ratio', 'ratio', [[0, 1]]),
  // Low voltage ends at 1000 V AC and 1500 V DC (IEC 60038, IEC 61140); a third on top for peaks.
  voltage: classOf('sensor_volts', 'volts', [[-2000, 2000]]),
  // The largest DC plants and switchboards have busbars of 6300 A (IEC 61439); three in parallel.
  current: classOf('sensor_amperes', 'amperes', [[-20_000, 20_000]]),
  // The largest data centres take some 100 MW; below 0 is fed back.
  power: classOf('sensor_watts', 'watts', [[-100_000_000, 100_000_000]]),
  // A product of effective values (IEC 60050-131-11-41), so never negative.
  'apparent-power': classOf('sensor_volt_amperes', 'volt-amperes', [[0, 100_000_000]]),
  'power-factor': classOf('sensor_power_factor_ratio', 'ratio', [[-1, 1]]),
  // 100 MW for thirty years.
  energy: classOf('sensor_energy_joules', 'joules', [[0, 1e17]], { noValue: CODES_OF_COUNTERS }),
  // Nothing at all, as at an input without mains; mains of 50 and 60 Hz with generators that run away; the
  // 400 Hz of ships and aircraft (MIL-STD-704: 380 to 420 Hz).
  frequency: classOf(
    'sensor_hertz',
    'hertz',
    [
      [0, 0],
      [40, 70],
      [380, 420],
    ],
    { spread: [0.1, 10] },
  ),
  charge: classOf('sensor_charge_ratio', 'ratio', [[0, 1]]),
  runtime: classOf('sensor_runtime_seconds', 'seconds', [[0, 30 * DAY_SECONDS]]),
  // Inverters bear 150 to 200 % for seconds (IEC 62040-3); 255 % is the end of 8 bits.
  load: classOf('sensor_load_ratio', 'ratio', [[0, 2.5]]),
  percent: classOf('sensor_share_ratio', 'ratio', [[-1, 10]]),
  // Small fans end near 40 000 rpm; disks and turbines turn faster.
  fanspeed: classOf('sensor_rpm', 'rpm', [[0, 100_000]]),
  // An air handler of a large hall moves some 100 000 m³ an hour.
  airflow: classOf('sensor_airflow_cubic_meters_per_minute', 'cubic-meters-per-minute', [
    [0, 10_000],
  ]),
  // From a vacuum, told against the air around it, to 1000 bar.
  pressure: classOf('sensor_pascals', 'pascals', [[-110_000, 100_000_000]]),
  // Receivers end near -70 dBm, the strongest transmitters of radio sites at 1 kW.
  dbm: classOf('sensor_dbm', 'dbm', [[-80, 60]]),
  decibel: classOf('sensor_decibels', 'decibels', [[-200, 200]]),
  // As long as electronics has existed.
  duration: classOf('sensor_duration_seconds', 'seconds', [[0, 100 * YEAR_SECONDS]], {
    noValue: CODES_OF_COUNTERS,
  }),
  count: classOf('sensor_amount', 'count', [ANY], { noValue: NO_CODES }),
  truth: classOf('sensor_truth', 'truth', [[0, 1]], { noValue: NO_CODES }),
  state: classOf('component_state', 'state', [ANY], { noValue: NO_CODES }),
  processor: classOf('cpu_utilization_ratio', 'ratio', [[0, 1]]),
  memory: classOf('memory_pool_used_ratio', 'ratio', [[0, 1]]),
} as const satisfies Readonly<Record<string, ReadingClassDef>>;

/** Whether equipment can have this value, in the base unit of the class. */
export function isPossible(readingClass: ReadingClass, value: number): boolean {
  return READING_CLASSES[readingClass].possible.some(
    ([least, most]) => value >= least && value <= most,
  );
}

/** The ranges of values that equipment can have, the least first; null: there is no end. */
export function possibleRanges(
  readingClass: ReadingClass,
): readonly { readonly atLeast: number | null; readonly atMost: number | null }[] {
  const finite = (end: number) => (Number.isFinite(end) ? end : null);
  return READING_CLASSES[readingClass].possible.map(([least, most]) => ({
    atLeast: finite(least),
    atMost: finite(most),
  }));
}

/** Whether agents send this number, before any factor, where they have no value. */
export function meansNoValue(readingClass: ReadingClass, sent: number): boolean {
  return READING_CLASSES[readingClass].noValue.has(sent);
}

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
  const known = classByMetric.get(metric);
  if (known !== undefined) return known;
  const found = [...CLASS_BY_SUFFIX]
    .filter(([suffix]) => metric.endsWith(suffix))
    .sort(([a], [b]) => b.length - a.length);
  const readingClass = found[0]?.[1] ?? null;
  classByMetric.set(metric, readingClass);
  return readingClass;
}

/** Metrics are declared, so there are few. */
const classByMetric = new Map<string, ReadingClass | null>();
