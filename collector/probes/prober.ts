import { Gauge, type Registry } from 'prom-client';
import { canonicalAddress } from '../../config/address.ts';
import type { Config, Device } from '../../config/model.ts';
import type { PathStandards, ProbesConfig } from '../../config/probe-standards.ts';
import type { CancelTimer, Clock } from '../../lib/clock.ts';
import type { Logger } from '../../lib/logger.ts';
import { type DurationMs, type EpochMs, SECOND } from '../../lib/time.ts';
import type { Observation } from '../observation.ts';
import { fpingArguments, MOST_ADDRESSES_AT_ONCE, parseFping, type RunFping } from './fping.ts';
import { type PathQuality, qualityOf } from './path-quality.ts';
import { PROBE_METRICS } from './probe-metrics.ts';
import {
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
  readonly registry: Registry;
  readonly runFping: RunFping;
  readonly config: Config;
}

/** Polls whose round trips are looked back at where there is no fping. */
const MOST_POLLS = 20;

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
    this.#registerMetrics();
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
    const trips = await this.#ping(devices, probes.packets);
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
      broken: brokenStandards(probed.standards, quality, standards).map(({ component }) =>
        component.slice('path:'.length),
      ),
    };
  }

  /** Round trips by address; null when there is no fping. */
  async #ping(
    devices: readonly Device[],
    packets: number,
  ): Promise<ReadonlyMap<string, readonly (DurationMs | null)[]> | null> {
    const addresses = [...new Set(devices.map(({ address }) => canonicalAddress(address)))];
    const all = new Map<string, readonly (DurationMs | null)[]>();
    for (let from = 0; from < addresses.length; from += MOST_ADDRESSES_AT_ONCE) {
      const some = addresses.slice(from, from + MOST_ADDRESSES_AT_ONCE);
      const text = await this.#deps.runFping(fpingArguments(some, packets), this.#stopping.signal);
      if (text === null) {
        this.#tellNoFping();
        return null;
      }
      for (const [address, trips] of parseFping(text)) all.set(address, trips);
    }
    return all;
  }

  #tellNoFping(): void {
    if (this.#hasToldNoFping) return;
    this.#hasToldNoFping = true;
    this.#deps.log.warn(
      {},
      'fping is not installed: loss, round trip and jitter are those of the polls (SNMP), not of ICMP',
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

  #registerMetrics(): void {
    const value: Readonly<
      Record<keyof typeof PROBE_METRICS, (quality: PathQuality) => number | null>
    > = {
      loss: ({ lossRatio }) => lossRatio,
      roundTrip: ({ roundTripMs }) => roundTripMs && roundTripMs / SECOND,
      jitter: ({ jitterMs }) => (jitterMs === null ? null : jitterMs / SECOND),
    };
    for (const key of ['loss', 'roundTrip', 'jitter'] as const) {
      const { name, help, labels } = PROBE_METRICS[key];
      const each = () => this.#told();
      new Gauge({
        ...{ name, help, labelNames: [...labels], registers: [this.#deps.registry] },
        collect() {
          this.reset();
          for (const [device, { probe, quality }] of each()) {
            const number = value[key](quality);
            const { id, siteId, role } = device;
            if (number !== null) this.set({ device: id, site: siteId, role, probe }, number);
          }
        },
      });
    }
  }

  #told(): [Device, ProbeDetail][] {
    return this.#config.devices.flatMap((device): [Device, ProbeDetail][] => {
      const detail = this.of(device.id);
      return detail === null ? [] : [[device, detail]];
    });
  }
}
