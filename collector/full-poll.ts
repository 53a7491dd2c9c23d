import type { Profile } from '../config/profile.ts';
import type { Clock } from '../lib/clock.ts';
import type { LocalText } from '../lib/local-text.ts';
import type { DurationMs } from '../lib/time.ts';
import { noteManners, quirksOf } from './agent-habits.ts';
import { hasRestarted, stepDeviceClock } from './device-clock.ts';
import type { DeviceMemory } from './device-memory.ts';
import type { RawPoll } from './exporter/raw-poll.ts';
import { ReadCosts } from './exporter/read-costs.ts';
import { greet } from './greeting.ts';
import { SYS_UP_TIME } from './heartbeat.ts';
import type { Outcome } from './observation.ts';
import { cellVarbind, NOT_ANSWERED } from './plan/cell-store.ts';
import { type DevicePlan, limitsOf, newPlan } from './plan/device-plan.ts';
import { type Walking, walkDevice } from './plan/learn.ts';
import { type PlannedRead, pollByPlan } from './plan/planned-poll.ts';
import { polledDevice, type ReadFacts } from './plan/polled-device.ts';
import { POLLS_BETWEEN_WALKS } from './plan/upkeep.ts';
import type { PollClient } from './poll-client.ts';
import { POLL_DETAILS, partialDetail } from './poll-details.ts';
import { type Evaluation, evaluatePoll } from './poll-evaluation.ts';
import { chooseProfiles, type DeviceIdentity, probeProfiles } from './profile-choice.ts';
import { breakAllPorts } from './rates.ts';
import { textOf } from './reading.ts';
import type { SelfMetrics } from './self-metrics.ts';
import { SERIES_CAP } from './series-room.ts';
import type { RequestBounds, SnmpError, Varbind } from './snmp-client.ts';

const SYS_DESCR = '1.3.6.1.2.1.1.1.0';
const SYS_OBJECT_ID = '1.3.6.1.2.1.1.2.0';
const SYS_NAME = '1.3.6.1.2.1.1.5.0';

/** Full polls after which it is asked again which profiles apply although nothing told to. */
const POLLS_BETWEEN_PROBES = 60;

export interface FullPollDeps {
  readonly client: PollClient;
  readonly clock: Clock;
  readonly selfMetrics: SelfMetrics;
  readonly profiles: readonly Profile[];
  readonly configuredProfileIds: readonly string[];
  readonly namedPorts: ReadonlySet<string>;
  readonly bounds: RequestBounds;
  /** 0..1, another one for each device: spreads what is read once in a while. */
  readonly phaseRatio: number;
  /** Series that the device may have; left out: SERIES_CAP. */
  readonly seriesCap?: number;
}

export interface FullPoll {
  readonly outcome: Outcome;
  /** Why not ok, or, for a poll that is ok, what could not be read. */
  readonly detail: LocalText;
  readonly rttMs: number | null;
  readonly sysUpTimeTicks: number | null;
  readonly evaluation: Evaluation | null;
  /** What `/snmp` exports of this poll; null when it failed. */
  readonly raw: RawPoll | null;
}

/** What a failed request says about the poll it ended. */
export function outcomeOf(error: SnmpError): Outcome {
  switch (error.failure) {
    case 'timeout':
    case 'deadline':
      return error.isAnswering === true ? 'auth-failed' : 'timeout';
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

/** One full poll in progress. */
interface Round {
  readonly deps: FullPollDeps;
  readonly memory: DeviceMemory;
  readonly walking: Walking;
  readonly reductionsBefore: number;
  /** Cells that had failed before; each is an error of this poll as well. */
  readonly failedBefore: number;
}

/** A device that was read: its cells are in the plan. */
interface ReadDevice {
  readonly plan: DevicePlan;
  readonly rttMs: number | null;
  readonly facts: ReadFacts;
  readonly areNamesFresh: boolean;
}

/**
 * Reads everything that the applying profiles name: along the plan, or, when there is none or it can
 * no longer be true, by walking. What cannot be read is left out and named; only a device that stops
 * answering fails the poll.
 */
export async function fullPoll(deps: FullPollDeps, memory: DeviceMemory): Promise<FullPoll> {
  const round = newRound(deps, memory);
  const read = (await readByPlan(round)) ?? (await readByWalking(round));
  if ('outcome' in read) return read;
  const { clock, seriesCap = SERIES_CAP } = deps;
  const { errors, costs } = round.walking;
  noteSize(round);
  const startedMs = clock.monotonicMs();
  const polled = polledDevice(memory.profiles ?? [], read.plan, read.facts);
  const evaluation = evaluatePoll(
    polled,
    memory,
    {
      memory,
      namedPorts: deps.namedPorts,
      selfMetrics: deps.selfMetrics,
      laid: read.plan,
      areNamesFresh: read.areNamesFresh,
      nowMs: startedMs,
    },
    seriesCap,
  );
  const workMs: DurationMs = clock.monotonicMs() - startedMs;
  return {
    outcome: 'ok',
    detail: partialDetail([
      ...errors.map((error) => error.detail),
      ...noteLeftOut(deps.selfMetrics, seriesCap, evaluation.leftOutCount),
    ]),
    rttMs: read.rttMs,
    sysUpTimeTicks: read.facts.sysUpTimeTicks,
    evaluation,
    raw: { laid: read.plan, costs, workMs },
  };
}

/** Takes in whether the device could answer as much at once as it was asked for. */
function noteSize({ memory, walking, reductionsBefore, failedBefore }: Round): void {
  const { batch, plan } = memory;
  const isReduced = batch.reductionCount > reductionsBefore;
  const isClean = !isReduced && walking.errors.length <= failedBefore;
  const isOther = isClean ? batch.pollWasClean() : batch.endTrial();
  if (isOther && plan !== null) plan.isStale = true;
}

/** Counts the series that are left out, and says so. */
function noteLeftOut(selfMetrics: SelfMetrics, cap: number, count: number): readonly LocalText[] {
  if (count === 0) return [];
  selfMetrics.seriesLeftOut(count);
  return [POLL_DETAILS.moreSeries(cap, count)];
}

function newRound(deps: FullPollDeps, memory: DeviceMemory): Round {
  const { client, bounds, selfMetrics, clock } = deps;
  const { batch, habits } = memory;
  const errors: SnmpError[] = [];
  const walking: Walking = {
    reading: { client, batch, habits, bounds, selfMetrics },
    clock,
    costs: new ReadCosts(),
    errors,
    hasFallenSilent: (error) => hasFallenSilent(deps, error, errors),
  };
  const failedBefore = memory.plan?.failed.size ?? 0;
  return { deps, memory, walking, reductionsBefore: batch.reductionCount, failedBefore };
}

/** null when the device has to be walked. */
async function readByPlan(round: Round): Promise<ReadDevice | FullPoll | null> {
  const { deps, memory, walking } = round;
  const { plan } = memory;
  if (plan === null || memory.profiles === null) return null;
  memory.pollsSinceProbe += 1;
  if (plan.polls >= POLLS_BETWEEN_WALKS || (await haveProfilesChanged(round))) return null;
  const read = await pollByPlan(
    {
      memory,
      client: deps.client,
      walking,
      phaseRatio: deps.phaseRatio,
      noteUptime: uptimeOfPoll(memory, deps.client),
    },
    plan,
  );
  if (read.end === 'restarted') {
    memory.profiles = null;
    return null;
  }
  if (read.end === 'silent') return failedPoll(walking.errors.at(-1)!, read.rttMs);
  noteManners(memory.habits, read.lostBigRequests, read.rttMs);
  noteIdentity(memory, memory.plan!);
  return readDevice(deps, memory.plan!, read);
}

function readDevice(deps: FullPollDeps, plan: DevicePlan, read: PlannedRead): ReadDevice {
  const { rttMs, sysUpTimeTicks, dates, areNamesFresh } = read;
  const facts = { sysUpTimeTicks, readAtMs: deps.clock.monotonicMs(), dates };
  return { plan, rttMs, facts, areNamesFresh };
}

async function readByWalking(round: Round): Promise<ReadDevice | FullPoll> {
  const { deps, memory, walking } = round;
  const { client, clock } = deps;
  memory.plan = null;
  const greeting = await greet(walking.reading);
  const { rttMs } = greeting;
  if (greeting.error !== null) return failedPoll(greeting.error, rttMs);
  const readAtMs = clock.monotonicMs();
  const [uptime, descr, objectId, name] = greeting.varbinds;
  const sysUpTimeTicks = typeof uptime?.value === 'number' ? uptime.value : null;
  const isSame = noteUptime(memory, sysUpTimeTicks, readAtMs, bootsOf(client));
  const isUnread = new Set((greeting.unread ?? []).map(({ oid }) => oid));
  const before = memory.identity;
  const identity: DeviceIdentity = {
    sysDescr: isUnread.has(SYS_DESCR) ? (before?.sysDescr ?? null) : textOrNull(descr),
    sysObjectId: isUnread.has(SYS_OBJECT_ID) ? (before?.sysObjectId ?? null) : textOrNull(objectId),
    sysName: isUnread.has(SYS_NAME) ? (before?.sysName ?? null) : textOrNull(name),
  };
  const isOtherDevice = isOther(memory.identity, identity);
  if (isOtherDevice && memory.identity !== null) breakAllPorts(memory.ports.rates, 'other-device');
  if (!isSame || isOtherDevice) memory.profiles = null;
  memory.identity = identity;
  await choose(deps, memory, identity);
  const laid = await walkDevice(walking, memory.profiles ?? [], greeting.varbinds);
  if (laid === null) return failedPoll(walking.errors.at(-1)!, rttMs);
  const limits = limitsOf(memory.batch, memory.habits, client.frameOctets);
  const plan = newPlan(laid, limits, deps.phaseRatio);
  memory.plan = plan;
  // What the greeting left out has been asked for again.
  noteIdentity(memory, plan);
  const facts = { sysUpTimeTicks, readAtMs, dates: new Map() };
  return { plan, rttMs, facts, areNamesFresh: true };
}

function failedPoll(error: SnmpError, rttMs: number | null): FullPoll {
  return {
    outcome: outcomeOf(error),
    detail: error.detail,
    rttMs,
    sysUpTimeTicks: null,
    evaluation: null,
    raw: null,
  };
}

/** As `noteUptime` for the first reply of a poll; the others are compared with that one. */
function uptimeOfPoll(
  memory: DeviceMemory,
  client: PollClient,
): (ticks: number, atMs: number) => boolean {
  let isFirst = true;
  return (ticks, atMs) => {
    const { clock } = memory.ports;
    if (!isFirst) return !hasRestarted(clock.ticks, ticks, atMs - clock.readAtMs);
    isFirst = false;
    return noteUptime(memory, ticks, atMs, bootsOf(client));
  };
}

/** RFC 3414 snmpEngineBoots of the engine that has just answered; null for v1 and v2c. */
function bootsOf(client: PollClient): number | null {
  return client.connection?.().engineBoots ?? null;
}

/**
 * Remembers sysUpTime and the engine's boots. False when the agent has started anew since it was last read, or its clock
 * says something that nothing explains: what is known of the device may be of another one.
 */
function noteUptime(
  { ports }: DeviceMemory,
  ticks: number | null,
  atMs: number,
  boots: number | null,
): boolean {
  const step = stepDeviceClock(ports.clock, ticks, atMs, boots);
  if (step === 'restarted') breakAllPorts(ports.rates, 'agent-restarted');
  if (step === 'jumped') breakAllPorts(ports.rates, 'uptime-jumped');
  return step !== 'restarted' && step !== 'jumped';
}

/** Another device in the place of the one that was known is chosen for anew at the next poll. */
function noteIdentity(memory: DeviceMemory, { layout, store, arena }: DevicePlan): void {
  const before = memory.identity;
  const textAt = (oid: string, known: string | null | undefined): string | null => {
    const cell = layout.scalars.findIndex((scalar) => scalar.oid === oid);
    // That the device could not give it for once does not make it another device.
    if (store.types[cell] === NOT_ANSWERED) return known ?? null;
    return textOrNull(cellVarbind(store, arena, cell, oid) ?? undefined);
  };
  const identity: DeviceIdentity = {
    sysDescr: textAt(SYS_DESCR, before?.sysDescr),
    sysObjectId: textAt(SYS_OBJECT_ID, before?.sysObjectId),
    sysName: textAt(SYS_NAME, before?.sysName),
  };
  if (isOther(before, identity)) memory.pollsSinceProbe = POLLS_BETWEEN_PROBES;
  memory.identity = identity;
}

function isOther(before: DeviceIdentity | null, now: DeviceIdentity): boolean {
  return before?.sysObjectId !== now.sysObjectId || before?.sysDescr !== now.sysDescr;
}

/** Asks once in a while which profiles apply; true when they are others than before. */
async function haveProfilesChanged({ deps, memory }: Round): Promise<boolean> {
  const before = memory.profiles ?? [];
  if (memory.identity === null || memory.pollsSinceProbe < POLLS_BETWEEN_PROBES) return false;
  await choose(deps, memory, memory.identity);
  const now = memory.profiles ?? [];
  return (
    now.length !== before.length || now.some(({ profile }, at) => profile !== before[at]!.profile)
  );
}

async function choose(
  deps: FullPollDeps,
  memory: DeviceMemory,
  identity: DeviceIdentity,
): Promise<void> {
  if (memory.profiles !== null && memory.pollsSinceProbe < POLLS_BETWEEN_PROBES) return;
  const probed = await probeProfiles(deps.profiles, identity, deps.client, deps.bounds);
  if (probed === null && memory.profiles !== null) return;
  memory.profiles = chooseProfiles(
    deps.profiles,
    deps.configuredProfileIds,
    identity,
    probed?.profileIds ?? new Set(),
  );
  memory.makers = probed?.makers ?? [];
  memory.habits.quirks = quirksOf(memory.profiles.map(({ profile }) => profile));
  // Unanswered probes are no answer: ask again at the next poll.
  memory.pollsSinceProbe = probed === null ? POLLS_BETWEEN_PROBES : 0;
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
