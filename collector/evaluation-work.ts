import type { Profile, ReadingDef } from '../config/profile.ts';
import {
  classOfMetric,
  isPossible,
  possibleRanges,
  READING_CLASSES,
  type ReadingClass,
} from '../config/reading-class.ts';
import type { ConditionsFound } from './condition-check.ts';
import type { DeviceMemory } from './device-memory.ts';
import { BASE_LABELS, deviceMetric } from './metrics.ts';
import type { JudgedPart } from './part-redundancy.ts';
import type { PolledDevice } from './poll-evaluation.ts';
import type { PoolDetail } from './pools.ts';
import type { EvaluatedPorts, PortsContext } from './port-evaluation.ts';
import { stateOrNumber } from './port-metrics.ts';
import type { Rejected, Value } from './reading.ts';
import { type DefOf, gradeOf, type ReadingSource, titleOf } from './reading-source.ts';
import type { RowFinder } from './row-joins.ts';
import { makeSample, type Sample, seriesKey } from './sample.ts';
import type { SelfMetrics } from './self-metrics.ts';
import type { SeriesRoom } from './series-room.ts';
import type { Varbind } from './snmp-client.ts';
import type { Lookup } from './tests-of-values.ts';
import type { ValueFacts } from './value-set.ts';

/** Refused values that are told one by one. */
const MOST_REFUSALS = 5_000;

/** A series that is no port's. */
export interface KeptSample {
  readonly sample: Sample;
  /** null: shown elsewhere. */
  readonly component: string | null;
  /** See `ReadingDetail`. */
  readonly undeclaredState: number | null;
  readonly source: ReadingSource | null;
}

/** A value that was not believed or means "not there". */
export interface Refusal {
  /** null: computed of several. */
  readonly profile: Profile | null;
  readonly def: Pick<ReadingDef, 'name' | 'class'>;
  readonly oid: string;
  readonly varbind: Pick<Varbind, 'value'>;
  readonly why: Rejected;
}

/** One evaluation in progress. */
export interface Work {
  readonly polled: PolledDevice;
  readonly memory: DeviceMemory;
  readonly portsContext: Omit<PortsContext, 'dates'>;
  readonly selfMetrics: SelfMetrics;
  readonly found: ConditionsFound;
  readonly series: Map<string, KeptSample>;
  readonly room: SeriesRoom;
  readonly refusals: Refusal[];
  readonly pools: PoolDetail[];
  /** Every part that says of itself whether it works. */
  readonly parts: JudgedPart[];
  /** Rows of tables that others take values from, by the table's name. */
  readonly finders: Map<string, RowFinder | undefined>;
  ports: EvaluatedPorts | null;
  /** Names of ports that nobody uses; null until somebody asks. */
  unusedPorts: ReadonlySet<string> | null;
  /** Metrics of which a profile could not read, in this poll, what they are made of. */
  readonly unreadMetrics: Set<string>;
  /** Any profile says that the battery is being tested. */
  isBatteryTested: boolean;
}

/** Who says a value, and which part of the device it is about. */
export interface Speaker {
  readonly profile: Profile;
  /** null: the device as a whole. */
  readonly component: string | null;
  readonly rowName: string;
  /** Labels of every series of the row. */
  readonly labels: Readonly<Record<string, string>>;
  readonly lookup: Lookup;
  readonly defOf: DefOf;
}

/** Counts a value that cannot be used, and keeps why. */
export function refuse(
  work: Work,
  profile: Refusal['profile'],
  def: Refusal['def'],
  oid: string,
  varbind: Refusal['varbind'],
  why: Rejected,
): void {
  work.selfMetrics.valueRejected(why.reason);
  if (work.refusals.length < MOST_REFUSALS) {
    work.refusals.push({ profile, def, oid, varbind, why });
  }
}

/** Exports a value as the metric of its definition, or of what it measures. */
export function exportReading(
  work: Work,
  speaker: Speaker,
  def: ReadingDef,
  value: Value,
  oid: string,
  facts: ValueFacts | undefined,
): void {
  const isWord = typeof value === 'string';
  if (facts === undefined || (isWord && def.states[value] === undefined)) return;
  const readingClass = facts.class ?? def.class;
  const shortName =
    def.metric ?? (readingClass === null ? null : READING_CLASSES[readingClass].metric);
  if (shortName === null) return;
  const standard = speaker.component === null ? def.name : speaker.rowName;
  const title = titleOf(def.title, standard, speaker.rowName, speaker.lookup);
  const labels =
    def.metric === null
      ? labelsOf(readingClass!, speaker, def, title)
      : { ...def.labels, ...speaker.labels };
  const sample = makeSample(shortName, labels, stateOrNumber(def, value));
  if (sample === null) return;
  const grade = gradeOf(def, value, speaker.lookup, speaker.defOf);
  const source = { profile: speaker.profile, def, oid, facts, class: readingClass, title, grade };
  const undeclared = isWord || isDeclared(def, value) ? null : value;
  keep(work, sample, speaker.component ?? '*', undeclared, source);
}

/** Labels of the metric of a class: the first carries the title, a state its part and object. */
function labelsOf(
  readingClass: ReadingClass,
  { component }: Speaker,
  def: ReadingDef,
  title: string,
): Record<string, string> {
  if (readingClass === 'state')
    return { component: component ?? title, kind: def.labels.kind ?? def.name };
  const [first] = deviceMetric(READING_CLASSES[readingClass].metric).labels.slice(
    BASE_LABELS.length,
  );
  return { ...def.labels, [first!]: title };
}

/** False for a number that should be one of the states, and is none. */
function isDeclared({ states }: ReadingDef, value: number): boolean {
  for (const _ in states) return states[String(value)] !== undefined;
  return true;
}

/** A computed value as a series; of possible values an impossible one can be made. */
export function addSample(
  work: Work,
  metric: string,
  labels: Readonly<Record<string, string>>,
  value: number,
  component: string | null,
): void {
  const readingClass = classOfMetric(metric);
  if (readingClass !== null && !isPossible(readingClass, value)) {
    const made = {
      class: readingClass,
      value,
      scale: null,
      possible: possibleRanges(readingClass),
    };
    const why = { kind: 'rejected', reason: 'out-of-range', made } as const;
    refuse(work, null, { name: metric, class: readingClass }, '', { value: null }, why);
    return;
  }
  const sample = makeSample(metric, labels, value);
  if (sample !== null) keep(work, sample, component);
}

/** The first profile to tell a series is the one that counts most. */
export function keep(
  work: Work,
  sample: Sample,
  component: string | null,
  undeclaredState: number | null = null,
  source: ReadingSource | null = null,
): void {
  const key = seriesKey(sample);
  if (work.series.has(key) || !work.room.hasRoom(work.series.size)) return;
  work.series.set(key, { sample, component, undeclaredState, source });
}
