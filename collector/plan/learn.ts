import type { Profile } from '../../config/profile.ts';
import type { Clock } from '../../lib/clock.ts';
import { moduleMask } from '../exporter/module-masks.ts';
import { packetsBetween, packetsOf, type ReadCosts } from '../exporter/read-costs.ts';
import { POLL_DETAILS } from '../poll-details.ts';
import type { ChosenProfile } from '../profile-choice.ts';
import { isMissing } from '../reading.ts';
import type { SnmpError, Varbind } from '../snmp-client.ts';
import { type Reading, readColumns, readScalars, type TableRead } from '../table-reader.ts';
import { scalarPlaces } from './layout.ts';
import { type LaidOut, layOut } from './relayout.ts';
import { signalScalars } from './signals.ts';
import { type WalkedTable, walkedTable } from './table-walk.ts';

/** What walking a device needs, and leaves behind. */
export interface Walking {
  readonly reading: Reading;
  readonly clock: Clock;
  readonly costs: ReadCosts;
  readonly errors: SnmpError[];
  /** Whether an error means that the device is gone; it may ask. */
  hasFallenSilent(error: SnmpError): Promise<boolean>;
}

/** Scalars that every plan reads, whatever the profiles say; sysUpTime comes first. */
export const GREETING = [
  { oid: '1.3.6.1.2.1.1.3.0', rarelyChanges: false },
  { oid: '1.3.6.1.2.1.1.1.0', rarelyChanges: true },
  { oid: '1.3.6.1.2.1.1.2.0', rarelyChanges: true },
  { oid: '1.3.6.1.2.1.1.5.0', rarelyChanges: true },
] as const;

/**
 * Reads everything that the profiles name, by walking, and lays it out. null when the device has
 * fallen silent; the last of the errors says how. `known` is not asked for again.
 */
export async function walkDevice(
  walking: Walking,
  chosen: readonly ChosenProfile[],
  known: readonly Varbind[],
): Promise<LaidOut | null> {
  const tables = await walkTables(walking, chosen);
  if (tables === null) return null;
  const defs = chosen.flatMap(({ profile }) => profile.scalars);
  const places = scalarPlaces([
    ...GREETING,
    ...defs,
    ...signalScalars(tables.map(({ def }) => def)),
  ]);
  const varbinds = new Map(known.filter((one) => !isMissing(one)).map((one) => [one.oid, one]));
  const wanted = places.map(({ oid }) => oid).filter((oid) => !varbinds.has(oid));
  const mask = places.reduce((all, { modules }) => all | modules, 0);
  const read = await measured(walking, mask, () => readScalars(walking.reading, wanted));
  if (read.error !== null) {
    walking.errors.push(read.error);
    if (await walking.hasFallenSilent(read.error)) return null;
  }
  for (const [oid, varbind] of read.varbinds) varbinds.set(oid, varbind);
  return layOut({ places, answered: { varbinds, unreadOids: read.unreadOids } }, tables, null);
}

async function walkTables(
  walking: Walking,
  chosen: readonly ChosenProfile[],
): Promise<WalkedTable[] | null> {
  const jobs = chosen.flatMap(({ profile }) => profile.tables.map((def) => ({ profile, def })));
  // Counters first, close to the uptime that dates them.
  jobs.sort((a, b) => Number(b.def.kind === 'interfaces') - Number(a.def.kind === 'interfaces'));
  const tables: WalkedTable[] = [];
  for (const { profile, def } of jobs) {
    const table = await walkTable(walking, profile, def);
    if (table === null) return null;
    tables.push(table);
  }
  return tables;
}

/** Walks all columns of one table; null when the device has fallen silent. */
export async function walkTable(
  walking: Walking,
  profile: Profile,
  def: WalkedTable['def'],
): Promise<WalkedTable | null> {
  const mask = def.columns.reduce((all, { oid }) => all | moduleMask(oid), 0);
  const read = await measured(walking, mask, () => readColumns(walking.reading, def.columns));
  const table = walkedTable(profile, def, read, walking.clock.now());
  if (read.error === null) return table;
  walking.errors.push(errorOfTable(table, read.error));
  return (await walking.hasFallenSilent(read.error)) ? null : table;
}

/** The error of a table, which says of which. */
export function errorOfTable({ def }: Pick<WalkedTable, 'def'>, error: SnmpError): SnmpError {
  return { ...error, detail: POLL_DETAILS.ofTable(def.name, error.detail) };
}

async function measured<Read extends TableRead | Awaited<ReturnType<typeof readScalars>>>(
  { reading, clock, costs }: Walking,
  modules: number,
  read: () => Promise<Read>,
): Promise<Read> {
  const { client } = reading;
  const before = packetsOf(client);
  const startedMs = clock.monotonicMs();
  const result = await read();
  const packets = packetsBetween(before, packetsOf(client));
  costs.add(modules, clock.monotonicMs() - startedMs, result.requestCount, packets);
  return result;
}
