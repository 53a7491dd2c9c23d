import type { Profile } from '../config/profile.ts';
import { mergeConditions } from './condition-check.ts';
import type { PortDetail, ReadingDetail } from './device-detail.ts';
import type { DeviceExposition } from './device-exposition.ts';
import type { DeviceMemory } from './device-memory.ts';
import type { KeptSample, Refusal, Work } from './evaluation-work.ts';
import type { Condition } from './observation.ts';
import { gradeByRedundancy } from './part-redundancy.ts';
import type { PolledTable } from './polled-table.ts';
import type { PoolDetail } from './pools.ts';
import { type EvaluatedPorts, type PortsContext, portDetails } from './port-evaluation.ts';
import type { PowerForecast } from './power-forecast.ts';
import { forecastOf, withForecast, withholdNoneLeft, withholdTested } from './power-readings.ts';
import { evaluateProfiles } from './profile-evaluation.ts';
import type { Value } from './reading.ts';
import { type RefusalDetail, refusalOf, sourceOf } from './reading-detail.ts';
import type { Sample } from './sample.ts';
import { allSamples, renderSeries } from './series-lines.ts';
import { SERIES_CAP, SeriesRoom } from './series-room.ts';
import type { Varbind } from './snmp-client.ts';
import { checkStandards } from './standards.ts';

export interface PolledProfile {
  readonly profile: Profile;
  readonly tables: readonly PolledTable[];
}

/** Everything one full poll has read. */
export interface PolledDevice {
  /** Those that count most first. */
  readonly profiles: readonly PolledProfile[];
  readonly scalars: ReadonlyMap<string, Varbind>;
  readonly unreadOids: ReadonlySet<string>;
}

/** What a poll told. */
export interface Evaluation {
  readonly conditions: readonly Condition[];
  readonly unreadComponents: readonly string[];
  /** By symbolic name, for identity. */
  readonly values: ReadonlyMap<string, Value>;
  /** Series beyond those that one device may have; they are shown nowhere. */
  readonly leftOutCount: number;
  /** What follows is made when it is asked for, and before the next poll of the device. */
  readonly samples: readonly Sample[];
  readonly ports: readonly PortDetail[];
  readonly readings: readonly ReadingDetail[];
  readonly pools: readonly PoolDetail[];
  /** How long the load of a power system lasts; null: it is none, or does not tell. */
  readonly forecast: PowerForecast | null;
  readonly refusals: readonly RefusalDetail[];
  /** What a scrape shows of the device; `first` comes before everything else. */
  render(baseLabels: string, first: Sample): DeviceExposition;
  /** Forgets what can be computed anew when it is asked for. */
  rest(): void;
}

/** Turns what was read into series, readings and conditions. Pure but for the device's memory. */
export function evaluatePoll(
  polled: PolledDevice,
  memory: DeviceMemory,
  portsContext: Omit<PortsContext, 'dates'>,
  seriesCap: number = SERIES_CAP,
): Evaluation {
  const work: Work = {
    polled,
    memory,
    portsContext,
    selfMetrics: portsContext.selfMetrics,
    found: { conditions: [], unreadComponents: new Set(), seenKeys: new Set() },
    series: new Map(),
    room: new SeriesRoom(seriesCap),
    refusals: [],
    pools: [],
    parts: [],
    finders: new Map(),
    ports: null,
    unusedPorts: null,
    unreadMetrics: new Set(),
    isBatteryTested: false,
  };
  const values = new Map<string, Value>();
  for (const told of evaluateProfiles(work, polled.profiles)) {
    for (const [name, value] of told) {
      if (!values.has(name)) values.set(name, value);
    }
  }
  if (work.isBatteryTested) withholdTested(work);
  withholdNoneLeft(work);
  checkStandards(
    work,
    polled.profiles.map(({ profile }) => profile),
  );
  forgetGone(memory, work.found.seenKeys);
  return new FinishedEvaluation(work, values, forecastOf(work, portsContext.nowMs));
}

/** A class, because an object with getters of its own takes five times the memory, for each device. */
class FinishedEvaluation implements Evaluation {
  readonly conditions: readonly Condition[];
  readonly unreadComponents: readonly string[];
  readonly values: ReadonlyMap<string, Value>;
  readonly leftOutCount: number;
  readonly pools: readonly PoolDetail[];
  readonly forecast: PowerForecast | null;
  readonly #kept: readonly KeptSample[];
  readonly #ports: EvaluatedPorts | null;
  readonly #refusals: readonly Refusal[];

  constructor(work: Work, values: ReadonlyMap<string, Value>, forecast: PowerForecast | null) {
    const { found, series, room, ports, parts, pools, refusals } = work;
    const conditions = gradeByRedundancy(found.conditions, parts);
    this.conditions = withForecast(mergeConditions(conditions), forecast);
    this.unreadComponents = [...found.unreadComponents].sort();
    this.values = values;
    this.leftOutCount = room.leftOutCount;
    this.pools = pools;
    this.forecast = forecast;
    this.#kept = [...series.values()];
    this.#ports = ports;
    this.#refusals = refusals;
  }

  get samples(): readonly Sample[] {
    return allSamples(this.#kept, this.#ports);
  }

  get ports(): readonly PortDetail[] {
    return this.#ports === null ? [] : portDetails(this.#ports);
  }

  get readings(): readonly ReadingDetail[] {
    return this.#kept.flatMap((one) => (one.component === null ? [] : readingOf(one)));
  }

  get refusals(): readonly RefusalDetail[] {
    return this.#refusals.map(refusalOf);
  }

  render(baseLabels: string, first: Sample): DeviceExposition {
    const leading = { sample: first, component: null, undeclaredState: null, source: null };
    return renderSeries(baseLabels, [leading, ...this.#kept], this.#ports);
  }

  rest(): void {
    this.#ports?.rest();
  }
}

function forgetGone(memory: DeviceMemory, seenKeys: ReadonlySet<string>): void {
  const { standing, heldPolls } = memory.conditions;
  for (const key of standing) if (!seenKeys.has(key)) standing.delete(key);
  for (const key of heldPolls.keys()) if (!seenKeys.has(key)) heldPolls.delete(key);
}

function readingOf({ sample, component, undeclaredState, source }: KeptSample): ReadingDetail {
  const names = sample.metric.labels.slice(sample.metric.labels.length - sample.labels.length);
  return {
    component: component!,
    metric: sample.metric.name,
    labels: Object.fromEntries(names.map((name, place) => [name, sample.labels[place]!])),
    value: Number(sample.value),
    undeclaredState,
    source: source === null ? null : sourceOf(source),
  };
}
