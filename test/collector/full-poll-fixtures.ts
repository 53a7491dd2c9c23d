import { emptyMemory } from '../../collector/device-memory.ts';
import { type FullPoll, fullPoll } from '../../collector/full-poll.ts';
import type { Profile } from '../../config/profile.ts';
import { MINUTE } from '../../lib/time.ts';
import { VirtualClock } from '../../lib/virtual-clock.ts';
import { askable } from './askable.ts';
import { countedMetrics } from './client-fixtures.ts';
import { builtInProfiles } from './collector-fixtures.ts';
import {
  type Instances,
  instancesOf,
  type MibClient,
  mibClient,
  type Plain,
  put,
} from './mib-client.ts';

export const SYS_UP_TIME = '1.3.6.1.2.1.1.3.0';

export interface PolledInTest {
  readonly instances: Instances;
  readonly client: MibClient;
  readonly clock: VirtualClock;
  readonly memory: ReturnType<typeof emptyMemory>;
  set(oid: string, value: Plain): void;
  /** A full poll now; then a minute passes, for the device as well. */
  poll(): Promise<FullPoll>;
  count: ReturnType<typeof countedMetrics>['count'];
}

/** A device with these instances, polled by the profiles that come with the program. */
export function pollOf(
  values: Readonly<Record<string, Plain>>,
  options: {
    namedPorts?: readonly string[];
    profiles?: readonly Profile[];
    seriesCap?: number;
    clock?: VirtualClock;
  } = {},
): PolledInTest {
  const clock = options.clock ?? new VirtualClock(Date.UTC(2026, 0, 1));
  const instances = instancesOf({
    '1.3.6.1.2.1.1.1.0': 'A device',
    '1.3.6.1.2.1.1.2.0': 'oid:1.3.6.1.4.1.9.1.1',
    [SYS_UP_TIME]: 1_000_000,
    '1.3.6.1.2.1.1.5.0': 'device-1',
    ...values,
  });
  const client = mibClient(instances);
  const memory = emptyMemory();
  const { selfMetrics, count } = countedMetrics();
  const set = (oid: string, value: Plain) => put(instances, oid, value);
  return {
    instances,
    client,
    clock,
    memory,
    set,
    count,
    async poll() {
      const result = await fullPoll(
        {
          client: askable(client),
          clock,
          selfMetrics,
          phaseRatio: 0,
          ...(options.seriesCap !== undefined && { seriesCap: options.seriesCap }),
          profiles: options.profiles ?? builtInProfiles,
          configuredProfileIds: [],
          namedPorts: new Set(options.namedPorts ?? []),
          bounds: { deadlineMs: Number.POSITIVE_INFINITY, signal: new AbortController().signal },
        },
        memory,
      );
      // As the poller does: what is asked for from now on is found all the same.
      memory.plan?.rest();
      memory.ports.rest();
      result.evaluation?.rest();
      clock.advance(MINUTE);
      const ticks = instances.get(SYS_UP_TIME)?.value;
      if (typeof ticks === 'number') set(SYS_UP_TIME, ticks + 6000);
      return result;
    },
  };
}

/** The conditions of a poll as `component kind level`. */
export function wrongThings(poll: FullPoll): string[] {
  return (poll.evaluation?.conditions ?? []).map(
    ({ component, kind, level }) => `${component} ${kind} ${level}`,
  );
}

/** Values of a metric in the poll, by their labels joined with a slash. */
export function valuesOf(poll: FullPoll, metric: string): Record<string, number> {
  const samples = (poll.evaluation?.samples ?? []).filter(
    (sample) => sample.metric.name === `threenines_${metric}`,
  );
  return Object.fromEntries(
    samples.map((sample) => [sample.labels.join('/'), Number(sample.value)]),
  );
}
