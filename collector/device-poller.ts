import type { Config, Credential, Device } from '../config/model.ts';
import type { Profile } from '../config/profile.ts';
import type { Clock } from '../lib/clock.ts';
import { isBlank, type LocalText, NO_TEXT } from '../lib/local-text.ts';
import type { Logger } from '../lib/logger.ts';
import { type EpochMs, SECOND } from '../lib/time.ts';
import type { DeviceDetail } from './device-detail.ts';
import type { DeviceExposition } from './device-exposition.ts';
import { type DeviceMemory, emptyMemory } from './device-memory.ts';
import { EngineWatch } from './engine-watch.ts';
import { explainDevice, explainLanes, type PollTimes } from './explain-device.ts';
import { type RawPoll, rawModules } from './exporter/raw-poll.ts';
import { type Packets, packetsBetween, packetsOf } from './exporter/read-costs.ts';
import { renderModules } from './exporter/render-modules.ts';
import { baseLabelText, type ShownDevice } from './exposition.ts';
import { type FullPoll, fullPoll, outcomeOf } from './full-poll.ts';
import { askHeartbeat } from './heartbeat.ts';
import { type HeldTotals, noteHeldPorts } from './held-ports.ts';
import { deviceInfo, vendorModelOs } from './identity.ts';
import { namedPortsOf } from './named-ports.ts';
import type { Observation, Outcome } from './observation.ts';
import { phaseRatioOf } from './phase-ratio.ts';
import type { DevicePlan } from './plan/device-plan.ts';
import type { DevicePlanExplanation, PollTraffic } from './plan-explanation.ts';
import type { PollClient } from './poll-client.ts';
import { neverAnswered, POLL_DETAILS } from './poll-details.ts';
import type { Evaluation } from './poll-evaluation.ts';
import type { SelfMetrics } from './self-metrics.ts';
import { type ConnectionFacts, NO_CONNECTION, type RequestBounds } from './snmp-client.ts';
import type { AskManner } from './transport/dialect.ts';

export interface DevicePollerDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly selfMetrics: SelfMetrics;
  /** Asked anew for each full poll: a changed configuration has other profiles. */
  readonly profiles: () => readonly Profile[];
  /** Without it, totals that stand beside their counters fall back to them at a restart. */
  readonly held?: HeldTotals | undefined;
  /** Makes the client for a device; called once, when it is first polled. */
  readonly createClient: (device: Device, credential: Credential) => PollClient;
}

/** Full polls that may fail before what the last good one told is no longer shown. */
const STALE_AFTER_FULL_POLLS = 2.5;
const TICKS_PER_SECOND = 100;
/** Of a silent device, one heartbeat in so many is asked with all tries. */
const HEARTBEATS_TO_ASK_FULLY = 8;

interface LastPoll {
  readonly finishedAt: EpochMs;
  readonly outcome: Outcome;
  readonly detail: LocalText;
}

interface LastFull {
  readonly finishedMs: number;
  readonly exposition: DeviceExposition;
  readonly evaluation: Evaluation;
  readonly raw: RawPoll | null;
}

/** Polls one device, keeps what it told, and shows it. Never two polls at once: the caller sees to that. */
export class DevicePoller {
  readonly memory: DeviceMemory;
  readonly #deps: DevicePollerDeps;
  readonly #credential: Credential;
  readonly #abort = new AbortController();
  readonly #engineWatch: EngineWatch;
  #device: Device;
  #baseLabels: string;
  #namedPorts: ReadonlySet<string>;
  #client: PollClient | null = null;
  #confirmed: 'answering' | 'silent' | null = null;
  #silentHeartbeats = 0;
  #lastPoll: LastPoll | null = null;
  #hasReplied = false;
  #lastOkMs: number | null = null;
  #rttMs: number | null = null;
  #uptimeTicks: number | null = null;
  #full: LastFull | null = null;
  #fullDetail = NO_TEXT;
  #lastFullWasOk = false;
  #isCut = false;
  #fullTraffic: PollTraffic | null = null;
  #walkTraffic: PollTraffic | null = null;

  constructor(
    deps: DevicePollerDeps,
    config: Config,
    device: Device,
    memory: DeviceMemory = emptyMemory(),
  ) {
    this.#deps = deps;
    this.#device = device;
    this.#baseLabels = baseLabelText(device);
    this.#credential = credentialOf(config, device);
    this.#namedPorts = namedPortsOf(config, device);
    this.memory = memory;
    this.#engineWatch = new EngineWatch(memory);
  }

  get device(): Device {
    return this.#device;
  }

  get credential(): Credential {
    return this.#credential;
  }

  /** Takes over what can change without a new connection: names, site, ports, intervals. */
  update(config: Config, device: Device): void {
    this.#device = device;
    this.#baseLabels = baseLabelText(device);
    this.#namedPorts = namedPortsOf(config, device);
  }

  /** Chooses its profiles anew at the next full poll. */
  forgetProfiles(): void {
    this.memory.profiles = null;
    this.memory.plan = null;
    this.memory.tables.clear();
  }

  /** Asks whether the device answers. */
  async heartbeat(): Promise<Observation> {
    const { clock } = this.#deps;
    const { timeoutMs, retries } = this.#device.polling;
    const startedAt = clock.now();
    const manner = this.#mannerOfHeartbeat();
    const answer = await this.#safely(async (client) => {
      const bounds = this.#bounds((timeoutMs + SECOND) * (retries + 1));
      const got = await askHeartbeat(client, bounds, manner);
      return {
        outcome: got.error === null ? ('ok' as const) : outcomeOf(got.error),
        detail: got.error?.detail ?? NO_TEXT,
        rttMs: got.rttMs,
        sysUpTimeTicks: got.sysUpTimeTicks,
        evaluation: null,
        raw: null,
      };
    });
    return this.#observe('heartbeat', startedAt, answer);
  }

  /** Whoever has been silent for long is asked as cheaply as can be, and every few times as others are. */
  #mannerOfHeartbeat(): AskManner {
    const isSilent = this.#confirmed === 'silent' && this.#lastPoll?.outcome === 'timeout';
    this.#silentHeartbeats = isSilent ? this.#silentHeartbeats + 1 : 0;
    return this.#silentHeartbeats % HEARTBEATS_TO_ASK_FULLY === 0 ? 'fully' : 'once';
  }

  /** Reads everything the device's profiles name. */
  async full(): Promise<Observation> {
    const { clock, selfMetrics, profiles } = this.#deps;
    const startedAt = clock.now();
    const planBefore = this.memory.plan;
    const packetsBefore = this.#packets();
    const poll = await this.#safely((client) =>
      fullPoll(
        {
          client,
          clock,
          selfMetrics,
          profiles: profiles(),
          configuredProfileIds: this.#device.profiles,
          namedPorts: this.#namedPorts,
          bounds: this.#bounds(this.#device.polling.deadlineMs),
          phaseRatio: phaseRatioOf(this.#device.id),
        },
        this.memory,
      ),
    );
    this.#noteTraffic(packetsBefore, planBefore);
    this.#keep(poll);
    const { held } = this.#deps;
    if (held && poll.evaluation) noteHeldPorts(held, this.#device.id, this.memory.ports, clock);
    this.#rest();
    return this.#observe('full', startedAt, poll);
  }

  /** Until the next full poll what it needs is kept packed: whoever asks for it meanwhile is rare. */
  #rest(): void {
    this.memory.plan?.rest();
    this.memory.ports.rest();
    this.#full?.evaluation.rest();
  }

  /** What the agenda has confirmed; values of a silent device are no longer shown. */
  confirm(confirmed: 'answering' | 'silent' | null): void {
    this.#confirmed = confirmed;
    if (confirmed === 'silent') this.#full = null;
  }

  detail(): DeviceDetail {
    const { identity, profiles } = this.memory;
    const full = this.#freshFull();
    const isSilent = this.#confirmed === 'silent';
    const { strayCount, lastStray, engineId } = this.#connection();
    return {
      deviceId: this.#device.id,
      sysName: identity?.sysName ?? null,
      sysDescr: identity?.sysDescr ?? null,
      sysObjectId: identity?.sysObjectId ?? null,
      profiles: (profiles ?? []).map(({ profile, reason }) => ({ id: profile.id, reason })),
      uptimeSeconds:
        isSilent || this.#uptimeTicks === null ? null : this.#uptimeTicks / TICKS_PER_SECOND,
      lastPollAt: this.#lastPoll?.finishedAt ?? null,
      lastOutcome: this.#lastPoll?.outcome ?? null,
      lastDetail: this.#lastDetail(),
      rttMs: isSilent ? null : this.#rttMs,
      replyFromAnyAddress: this.#device.replyFromAnyAddress,
      strayReplies: { count: strayCount, lastFrom: lastStray },
      snmpEngine: engineId === null ? null : { id: engineId, sharedWith: [] },
      ports: full?.evaluation.ports ?? [],
      readings: full?.evaluation.readings ?? [],
      forecast: full?.evaluation.forecast ?? null,
    };
  }

  /** How the device is polled, and why so. */
  explain(times: PollTimes): DevicePlanExplanation {
    const { polling } = this.#device;
    return explainDevice({
      device: this.#device,
      credential: this.#credential,
      memory: this.memory,
      client: this.#client,
      confirmed: times.confirmed,
      lanes: explainLanes(polling, times, this.#fullDetail),
      lastFullPoll: this.#fullTraffic,
      lastWalk: this.#walkTraffic,
      evaluation: this.#freshFull()?.evaluation ?? null,
      now: this.#deps.clock.now(),
    });
  }

  /** What a scrape shows of the device until its next poll. */
  shown(): ShownDevice {
    const isSilent = this.#confirmed === 'silent';
    const ticks = isSilent ? null : this.#uptimeTicks;
    const { engineId, engineTime } = this.#connection();
    return {
      baseLabels: this.#baseLabels,
      isUp: this.#confirmed === null ? null : !isSilent,
      rttMs: isSilent ? null : this.#rttMs,
      uptimeSeconds: ticks === null ? null : ticks / TICKS_PER_SECOND,
      readings: this.#full?.exposition ?? null,
      readingsUntilMs: this.#full === null ? 0 : this.#staleAtMs(this.#full),
      answeredMs: this.#lastOkMs,
      engineId,
      engineTime,
    };
  }

  /** What `/snmp` answers for these modules; null while nothing that a poll has read can be shown. */
  renderSnmp(modules: readonly string[]): Iterable<string> | null {
    const raw = this.#freshFull()?.raw ?? null;
    return raw === null ? null : renderModules(rawModules(raw, modules), !this.#lastFullWasOk);
  }

  close(): void {
    this.#abort.abort();
    this.#client?.close();
    this.#client = null;
  }

  #connection(): ConnectionFacts {
    return this.#client?.connection?.() ?? NO_CONNECTION;
  }

  #lastDetail(): LocalText {
    const last = this.#lastPoll?.detail ?? NO_TEXT;
    return isBlank(last) ? this.#fullDetail : last;
  }

  #freshFull(): LastFull | null {
    if (this.#full === null) return null;
    return this.#deps.clock.monotonicMs() > this.#staleAtMs(this.#full) ? null : this.#full;
  }

  #staleAtMs({ finishedMs }: LastFull): number {
    return finishedMs + this.#device.polling.fullPollMs * STALE_AFTER_FULL_POLLS;
  }

  #packets(): Packets | null {
    return this.#client === null ? { sent: 0, retried: 0 } : packetsOf(this.#client);
  }

  #noteTraffic(before: Packets | null, planBefore: DevicePlan | null): void {
    const packets = packetsBetween(before, this.#packets());
    if (packets === null) return;
    const at = this.#deps.clock.now();
    const traffic = { at, packetsSent: packets.sent, packetsRetried: packets.retried };
    this.#fullTraffic = traffic;
    const { plan } = this.memory;
    if (plan !== null && plan !== planBefore && plan.polls === 0) this.#walkTraffic = traffic;
  }

  #keep(poll: FullPoll): void {
    this.#lastFullWasOk = poll.outcome === 'ok';
    if (poll.outcome === 'ok') this.#fullDetail = poll.detail;
    const { evaluation } = poll;
    if (evaluation === null) return;
    const chosen = this.memory.profiles ?? [];
    const named = vendorModelOs(chosen, evaluation.values, this.memory.identity);
    const exposition = evaluation.render(this.#baseLabels, deviceInfo(named, chosen));
    const finishedMs = this.#deps.clock.monotonicMs();
    this.#full = { finishedMs, exposition, evaluation, raw: poll.raw };
  }

  #observe(kind: Observation['kind'], startedAt: EpochMs, poll: FullPoll): Observation {
    const { clock } = this.#deps;
    const finishedAt = clock.now();
    const isOk = poll.outcome === 'ok';
    this.#hasReplied ||= isReply(poll.outcome);
    const isUnproven = !this.#hasReplied && this.#credential.version !== 'v3';
    const why = isUnproven ? neverAnswered(poll.detail) : poll.detail;
    const detail = isOk ? NO_TEXT : why;
    this.#lastPoll = { finishedAt, outcome: poll.outcome, detail };
    if (isOk) {
      this.#lastOkMs = clock.monotonicMs();
      this.#rttMs = poll.rttMs ?? this.#rttMs;
      this.#uptimeTicks = poll.sysUpTimeTicks;
    }
    const connection = this.#connection();
    const engineChange = isOk ? this.#engineWatch.look(connection, clock.monotonicMs()) : null;
    if (engineChange?.because === 'boots-went-back') {
      const told = { deviceId: this.#device.id, ...engineChange };
      this.#deps.log.warn(told, 'an SNMPv3 engine has lost count of its starts');
    }
    return {
      deviceId: this.#device.id,
      kind,
      outcome: poll.outcome,
      detail,
      startedAt,
      finishedAt,
      rttMs: poll.rttMs,
      sysUpTimeTicks: poll.sysUpTimeTicks,
      engineBoots: isOk ? connection.engineBoots : null,
      ...(engineChange && { engineChange }),
      ...this.#newlyCut(poll),
      conditions: poll.evaluation?.conditions ?? null,
      unreadComponents: poll.evaluation?.unreadComponents ?? [],
    };
  }

  #newlyCut({ evaluation }: FullPoll): Pick<Observation, 'seriesLeftOut'> {
    if (evaluation === null) return {};
    const { leftOutCount } = evaluation;
    const wasCut = this.#isCut;
    this.#isCut = leftOutCount > 0;
    return this.#isCut && !wasCut ? { seriesLeftOut: leftOutCount } : {};
  }

  /** A defect in reading one device must not end the polling of all others. */
  async #safely(poll: (client: PollClient) => Promise<FullPoll>): Promise<FullPoll> {
    try {
      this.#client ??= this.#deps.createClient(this.#device, this.#credential);
      return await poll(this.#client);
    } catch (error) {
      const place = error instanceof Error ? error.stack : String(error);
      this.#deps.log.error({ deviceId: this.#device.id, place }, 'poll failed by a defect');
      return {
        outcome: 'bad-response',
        detail: POLL_DETAILS.notUnderstood,
        rttMs: null,
        sysUpTimeTicks: null,
        evaluation: null,
        raw: null,
      };
    }
  }

  #bounds(withinMs: number): RequestBounds {
    return {
      deadlineMs: this.#deps.clock.monotonicMs() + withinMs,
      signal: this.#abort.signal,
    };
  }
}

/** Whether the device has said something, if only that it refuses. */
function isReply(outcome: Outcome): boolean {
  return outcome === 'ok' || outcome === 'auth-failed' || outcome === 'bad-response';
}

/** The credential a device names. A configuration that was checked has it; without one this throws. */
export function credentialOf(config: Config, device: Device): Credential {
  const credential = config.credentials.get(device.credentialId);
  if (credential === undefined) throw new Error(`device ${device.id} has no credential`);
  return credential;
}
