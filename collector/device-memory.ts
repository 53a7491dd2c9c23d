import { BatchSize } from './batch-size.ts';
import type { ConditionMemory } from './condition-check.ts';
import { emptyPortsMemory, type PortsMemory } from './ports-memory.ts';
import type { ChosenProfile, DeviceIdentity } from './profile-choice.ts';
import type { Varbind } from './snmp-client.ts';

/** What full polls of one device have learned, and the next one builds on. */
export interface DeviceMemory {
  readonly batch: BatchSize;
  identity: DeviceIdentity | null;
  profiles: readonly ChosenProfile[] | null;
  pollsSinceProbe: number;
  readonly tables: Map<string, TableMemory>;
  readonly scalars: ScalarMemory;
  readonly ports: PortsMemory;
  readonly seenUp: Set<string>;
  readonly conditions: ConditionMemory;
}

export interface ScalarMemory {
  /** Those that rarely change, as last answered. */
  readonly rare: Map<string, Varbind>;
  pollsSinceRare: number;
}

export interface TableMemory {
  /** Columns that rarely change, as last read; null: never. */
  rareCells: ReadonlyMap<string, Map<string, Varbind>> | null;
  /** Row indexes at that time. */
  rowKey: string;
  pollsSinceRare: number;
  /** Columns not worth asking for until the rare ones are read again: the device has none, or better ones. */
  readonly quietColumns: Set<string>;
  /** 32-bit columns seen to be the low half of a 64-bit one, and left unread since. */
  readonly lowHalves: Set<string>;
  /** Components of the rows at the last complete read. */
  components: ReadonlySet<string>;
}

/** Of a device that was never polled. */
export function emptyMemory(): DeviceMemory {
  return {
    batch: new BatchSize(),
    identity: null,
    profiles: null,
    pollsSinceProbe: 0,
    tables: new Map(),
    scalars: { rare: new Map(), pollsSinceRare: 0 },
    ports: emptyPortsMemory(),
    seenUp: new Set(),
    conditions: { standing: new Set(), heldPolls: new Map() },
  };
}

/** The part that must outlive a restart of the program: without it, standing faults would seem to end. */
export interface LearnedDevice {
  readonly batchSize: number;
  readonly seenUp: readonly string[];
  readonly standing: readonly string[];
}

/** Most names kept of one device; beyond it the oldest are the ones that count. */
const MOST_KEPT_NAMES = 20_000;

/** The part of a memory that is kept over a restart; equal memories give equal parts. */
export function learnedFrom(memory: DeviceMemory): LearnedDevice {
  return {
    batchSize: memory.batch.size,
    seenUp: [...memory.seenUp].slice(0, MOST_KEPT_NAMES).sort(),
    standing: [...memory.conditions.standing].slice(0, MOST_KEPT_NAMES).sort(),
  };
}

/** A memory that begins with what was kept; a batch size that makes no sense is left out. */
export function memoryFrom(learned: LearnedDevice): DeviceMemory {
  const memory = emptyMemory();
  memory.batch.restore(learned.batchSize);
  for (const name of learned.seenUp) memory.seenUp.add(name);
  for (const key of learned.standing) memory.conditions.standing.add(key);
  return memory;
}
