import type { ConditionMemory } from './condition-check.ts';
import { widthToUse } from './counter-step.ts';
import type { PortDetail } from './device-detail.ts';
import { identifyPorts, type KnownPort, type PortFacts } from './port-identity.ts';
import { moveComponents, moveNames, type PortsMemory, settlePorts } from './ports-memory.ts';
import { isSpeedDisproved, type RateMemory, totalOf } from './rate-memory.ts';
import { emptyPortReading, type PortReading, stepPort, wentBackUnexplained } from './rates.ts';
import { makeSample, type Sample } from './sample.ts';
import type { Varbind } from './snmp-client.ts';
import type { Cells, Row } from './table-rows.ts';

export interface InterfacesContext {
  readonly readAtMs: number;
  readonly sysUpTimeTicks: number | null;
  readonly memory: PortsMemory;
  /** Ports without a row are gone; false when the table broke off. */
  readonly isComplete: boolean;
  /** Labels of ports that were up at some time. */
  readonly seenUp: Set<string>;
  readonly conditions: ConditionMemory;
  /** Port names that the configuration counts on. */
  readonly namedPorts: ReadonlySet<string>;
}

export interface PortRow {
  /** The row under the name of its port. */
  readonly row: Row;
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
const COUNTER32_ABSENT = 4_294_967_295n;
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

/**
 * Understands the rows of IF-MIB: tells which port each is, gives it that port's name, adds
 * `portSeenUp`, `portNamed`, `portSpeed` to its values, and makes rates of its counters.
 */
export function readPorts(
  rows: readonly Row[],
  component: string,
  context: InterfacesContext,
): PortRow[] {
  const { memory, readAtMs } = context;
  const facts = rows.map(factsOf);
  const { matches, relabelled } = identifyPorts(
    memory.registry,
    facts,
    readAtMs,
    context.isComplete,
  );
  const componentOf = (label: string) => `${component}:${label}`;
  moveNames(context.seenUp, relabelled);
  moveComponents(
    context.conditions,
    new Map([...relabelled].map(([before, now]) => [componentOf(before), componentOf(now)])),
  );
  const readings = rows.map((row, place) =>
    readingOf(row.cells, speedOf(row), matches[place]!.port.slot, context),
  );
  const wentBack = readings.some((reading, place) =>
    wentBackUnexplained(memory.rates, matches[place]!.port.slot, reading, memory.clock),
  );
  settlePorts(memory, matches, wentBack);
  return rows.map((row, place) => {
    const { port } = matches[place]!;
    stepPort(memory.rates, port.slot, readings[place]!, memory.clock);
    const named = { ...row, name: port.label, component: componentOf(port.label) };
    return readPort(named, port, context);
  });
}

/**
 * Whether counters went back in a way that only ports which changed places explain, or somebody who
 * cleared them: the names must be read again before this poll is understood. Changes nothing.
 */
export function mayHaveMoved(
  cells: Cells,
  context: Pick<InterfacesContext, 'memory' | 'readAtMs' | 'sysUpTimeTicks'>,
): boolean {
  const { memory } = context;
  return memory.registry.ports.some((port) => {
    if (port.absentSinceMs !== null) return false;
    const own = new Map<string, Varbind>();
    for (const name of COUNTED) {
      const varbind = cells.get(name)?.get(port.facts.index);
      if (varbind !== undefined) own.set(name, varbind);
    }
    return wentBackUnexplained(
      memory.rates,
      port.slot,
      readingOf(own, null, port.slot, context),
      memory.clock,
    );
  });
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

/** What of a row the rates depend on, and the speed. */
const COUNTED = [
  'ifHCInOctets',
  'ifInOctets',
  'ifHCOutOctets',
  'ifOutOctets',
  'ifCounterDiscontinuityTime',
] as const;

function factsOf(row: Row): PortFacts {
  return {
    index: row.index,
    name: textAt(row, 'ifName'),
    descr: textAt(row, 'ifDescr'),
    mac: macOf(row.cells.get('ifPhysAddress')),
    alias: textAt(row, 'ifAlias'),
    type: numberAt(row, 'ifType'),
  };
}

/** Hexadecimal; empty for none and for all zeros, which tell nothing apart. */
function macOf(varbind: Varbind | undefined): string {
  const value = varbind?.value;
  if (!(value instanceof Uint8Array) || value.every((octet) => octet === 0)) return '';
  return Buffer.from(value).toString('hex');
}

function readingOf(
  cells: ReadonlyMap<string, Varbind>,
  speedBps: number | null,
  slot: number,
  context: Pick<InterfacesContext, 'memory' | 'readAtMs' | 'sysUpTimeTicks'>,
): PortReading {
  const reading = emptyPortReading();
  reading.readAtMs = context.readAtMs;
  reading.uptimeTicks = context.sysUpTimeTicks ?? Number.NaN;
  const discontinuity = cells.get('ifCounterDiscontinuityTime')?.value;
  if (typeof discontinuity === 'number') reading.discontinuityTicks = discontinuity;
  if (speedBps !== null) reading.octetsPerSecond = speedBps / BITS_PER_OCTET;
  const { rates } = context.memory;
  const receive = octetCounter(cells, 'In', rates, slot * 2);
  reading.receiveBits = receive.bits;
  reading.receiveHigh = receive.high;
  reading.receiveLow = receive.low;
  const transmit = octetCounter(cells, 'Out', rates, slot * 2 + 1);
  reading.transmitBits = transmit.bits;
  reading.transmitHigh = transmit.high;
  reading.transmitLow = transmit.low;
  return reading;
}

interface OctetCounter {
  readonly bits: 0 | 32 | 64;
  readonly high: number;
  readonly low: number;
}

function octetCounter(
  cells: ReadonlyMap<string, Varbind>,
  infix: 'In' | 'Out',
  rates: RateMemory,
  counter: number,
): OctetCounter {
  const wide = counterOf(cells.get(`ifHC${infix}Octets`));
  const narrow = counterOf(cells.get(`if${infix}Octets`));
  const hasNarrow = narrow !== null && narrow < COUNTER32_ABSENT;
  const bits = widthToUse(
    rates,
    counter,
    wide === null ? null : Number(wide),
    hasNarrow ? Number(narrow) : null,
  );
  if (bits === 0) return { bits, high: 0, low: 0 };
  if (bits === 32) return { bits, high: 0, low: Number(narrow) };
  return { bits, high: Number(wide! >> 32n), low: Number(wide! & 0xffff_ffffn) };
}

function readPort(row: Row, port: KnownPort, context: InterfacesContext): PortRow {
  const operStatus = numberAt(row, 'ifOperStatus') ?? 0;
  if (operStatus === UP) context.seenUp.add(row.name);
  const configuredName = configuredNameOf(row, context.namedPorts);
  const speedBps = speedOf(row);
  row.values.set('portSeenUp', Number(context.seenUp.has(row.name)));
  row.values.set('portNamed', Number(configuredName !== null));
  if (speedBps !== null) row.values.set('portSpeed', speedBps);
  const { rates } = context.memory;
  const receive = rates.rate[port.slot * 2]!;
  const transmit = rates.rate[port.slot * 2 + 1]!;
  return {
    row,
    configuredName: configuredName ?? row.name,
    samples: portSamples(row, rates, port.slot, speedBps),
    detail: {
      index: Number(row.index) || 0,
      name: row.name,
      alias: textAt(row, 'ifAlias'),
      adminStatus: ADMIN_STATUS[numberAt(row, 'ifAdminStatus') ?? 0] ?? 'unknown',
      operStatus: OPER_STATUS[operStatus] ?? 'unknown',
      speedBps,
      receiveBps: Number.isNaN(receive) ? null : receive * BITS_PER_OCTET,
      transmitBps: Number.isNaN(transmit) ? null : transmit * BITS_PER_OCTET,
    },
  };
}

function speedOf(row: Row): number | null {
  return portSpeedBps(numberAt(row, 'ifHighSpeed'), numberAt(row, 'ifSpeed'));
}

function portSamples(row: Row, rates: RateMemory, slot: number, speedBps: number | null): Sample[] {
  const port = { if_name: row.name };
  const samples: (Sample | null)[] = [];
  const add = (metric: string, value: number | bigint | null, labels = {}) => {
    if (value !== null) samples.push(makeSample(metric, { ...port, ...labels }, value));
  };
  add('interface_info', 1, { if_alias: textAt(row, 'ifAlias'), if_index: row.index });
  const octetsPerSecond = speedBps === null ? null : speedBps / BITS_PER_OCTET;
  add('interface_speed_bytes_per_second', octetsPerSecond);
  DIRECTIONS.forEach(([direction, infix], place) => {
    const counter = slot * 2 + place;
    if (rates.reason[counter] !== 'unread') {
      add(`interface_${direction}_bytes_total`, totalOf(rates, counter));
    }
    for (const cast of CASTS) {
      const wide = counterAt(row, `ifHC${infix}${cast}Pkts`);
      const narrow = cast === 'Ucast' ? counterAt(row, `if${infix}${cast}Pkts`) : null;
      add(`interface_${direction}_packets_total`, wide || (narrow ?? wide), {
        cast: CAST_LABELS[cast],
      });
    }
    add(`interface_${direction}_errors_total`, counterAt(row, `if${infix}Errors`));
    add(`interface_${direction}_discards_total`, counterAt(row, `if${infix}Discards`));
    const rate = rates.rate[counter]!;
    if (octetsPerSecond === null || Number.isNaN(rate) || isSpeedDisproved(rates, counter)) return;
    add(`interface_${direction}_utilization_ratio`, rate / octetsPerSecond);
  });
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
