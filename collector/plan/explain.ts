import { type LocalText, say, sayWith } from '../../lib/local-text.ts';
import type { DurationMs } from '../../lib/time.ts';
import { whyGentle } from '../agent-habits.ts';
import type { DeviceMemory } from '../device-memory.ts';
import { hasValue } from './cell-store.ts';
import {
  type DevicePlan,
  fixedRequests,
  limitsOf,
  looseCells,
  POLLS_BETWEEN_RARE_READS,
  POLLS_BETWEEN_STILL_READS,
} from './device-plan.ts';
import { CARE, cellAt, columnOf, oidOf, rowCount, type TablePlace, tableOf } from './layout.ts';
import { varbindOctets } from './packing.ts';
import { signalStrength } from './signals.ts';

/** How a device is read, as plain data for people and programs. */
export interface ExplainedPlan {
  /** Requests of the next poll that are known beforehand. */
  readonly requests: readonly ExplainedRequest[];
  /** Objects asked for one after the other, in requests that differ from poll to poll. */
  readonly turns: readonly ExplainedTurns[];
  readonly tables: readonly ExplainedTable[];
  /** Objects that the device refused or did not answer, and the polls until they are tried again; null: not before it is walked again. */
  readonly refused: readonly { readonly oid: string; readonly pollsLeft: number | null }[];
  /** Polls since everything was walked. */
  readonly pollsSinceWalk: number;
  /** What one reply is planned to hold at most. */
  readonly limits: { readonly varbinds: number; readonly octets: number };
  /** What was learned about the agent, each with its reason. */
  readonly learned: readonly LocalText[];
  /** Round trip of the last answered request; null when it is not known. */
  readonly rttMs: DurationMs | null;
}

export interface ExplainedRequest {
  readonly varbinds: number;
  /** Octets that the varbinds of its reply are reckoned to take. */
  readonly octets: number;
  /** The table that most of it belongs to; null: scalars. */
  readonly table: string | null;
}

export interface ExplainedTurns {
  readonly varbinds: number;
  /** Each object is read once in so many polls. */
  readonly everyPolls: number;
  readonly octetsEachPoll: number;
}

export interface ExplainedTable {
  readonly profile: string;
  readonly name: string;
  readonly rows: number;
  /** How it is noticed that rows come and go. */
  readonly rowChanges: LocalText;
  readonly columns: readonly ExplainedColumn[];
}

export interface ExplainedColumn {
  readonly name: string;
  readonly oid: string;
  /** Cells that hold a value. */
  readonly cells: number;
  readonly care: keyof typeof CARE;
  /** Why it is read as it is. */
  readonly why: LocalText;
}

const WHY: Readonly<Record<keyof typeof CARE, LocalText>> = {
  always: say('it changes: read in every poll', '经常变化：每次轮询都读取'),
  rare: sayWith(
    { polls: String(POLLS_BETWEEN_RARE_READS) },
    'it rarely changes: read once in {polls} polls, and when the device tells of a change',
    '很少变化：每 {polls} 次轮询读取一次，设备告知变化时也会读取',
  ),
  lowHalf: say(
    'it is the low half of a 64-bit counter, which says the same',
    '为 64 位计数器的低半部分，内容相同',
  ),
  nothing: say('the device has nothing of it', '设备没有该列'),
  still: sayWith(
    { polls: String(POLLS_BETWEEN_STILL_READS) },
    'only /snmp shows it and it stands still: read once in {polls} polls',
    '仅供 /snmp 使用且不变：每 {polls} 次轮询读取一次',
  ),
};

const ROW_CHANGES = {
  complete: say('the device tells of every change', '设备会告知每次变化'),
  count: say(
    'the device tells how many rows there are; looked for once in a while besides',
    '设备告知行数；此外定期查看',
  ),
  none: say('looked for every few polls', '每隔几次轮询查看一次'),
} as const;

const CARE_NAMES = Object.keys(CARE) as (keyof typeof CARE)[];

/** Explains how a device is read; null while it has not been walked. */
export function explainPlan(
  memory: DeviceMemory,
  frameOctets: number,
  rttMs: DurationMs | null,
): ExplainedPlan | null {
  const { plan } = memory;
  if (plan === null) return null;
  return {
    requests: fixedRequests(plan).map(({ varbindCount, octets, course, to }) => ({
      varbinds: varbindCount,
      octets,
      table: tableName(plan, course.cells[to - 1]!),
    })),
    turns: explainTurns(plan),
    tables: plan.layout.tables.map((table) => explainTable(plan, table)),
    refused: [...plan.refused].map(([cell, polls]) => ({
      oid: oidOf(plan.layout, cell),
      pollsLeft: Number.isFinite(polls) ? polls : null,
    })),
    pollsSinceWalk: plan.polls,
    limits: limitsOf(memory.batch, memory.habits, frameOctets),
    learned: learnedTexts(memory),
    rttMs,
  };
}

function tableName({ layout }: DevicePlan, cell: number): string | null {
  return tableOf(layout, cell)?.def.name ?? null;
}

function explainTurns(plan: DevicePlan): ExplainedTurns[] {
  const { layout, store, turns } = plan;
  const loose = looseCells(plan);
  const looseOctets = loose.reduce((sum, cell) => sum + varbindOctets(plan, cell), 0);
  const always = { varbinds: loose.length, everyPolls: 1, octetsEachPoll: looseOctets };
  const others = turns.map(({ care, everyPolls, count }) => {
    let octets = 0;
    for (const table of layout.tables) {
      table.care.forEach((own, column) => {
        if (own !== care) return;
        for (let row = 0; row < rowCount(table); row += 1) {
          const cell = cellAt(table, column, row);
          if (hasValue(store, cell)) octets += varbindOctets(plan, cell);
        }
      });
    }
    return { varbinds: count, everyPolls, octetsEachPoll: Math.ceil(octets / everyPolls) };
  });
  return [always, ...others];
}

function explainTable({ layout, store }: DevicePlan, table: TablePlace): ExplainedTable {
  return {
    profile: table.profile.id,
    name: table.def.name,
    rows: rowCount(table),
    rowChanges: ROW_CHANGES[signalStrength(layout, store, table)],
    columns: table.columns.map(({ def }, column) => {
      const care = CARE_NAMES.find((name) => CARE[name] === table.care[column])!;
      let cells = 0;
      for (let row = 0; row < rowCount(table); row += 1) {
        if (hasValue(store, cellAt(table, column, row))) cells += 1;
      }
      const isCut = table.cut?.columns.has(def.name) ?? false;
      return {
        name: def.name,
        oid: def.oid,
        cells,
        care,
        why: isCut ? table.cut!.error.detail : WHY[care],
      };
    }),
  };
}

function learnedTexts({ batch, habits, plan }: DeviceMemory): LocalText[] {
  const texts: LocalText[] = [];
  if (batch.isReduced) {
    texts.push(
      sayWith(
        { size: String(batch.size), octets: String(batch.octets) },
        'larger replies were refused or lost: at most {size} objects and {octets} octets to a reply',
        '较大的应答曾被拒绝或丢失：每个应答最多 {size} 个对象、{octets} 个八位字节',
      ),
    );
  }
  if (habits.quirks.noBulk) {
    texts.push(say('its profile says: no GETBULK', '设备档案注明：不使用 GETBULK'));
  } else if (habits.refusesBulk) {
    texts.push(say('it answers GETNEXT but not GETBULK', '应答 GETNEXT，但不应答 GETBULK'));
  }
  const reason = whyGentle(habits);
  if (reason !== null) {
    texts.push(
      sayWith(
        { reason },
        'it is asked gently, one small request after the other with pauses: {reason}',
        '轻量查询，逐个发送小请求并留有间隔：{reason}',
      ),
    );
  }
  const columns = new Set(
    [...(plan?.refused.keys() ?? [])].map((cell) => {
      const table = tableOf(plan!.layout, cell);
      return table === null
        ? oidOf(plan!.layout, cell)
        : table.columns[columnOf(table, cell)]!.def.name;
    }),
  );
  if (columns.size > 0) {
    texts.push(
      sayWith(
        { names: [...columns].join(', ') },
        'it refuses or does not answer: {names}',
        '设备拒绝或不应答：{names}',
      ),
    );
  }
  return texts;
}
