import type { Credential } from '../config/model.ts';
import { type Backoff, backoffDelayMs } from '../lib/backoff.ts';
import type { CancelTimer, Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/logger.ts';
import type { Random } from '../lib/random.ts';
import { MINUTE, SECOND } from '../lib/time.ts';
import { type ChildStart, LabChild } from './child.ts';
import { labCredentials } from './credential.ts';
import type { LabDevice } from './devices/catalog.ts';
import type { LabAnswer } from './process-messages.ts';

export interface LabProcessOptions {
  readonly devices: readonly LabDevice[];
  readonly credentials: ReadonlyMap<string, Credential>;
  /** Whether the story begins at once. After a crash the lab comes back healthy and quiet. */
  readonly playStory: boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
}

/** The demo network in a process of its own, which is started again when it dies. */
export interface LabProcess {
  /** UDP port by device id; the same after a restart. */
  readonly ports: ReadonlyMap<string, number>;
  /** Id of the running process; null between two runs. */
  processId(): number | null;
  /** `part`: a port name, `mains` for a UPS, or null for the whole device. */
  fail(deviceId: string, part: string | null): Promise<LabAnswer>;
  restore(deviceId: string, part: string | null): Promise<LabAnswer>;
  /** Repairs everything; the story, which would break it again, is over. */
  restoreAll(): Promise<LabAnswer>;
  replayStory(): Promise<LabAnswer>;
  status(): Promise<LabAnswer>;
  /** Called each time the process ends by itself, and when it is back. */
  onExit(listener: (exit: LabExit) => void): void;
  onRestart(listener: () => void): void;
  stop(): Promise<void>;
}

export interface LabExit {
  readonly reason: string;
  /** false: it died too often in a row and stays down. */
  readonly willRestart: boolean;
}

export type StartedLabProcess =
  | { readonly ok: true; readonly lab: LabProcess }
  | { readonly ok: false; readonly problem: Extract<ChildStart, { ok: false }>['problem'] };

const RESTART_BACKOFF: Backoff = {
  firstMs: SECOND / 2,
  longestMs: 15 * SECOND,
  multiplier: 2,
  jitterRatio: 0.2,
};
const MOST_RESTARTS_IN_A_ROW = 8;
/** A run as long as this counts as healthy: the next death starts the count again. */
const HEALTHY_RUN_MS = MINUTE;

/** Starts the lab. The problem names the device and port when a port is taken; nothing is left running then. */
export async function startLabProcess(options: LabProcessOptions): Promise<StartedLabProcess> {
  const supervisor = new Supervisor(options, [...labCredentials(options.credentials)]);
  const start = await supervisor.start();
  return start.ok ? { ok: true, lab: supervisor } : start;
}

type Credentials = ConstructorParameters<typeof LabChild>[0]['credentials'];

class Supervisor implements LabProcess {
  ports: ReadonlyMap<string, number> = new Map();
  #child: LabChild | null = null;
  #restarts = 0;
  #startedMs = 0;
  #isStopping = false;
  #cancelRestart: CancelTimer = () => {};
  readonly #options: LabProcessOptions;
  readonly #credentials: Credentials;
  readonly #exitListeners: ((exit: LabExit) => void)[] = [];
  readonly #restartListeners: (() => void)[] = [];

  constructor(options: LabProcessOptions, credentials: Credentials) {
    this.#options = options;
    this.#credentials = credentials;
  }

  async start(): Promise<ChildStart> {
    const start = await this.#run(this.#options.playStory);
    if (start.ok) this.ports = start.ports;
    else await this.stop();
    return start;
  }

  processId(): number | null {
    return this.#child?.processId ?? null;
  }

  fail(deviceId: string, part: string | null): Promise<LabAnswer> {
    return this.#ask({ verb: 'act', action: { verb: 'fail', deviceId, part } });
  }

  restore(deviceId: string, part: string | null): Promise<LabAnswer> {
    return this.#ask({ verb: 'act', action: { verb: 'restore', deviceId, part } });
  }

  restoreAll(): Promise<LabAnswer> {
    return this.#ask({ verb: 'restore-all' });
  }

  replayStory(): Promise<LabAnswer> {
    return this.#ask({ verb: 'story' });
  }

  status(): Promise<LabAnswer> {
    return this.#ask({ verb: 'status' });
  }

  onExit(listener: (exit: LabExit) => void): void {
    this.#exitListeners.push(listener);
  }

  onRestart(listener: () => void): void {
    this.#restartListeners.push(listener);
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#cancelRestart();
    await this.#child?.stop();
    this.#child = null;
  }

  #ask(ask: Parameters<LabChild['ask']>[0]): Promise<LabAnswer> {
    return this.#child === null
      ? Promise.resolve({ ok: false, problem: 'the lab is being started again; try in a moment' })
      : this.#child.ask(ask);
  }

  #run(playStory: boolean): Promise<ChildStart> {
    const { clock, log, devices } = this.#options;
    this.#startedMs = clock.monotonicMs();
    const child = new LabChild({
      devices: devices.map((one) => ({
        ...labDevice(one),
        port: this.ports.get(one.id) ?? one.port,
      })),
      credentials: this.#credentials,
      playStory,
      clock,
      log,
      onEnd: (reason) => this.#ended(child, reason),
    });
    this.#child = child;
    return child.started;
  }

  #ended(child: LabChild, reason: string): void {
    if (this.#isStopping || child !== this.#child || this.ports.size === 0) return;
    this.#child = null;
    const { clock, random, log } = this.#options;
    if (clock.monotonicMs() - this.#startedMs >= HEALTHY_RUN_MS) this.#restarts = 0;
    this.#restarts++;
    const willRestart = this.#restarts <= MOST_RESTARTS_IN_A_ROW;
    log.warn({ reason, restarts: this.#restarts, willRestart }, 'lab process ended');
    if (willRestart) {
      const delayMs = backoffDelayMs(RESTART_BACKOFF, this.#restarts, random);
      this.#cancelRestart = clock.after(delayMs, () => void this.#restart());
    }
    for (const listener of this.#exitListeners) listener({ reason, willRestart });
  }

  /** A run that cannot start, because something took a port meanwhile, is ended and tried again like a crash. */
  async #restart(): Promise<void> {
    const start = await this.#run(false);
    if (start.ok) {
      this.#options.log.info({ restarts: this.#restarts }, 'lab process is back');
      for (const listener of this.#restartListeners) listener();
    } else {
      this.#options.log.warn({ problem: start.problem.text }, 'lab process did not start');
      await this.#child?.stop();
    }
  }
}

/** Only what the lab needs crosses to the other process. */
function labDevice(device: LabDevice): LabDevice {
  const { id, address, port, role, parents, powerFeeds, credentialId } = device;
  return { id, address, port, role, parents, powerFeeds, credentialId };
}
