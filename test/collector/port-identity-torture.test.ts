import { describe, expect, it } from 'vitest';
import { identifyPorts, type PortFacts, type PortMatch } from '../../collector/port-identity.ts';
import { emptyPortsMemory, type PortsMemory, settlePorts } from '../../collector/ports-memory.ts';
import { drainWithheld, whyNoRate } from '../../collector/rate-memory.ts';
import {
  emptyPortReading,
  type PortReading,
  stepPort,
  wentBackUnexplained,
} from '../../collector/rates.ts';
import { type Random, seededRandom } from '../../lib/random.ts';
import { MINUTE } from '../../lib/time.ts';
import { GIGABIT, WRAP_32 } from './rate-timeline.ts';

const SEEDS = 600;
const POLLS = 60;
const POLLS_BETWEEN_NAMES = 15;

const START = 1e12;
/**
 * Octets between the counters of two ports: far more than either carries in an interval, for ports
 * nearer than that change places unseen, if harmlessly; yet so few that the line could carry them.
 */
const APART = 3e9;
const MOST_CARRIED = 0.006 * MINUTE * (GIGABIT / 1000);

/** A socket that a cable goes into. */
interface Hardware {
  readonly id: number;
  index: number;
  name: string;
  readonly mac: string;
  readonly descr: string;
  octets: number;
}

const CHANGES = [
  'swap',
  'swap-while-read',
  'shuffle',
  'insert',
  'remove',
  'rename',
  'reuse',
] as const;
type Change = (typeof CHANGES)[number] | null;

interface Chassis {
  ports: Hardware[];
  nextId: number;
  readonly random: Random;
  readonly pick: <T>(items: readonly T[]) => T;
}

function chassisOf(seed: number): Chassis {
  const random = seededRandom(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random.next() * items.length)]!;
  const chassis: Chassis = { ports: [], nextId: 0, random, pick };
  const count = 2 + Math.floor(random.next() * 10);
  for (let at = 0; at < count; at += 1) chassis.ports.push(newHardware(chassis, at + 1));
  return chassis;
}

/** Names, descriptions and addresses are often shared and often missing, as in the field. */
function newHardware(chassis: Chassis, index: number): Hardware {
  const { random } = chassis;
  const id = chassis.nextId;
  chassis.nextId += 1;
  const own = (share: number, text: string, other: string) =>
    random.next() < share ? text : other;
  return {
    id,
    index,
    name: own(0.8, `Gi0/${id}`, own(0.5, 'lan', '')),
    mac: own(0.6, (0x5e_00_53_00 + id).toString(16), own(0.5, '5e0053ff', '')),
    descr: own(0.5, `Port ${id}`, own(0.5, 'Ethernet', '')),
    octets: START + id * APART,
  };
}

function factsOf({ index, name, mac, descr }: Hardware): PortFacts {
  return { index: String(index), name, mac, descr, alias: '', type: 6 };
}

function change(chassis: Chassis, kind: Change): void {
  const { ports, random, pick } = chassis;
  const freeIndex = Math.max(0, ...ports.map(({ index }) => index)) + 1;
  if (kind === 'swap' || kind === 'swap-while-read') {
    const [a, b] = [pick(ports), pick(ports)];
    [a.index, b.index] = [b.index, a.index];
  } else if (kind === 'shuffle') {
    const indexes = ports.map(({ index }) => index);
    for (const port of ports) {
      port.index = indexes.splice(Math.floor(random.next() * indexes.length), 1)[0]!;
    }
  } else if (kind === 'insert') {
    for (const port of ports) port.index += 1;
    ports.push(newHardware(chassis, 1));
  } else if (kind === 'remove' && ports.length > 2) {
    ports.splice(Math.floor(random.next() * ports.length), 1);
  } else if (kind === 'rename') {
    pick(ports).name = `renamed ${freeIndex} ${Math.floor(random.next() * 1e6)}`;
  } else if (kind === 'reuse' && ports.length > 2) {
    const [gone] = ports.splice(Math.floor(random.next() * ports.length), 1);
    const fresh = newHardware(chassis, gone!.index);
    // It has counted less than any before it: a counter that starts anew.
    fresh.octets = START - fresh.id * APART;
    ports.push(fresh);
  }
}

/** What a planner remembers beside the ports: which port each index is, and what the names were. */
interface Poller {
  readonly memory: PortsMemory;
  readonly slotOf: Map<string, number>;
  readonly labelOf: Map<number, string>;
  pollsSinceNames: number;
  /** Whose counter the kept reading of a slot is. */
  readonly ownerOf: Map<number, number>;
}

function readingsAt(chassis: Chassis, atMs: number): Map<string, PortReading & { id: number }> {
  return new Map(
    chassis.ports.map(({ index, octets, id }) => [
      String(index),
      {
        ...emptyPortReading(),
        id,
        readAtMs: atMs,
        uptimeTicks: (atMs / 10) % WRAP_32,
        octetsPerSecond: GIGABIT,
        receiveBits: 64 as const,
        receiveHigh: Math.floor(octets / WRAP_32),
        receiveLow: octets % WRAP_32,
      },
    ]),
  );
}

/** One poll: counters first, names when something tells to; returns how many rates were told. */
function poll(poller: Poller, chassis: Chassis, atMs: number, kind: Change): number {
  const { memory, slotOf } = poller;
  const readings = readingsAt(chassis, atMs);
  if (kind === 'swap-while-read') change(chassis, kind);
  const wentBack = [...readings].some(([index, reading]) => {
    const slot = slotOf.get(index);
    return slot !== undefined && wentBackUnexplained(memory.rates, slot, reading, memory.clock);
  });
  poller.pollsSinceNames += 1;
  const hasOtherRows =
    readings.size !== slotOf.size || [...readings.keys()].some((index) => !slotOf.has(index));
  let matches: readonly PortMatch[] = [];
  const mustName = wentBack || hasOtherRows || poller.pollsSinceNames >= POLLS_BETWEEN_NAMES;
  if (mustName) {
    poller.pollsSinceNames = 0;
    const facts = chassis.ports.map(factsOf);
    ({ matches } = identifyPorts(memory.registry, facts, atMs, true));
    slotOf.clear();
    matches.forEach(({ port }) => {
      slotOf.set(port.facts.index, port.slot);
      poller.labelOf.set(port.slot, port.label);
    });
  }
  settlePorts(memory, matches, wentBack);
  let told = 0;
  for (const [index, reading] of readings) {
    const slot = slotOf.get(index);
    if (slot === undefined) continue;
    const before = poller.ownerOf.get(slot);
    stepPort(memory.rates, slot, reading, memory.clock);
    poller.ownerOf.set(slot, reading.id);
    if (whyNoRate(memory.rates, slot * 2) !== null) continue;
    told += 1;
    if (before !== reading.id) {
      throw new Error(`${poller.labelOf.get(slot)} was port ${before} and is ${reading.id}`);
    }
  }
  return told;
}

function live(seed: number, changes: readonly Change[]): number {
  const chassis = chassisOf(seed);
  const { random, pick } = chassis;
  const poller: Poller = {
    memory: emptyPortsMemory(),
    slotOf: new Map(),
    labelOf: new Map(),
    pollsSinceNames: 0,
    ownerOf: new Map(),
  };
  let told = 0;
  let isCalm = true;
  for (let polls = 0; polls < POLLS; polls += 1) {
    for (const port of chassis.ports) {
      port.octets += Math.floor(random.next() * MOST_CARRIED);
    }
    // Never in two polls in a row: places changed and back again between the same two readings are unseen.
    isCalm = isCalm ? random.next() < 0.6 : true;
    const kind = isCalm ? null : pick(changes);
    if (kind !== 'swap-while-read') change(chassis, kind);
    try {
      told += poll(poller, chassis, 1e9 + polls * MINUTE, kind);
    } catch (error) {
      throw new Error(`seed ${seed}, poll ${polls}, ${kind}: ${(error as Error).message}`);
    }
    const labels = poller.memory.registry.ports.map(({ label }) => label);
    if (new Set(labels).size !== labels.length) throw new Error(`seed ${seed}: equal labels`);
    // As full polls do: between them it is packed.
    drainWithheld(poller.memory.rates, () => {});
    poller.memory.rest();
  }
  return told;
}

describe('ports that are renumbered without a word', () => {
  it(`never pass their counters on to another (${SEEDS} devices)`, () => {
    let told = 0;
    for (let seed = 0; seed < SEEDS; seed += 1) told += live(seed, CHANGES);
    expect(told).toBeGreaterThan(SEEDS * POLLS);
  });

  it.each(CHANGES)('by %s only', (kind) => {
    for (let seed = 0; seed < 100; seed += 1) expect(live(seed, [kind])).toBeGreaterThan(0);
  });
});
