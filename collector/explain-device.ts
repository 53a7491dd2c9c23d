import type { Credential, Device, PollingConfig } from '../config/model.ts';
import { type LocalText, NO_TEXT, say, sayWith } from '../lib/local-text.ts';
import type { EpochMs } from '../lib/time.ts';
import { usesBulk, whyGentle } from './agent-habits.ts';
import type { DeviceMemory } from './device-memory.ts';
import { doubtedValues } from './doubted-values.ts';
import { isWithin } from './oid.ts';
import { hasValue } from './plan/cell-store.ts';
import { careOfScalar, type DevicePlan, POLLS_BETWEEN_RARE_READS } from './plan/device-plan.ts';
import { type ExplainedColumn, type ExplainedPlan, explainPlan } from './plan/explain.ts';
import { CARE } from './plan/layout.ts';
import { costOfNextPoll } from './plan/poll-cost.ts';
import { POLLS_BETWEEN_WALKS } from './plan/upkeep.ts';
import type {
  ColumnsExplanation,
  DevicePlanExplanation,
  LaneExplanation,
  PlanExplanation,
  PollTraffic,
  TableExplanation,
} from './plan-explanation.ts';
import type { PollClient } from './poll-client.ts';
import type { Evaluation } from './poll-evaluation.ts';

/** What is known of a device where it is polled. */
export interface ExplainedDevice {
  readonly device: Device;
  readonly credential: Credential;
  readonly memory: DeviceMemory;
  /** null before it was first polled. */
  readonly client: PollClient | null;
  readonly confirmed: DevicePlanExplanation['confirmed'];
  readonly lanes: readonly LaneExplanation[];
  readonly lastFullPoll: PollTraffic | null;
  readonly lastWalk: PollTraffic | null;
  /** null while the last full poll is too old to be shown. */
  readonly evaluation: Pick<Evaluation, 'refusals' | 'readings'> | null;
  readonly now: EpochMs;
}

const MOST_SHOWN_REFUSALS = 50;

/** Explains how a device is polled; before its first full poll there is no plan in it. */
export function explainDevice(known: ExplainedDevice): DevicePlanExplanation {
  const { device, credential, memory, client } = known;
  const { timeoutMs, retries, deadlineMs, confirmMs } = device.polling;
  const { failuresToConfirm: failures, successesToClear: successes } = device.polling;
  const { identity, profiles } = memory;
  return {
    deviceId: device.id,
    explainedAt: known.now,
    snmpVersion: credential.version,
    sysName: identity?.sysName ?? null,
    sysDescr: identity?.sysDescr ?? null,
    sysObjectId: identity?.sysObjectId ?? null,
    profiles: (profiles ?? []).map(({ profile, reason }) => ({
      id: profile.id,
      title: profile.title,
      reason,
    })),
    confirmed: known.confirmed,
    lanes: known.lanes,
    confirming: { everyMs: confirmMs, failures, successes },
    wire: { timeoutMs, retries, deadlineMs, roundTrips: client?.roundTrips?.() ?? null },
    lastFullPoll: known.lastFullPoll,
    lastWalk: known.lastWalk,
    plan: explainedPlan(known),
    doubted: doubtedValues(known.evaluation?.refusals ?? [], known.evaluation?.readings ?? []),
    notUnderstood: notUnderstood(memory),
  };
}

function explainedPlan({ credential, memory, client }: ExplainedDevice): PlanExplanation | null {
  const { plan, habits } = memory;
  const frameOctets = client?.frameOctets ?? 0;
  const explained = explainPlan(memory, frameOctets, null);
  if (plan === null || explained === null) return null;
  const { limits } = explained;
  const hasBulk = credential.version !== 'v1' && usesBulk(habits);
  const scalarNames = scalarNamesOf(memory);
  return {
    cost: costOfNextPoll(plan, { limits, frameOctets, hasBulk, scalarNames }),
    batch: { ...limits, why: whyThatMuch(memory) },
    learned: explained.learned,
    turns: explained.turns,
    scalars: grouped(explainedScalars(plan, scalarNames)),
    tables: explained.tables.map(
      (table, place): TableExplanation => ({
        profile: table.profile,
        name: table.name,
        rows: table.rows,
        learnedAt: plan.layout.tables[place]!.walkedAt,
        rowChanges: table.rowChanges,
        columns: grouped(table.columns),
      }),
    ),
    refused: explained.refused.slice(0, MOST_SHOWN_REFUSALS).map(({ oid, pollsLeft }) => ({
      oid,
      name: scalarNames.get(oid) ?? instanceName(explained.tables, oid),
      pollsLeft,
    })),
    refusedCount: explained.refused.length,
    pollsSinceWalk: explained.pollsSinceWalk,
    pollsUntilWalk: Math.max(0, POLLS_BETWEEN_WALKS - explained.pollsSinceWalk),
    walkedAgainWhen: WALKED_AGAIN_WHEN,
  };
}

const WALKED_AGAIN_WHEN: readonly LocalText[] = [
  say('its agent starts anew', 'SNMP 代理重新启动'),
  say('another device answers in its place', '该地址上应答的是另一台设备'),
  say('other profiles apply to it', '适用的设备档案发生变化'),
];

function whyThatMuch({ batch, habits }: DeviceMemory): LocalText {
  const reason = whyGentle(habits);
  if (reason !== null) {
    return sayWith(
      { reason },
      'gentle, with pauses between requests: {reason}',
      '轻量查询，请求之间留有间隔：{reason}',
    );
  }
  const { mostVarbinds } = habits.quirks;
  if (mostVarbinds !== null && mostVarbinds <= batch.size) {
    return say('its profile says that its agent bears no more', '设备档案注明其代理仅能承受这么多');
  }
  return batch.isReduced
    ? say(
        'larger replies were refused or lost; more is tried after a row of clean polls',
        '较大的应答曾被拒绝或丢失；连续轮询正常后再逐步增加',
      )
    : say(
        'as much as fills one Ethernet frame; the device never had to be asked for less',
        '以填满一个以太网帧为限，从未需要减少请求量',
      );
}

function scalarNamesOf({ profiles }: DeviceMemory): ReadonlyMap<string, string> {
  const named = (profiles ?? []).flatMap(({ profile }) => profile.scalars);
  return new Map([...WELL_KNOWN, ...named.map(({ oid, name }) => [oid, name] as const)]);
}

/** Scalars that are read whatever the profiles say (RFC 3418, RFC 2863, RFC 6933, RFC 1628). */
const WELL_KNOWN = [
  ['1.3.6.1.2.1.1.3.0', 'sysUpTime'],
  ['1.3.6.1.2.1.1.1.0', 'sysDescr'],
  ['1.3.6.1.2.1.1.2.0', 'sysObjectID'],
  ['1.3.6.1.2.1.1.5.0', 'sysName'],
  ['1.3.6.1.2.1.1.8.0', 'sysORLastChange'],
  ['1.3.6.1.2.1.2.1.0', 'ifNumber'],
  ['1.3.6.1.2.1.31.1.5.0', 'ifTableLastChange'],
  ['1.3.6.1.2.1.47.1.4.1.0', 'entLastChangeTime'],
  ['1.3.6.1.2.1.33.1.3.2.0', 'upsInputNumLines'],
  ['1.3.6.1.2.1.33.1.4.3.0', 'upsOutputNumLines'],
  ['1.3.6.1.2.1.33.1.5.2.0', 'upsBypassNumLines'],
  ['1.3.6.1.2.1.33.1.6.1.0', 'upsAlarmsPresent'],
] as const;

function instanceName(tables: ExplainedPlan['tables'], oid: string): string | null {
  const column = tables.flatMap(({ columns }) => columns).find((one) => isWithin(one.oid, oid));
  return column === undefined ? null : column.name + oid.slice(column.oid.length);
}

function explainedScalars(
  plan: DevicePlan,
  names: ReadonlyMap<string, string>,
): Omit<ExplainedColumn, 'oid'>[] {
  return plan.layout.scalars.map(({ oid }, cell) => {
    const isThere = hasValue(plan.store, cell);
    const isRare = careOfScalar(plan, cell) === CARE.rare;
    const care = isThere || !isRare ? (isRare ? 'rare' : 'always') : 'nothing';
    return { name: names.get(oid) ?? oid, cells: Number(isThere), care, why: WHY_SCALAR[care] };
  });
}

const WHY_SCALAR = {
  always: say('it changes, or tells that something has', '会变化，或告知其他内容的变化'),
  rare: sayWith(
    { polls: String(POLLS_BETWEEN_RARE_READS) },
    'it rarely changes: read once in {polls} polls',
    '很少变化：每 {polls} 次轮询读取一次',
  ),
  nothing: sayWith(
    { polls: String(POLLS_BETWEEN_RARE_READS) },
    'the device has nothing of it: asked for once in {polls} polls, because it may come',
    '设备没有该对象：每 {polls} 次轮询询问一次，以防其出现',
  ),
} as const;

/** Columns that are read alike, in the order in which each kind first comes. */
function grouped(columns: readonly Omit<ExplainedColumn, 'oid'>[]): ColumnsExplanation[] {
  const groups = new Map<
    string,
    { care: ExplainedColumn['care']; why: LocalText; names: string[]; cells: number }
  >();
  for (const { name, care, why, cells } of columns) {
    const key = `${care} ${why.en}`;
    const own = groups.get(key) ?? { care, why, names: [], cells: 0 };
    groups.set(key, own);
    own.names.push(name);
    own.cells += cells;
  }
  return [...groups.values()];
}

const ENTERPRISES = '1.3.6.1.4.1';

/** Of whom the device answers something that no profile reads. */
function notUnderstood({ makers, profiles }: DeviceMemory): LocalText[] {
  if (profiles === null) return [];
  const read = profiles.flatMap(({ profile }) =>
    [...profile.scalars, ...profile.tables.flatMap(({ columns }) => columns)].map(({ oid }) => oid),
  );
  return makers
    .map((maker) => `${ENTERPRISES}.${maker}`)
    .filter((root) => !read.some((oid) => isWithin(root, oid)))
    .map((root) =>
      sayWith(
        { root },
        'no profile reads what the device answers below {root}; threenines walk and explain --recording show it',
        '设备在 {root} 之下有应答，但没有设备档案读取；可用 threenines walk 与 explain --recording 查看',
      ),
    );
}

/** When one device is polled next, in instants of the wall clock, and how its last polls ended. */
export interface PollTimes {
  readonly confirmed: DevicePlanExplanation['confirmed'];
  /** Polls in a row that contradict what is confirmed, and how many are needed to confirm the contrary. */
  readonly contradictions: number;
  readonly contradictionsNeeded: number;
  /** A device that has been silent for long is asked less often. */
  readonly isLongSilent: boolean;
  readonly running: LaneExplanation['lane'] | null;
  readonly next: Readonly<Record<LaneExplanation['lane'], EpochMs | null>>;
  readonly last: Readonly<Record<LaneExplanation['lane'], PollEnd | null>>;
}

/** How a poll ended. */
export interface PollEnd {
  readonly at: EpochMs;
  readonly tookMs: number;
  readonly outcome: NonNullable<LaneExplanation['lastOutcome']>;
  readonly detail: LocalText;
}

/** The lanes in which a device is polled; `fullDetail`: what the last good full poll could not read. */
export function explainLanes(
  polling: PollingConfig,
  times: PollTimes,
  fullDetail: LocalText,
): LaneExplanation[] {
  const partial = { heartbeat: NO_TEXT, full: fullDetail };
  const lane = (name: LaneExplanation['lane'], everyMs: number, pace: LocalText) => {
    const last = times.last[name];
    return {
      lane: name,
      everyMs,
      lastAt: last?.at ?? null,
      lastTookMs: last?.tookMs ?? null,
      lastOutcome: last?.outcome ?? null,
      lastDetail: last?.outcome === 'ok' ? partial[name] : (last?.detail ?? NO_TEXT),
      nextAt: times.next[name],
      pace: times.running === name ? RUNNING : pace,
    };
  };
  return [
    lane('heartbeat', polling.heartbeatMs, heartbeatPace(polling, times)),
    lane('full', polling.fullPollMs, times.next.full === null ? NOT_WHILE_SILENT : AT_ITS_TURN),
  ];
}

const RUNNING = say('under way now', '正在进行');
const AT_ITS_TURN = say('at its turn', '按固定时刻');
const NOT_WHILE_SILENT = say('not before the device answers', '设备应答之前不进行');

function heartbeatPace({ confirmMs }: PollingConfig, times: PollTimes): LocalText {
  if (times.isLongSilent) return say('half as often: silent for long', '长时间无应答，频率减半');
  const left = times.contradictionsNeeded - times.contradictions;
  if (times.contradictions === 0 || left <= 0) return AT_ITS_TURN;
  return sayWith(
    { seconds: String(confirmMs / 1000), left: String(left) },
    'sooner, {seconds} s after the last: {left} more answers alike confirm a change',
    '提前，距上次 {seconds} 秒：再有 {left} 次相同结果即确认变化',
  );
}
