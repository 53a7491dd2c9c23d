import type { Config, Credential, Device } from '../config/model.ts';
import type { Profile } from '../config/profile.ts';
import { canonicalJson } from '../lib/canonical-json.ts';
import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/logger.ts';
import type { Random } from '../lib/random.ts';
import { MINUTE } from '../lib/time.ts';
import type { Network } from '../lib/world.ts';
import type { CollectorView, Eventually, LocalView } from './device-detail.ts';
import {
  type DeviceMemory,
  emptyMemory,
  type LearnedDevice,
  learnedFrom,
  memoryFrom,
} from './device-memory.ts';
import { credentialOf, DevicePoller, type DevicePollerDeps } from './device-poller.ts';
import { DeviceRunner, type PollLanes } from './device-runner.ts';
import type { ShownDevice } from './exposition.ts';
import { awaitHeldPorts, type HeldTotals } from './held-ports.ts';
import { type LearnedStore, parseLearned, renderLearned } from './learned-store.ts';
import type { Observation } from './observation.ts';
import { type PollPhase, sharedPhase } from './poll-agenda.ts';
import type { PollClient } from './poll-client.ts';
import { PollLane } from './poll-lane.ts';
import type { SelfMetrics } from './self-metrics.ts';
import { SharedEngines } from './shared-engines.ts';
import { ShownDevices } from './shown-devices.ts';
import type { ProvenEngineTime } from './snmp-client.ts';
import { createTransport, type Transport } from './transport/transport.ts';
import { createWireClient } from './wire-client.ts';

export interface CollectorDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly network: Network;
  readonly config: Config;
  /** Used where the configuration names none. */
  readonly profiles: readonly Profile[];
  readonly log: Logger;
  readonly selfMetrics: SelfMetrics;
  /** Called once for every poll that ended, in the order in which they ended. */
  readonly onObservation: (observation: Observation) => void;
  /** Called whenever a device shows something else to a scrape, before the observation that led to it; null: it is no longer polled. */
  readonly onShown?: (deviceId: string, shown: ShownDevice | null) => void;
  /** Without it, standing conditions with a stay-level or a number of polls begin anew after a restart. */
  readonly learned?: LearnedStore;
  /** Without it, exported totals that stand beside their counters fall back to them after a restart. */
  readonly held?: HeldTotals;
  /** The text of a file under /proc, null where there is none; without it kernel drops are not counted. */
  readonly readProc?: (path: string) => string | null;
  /** For tests: another way to the devices. */
  readonly createClient?: (device: Device, credential: Credential) => PollClient;
}

export interface Collector {
  /** Begins to poll; the first heartbeats are spread over one interval. */
  start(): void;
  /** Ends every poll in progress, without an observation of it, and closes all sockets. */
  stop(): Eventually<void>;
  /**
   * Whether polls are being made, as far as can be proven: what the lease in the journal stands for.
   * Time without this proof counts as not observed.
   */
  isAtWork(): boolean;
  /** Takes over another configuration. A device whose connection is the same keeps what was learned of it. */
  reconfigure(config: Config): void;
  /** Does a full poll of the device as soon as it can; null when it is not configured or the collector stops. */
  pollNow(deviceId: string): Promise<Observation | null>;
  /** The SNMPv3 engine, in hexadecimal, as which the device answers; null while none has proved itself. */
  engineIdOf(deviceId: string): string | null;
  /** Boots and time of that engine, as its last authentic answer to a poll proved them; null while none has. */
  engineTimeOf(deviceId: string): ProvenEngineTime | null;
  readonly view: CollectorView;
}

const SAVE_LEARNED_EVERY_MS = MINUTE;
/** Of the configured concurrency; the places of silent devices are few because they give them up soon. */
const FULL_POLL_SHARE = 0.5;
const SUSPECT_SHARE = 0.25;
/** Of the places for full polls, beside them. */
const WALK_SHARE = 0.25;

/** A collector that polls in the thread it is made in. */
export interface LocalCollector extends Collector {
  stop(): void;
  readonly view: LocalView;
}

/** Polls every configured device in this thread and tells what it observed. */
export function createCollector(deps: CollectorDeps): LocalCollector {
  return new PollingCollector(deps);
}

class PollingCollector implements LocalCollector {
  readonly view: LocalView;
  readonly #deps: CollectorDeps;
  readonly #runners = new Map<string, DeviceRunner>();
  readonly #shown: ShownDevices;
  readonly #pollerDeps: DevicePollerDeps;
  readonly #engines: SharedEngines;
  #lanes: PollLanes;
  #config: Config;
  #profiles: readonly Profile[];
  #learned: ReadonlyMap<string, LearnedDevice> = new Map();
  #savedText = '';
  #cancelSave = () => {};
  /** Made when the first device is polled, closed at the stop. */
  #transport: Transport | null = null;
  #running = false;

  constructor(deps: CollectorDeps) {
    this.#deps = deps;
    this.#config = deps.config;
    this.#lanes = createLanes(deps.config);
    this.#profiles = profilesOf(deps, deps.config);
    const { clock, log, selfMetrics, held } = deps;
    this.#shown = new ShownDevices(clock, selfMetrics);
    // Whoever hears of all devices says it.
    this.#engines = new SharedEngines(deps.onShown === undefined ? { log, selfMetrics } : null);
    const createClient =
      deps.createClient ??
      ((device: Device, credential: Credential) => this.#openClient(device, credential));
    const profiles = () => this.#profiles;
    this.#pollerDeps = { clock, log, selfMetrics, profiles, held, createClient };
    this.view = this.#createView();
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#loadLearned();
    const { devices } = this.#config;
    const originMs = this.#deps.clock.monotonicMs();
    devices.forEach((device, place) => {
      const phaseRatio = sharedPhase(place, devices.length, device.polling);
      this.#add(device, { originMs, phaseRatio });
    });
    this.#noteCounts();
    this.#saveLater();
  }

  stop(): void {
    if (!this.#running) return;
    this.#running = false;
    this.#cancelSave();
    this.#saveLearned();
    this.#deps.held?.flush();
    for (const [deviceId, runner] of this.#runners) this.#remove(deviceId, runner);
    this.#transport?.close();
    this.#transport = null;
  }

  reconfigure(config: Config): void {
    const before = this.#config;
    this.#config = config;
    if (config.polling.concurrency !== before.polling.concurrency) {
      this.#lanes = createLanes(config);
    }
    const profiles = profilesOf(this.#deps, config);
    const haveProfilesChanged = canonicalJson(profiles) !== canonicalJson(this.#profiles);
    this.#profiles = profiles;
    if (!this.#running) return;
    const kept = new Set(config.devices.map((device) => device.id));
    for (const [deviceId, runner] of this.#runners) {
      if (!kept.has(deviceId)) this.#remove(deviceId, runner);
    }
    for (const device of config.devices) this.#reconfigureDevice(device);
    if (haveProfilesChanged) {
      for (const runner of this.#runners.values()) runner.poller.forgetProfiles();
    }
    this.#noteCounts();
  }

  isAtWork(): boolean {
    return this.#running;
  }

  pollNow(deviceId: string): Promise<Observation | null> {
    return this.#runners.get(deviceId)?.pollNow() ?? Promise.resolve(null);
  }

  engineIdOf(deviceId: string): string | null {
    return this.#engines.engineOf(deviceId);
  }

  engineTimeOf(deviceId: string): ProvenEngineTime | null {
    return this.#shown.get(deviceId)?.engineTime ?? null;
  }

  #reconfigureDevice(device: Device): void {
    const runner = this.#runners.get(device.id);
    if (runner === undefined) {
      this.#add(device, this.#phaseByChance());
      return;
    }
    const { poller } = runner;
    const before = connectionKey(poller.device, poller.credential);
    if (before === connectionKey(device, credentialOf(this.#config, device))) {
      runner.update(this.#config, device);
      this.#show(device.id, poller.shown());
      return;
    }
    this.#remove(device.id, runner);
    const isSamePlace =
      poller.device.address === device.address && poller.device.port === device.port;
    this.#add(device, this.#phaseByChance(), isSamePlace ? poller.memory : undefined);
  }

  #phaseByChance(): PollPhase {
    const { clock, random } = this.#deps;
    return { originMs: clock.monotonicMs(), phaseRatio: random.next() };
  }

  #add(device: Device, phase: PollPhase, memory?: DeviceMemory): void {
    const { clock, selfMetrics, onObservation } = this.#deps;
    const known = memory ?? this.#memoryOf(device.id);
    const poller = new DevicePoller(this.#pollerDeps, this.#config, device, known);
    const runnerDeps = {
      clock,
      lanes: () => this.#lanes,
      selfMetrics,
      onObservation: (observation: Observation) => {
        this.#show(device.id, poller.shown());
        this.#noteCounts();
        onObservation(observation);
      },
    };
    this.#runners.set(device.id, new DeviceRunner(runnerDeps, poller, phase));
    this.#show(device.id, poller.shown());
  }

  /** What another process has learned of the device. */
  #memoryOf(deviceId: string): DeviceMemory {
    const learned = this.#learned.get(deviceId);
    const memory = learned === undefined ? emptyMemory() : memoryFrom(learned);
    const { held, clock } = this.#deps;
    awaitHeldPorts(memory.ports, held?.of(deviceId) ?? [], clock);
    return memory;
  }

  #remove(deviceId: string, runner: DeviceRunner): void {
    runner.close();
    this.#runners.delete(deviceId);
    this.#show(deviceId, null);
  }

  #show(deviceId: string, shown: ShownDevice | null): void {
    this.#shown.set(deviceId, shown);
    this.#engines.note(deviceId, shown?.engineId ?? null);
    this.#deps.onShown?.(deviceId, shown);
  }

  #openClient(device: Device, credential: Credential): PollClient {
    this.#transport ??= createTransport(this.#deps);
    const { id: deviceId, address, port, replyFromAnyAddress } = device;
    const { timeoutMs, retries } = device.polling;
    const options = { deviceId, address, port, replyFromAnyAddress, timeoutMs, retries };
    return createWireClient({ ...options, credential, transport: this.#transport });
  }

  #noteCounts(): void {
    const { selfMetrics } = this.#deps;
    const { heartbeat, full, walk, suspect } = this.#lanes;
    selfMetrics.observedDevices(this.#runners.size);
    const lanes = [heartbeat, full, walk, suspect];
    selfMetrics.pollsWaiting(lanes.reduce((sum, { waitingCount }) => sum + waitingCount, 0));
  }

  #createView(): LocalView {
    const pollerOf = (deviceId: string) => this.#runners.get(deviceId)?.poller;
    return {
      detail: (deviceId) => this.#engines.addTo(pollerOf(deviceId)?.detail() ?? null),
      explain: (deviceId) => this.#runners.get(deviceId)?.explain() ?? null,
      renderDevice: (deviceId) => this.#shown.renderDevice(deviceId),
      renderSnmp: (deviceId, modules) => pollerOf(deviceId)?.renderSnmp(modules) ?? null,
      isHeard: () => true,
      renderAll: () => this.#shown.renderAll(),
    };
  }

  #loadLearned(): void {
    const { learned, log } = this.#deps;
    const text = learned?.load() ?? null;
    if (text === null) return;
    const parsed = parseLearned(text);
    if (parsed === null) log.warn('what the collector had learned cannot be read; it learns anew');
    else this.#learned = parsed;
  }

  #saveLater(): void {
    if (this.#deps.learned === undefined) return;
    this.#cancelSave = this.#deps.clock.after(SAVE_LEARNED_EVERY_MS, () => {
      this.#saveLearned();
      this.#saveLater();
    });
  }

  #saveLearned(): void {
    const { learned } = this.#deps;
    if (learned === undefined) return;
    const devices = new Map<string, LearnedDevice>();
    for (const [deviceId, runner] of this.#runners) {
      devices.set(deviceId, learnedFrom(runner.poller.memory));
    }
    const text = renderLearned(devices);
    if (text === this.#savedText) return;
    try {
      learned.save(text);
      this.#savedText = text;
    } catch (error) {
      this.#deps.log.warn({ error: String(error) }, 'what was learned of the devices is not saved');
    }
  }
}

function createLanes(config: Config): PollLanes {
  const { concurrency } = config.polling;
  const full = Math.max(1, Math.floor(concurrency * FULL_POLL_SHARE));
  const suspect = Math.max(1, Math.floor(concurrency * SUSPECT_SHARE));
  return {
    full: new PollLane(full),
    walk: new PollLane(Math.ceil(full * WALK_SHARE)),
    suspect: new PollLane(suspect),
    heartbeat: new PollLane(concurrency - full - suspect),
  };
}

/** A configuration that names its profiles names all of them. */
function profilesOf(deps: CollectorDeps, config: Config): readonly Profile[] {
  return config.profiles.length > 0 ? config.profiles : deps.profiles;
}

/** Equal when the same device is reached in the same way, so that nothing learned becomes wrong. Never logged. */
function connectionKey(device: Device, credential: Credential): string {
  const { timeoutMs, retries } = device.polling;
  const secrets =
    credential.version === 'v3'
      ? [credential.authenticationPassword?.reveal(), credential.privacyPassword?.reveal()]
      : [credential.community.reveal()];
  return canonicalJson([
    device.address,
    device.port,
    device.replyFromAnyAddress,
    device.profiles,
    timeoutMs,
    retries,
    credential,
    secrets,
  ]);
}
