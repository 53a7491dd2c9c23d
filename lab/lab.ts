import type { CancelTimer, Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/logger.ts';
import type { Random } from '../lib/random.ts';
import { DAY, type EpochMs, HOUR, SECOND } from '../lib/time.ts';
import type { Network } from '../lib/world.ts';
import { type Agent, startAgent } from './agent.ts';
import type { LabCredential } from './credential.ts';
import { createDeviceLife, type DeviceLife } from './device-life.ts';
import type { LabDevice } from './devices/catalog.ts';
import { deviceMib } from './mib/device-mib.ts';
import {
  actionProblem,
  advance,
  applyAction,
  healthyLab,
  type LabAction,
  type LabState,
  nextChangeAt,
  restoreAll,
} from './model.ts';
import { type LabStatus, statusOf } from './status.ts';
import { playStory, STORY, type StoryPlay } from './story.ts';
import { deriveTopology } from './topology.ts';
import { namedSeed } from './wave.ts';

export interface LabOptions {
  /** Port 0 takes any free port; `Lab.ports` tells which. */
  readonly devices: readonly LabDevice[];
  /** By credential id, from `labCredentials`; every device's must be there. */
  readonly credentials: ReadonlyMap<string, LabCredential>;
  readonly clock: Clock;
  readonly random: Random;
  readonly network: Network;
  readonly log: Logger;
  /** Called with every action done, by the story or by a person. */
  readonly onAction: (action: LabAction) => void;
}

/** The running demo network. */
export interface Lab {
  /** UDP port by device id. */
  readonly ports: ReadonlyMap<string, number>;
  /** Breaks or repairs something; gives back null, or a sentence that says why it cannot. */
  act(action: LabAction): string | null;
  /** Repairs everything and ends the story, which would break it again. */
  restoreAll(): void;
  /** Repairs everything and plays the story from its start. */
  replayStory(): void;
  status(): LabStatus;
  stop(): Promise<void>;
}

export type LabStartProblem =
  | {
      readonly kind: 'port-taken' | 'bind-failed';
      readonly text: string;
      readonly deviceId: string;
      readonly port: number;
    }
  | { readonly kind: 'no-credential'; readonly text: string; readonly deviceId: string };

export type StartedLab =
  | { readonly ok: true; readonly lab: Lab }
  | { readonly ok: false; readonly problem: LabStartProblem };

/** Seeds are unsigned 32-bit numbers. */
const SEED_STEPS = 2 ** 32;

/** The devices of the demo have been running for a while: they started at fixed instants of each period. */
const RUNNING_PERIOD_MS = 180 * DAY;
const SHORTEST_RUN_MS = 3 * DAY;
const RUN_SPREAD_HOURS = 900;
/** engineBoots counts seconds from here, so that it rises with every start without being kept anywhere. */
const BOOTS_EPOCH: EpochMs = Date.UTC(2020, 0, 1);

/** Starts one agent for each device. When one cannot start, those that did are stopped again. */
export async function startLab(options: LabOptions): Promise<StartedLab> {
  const { clock, devices } = options;
  const topology = deriveTopology(devices);
  const startedMs = clock.monotonicMs();
  const wallOffsetMs = clock.now() - startedMs;
  const seed = Math.floor(options.random.next() * SEED_STEPS);
  const state = healthyLab(
    topology,
    startedMs,
    (id) => runningSince(id, clock.now()) - wallOffsetMs,
  );
  const members: Member[] = [];
  for (const device of devices) {
    const initial = state.devices.get(device.id)!;
    const life = createDeviceLife(topology, device.id, initial, { seed, wallOffsetMs });
    const started = await startMember(device, life, wallOffsetMs, options);
    if (!started.ok) {
      await Promise.all(members.map(({ agent }) => agent.stop()));
      return started;
    }
    members.push(started.member);
  }
  return { ok: true, lab: new RunningLab(state, members, options) };
}

interface Member {
  readonly life: DeviceLife;
  readonly agent: Agent;
}

type StartedMember =
  | { readonly ok: true; readonly member: Member }
  | { readonly ok: false; readonly problem: LabStartProblem };

async function startMember(
  device: LabDevice,
  life: DeviceLife,
  wallOffsetMs: number,
  options: LabOptions,
): Promise<StartedMember> {
  const { id: deviceId, address, port } = device;
  const credential = options.credentials.get(device.credentialId);
  if (credential === undefined) {
    const text = `demo device ${deviceId}: no usable credential "${device.credentialId}"`;
    return { ok: false, problem: { kind: 'no-credential', text, deviceId } };
  }
  const engineId = engineIdOf(deviceId);
  const bootedAt = () => life.state().bootedAtMs + wallOffsetMs;
  const boots = () => Math.max(1, Math.floor((bootedAt() - BOOTS_EPOCH) / SECOND));
  const { clock, network, log } = options;
  const started = await startAgent({
    deviceId,
    address,
    port,
    credential,
    engineId,
    engineBoots: boots,
    engineTimeSeconds: () => Math.floor(life.uptimeMs(clock.monotonicMs()) / SECOND),
    view: deviceMib(life, { id: engineId, boots }),
    clock,
    network,
    log,
  });
  if (started.ok) return { ok: true, member: { life, agent: started.agent } };
  const kind = started.code === 'EADDRINUSE' ? 'port-taken' : 'bind-failed';
  const why = kind === 'port-taken' ? 'is in use by another program' : `failed: ${started.code}`;
  const text = `demo device ${deviceId}: UDP port ${port} at ${address} ${why}`;
  return { ok: false, problem: { kind, text, deviceId, port } };
}

class RunningLab implements Lab {
  readonly ports: ReadonlyMap<string, number>;
  #state: LabState;
  #story: StoryPlay | null = null;
  #cancelNextChange: CancelTimer = () => {};
  readonly #members: readonly Member[];
  readonly #options: LabOptions;

  constructor(state: LabState, members: readonly Member[], options: LabOptions) {
    this.#state = state;
    this.#members = members;
    this.#options = options;
    this.ports = new Map(members.map(({ life, agent }) => [life.id, agent.port]));
  }

  act(action: LabAction): string | null {
    const problem = actionProblem(this.#state.topology, action);
    if (problem !== null) return problem;
    this.#take(applyAction(this.#state, action, this.#nowMs()));
    this.#options.onAction(action);
    return null;
  }

  restoreAll(): void {
    this.#story?.stop();
    this.#take(restoreAll(this.#state, this.#nowMs()));
  }

  replayStory(): void {
    this.restoreAll();
    const { topology } = this.#state;
    const steps = STORY.filter(({ action }) => actionProblem(topology, action) === null);
    this.#story = playStory(this.#options.clock, steps, (action) => this.act(action));
  }

  status(): LabStatus {
    return statusOf(advance(this.#state, this.#nowMs()), {
      nowMs: this.#nowMs(),
      ports: this.ports,
      story: this.#story?.progress() ?? null,
    });
  }

  async stop(): Promise<void> {
    this.#story?.stop();
    this.#cancelNextChange();
    await Promise.all(this.#members.map(({ agent }) => agent.stop()));
  }

  #nowMs(): number {
    return this.#options.clock.monotonicMs();
  }

  /** Lets the agents live by a new state and wakes up when it changes by itself. */
  #take(state: LabState): void {
    this.#state = state;
    for (const { life, agent } of this.#members) {
      const device = state.devices.get(life.id)!;
      life.follow(device, state.settledAtMs);
      agent.setSilent(device.silence !== 'none');
    }
    this.#cancelNextChange();
    const at = nextChangeAt(state);
    if (at === null) return;
    this.#cancelNextChange = this.#options.clock.after(Math.ceil(at - this.#nowMs()), () => {
      this.#take(advance(this.#state, this.#nowMs()));
    });
  }
}

/** RFC 3411 §5 SnmpEngineID: the enterprise of the npm package, format 4 (text), the device id. */
function engineIdOf(deviceId: string): Buffer {
  const text = Buffer.from(deviceId).subarray(0, 27);
  return Buffer.concat([Buffer.from([0x80, 0x00, 0xb9, 0x83, 0x04]), text]);
}

/** The same instant in every run of the same half year, so that a restarted lab goes on counting. */
function runningSince(deviceId: string, now: EpochMs): EpochMs {
  const periodStart = Math.floor(now / RUNNING_PERIOD_MS) * RUNNING_PERIOD_MS;
  return periodStart - SHORTEST_RUN_MS - (namedSeed(0, deviceId) % RUN_SPREAD_HOURS) * HOUR;
}
