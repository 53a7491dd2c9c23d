import { join } from 'node:path';
import type { Bench, BenchContext } from '../bench.ts';
import { runWorker } from '../processes.ts';
import type { BenchReport, Figure, Table } from '../report.ts';
import type { AppendsResult, AppendsTask } from './appends.ts';
import type { DecisionsResult, DecisionsTask } from './decisions.ts';
import type { ReplayResult } from './replay.ts';
import type { HistoryTask } from './write-history.ts';

const DEVICES = 10_000;
const FAILING = 5_000;
const HISTORY_EVENTS = 1_000_000;
const MICROSECONDS = 1_000_000;
const BATCHES = [1, 10, 100, 1_000];

const SCENARIOS: readonly { readonly name: string; readonly task: DecisionsTask }[] = [
  { name: '10,000 quiet', task: { devices: DEVICES, behindParent: 0, failing: 0 } },
  {
    name: '5,000 behind one parent fail',
    task: { devices: DEVICES, behindParent: FAILING, failing: FAILING },
  },
  {
    name: '5,000 fail independently',
    task: { devices: DEVICES, behindParent: 0, failing: FAILING },
  },
];

/** How fast the engine decides, how fast decisions become durable, and how long a restart takes. */
export const engineBench: Bench = {
  name: 'engine',
  title: 'decisions, journal and restart',
  async run(context) {
    const decided = await decide(context);
    const appended = await append(context);
    const replayed = await replay(context);
    const report: BenchReport = {
      tables: [decisionsTable(decided), appendsTable(appended), replayTable(replayed)],
      figures: figuresOf(decided, appended, replayed),
      notes: [
        'decisions: every device polled six times, 50 polls to a tick, after three quiet rounds; no journal',
        `journal: SQLite, every append fsynced, in ${context.folder.replace(/[^/]*$/, '')}…`,
        'restart: checks of the file, replay into both states and the ledger',
      ],
    };
    return report;
  },
};

async function decide(context: BenchContext): Promise<DecisionsResult[]> {
  const results: DecisionsResult[] = [];
  for (const { name, task } of SCENARIOS) {
    context.progress(`engine: ${name}`);
    results.push(await runWorker(new URL('./decisions.ts', import.meta.url), task));
  }
  return results;
}

async function append({ folder, seconds, progress }: BenchContext): Promise<AppendsResult[]> {
  const results: AppendsResult[] = [];
  for (const batch of BATCHES) {
    progress(`engine: appends of ${batch}`);
    const task: AppendsTask = { folder: join(folder, `appends-${batch}`), batch, seconds };
    results.push(await runWorker(new URL('./appends.ts', import.meta.url), task));
  }
  return results;
}

async function replay({ folder, scale, progress }: BenchContext): Promise<ReplayResult> {
  const task: HistoryTask = {
    folder: join(folder, 'history'),
    events: Math.round(HISTORY_EVENTS * scale),
  };
  progress(`engine: writing ${task.events.toLocaleString('en-US')} events`);
  await runWorker(new URL('./write-history.ts', import.meta.url), task);
  progress('engine: replaying them');
  return runWorker(new URL('./replay.ts', import.meta.url), { folder: task.folder });
}

function decisionsTable(results: readonly DecisionsResult[]): Table {
  return {
    columns: ['devices', 'µs per poll', 'longest tick, ms', 'events', 'incidents', 'pages', 'MB'],
    rows: results.map((result, place) => [
      SCENARIOS[place]!.name,
      microsecondsPerPoll(result),
      result.longestTickMs,
      result.events,
      result.incidents,
      result.pages,
      result.memoryMb,
    ]),
  };
}

function appendsTable(results: readonly AppendsResult[]): Table {
  return {
    columns: ['events to an append', 'events/s', 'appends/s', 'CPU µs per event'],
    rows: results.map(({ events, appends, seconds, cpuSeconds }, place) => [
      BATCHES[place]!,
      events / seconds,
      appends / seconds,
      (cpuSeconds / events) * MICROSECONDS,
    ]),
  };
}

function replayTable({ events, openSeconds, replaySeconds, cpuSeconds, memoryMb }: ReplayResult) {
  return {
    columns: ['events in the journal', 'open, s', 'replay, s', 'CPU, s', 'MB'],
    rows: [[events, openSeconds, replaySeconds, cpuSeconds, memoryMb]],
  };
}

const microsecondsPerPoll = ({ cpuSeconds, observations }: DecisionsResult) =>
  (cpuSeconds / observations) * MICROSECONDS;

function figuresOf(
  [quiet, behind, independent]: readonly DecisionsResult[],
  appended: readonly AppendsResult[],
  replayed: ReplayResult,
): Figure[] {
  const perSecond = (place: number) => appended[place]!.events / appended[place]!.seconds;
  const figure = (key: string, what: string, value: number): Figure => {
    return { key, what, value, goal: null };
  };
  return [
    figure(
      'engine_quiet_us_per_poll',
      'a poll of a quiet network, µs',
      microsecondsPerPoll(quiet!),
    ),
    figure(
      'engine_parent_us_per_poll',
      'a poll while 5,000 fail behind one parent, µs',
      microsecondsPerPoll(behind!),
    ),
    {
      ...figure(
        'engine_parent_incidents',
        'incidents when 5,000 fail behind one parent',
        behind!.incidents,
      ),
      goal: { atMost: 1, unit: 'incidents' },
    },
    figure(
      'engine_independent_us_per_poll',
      'a poll while 5,000 fail independently, µs',
      microsecondsPerPoll(independent!),
    ),
    figure(
      'engine_longest_tick_ms',
      'the longest tick of all, ms',
      Math.max(quiet!.longestTickMs, behind!.longestTickMs, independent!.longestTickMs),
    ),
    figure('engine_appends_per_s', 'appends of one event each second', perSecond(0)),
    figure('engine_events_per_s_batched', 'events each second, 100 to an append', perSecond(2)),
    {
      ...figure(
        'engine_ready_s_per_1m_events',
        'restart with 1,000,000 events',
        ((replayed.openSeconds + replayed.replaySeconds) / replayed.events) * HISTORY_EVENTS,
      ),
      goal: { atMost: 5, unit: 's' },
    },
    figure(
      'engine_ready_cpu_s_per_1m_events',
      'the same, CPU, s',
      (replayed.cpuSeconds / replayed.events) * HISTORY_EVENTS,
    ),
  ];
}
