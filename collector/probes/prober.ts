import { canonicalAddress } from '../../config/address.ts';
import type { Config, Device } from '../../config/model.ts';
import type { PathStandards, ProbesConfig } from '../../config/probe-standards.ts';
import type { CancelTimer, Clock } from '../../lib/clock.ts';
import type { Logger } from '../../lib/logger.ts';
import type { DurationMs, EpochMs } from '../../lib/time.ts';
import type { Observation } from '../observation.ts';
import { fpingArguments, MOST_ADDRESSES_AT_ONCE, parseFping, type RunFping } from './fping.ts';
import { type PathQuality, qualityOf } from './path-quality.ts';
import { renderProbes, type Told } from './probe-exposition.ts';
import {
  brokenMeasures,
  brokenStandards,
  emptyStandards,
  noteRound,
  type StandardsMemory,
  standardsFor,
} from './standards.ts';

/** `icmp`: fping. `snmp`: the round trips of polls, where there is no fping. */
export type ProbeKind = 'icmp' | 'snmp';

/** What the last round told of one device. */
export interface ProbeDetail {
  readonly probe: ProbeKind;
  readonly at: EpochMs;
  readonly quality: PathQuality;
  readonly standards: PathStandards;
  readonly broken: readonly string[];
}

export interface ProberDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly runFping: RunFping;
  readonly config: Config;
}

/** Polls whose round trips are looked back at where there is no fping. */
const MOST_POLLS = 20;
const LONGEST_REASON = 200;

interface Probed {
  readonly standards: StandardsMemory;
  polls: (DurationMs | null)[];
  last: ProbeDetail | null;
}

/**
 * Measures loss, round trip and jitter of every device, in rounds, and holds them against the
 * standards of the configuration. One fping for many devices; without it the round trips of the polls
 * are what there is, and every figure says which it is.
 */
export class Prober {
  readonly #deps: ProberDeps;
  readonly #probed = new Map<string, Probed>();
  readonly #stopping = new AbortController();
  #config: Config;
  #cancel: CancelTimer = () => {};
  #hasToldNoFping = false;

  constructor(deps: ProberDeps) {
    this.#deps = deps;
    this.#config = deps.config;
  }

  /** The first round is one interval away. Without `probes` in the configuration there are none. */
  start(): void {
    this.#schedule();
  }

  stop(): void {
    this.#stopping.abort();
    this.#cancel();
  }

  reconfigure(config: Config): void {
    this.#config = config;
    const ids = new Set(config.devices.map(({ id }) => id));
    for (const id of this.#probed.keys()) if (!ids.has(id)) this.#probed.delete(id);
    this.#cancel();
    this.#schedule();
  }

  /** null: not probed yet, or not at all. */
  of(deviceId: string): ProbeDetail | null {
    return this.#config.probes ? (this.#probed.get(deviceId)?.last ?? null) : null;
  }

  /** Prometheus text of what the last round told of every device, in pieces; of one, where its id is given. */
  renderMetrics(deviceId: string | null = null): Iterable<string> {
    const { devices } = this.#config;
    return renderProbes(
      this.#told(deviceId === null ? devices : devices.filter(({ id }) => id === deviceId)),
    );
  }

  /** The observation with the standards that are broken among what is wrong with its device. */
  amend(observation: Observation): Observation {
    const probes = this.#config.probes;
    if (!probes) return observation;
    const { deviceId, outcome, rttMs, conditions } = observation;
    if (outcome !== 'skipped') {
      const probed = this.#of(deviceId);
      probed.polls = [...probed.polls, outcome === 'ok' ? rttMs : null].slice(-MOST_POLLS);
    }
    const last = this.#probed.get(deviceId)?.last ?? null;
    if (conditions === null || last === null) return observation;
    const { standards: memory } = this.#of(deviceId);
    const broken = brokenStandards(memory, last.quality, last.standards);
    return broken.length === 0
      ? observation
      : { ...observation, conditions: [...conditions, ...broken] };
  }

  /** One round over all devices. */
  async round(): Promise<void> {
    const probes = this.#config.probes;
    if (!probes) return;
    const { devices } = this.#config;
    const trips = probes.by === 'snmp' ? null : await this.#ping(devices, probes.packets);
    for (const device of devices) {
      const probed = this.#of(device.id);
      const icmp = trips?.get(device.address);
      // A poll that waited for its tries has no round trip of its own; the last ones are enough.
      const quality = qualityOf(icmp ?? (trips === null ? probed.polls : []));
      if (quality !== null) this.#note(device, probed, quality, probes, trips !== null);
    }
  }

  #note(
    device: Device,
    probed: Probed,
    quality: PathQuality,
    probes: ProbesConfig,
    isIcmp: boolean,
  ): void {
    const standards = standardsFor(device, probes);
    noteRound(probed.standards, quality, standards);
    probed.last = {
      probe: isIcmp ? 'icmp' : 'snmp',
      at: this.#deps.clock.now(),
      quality,
      standards,
      broken: brokenMeasures(probed.standards),
    };
  }

  /**
   * Round trips by address; null when fping tells nothing: it is not there, may not send, or hears no
   * reply at all while devices answer polls. Debian 12's fping 5.1 is deaf like that where it runs
   * without CAP_NET_RAW, and would have every device lose everything.
   */
  async #ping(
    devices: readonly Device[],
    packets: number,
  ): Promise<ReadonlyMap<string, readonly (DurationMs | null)[]> | null> {
    const addresses = [...new Set(devices.map(({ address }) => canonicalAddress(address)))];
    const all = new Map<string, readonly (DurationMs | null)[]>();
    for (let from = 0; from < addresses.length; from += MOST_ADDRESSES_AT_ONCE) {
      const some = addresses.slice(from, from + MOST_ADDRESSES_AT_ONCE);
      const text = await this.#deps.runFping(fpingArguments(some, packets), this.#stopping.signal);
      const trips = text === null ? null : parseFping(text);
      if (trips === null || trips.size === 0) {
        this.#tellNoFping(text ?? 'it could not be run');
        return null;
      }
      for (const [address, each] of trips) all.set(address, each);
    }
    const isDeaf = [...all.values()].every((trips) => trips.every((trip) => trip === null));
    if (!isDeaf || !devices.some(({ id }) => this.#answersPolls(id))) return all;
    this.#tellNoFping('no echo reply from any device, though devices answer polls');
    return null;
  }

  #answersPolls(deviceId: string): boolean {
    return (this.#probed.get(deviceId)?.polls.at(-1) ?? null) !== null;
  }

  #tellNoFping(why: string): void {
    if (this.#hasToldNoFping) return;
    this.#hasToldNoFping = true;
    this.#deps.log.warn(
      { why: why.slice(0, LONGEST_REASON) },
      'fping tells nothing: loss, round trip and jitter are those of the polls (SNMP), not of ICMP',
    );
  }

  #of(deviceId: string): Probed {
    const known = this.#probed.get(deviceId);
    if (known !== undefined) return known;
    const fresh: Probed = { standards: emptyStandards(), polls: [], last: null };
    this.#probed.set(deviceId, fresh);
    return fresh;
  }

  #schedule(): void {
    const probes = this.#config.probes;
    if (!probes || this.#stopping.signal.aborted) return;
    this.#cancel = this.#deps.clock.after(probes.everyMs, async () => {
      await this.round();
      this.#cancel();
      this.#schedule();
    });
  }

  #told(devices: readonly Device[]): Told[] {
    return devices.flatMap((device): Told[] => {
      const detail = this.of(device.id);
      return detail === null ? [] : [[device, detail]];
    });
  }
}
