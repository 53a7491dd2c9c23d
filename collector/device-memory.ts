import { type AgentHabits, type GentleReason, unknownHabits } from './agent-habits.ts';
import { BatchSize } from './batch-size.ts';
import type { ConditionMemory } from './condition-check.ts';
import type { KnownEngine } from './engine-watch.ts';
import type { PastValue } from './fallen-values.ts';
import type { DevicePlan } from './plan/device-plan.ts';
import { noPortTrouble, type PortTroubleMemory } from './port-trouble.ts';
import { emptyPortsMemory, type PortsMemory } from './ports-memory.ts';
import { type DischargeMemory, noDischarge } from './power-forecast.ts';
import type { ChosenProfile, DeviceIdentity } from './profile-choice.ts';
import { SeenPorts } from './seen-ports.ts';

/** What full polls of one device have learned, and the next one builds on. */
export interface DeviceMemory {
  readonly batch: BatchSize;
  identity: DeviceIdentity | null;
  profiles: readonly ChosenProfile[] | null;
  pollsSinceProbe: number;
  /** Numbers below 1.3.6.1.4.1 under which it has something. */
  makers: readonly string[];
  /** How it is read; null until it has been walked. */
  plan: DevicePlan | null;
  readonly habits: AgentHabits;
  readonly tables: Map<string, TableMemory>;
  readonly ports: PortsMemory;
  readonly seenUp: SeenPorts;
  readonly conditions: ConditionMemory;
  readonly portTrouble: PortTroubleMemory;
  /** What values that a profile wants compared with their past have been, by profile and value. */
  readonly past: Map<string, PastValue[]>;
  /** How its battery has run down since it is on battery. */
  readonly discharge: DischargeMemory;
  /** Its SNMPv3 engine; null while none has proved itself, and for v1 and v2c. */
  engine: KnownEngine | null;
}

export interface TableMemory {
  /** Components of the rows at the last complete read; of a table of ports there are their labels in `ports` instead. */
  components: ReadonlySet<string>;
  ports?: readonly string[];
}

/** Of a device that was never polled. */
export function emptyMemory(): DeviceMemory {
  return {
    batch: new BatchSize(),
    identity: null,
    profiles: null,
    pollsSinceProbe: 0,
    makers: [],
    plan: null,
    habits: unknownHabits(),
    tables: new Map(),
    ports: emptyPortsMemory(),
    seenUp: new SeenPorts(),
    conditions: { standing: new Set(), heldPolls: new Map() },
    portTrouble: noPortTrouble(),
    past: new Map(),
    discharge: noDischarge(),
    engine: null,
  };
}

/** The part that must outlive a restart of the program: without it, standing faults would seem to end. */
export interface LearnedDevice {
  readonly batchSize: number;
  /** Octets of a reply; null: kept by a version that did not tell them apart from the size. */
  readonly batchOctets: number | null;
  readonly refusesBulk: boolean;
  readonly gentle: GentleReason | null;
  readonly seenUp: readonly string[];
  readonly standing: readonly string[];
  readonly engine: KnownEngine | null;
}

/** Most names kept of one device; beyond it the oldest are the ones that count. */
const MOST_KEPT_NAMES = 20_000;

/** The part of a memory that is kept over a restart; equal memories give equal parts. */
export function learnedFrom(memory: DeviceMemory): LearnedDevice {
  const { size, octets } = memory.batch;
  const good = memory.batch.good ?? { varbinds: size, octets };
  return {
    batchSize: good.varbinds,
    batchOctets: good.octets,
    refusesBulk: memory.habits.refusesBulk,
    gentle: memory.habits.gentle,
    seenUp: [...memory.seenUp].slice(0, MOST_KEPT_NAMES).sort(),
    standing: [...memory.conditions.standing].slice(0, MOST_KEPT_NAMES).sort(),
    engine: memory.engine,
  };
}

/** A memory that begins with what was kept; a batch size that makes no sense is left out. */
export function memoryFrom(learned: LearnedDevice): DeviceMemory {
  const memory = emptyMemory();
  memory.batch.restore(learned.batchSize, learned.batchOctets);
  memory.habits.refusesBulk = learned.refusesBulk;
  memory.habits.gentle = learned.gentle;
  memory.engine = learned.engine;
  for (const name of learned.seenUp) memory.seenUp.add(name);
  for (const key of learned.standing) memory.conditions.standing.add(key);
  return memory;
}
