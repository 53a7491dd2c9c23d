import type { Profile } from '../../config/profile.ts';
import type { Clock } from '../../lib/clock.ts';
import type { LocalText } from '../../lib/local-text.ts';
import type { ReadingDetail } from '../device-detail.ts';
import { type DeviceMemory, emptyMemory } from '../device-memory.ts';
import { fullPoll } from '../full-poll.ts';
import { vendorModelOs } from '../identity.ts';
import { type Condition, tellsStandby } from '../observation.ts';
import type { PoolDetail } from '../pools.ts';
import type { RawValue, RefusalDetail } from '../reading-detail.ts';
import type { SelfMetrics } from '../self-metrics.ts';
import { recordedClient } from './recorded-client.ts';
import { type RecordedPort, recordedPorts } from './recorded-ports.ts';
import type { Recording } from './snmprec.ts';
import { type CutTable, cutTables, type UnknownSubtree, unknownSubtrees } from './unknown-oids.ts';

/** What a recorded device says, as it is understood: what `threenines explain --recording` shows. */
export interface RecordingExplanation {
  /** Id of its family; `generic` where only standard MIBs were understood. */
  readonly profile: string;
  readonly vendor: string;
  readonly model: string;
  readonly os: string;
  readonly sysName: string | null;
  readonly sysDescr: string | null;
  readonly sysObjectId: string | null;
  readonly profiles: readonly {
    readonly id: string;
    readonly title: string;
    readonly reason: LocalText;
  }[];
  readonly ports: readonly RecordedPort[];
  readonly processors: readonly ReadingView[];
  readonly memory: readonly PoolView[];
  readonly storage: readonly PoolView[];
  readonly readings: readonly ReadingView[];
  readonly refused: readonly RefusalDetail[];
  readonly unknown: readonly UnknownSubtree[];
  /** Tables that are larger than what is read of one. */
  readonly cut: readonly CutTable[];
  readonly faults: readonly Condition[];
  readonly counts: {
    readonly objects: number;
    readonly understood: number;
    readonly unreadableLines: number;
    readonly linesLeftOut: number;
  };
}

/** One reading. `value` is in the base unit; of a state it is the number that was sent. */
export interface ReadingView {
  readonly oid: string;
  readonly name: string;
  readonly title: string;
  readonly component: string;
  readonly class: string | null;
  readonly raw: RawValue;
  readonly value: number;
  readonly unit: string | null;
  /** 0 ok, 1 warning, 2 critical, 3 unknown; null: nothing judges it. */
  readonly state: number | null;
  readonly stateText: string | null;
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly profile: string;
  /** The factor that made sense, where it is another one than the MIB says. */
  readonly scaleApplied: number | null;
  readonly reason: string | null;
}

/** Memory or a disk; `value` is the share in use. */
export interface PoolView {
  readonly oid: string;
  readonly name: string;
  readonly usedBytes: number | null;
  readonly sizeBytes: number | null;
  readonly value: number | null;
  readonly unit: 'ratio';
  readonly profile: string;
}

export interface ExplainRecordingDeps {
  readonly clock: Clock;
  readonly selfMetrics: SelfMetrics;
  readonly profiles: readonly Profile[];
}

/** Runs a recording through the same classification, reading and judging as a device that is polled. */
export async function explainRecording(
  deps: ExplainRecordingDeps,
  recording: Recording,
): Promise<RecordingExplanation> {
  const memory: DeviceMemory = {
    ...emptyMemory(),
    conditions: { standing: new Set(), heldPolls: new Map(), isStill: true },
  };
  const poll = await fullPoll(
    {
      ...deps,
      client: recordedClient(recording),
      configuredProfileIds: [],
      namedPorts: new Set(),
      phaseRatio: 0,
      bounds: {
        deadlineMs: Number.POSITIVE_INFINITY,
        signal: new AbortController().signal,
      },
    },
    memory,
  );
  const { evaluation } = poll;
  const chosen = memory.profiles ?? [];
  const readings = (evaluation?.readings ?? []).flatMap(viewReading);
  const pools = evaluation?.pools ?? [];
  const { unknown, understood } = unknownSubtrees(recording, chosen, memory.plan);
  return {
    profile: chosen.find(({ profile }) => profile.isFamily)?.profile.id ?? 'generic',
    ...vendorModelOs(chosen, evaluation?.values ?? new Map(), memory.identity),
    sysName: memory.identity?.sysName ?? null,
    sysDescr: memory.identity?.sysDescr ?? null,
    sysObjectId: memory.identity?.sysObjectId ?? null,
    profiles: chosen.map(({ profile, reason }) => ({
      id: profile.id,
      title: profile.title,
      reason,
    })),
    ports: recordedPorts(evaluation?.ports ?? [], recording),
    processors: readings.filter((one) => one.class === 'processor'),
    memory: pools.filter(({ kind }) => kind === 'memory').map(viewPool),
    storage: pools.filter(({ kind }) => kind === 'storage').map(viewPool),
    readings: readings.filter((one) => one.class !== 'processor' && one.class !== null),
    refused: evaluation?.refusals ?? [],
    unknown,
    cut: cutTables(recording, memory.plan),
    // Which devices are primaries, no recording knows.
    faults: evaluation?.conditions.filter((each) => !tellsStandby(each)) ?? [],
    counts: {
      objects: recording.varbinds.length,
      understood,
      unreadableLines: recording.unreadableLines,
      linesLeftOut: recording.linesLeftOut,
    },
  };
}

function viewReading({ component, metric, labels, value, source }: ReadingDetail): ReadingView[] {
  if (source === null) return [];
  const { oid, object, title, unit, raw, otherScale, grade, stateText, profile } = source;
  const isState = source.class === 'state' && typeof raw === 'number';
  return [
    {
      oid,
      name: object,
      title,
      component,
      class: source.class,
      raw,
      value: isState ? raw : value,
      unit,
      state: grade,
      stateText,
      metric,
      labels,
      profile,
      scaleApplied: otherScale,
      reason:
        otherScale === null
          ? null
          : 'as declared the value is impossible; with this factor it makes sense',
    },
  ];
}

function viewPool({ oid, name, usedBytes, sizeBytes, usedRatio, profileId }: PoolDetail): PoolView {
  return { oid, name, usedBytes, sizeBytes, value: usedRatio, unit: 'ratio', profile: profileId };
}
