import dgram from 'node:dgram';
import type { DeviceDetail } from '../../collector/device-detail.ts';
import type { Observation } from '../../collector/observation.ts';
import type { Config, Credential, Device, PollingConfig } from '../../config/model.ts';
import { type HostileAgent, startHostileAgent } from '../../lab/hostile/agent.ts';
import { hostileMode } from '../../lab/hostile/catalog.ts';
import { V3_USER } from '../../lab/hostile/v3-engine.ts';
import { type Clock, systemClock } from '../../lib/clock.ts';
import { seededRandom } from '../../lib/random.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { authPriv, community } from '../collector/client-fixtures.ts';
import { config, device, POLLING, type Watched, watch } from '../collector/collector-fixtures.ts';
import { type Exposition, readStrictly } from '../exporter/strict-exposition.ts';

/** Real timers, but what they measure can be pushed on: an hour passes between two polls at once. */
export class PushedClock implements Clock {
  #aheadMs = 0;

  now(): number {
    return systemClock.now() + this.#aheadMs;
  }

  monotonicMs(): number {
    return systemClock.monotonicMs() + this.#aheadMs;
  }

  after(delayMs: number, callback: () => void): () => void {
    return systemClock.after(delayMs, callback);
  }

  push(byMs: number): void {
    this.#aheadMs += byMs;
  }
}

export const CREDENTIALS: Readonly<Record<string, Credential>> = {
  v1: community('public', 'v1'),
  v2c: community('public'),
  v3: authPriv(V3_USER.name, V3_USER.authenticationPassword, V3_USER.privacyPassword, {
    authentication: V3_USER.authentication,
    privacy: V3_USER.privacy,
  }),
};

/** Polls only when a test asks for one; a device that answers has all the time it may need. */
export const PATIENT: PollingConfig = {
  ...POLLING,
  heartbeatMs: 10 * MINUTE,
  fullPollMs: 10 * MINUTE,
  confirmMs: 10 * MINUTE,
  timeoutMs: 2 * SECOND,
  retries: 2,
  deadlineMs: 20 * SECOND,
};

/** What the agents do by chance. */
export const RANDOM_SEED = 2_026;

/** For devices that never answer rightly. */
export const SHORT: Partial<PollingConfig> = { timeoutMs: 150, retries: 1 };

export interface RigOptions {
  readonly polling?: Partial<PollingConfig>;
  readonly device?: Partial<Device>;
  readonly credentials?: Readonly<Record<string, Credential>>;
  readonly portCount?: number;
}

type Rendered = string | Uint8Array | Iterable<string | Uint8Array> | null;

function textOf(rendered: Rendered): string {
  if (rendered === null) return '';
  if (typeof rendered === 'string') return rendered;
  if (rendered instanceof Uint8Array) return Buffer.from(rendered).toString();
  return [...rendered].map(textOf).join('');
}

/** A hostile agent and the collector that polls it. */
export class HostileRig implements AsyncDisposable {
  readonly agent: HostileAgent;
  readonly clock: PushedClock;
  readonly watched: Watched;
  readonly config: Config;
  metrics = '';
  #detail: DeviceDetail | null = null;
  #snmp = '';

  constructor(agent: HostileAgent, clock: PushedClock, options: RigOptions) {
    this.agent = agent;
    this.clock = clock;
    const target = device('hostile', {
      port: agent.port,
      address: agent.address,
      credentialId: agent.mode.speaks,
      polling: { ...PATIENT, ...options.polling },
      ...options.device,
    });
    this.config = config([target], { ...CREDENTIALS, ...options.credentials }, target.polling);
    this.watched = watch({ config: this.config, clock });
    this.watched.collector.start();
  }

  /** The first heartbeat. */
  async heartbeat(): Promise<Observation> {
    const observation = await this.watched.next(({ kind }) => kind === 'heartbeat');
    await this.#look();
    return observation;
  }

  /** One full poll, a while after the one before. */
  async full(): Promise<Observation> {
    const { observations, collector } = this.watched;
    if (observations.some(({ kind }) => kind === 'full')) this.clock.push(MINUTE);
    else await this.heartbeat();
    const observation = await collector.pollNow('hostile');
    if (observation === null) throw new Error('the collector stopped');
    await this.#look();
    return observation;
  }

  /** What the program told about the device after the last poll that was awaited. */
  get detail(): DeviceDetail {
    if (this.#detail === null) throw new Error('nothing is known of the device');
    return this.#detail;
  }

  /** All of it, as text: detail, observations, metrics, and what /snmp answers. */
  get shown(): string {
    const told = [this.#detail, this.watched.observations];
    return [JSON.stringify(told), this.metrics, this.#snmp].join('\n');
  }

  /** What the device exports, read as strictly as Prometheus may. */
  exposition(): Exposition {
    return readStrictly(this.metrics);
  }

  async #look(): Promise<void> {
    const { view } = this.watched.collector;
    this.#detail = await view.detail('hostile');
    this.metrics = textOf(await view.renderDevice('hostile'));
    this.#snmp = textOf(await view.renderSnmp('hostile', ['if_mib', 'ups_mib', 'system']));
  }

  /** Values of one metric of the device, by what its labels say beside the device's own. */
  series(metric: string): Readonly<Record<string, number>> {
    const values: Record<string, number> = {};
    for (const [key, value] of this.exposition().series) {
      const [, name, labels] = /^threenines_([^{]+)\{(.*)\}$/s.exec(key)!;
      if (name !== metric) continue;
      values[labels!.replace(/(^|,)(device|role|site)="[^"]*"/g, '').replace(/^,/, '')] = value;
    }
    return values;
  }

  async metric(name: string, labels: Readonly<Record<string, string>> = {}): Promise<number> {
    const found = await this.watched.registry.getSingleMetric(`threenines_${name}`)?.get();
    const wanted = Object.entries(labels);
    return (found?.values ?? [])
      .filter((each) => wanted.every(([label, text]) => each.labels[label] === text))
      .reduce((sum, each) => sum + each.value, 0);
  }

  /** Datagrams that were no reply, by reason, those with none left out. */
  async ignored(): Promise<Readonly<Record<string, number>>> {
    const found = await this.watched.registry
      .getSingleMetric('threenines_snmp_ignored_replies_total')
      ?.get();
    const counts = (found?.values ?? []).map(({ labels, value }) => [labels.reason, value]);
    return Object.fromEntries(counts.filter(([, value]) => value !== 0));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.watched.collector.stop();
    await this.agent[Symbol.asyncDispose]();
  }
}

/** An agent in that mode, and a collector that has begun to poll it. */
export async function startRig(modeName: string, options: RigOptions = {}): Promise<HostileRig> {
  const mode = hostileMode(modeName);
  if (mode === undefined) throw new Error(`no mode ${modeName}`);
  const clock = new PushedClock();
  const { portCount = 4 } = options;
  const random = seededRandom(RANDOM_SEED);
  const agent = await startHostileAgent({ mode, clock, random, network: dgram, portCount });
  return new HostileRig(agent, clock, options);
}
