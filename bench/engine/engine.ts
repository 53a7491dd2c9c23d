import { join } from 'node:path';
import { MINUTE } from '../../lib/time.ts';
import type { Bench, BenchContext } from '../bench.ts';
import { runWorker } from '../processes.ts';
import type { BenchReport, Figure, Table } from '../report.ts';
import type { AppendsResult, AppendsTask } from './appends.ts';
import type { DecisionsResult, DecisionsTask } from './decisions.ts';
import type { ReplayResult, ReplayTask } from './replay.ts';
import type { HistoryTask } from './write-history.ts';

const DEVICES = 10_000;
const FAILING = 5_000;
const HISTORY_EVENTS = 1_000_000;
const MICROSECONDS = 1_000_000;
const LONGEST_WRITING_MS = 15 * MINUTE;
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
    const restarted = await restart(context);
    const report: BenchReport = {
      tables: [decisionsTable(decided), appendsTable(appended), restartTable(restarted)],
      figures: figuresOf(decided, appended, restarted),
      notes: [
        'decisions: every device polled six times, 50 polls to a tick, after three quiet rounds; no journal',
        `journal: SQLite, every append fsynced, in ${context.folder.replace(/[^/]*$/, '')}…`,
        'restart: checks of the file, then both states and the ledger, folded from all entries, or from the oldest snapshot that a service at work leaves',
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

interface Restarted {
  readonly whole: ReplayResult;
  readonly fromSnapshot: ReplayResult;
}

async function restart({ folder, scale, progress }: BenchContext): Promise<Restarted> {
  const task: HistoryTask = {
    folder: join(folder, 'history'),
    events: Math.round(HISTORY_EVENTS * scale),
  };
  progress(`engine: writing ${task.events.toLocaleString('en-US')} events`);
  // An engine decides every one of them.
  const options = { timeoutMs: LONGEST_WRITING_MS };
  const written = await runWorker<{ events: number }>(
    new URL('./write-history.ts', import.meta.url),
    task,
    options,
  );
  progress('engine: restarting on them');
  const run = (snapshot: ReplayTask['snapshot']) =>
    runWorker<ReplayResult>(new URL('./replay.ts', import.meta.url), {
      ...{ folder: task.folder, snapshot, events: written.events },
    } satisfies ReplayTask);
  const whole = await run('none');
  await run('make');
  return { whole, fromSnapshot: await run('use') };
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

function restartTable({ whole, fromSnapshot }: Restarted): Table {
  const row = (start: string, result: ReplayResult) => {
    const { events, openSeconds, replaySeconds, cpuSeconds, memoryMb } = result;
    return [start, events, openSeconds, replaySeconds, cpuSeconds, memoryMb];
  };
  return {
    columns: ['restart', 'events in the journal', 'open, s', 'fold, s', 'CPU, s', 'MB'],
    rows: [row('from a snapshot', fromSnapshot), row('without one', whole)],
  };
}

const microsecondsPerPoll = ({ cpuSeconds, observations }: DecisionsResult) =>
  (cpuSeconds / observations) * MICROSECONDS;

function figuresOf(
  [quiet, behind, independent]: readonly DecisionsResult[],
  appended: readonly AppendsResult[],
  { whole, fromSnapshot }: Restarted,
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
        fromSnapshot.openSeconds + fromSnapshot.replaySeconds,
      ),
      goal: { atMost: 5, unit: 's' },
    },
    figure('engine_ready_cpu_s_per_1m_events', 'the same, CPU, s', fromSnapshot.cpuSeconds),
    figure(
      'engine_whole_fold_cpu_s_per_1m_events',
      'the same without a snapshot, CPU, s',
      (whole.cpuSeconds / whole.events) * HISTORY_EVENTS,
    ),
  ];
}
