import type { MetricDef } from '../lib/metric-def.ts';

/** Prefix of every native metric. Profiles name metrics without it. */
export const METRIC_PREFIX = 'threenines_';

/** Carried by every device metric, first and in this order, so that no board needs a join. */
export const BASE_LABELS = ['device', 'site', 'role'] as const;

function gauge(name: string, help: string, labels: readonly string[] = []): MetricDef {
  return {
    name: METRIC_PREFIX + name,
    type: 'gauge',
    help,
    labels: [...BASE_LABELS, ...labels],
  };
}

function counter(name: string, help: string, labels: readonly string[] = []): MetricDef {
  return { ...gauge(name, help, labels), type: 'counter' };
}

const DEVICE: readonly MetricDef[] = [
  gauge('device_info', 'What the device says it is; always 1.', [
    'vendor',
    'model',
    'os',
    'profile',
  ]),
  gauge(
    'device_up',
    'Whether the last confirmed polls of the device were answered: 1 yes, 0 no. Absent before the first poll.',
  ),
  gauge('poll_age_seconds', 'Time since the device last answered a poll.'),
  gauge(
    'probe_rtt_seconds',
    'Round trip of the last answered probe; the probe label says of which kind.',
    ['probe'],
  ),
  gauge(
    'device_snmp_uptime_seconds',
    'Time since the SNMP agent of the device started (sysUpTime; wraps at 497 days).',
  ),
  gauge(
    'device_host_uptime_seconds',
    'Time since the device itself started (hrSystemUptime; wraps at 497 days).',
  ),
];

const PORT = ['if_name'] as const;

const INTERFACE: readonly MetricDef[] = [
  gauge('interface_info', 'Names of a port; always 1.', ['if_name', 'if_alias', 'if_index']),
  gauge(
    'interface_oper_status',
    'Operational state: 1 up, 2 down, 3 testing, 4 unknown, 5 dormant, 6 not present, 7 lower layer down.',
    PORT,
  ),
  gauge(
    'interface_admin_status',
    'State asked for by the operator: 1 up, 2 down, 3 testing.',
    PORT,
  ),
  gauge('interface_speed_bytes_per_second', 'Nominal speed of the port in one direction.', PORT),
  ...(['receive', 'transmit'] as const).flatMap((direction) => [
    counter(`interface_${direction}_bytes_total`, `Octets in the ${direction} direction.`, PORT),
    counter(
      `interface_${direction}_packets_total`,
      `Packets in the ${direction} direction; cast is unicast, multicast or broadcast.`,
      [...PORT, 'cast'],
    ),
    counter(
      `interface_${direction}_errors_total`,
      `Packets in the ${direction} direction that had errors.`,
      PORT,
    ),
    counter(
      `interface_${direction}_discards_total`,
      `Packets without errors dropped in the ${direction} direction.`,
      PORT,
    ),
    gauge(
      `interface_${direction}_utilization_ratio`,
      `Share of the nominal speed used in the ${direction} direction between the last two full polls.`,
      PORT,
    ),
  ]),
];

const HOST: readonly MetricDef[] = [
  gauge('cpu_utilization_ratio', 'Share of a processor in use, one-minute average.', ['cpu']),
  gauge('memory_used_bytes', 'Main memory in use, without buffers and caches where they are told.'),
  gauge('memory_size_bytes', 'Main memory.'),
  gauge('memory_pool_used_bytes', 'Memory in use of one pool.', ['pool']),
  gauge('memory_pool_size_bytes', 'Size of one pool of memory.', ['pool']),
  gauge('memory_pool_used_ratio', 'Share of one pool of memory in use.', ['pool']),
  gauge('storage_used_ratio', 'Share of a disk or file system in use.', ['storage']),
  gauge('storage_used_bytes', 'Space in use on a disk or file system.', ['storage']),
  gauge('storage_size_bytes', 'Size of a disk or file system.', ['storage']),
];

const SENSOR: readonly MetricDef[] = [
  gauge('sensor_celsius', 'Temperature.', ['sensor']),
  gauge('sensor_volts', 'Voltage; current is ac or dc.', ['sensor', 'current']),
  gauge('sensor_amperes', 'Electric current.', ['sensor']),
  gauge('sensor_watts', 'Power.', ['sensor']),
  gauge('sensor_hertz', 'Frequency.', ['sensor']),
  gauge('sensor_humidity_ratio', 'Relative humidity.', ['sensor']),
  gauge('sensor_rpm', 'Turns of a fan per minute.', ['sensor']),
  gauge('sensor_airflow_cubic_meters_per_minute', 'Air moved.', ['sensor']),
  gauge('sensor_volt_amperes', 'Apparent power.', ['sensor']),
  gauge('sensor_power_factor_ratio', 'Real power by apparent power.', ['sensor']),
  gauge('sensor_energy_joules', 'Energy since the device began to count.', ['sensor']),
  gauge('sensor_charge_ratio', 'Charge of a battery.', ['sensor']),
  gauge('sensor_runtime_seconds', 'Time that a battery lasts, or has lasted.', ['sensor']),
  gauge('sensor_load_ratio', 'Share of what a part can bear.', ['sensor']),
  gauge('sensor_share_ratio', 'Another share; 1 is all of it.', ['sensor']),
  gauge('sensor_pascals', 'Pressure.', ['sensor']),
  gauge('sensor_dbm', 'Power of light or radio, by one milliwatt, in decibels.', ['sensor']),
  gauge('sensor_decibels', 'Attenuation, gain or distance from noise.', ['sensor']),
  gauge('sensor_duration_seconds', 'A time that the device counts.', ['sensor']),
  gauge('sensor_amount', 'How many of something the device has or counts.', ['sensor']),
  gauge(
    'component_state',
    'State of a part as the device itself judges it: 0 good, 1 warning, 2 critical, 3 unknown; kind is the object that tells.',
    ['component', 'kind'],
  ),
  gauge('sensor_truth', 'A yes-or-no sensor: 1 true, 0 false.', ['sensor']),
];

const POWER: readonly MetricDef[] = [
  gauge(
    'power_state',
    'State of a power system or a part of it: 0 good, 1 warning, 2 critical, 3 unknown; kind is ups, pdu, dc or battery.',
    ['kind'],
  ),
  gauge('power_on_battery', 'Whether the load runs on battery: 1 yes, 0 no.'),
  gauge('power_on_battery_seconds', 'Time since the load went to battery; 0 on mains.'),
  gauge('power_runtime_seconds', 'Time the battery will last at the present load, as estimated.'),
  gauge(
    'power_forecast_seconds',
    'Time until the load goes dark: while on battery from now on, else if the mains failed now; bound is low, likely or high.',
    ['bound'],
  ),
  gauge('power_charge_ratio', 'Charge left in the battery.'),
  gauge('power_battery_test', 'Whether the battery is being tested: 1 yes, 0 no.'),
  gauge('power_needs_battery', 'Whether the battery wants to be replaced: 1 yes, 0 no.'),
  gauge('power_battery_volts', 'Voltage of the battery.'),
  gauge('power_battery_amperes', 'Current of the battery.'),
  gauge('power_battery_celsius', 'Temperature of the battery.'),
  gauge('power_input_volts', 'Voltage of an input line.', ['line']),
  gauge('power_input_hertz', 'Frequency of an input line.', ['line']),
  gauge('power_input_amperes', 'Current of an input line.', ['line']),
  gauge('power_input_watts', 'Power taken from an input line.', ['line']),
  gauge('power_output_volts', 'Voltage of an output line.', ['line']),
  gauge('power_output_hertz', 'Frequency of the output.'),
  gauge('power_output_amperes', 'Current of an output line.', ['line']),
  gauge('power_output_watts', 'Power given to an output line.', ['line']),
  gauge('power_bypass_volts', 'Voltage of a bypass line.', ['line']),
  gauge('power_bypass_hertz', 'Frequency of the bypass.'),
  gauge('power_bypass_amperes', 'Current of a bypass line.', ['line']),
  gauge('power_bypass_watts', 'Power taken from a bypass line.', ['line']),
  gauge('power_dc_volts', 'Voltage of the direct-current bus.'),
  gauge('power_dc_load_amperes', 'Current that the loads take from the direct-current bus.'),
  gauge('power_rectifiers', 'Rectifiers that the system has.'),
  gauge(
    'power_battery_replaced_timestamp_seconds',
    'Day on which the battery was last replaced, as the device tells it.',
  ),
  gauge('power_load_ratio', 'Share of the rated power that an output line gives.', ['line']),
  gauge('power_alarms', 'Alarms that the power system itself reports.'),
];

/** Every metric the collector exports about devices, in the order of the exposition. */
export const DEVICE_METRICS: readonly MetricDef[] = [
  ...DEVICE,
  ...INTERFACE,
  ...HOST,
  ...SENSOR,
  ...POWER,
];

const BY_SHORT_NAME: ReadonlyMap<string, MetricDef> = new Map(
  DEVICE_METRICS.map((metric) => [metric.name.slice(METRIC_PREFIX.length), metric]),
);

/** The metric of that name without its prefix (`device_up`), or null when there is none. */
export function findDeviceMetric(shortName: string): MetricDef | null {
  return BY_SHORT_NAME.get(shortName) ?? null;
}

/** Like `findDeviceMetric` for names written in the program: an unknown one is a bug. */
export function deviceMetric(shortName: string): MetricDef {
  const metric = BY_SHORT_NAME.get(shortName);
  if (metric === undefined) throw new Error(`no metric named ${METRIC_PREFIX}${shortName}`);
  return metric;
}
