import type { Profile } from '../config/profile.ts';
import type { Clock } from '../lib/clock.ts';
import type { LocalText } from '../lib/local-text.ts';
import { stepDeviceClock } from './device-clock.ts';
import type { DeviceMemory } from './device-memory.ts';
import {
  keepRawValues,
  type PolledObjects,
  type RawColumn,
  type RawModule,
} from './exporter/raw-values.ts';
import { type ReadCost, ReadMeter } from './exporter/read-meter.ts';
import { mayHaveMoved } from './interfaces.ts';
import type { Outcome } from './observation.ts';
import { POLL_DETAILS, partialDetail } from './poll-details.ts';
import {
  type Evaluation,
  evaluatePoll,
  type PolledDevice,
  type PolledProfile,
} from './poll-evaluation.ts';
import {
  type ChosenProfile,
  chooseProfiles,
  type DeviceIdentity,
  probeProfiles,
} from './profile-choice.ts';
import { breakAllPorts } from './rates.ts';
import { textOf } from './reading.ts';
import { pollScalars } from './scalar-poll.ts';
import type { SelfMetrics } from './self-metrics.ts';
import type { RequestBounds, SnmpClient, SnmpError, Varbind } from './snmp-client.ts';
import { emptyTableMemory, type PolledTable, pollTable, tablePlace } from './table-poll.ts';
import type { Reading } from './table-reader.ts';
import type { Cells } from './table-rows.ts';

export const SYS_UP_TIME = '1.3.6.1.2.1.1.3.0';
const SYS_DESCR = '1.3.6.1.2.1.1.1.0';
const SYS_OBJECT_ID = '1.3.6.1.2.1.1.2.0';
const SYS_NAME = '1.3.6.1.2.1.1.5.0';
/** What every full poll asks first. */
const GREETING = [SYS_UP_TIME, SYS_DESCR, SYS_OBJECT_ID, SYS_NAME];

/** Full polls after which it is asked again which profiles apply although nothing told to. */
const POLLS_BETWEEN_PROBES = 60;

export interface FullPollDeps {
  readonly client: SnmpClient;
  readonly clock: Clock;
  readonly selfMetrics: SelfMetrics;
  readonly profiles: readonly Profile[];
  readonly configuredProfileIds: readonly string[];
  readonly namedPorts: ReadonlySet<string>;
  readonly bounds: RequestBounds;
}

export interface FullPoll {
  readonly outcome: Outcome;
  /** Why not ok, or, for a poll that is ok, what could not be read. */
  readonly detail: LocalText;
  readonly rttMs: number | null;
  readonly sysUpTimeTicks: number | null;
  readonly evaluation: Evaluation | null;
  /** What `/snmp` exports of this poll; none when it failed. */
  readonly raw: readonly RawModule[];
}

/** What a failed request says about the poll it ended. */
export function outcomeOf(error: SnmpError): Outcome {
  switch (error.failure) {
    case 'timeout':
    case 'deadline':
      return 'timeout';
    case 'refused':
    case 'unreachable':
    case 'auth-failed':
      return error.failure;
    case 'aborted':
      return 'skipped';
    default:
      return 'bad-response';
  }
}

/**
 * Reads everything that the applying profiles name: identify, probe when needed, scalars and tables.
 * What cannot be read is left out and named; only a device that stops answering fails the poll.
 */
export async function fullPoll(deps: FullPollDeps, memory: DeviceMemory): Promise<FullPoll> {
  const { clock, bounds } = deps;
  const meter = new ReadMeter(deps.client, clock);
  const { client } = meter;
  const startedMs = clock.monotonicMs();
  const greeting = await meter.measure(GREETING, () => client.get(GREETING, bounds));
  if (greeting.error !== null) return failedPoll(greeting.error, greeting.rttMs);
  const [uptime, descr, objectId, name] = greeting.varbinds;
  const sysUpTimeTicks = typeof uptime?.value === 'number' ? uptime.value : null;
  const identity: DeviceIdentity = {
    sysDescr: textOrNull(descr),
    sysObjectId: textOrNull(objectId),
    sysName: textOrNull(name),
  };
  const isFresh = noteIdentity(memory, identity, sysUpTimeTicks, startedMs);
  const sizeBefore = memory.batch.size;
  await choose({ ...deps, client }, memory, identity);
  const reading: Reading = { client, batch: memory.batch, bounds, selfMetrics: deps.selfMetrics };
  const round: Round = { deps, memory, meter, reading, isFresh, errors: [] };
  const polled = await readEverything(round, greeting.varbinds, sysUpTimeTicks);
  const { errors } = round;
  if (polled === null) return failedPoll(errors.at(-1)!, greeting.rttMs);
  if (errors.length === 0 && memory.batch.size === sizeBefore) memory.batch.pollWasClean();
  return {
    outcome: 'ok',
    detail: partialDetail(errors.map((error) => error.detail)),
    rttMs: greeting.rttMs,
    sysUpTimeTicks,
    evaluation: evaluatePoll(polled, memory, deps.namedPorts, deps.selfMetrics),
    raw: keepRawValues(polledObjects(polled, meter.costs), clock),
  };
}

/** One full poll in progress. */
interface Round {
  readonly deps: FullPollDeps;
  readonly memory: DeviceMemory;
  readonly meter: ReadMeter;
  readonly reading: Reading;
  /** The agent is a new one or has started anew. */
  readonly isFresh: boolean;
  readonly errors: SnmpError[];
}

function failedPoll(error: SnmpError, rttMs: number | null): FullPoll {
  return {
    outcome: outcomeOf(error),
    detail: error.detail,
    rttMs,
    sysUpTimeTicks: null,
    evaluation: null,
    raw: [],
  };
}

/** Remembers who answered. True when the agent is a new one or has started anew. */
function noteIdentity(
  memory: DeviceMemory,
  identity: DeviceIdentity,
  ticks: number | null,
  atMs: number,
): boolean {
  const { clock, rates } = memory.ports;
  const step = stepDeviceClock(clock, ticks, atMs, null);
  const restarted = step === 'restarted' || step === 'jumped';
  const isOther =
    memory.identity?.sysObjectId !== identity.sysObjectId ||
    memory.identity?.sysDescr !== identity.sysDescr;
  memory.identity = identity;
  if (step === 'restarted') breakAllPorts(rates, 'agent-restarted');
  if (step === 'jumped') breakAllPorts(rates, 'uptime-jumped');
  if (isOther) breakAllPorts(rates, 'other-device');
  if (restarted || isOther) memory.profiles = null;
  return restarted || isOther;
}

async function choose(
  deps: FullPollDeps,
  memory: DeviceMemory,
  identity: DeviceIdentity,
): Promise<void> {
  memory.pollsSinceProbe += 1;
  if (memory.profiles !== null && memory.pollsSinceProbe < POLLS_BETWEEN_PROBES) return;
  const probed = await probeProfiles(deps.profiles, deps.client, deps.bounds);
  if (probed === null && memory.profiles !== null) return;
  memory.profiles = chooseProfiles(
    deps.profiles,
    deps.configuredProfileIds,
    identity,
    probed ?? new Set(),
  );
  // Unanswered probes are no answer: ask again at the next poll.
  memory.pollsSinceProbe = probed === null ? POLLS_BETWEEN_PROBES : 0;
}

/** null when the device has fallen silent; the reason is the last of `errors`. */
async function readEverything(
  round: Round,
  greeting: readonly Varbind[],
  sysUpTimeTicks: number | null,
): Promise<PolledDevice | null> {
  const { deps, memory, meter, reading, isFresh, errors } = round;
  const chosen = memory.profiles ?? [];
  const tables = await readTables(round, chosen, sysUpTimeTicks);
  if (tables === null) return null;
  const defs = chosen.flatMap(({ profile }) => profile.scalars);
  const scalars = await meter.measure(
    defs.map(({ oid }) => oid),
    () => pollScalars(defs, memory.scalars, reading, isFresh, greeting),
  );
  if (scalars.error !== null) {
    errors.push(scalars.error);
    if (await hasFallenSilent(deps, scalars.error, errors)) return null;
  }
  const profiles: PolledProfile[] = chosen.map(({ profile }) => ({
    profile,
    tables: tables.get(profile)!,
  }));
  return {
    profiles,
    scalars: scalars.varbinds,
    unreadOids: scalars.unreadOids,
    sysUpTimeTicks,
  };
}

/** The tables of each profile; null when the device has fallen silent. */
async function readTables(
  { deps, memory, meter, reading, isFresh, errors }: Round,
  chosen: readonly ChosenProfile[],
  sysUpTimeTicks: number | null,
): Promise<ReadonlyMap<Profile, PolledTable[]> | null> {
  const tables = new Map<Profile, PolledTable[]>(chosen.map(({ profile }) => [profile, []]));
  const jobs = chosen.flatMap(({ profile }) => profile.tables.map((table) => ({ profile, table })));
  // Counters first, close to the uptime that dates them.
  jobs.sort(
    (a, b) => Number(b.table.kind === 'interfaces') - Number(a.table.kind === 'interfaces'),
  );
  for (const { profile, table } of jobs) {
    const place = tablePlace(profile, table);
    const tableMemory = memory.tables.get(place) ?? emptyTableMemory();
    memory.tables.set(place, tableMemory);
    const readAtMs = deps.clock.monotonicMs();
    const haveMoved = (cells: Cells) =>
      table.kind === 'interfaces' &&
      mayHaveMoved(cells, { memory: memory.ports, readAtMs, sysUpTimeTicks });
    const read = await meter.measure(
      table.columns.map(({ oid }) => oid),
      () => pollTable(table, tableMemory, reading, isFresh, readAtMs, haveMoved),
    );
    tables.get(profile)!.push(read);
    if (read.error === null) continue;
    errors.push({ ...read.error, detail: POLL_DETAILS.ofTable(table.name, read.error.detail) });
    if (await hasFallenSilent(deps, read.error, errors)) return null;
  }
  return tables;
}

/** What was read, by OID: the exporter's modules know nothing of profiles. */
function polledObjects(polled: PolledDevice, costs: readonly ReadCost[]): PolledObjects {
  const columns = new Map<string, RawColumn>();
  const lowHalves = new Map<string, string>();
  const unreadOids = new Set(polled.unreadOids);
  for (const table of polled.profiles.flatMap((profile) => profile.tables)) {
    const oids = new Map(table.def.columns.map(({ name, oid }) => [name, oid]));
    for (const { name, oid, lowHalfOf } of table.def.columns) {
      const cells = table.cells.get(name);
      if (cells !== undefined && !columns.has(oid)) columns.set(oid, cells);
      if (table.unreadColumns.has(name)) unreadOids.add(oid);
      const wide = lowHalfOf === null ? undefined : oids.get(lowHalfOf);
      if (wide !== undefined && table.lowHalves.has(name)) lowHalves.set(oid, wide);
    }
  }
  return { scalars: polled.scalars, columns, lowHalves, unreadOids, costs };
}

/** Whether the device is gone, and not only a table of it: asks for the cheapest object there is. */
async function hasFallenSilent(
  deps: FullPollDeps,
  error: SnmpError,
  errors: SnmpError[],
): Promise<boolean> {
  if (error.failure === 'aborted') return true;
  if (error.failure === 'refused' || error.failure === 'unreachable') return true;
  if (error.failure !== 'timeout') return false;
  const answer = await deps.client.get([SYS_UP_TIME], deps.bounds);
  if (answer.error === null || answer.error.failure === 'deadline') return false;
  errors.push(answer.error);
  return true;
}

function textOrNull(varbind: Varbind | undefined): string | null {
  const text = varbind === undefined ? '' : textOf(varbind);
  return text === '' ? null : text;
}
