import { fileURLToPath } from 'node:url';
import { Registry } from 'prom-client';
import {
  type CollectorDeps,
  createCollector,
  type LocalCollector,
} from '../../collector/collector.ts';
import type { Observation } from '../../collector/observation.ts';
import { createSelfMetrics } from '../../collector/self-metrics.ts';
import type { Config, Credential, Device, PollingConfig } from '../../config/model.ts';
import type { Profile } from '../../config/profile.ts';
import { loadProfiles } from '../../config/profile-file.ts';
import { systemClock } from '../../lib/clock.ts';
import { silentLogger } from '../../lib/logger.ts';
import { seededRandom } from '../../lib/random.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { community, network } from './client-fixtures.ts';

const PROFILES = fileURLToPath(new URL('../../config/profiles/', import.meta.url));
export const builtInProfiles: readonly Profile[] = loadProfiles(PROFILES).profiles;

export const POLLING: PollingConfig = {
  heartbeatMs: 15 * SECOND,
  fullPollMs: MINUTE,
  timeoutMs: 2 * SECOND,
  retries: 1,
  failuresToConfirm: 3,
  successesToClear: 2,
  confirmMs: 2 * SECOND,
  deadlineMs: 30 * SECOND,
  concurrency: 64,
  threads: null,
};

export function device(id: string, overrides: Partial<Device> = {}): Device {
  return {
    id,
    name: id,
    address: '127.0.0.1',
    port: 161,
    replyFromAnyAddress: false,
    siteId: 'site-a',
    role: 'access',
    credentialId: 'default',
    parents: [],
    powerFeeds: [],
    importantPorts: [],
    commissionedAt: null,
    retiredAt: null,
    profiles: [],
    tags: [],
    customers: 0,
    keyCustomers: 0,
    polling: POLLING,
    ...overrides,
  };
}

/** A configuration as far as the collector looks at it. */
export function config(
  devices: readonly Device[],
  credentials: Readonly<Record<string, Credential>> = {},
  polling: PollingConfig = POLLING,
): Config {
  const all = { default: community('public'), ...credentials };
  return {
    devices,
    links: [],
    credentials: new Map(Object.entries(all)),
    polling,
    profiles: [],
  } as unknown as Config;
}

export interface Watched {
  readonly collector: LocalCollector;
  readonly observations: Observation[];
  readonly registry: Registry;
  /** Resolves with the first observation, past or to come, that fits. */
  next(fits: (observation: Observation) => boolean): Promise<Observation>;
}

/** A collector that is not started, with everything it observes. */
export function watch(deps: Partial<CollectorDeps> & Pick<CollectorDeps, 'config'>): Watched {
  const observations: Observation[] = [];
  const registry = new Registry();
  let listeners: (() => void)[] = [];
  const collector = createCollector({
    clock: systemClock,
    random: seededRandom(1),
    network,
    profiles: builtInProfiles,
    log: silentLogger,
    selfMetrics: createSelfMetrics(registry),
    onObservation: (observation) => {
      observations.push(observation);
      const told = listeners;
      listeners = [];
      for (const tell of told) tell();
    },
    ...deps,
  });
  return {
    collector,
    observations,
    registry,
    async next(fits) {
      for (;;) {
        const found = observations.find(fits);
        if (found !== undefined) return found;
        await new Promise<void>((resolve) => listeners.push(resolve));
      }
    },
  };
}
