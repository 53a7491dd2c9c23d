import type { PortDetail } from './device-detail.ts';
import { type CounterReading, rateBetween } from './rates.ts';
import { makeSample, type Sample } from './sample.ts';
import type { Varbind } from './snmp-client.ts';
import type { Row } from './table-rows.ts';

/** What is kept of a port from one full poll to the next, by its name. */
export interface PortMemory {
  receive: CounterReading | null;
  transmit: CounterReading | null;
}

export interface InterfacesContext {
  readonly readAtMs: number;
  readonly sysUpTimeTicks: number | null;
  readonly memory: Map<string, PortMemory>;
  /** Names of ports that were up at some time. */
  readonly seenUp: Set<string>;
  /** Port names that the configuration counts on. */
  readonly namedPorts: ReadonlySet<string>;
}

export interface PortRow {
  readonly detail: PortDetail;
  readonly samples: readonly Sample[];
  /** The port as the configuration names it, else as the device does. */
  readonly configuredName: string;
}

const UP = 1;
const BITS_PER_OCTET = 8;
const MEGABIT = 1_000_000;
/** ifHighSpeed above 4 Tb/s is a sentinel, or bit/s by mistake. */
const LARGEST_HIGH_SPEED = 4_000_000;
/** RFC 2863: ifSpeed cannot hold more and says so. */
const SPEED_TOO_LARGE = 4_294_967_295;
/** Sent in place of a counter that does not exist. */
const COUNTER64_ABSENT = 18_446_744_073_709_551_615n;

const OPER_STATUS: readonly PortDetail['operStatus'][] = [
  'unknown',
  'up',
  'down',
  'testing',
  'unknown',
  'dormant',
  'not-present',
  'lower-layer-down',
];
const ADMIN_STATUS: readonly PortDetail['adminStatus'][] = ['unknown', 'up', 'down', 'testing'];

/** Understands one row of IF-MIB, adds `portSeenUp`, `portNamed`, `portSpeed` to its values, and remembers its counters. */
export function readPort(row: Row, context: InterfacesContext): PortRow {
  const operStatus = numberAt(row, 'ifOperStatus') ?? 0;
  if (operStatus === UP) context.seenUp.add(row.name);
  const configuredName = configuredNameOf(row, context.namedPorts);
  const speedBps = portSpeedBps(numberAt(row, 'ifHighSpeed'), numberAt(row, 'ifSpeed'));
  row.values.set('portSeenUp', Number(context.seenUp.has(row.name)));
  row.values.set('portNamed', Number(configuredName !== null));
  if (speedBps !== null) row.values.set('portSpeed', speedBps);
  const octets = octetCounters(row);
  const before = context.memory.get(row.name);
  const now: PortMemory = {
    receive: readingOf(octets.receive, octets.bits, row, context),
    transmit: readingOf(octets.transmit, octets.bits, row, context),
  };
  context.memory.set(row.name, now);
  const octetsPerSecond = speedBps === null ? null : speedBps / BITS_PER_OCTET;
  const receive = rateOf(before?.receive ?? null, now.receive, octetsPerSecond);
  const transmit = rateOf(before?.transmit ?? null, now.transmit, octetsPerSecond);
  return {
    configuredName: configuredName ?? row.name,
    samples: portSamples(row, octets, { octetsPerSecond, receive, transmit }),
    detail: {
      index: Number(row.index) || 0,
      name: row.name,
      alias: textAt(row, 'ifAlias'),
      adminStatus: ADMIN_STATUS[numberAt(row, 'ifAdminStatus') ?? 0] ?? 'unknown',
      operStatus: OPER_STATUS[operStatus] ?? 'unknown',
      speedBps,
      receiveBps: receive === null ? null : receive * BITS_PER_OCTET,
      transmitBps: transmit === null ? null : transmit * BITS_PER_OCTET,
    },
  };
}

/**
 * Speed of a port in bit/s. ifHighSpeed counts, in Mb/s, unless it is 0 or impossible (some agents
 * send bit/s or a sentinel); then ifSpeed, unless that is 0 or says "too large". null: not known.
 */
export function portSpeedBps(highSpeed: number | null, speed: number | null): number | null {
  if (highSpeed !== null && highSpeed >= 1 && highSpeed <= LARGEST_HIGH_SPEED) {
    return highSpeed * MEGABIT;
  }
  return speed !== null && speed >= 1 && speed < SPEED_TOO_LARGE ? speed : null;
}

interface OctetCounters {
  readonly bits: 32 | 64;
  readonly receive: bigint | null;
  readonly transmit: bigint | null;
}

/** The 64-bit counters, unless the port has none or they stand at 0 while the 32-bit ones count. */
function octetCounters(row: Row): OctetCounters {
  const wide: OctetCounters = {
    bits: 64,
    receive: counterAt(row, 'ifHCInOctets'),
    transmit: counterAt(row, 'ifHCOutOctets'),
  };
  const narrow: OctetCounters = {
    bits: 32,
    receive: counterAt(row, 'ifInOctets'),
    transmit: counterAt(row, 'ifOutOctets'),
  };
  const hasWide = wide.receive !== null || wide.transmit !== null;
  const wideStands = !wide.receive && !wide.transmit;
  const narrowCounts = Boolean(narrow.receive) || Boolean(narrow.transmit);
  return !hasWide || (wideStands && narrowCounts) ? narrow : wide;
}

function readingOf(
  value: bigint | null,
  bits: 32 | 64,
  row: Row,
  context: InterfacesContext,
): CounterReading | null {
  if (value === null) return null;
  const discontinuity = row.cells.get('ifCounterDiscontinuityTime')?.value;
  return {
    value,
    bits,
    readAtMs: context.readAtMs,
    sysUpTimeTicks: context.sysUpTimeTicks,
    discontinuityTicks: typeof discontinuity === 'number' ? discontinuity : null,
  };
}

function rateOf(
  before: CounterReading | null,
  now: CounterReading | null,
  octetsPerSecond: number | null,
): number | null {
  return now === null ? null : rateBetween(before, now, octetsPerSecond).perSecond;
}

interface PortRates {
  readonly octetsPerSecond: number | null;
  readonly receive: number | null;
  readonly transmit: number | null;
}

function portSamples(row: Row, octets: OctetCounters, rates: PortRates): Sample[] {
  const port = { if_name: row.name };
  const samples: (Sample | null)[] = [];
  const add = (metric: string, value: number | bigint | null, labels = {}) => {
    if (value !== null) samples.push(makeSample(metric, { ...port, ...labels }, value));
  };
  add('interface_info', 1, { if_alias: textAt(row, 'ifAlias'), if_index: row.index });
  add('interface_speed_bytes_per_second', rates.octetsPerSecond);
  for (const [direction, infix] of DIRECTIONS) {
    add(`interface_${direction}_bytes_total`, octets[direction]);
    for (const cast of CASTS) {
      const wide = counterAt(row, `ifHC${infix}${cast}Pkts`);
      const narrow = cast === 'Ucast' ? counterAt(row, `if${infix}${cast}Pkts`) : null;
      add(`interface_${direction}_packets_total`, wide || (narrow ?? wide), {
        cast: CAST_LABELS[cast],
      });
    }
    add(`interface_${direction}_errors_total`, counterAt(row, `if${infix}Errors`));
    add(`interface_${direction}_discards_total`, counterAt(row, `if${infix}Discards`));
    const rate = rates[direction];
    const { octetsPerSecond } = rates;
    if (rate !== null && octetsPerSecond !== null) {
      add(`interface_${direction}_utilization_ratio`, rate / octetsPerSecond);
    }
  }
  return samples.filter((sample) => sample !== null);
}

const DIRECTIONS = [
  ['receive', 'In'],
  ['transmit', 'Out'],
] as const;
const CASTS = ['Ucast', 'Multicast', 'Broadcast'] as const;
const CAST_LABELS = { Ucast: 'unicast', Multicast: 'multicast', Broadcast: 'broadcast' } as const;

/** The configuration may name a port by ifName or by ifDescr. */
function configuredNameOf(row: Row, named: ReadonlySet<string>): string | null {
  const names = [row.name, textAt(row, 'ifName'), textAt(row, 'ifDescr')];
  return names.find((name) => name !== '' && named.has(name)) ?? null;
}

function numberAt(row: Row, column: string): number | null {
  const value = row.values.get(column);
  return typeof value === 'number' ? value : null;
}

function textAt(row: Row, column: string): string {
  const value = row.values.get(column);
  return typeof value === 'string' ? value : '';
}

function counterAt(row: Row, column: string): bigint | null {
  return counterOf(row.cells.get(column));
}

function counterOf(varbind: Varbind | undefined): bigint | null {
  const value = varbind?.value;
  if (typeof value === 'bigint') return value === COUNTER64_ABSENT ? null : value;
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? BigInt(value) : null;
}
