import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../lib/clock.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { runCrashes } from '../../test/service/crash/crash-run.ts';
import {
  callsIn,
  cannotShim,
  compileShim,
  DISK_ERRORS,
  runWriter,
  whatIsLost,
} from '../../test/storage/disk-faults.ts';
import type { CutResult, PowerCutTask } from '../../test/storage/power-cuts.ts';
import type { Bench, BenchContext } from '../bench.ts';
import { runWorker } from '../processes.ts';
import type { BenchReport } from '../report.ts';

const KILLS = 1_000;
/** Services that live and die at the same time. */
const LANES = 4;
const COMMITS = 1_000;
const SEED = 1;
const FAULT_COMMITS = 20;
const POWER_CUT_WORKER = new URL('./power-cut-worker.ts', import.meta.url);
const POWER_CUTS_WITHIN_MS = 60 * MINUTE;
const MOST_NOTES = 10;

const PARTS = { kills: killed, 'power-cuts': cutPower, 'disk-errors': failCalls } as const;

/** The running service killed while it pages, the power cut at every write, the disk failing at every call. */
export const crashBench: Bench = {
  name: 'crash',
  title: 'a thousand kills, power cuts at every write, a disk that fails at every call',
  isLong: true,
  parts: Object.keys(PARTS),
  async run(context) {
    const reports: BenchReport[] = [];
    for (const [name, run] of Object.entries(PARTS))
      if (context.part === null || context.part === name) reports.push(await run(context));
    return {
      tables: reports.flatMap(({ tables }) => tables),
      figures: reports.flatMap(({ figures }) => figures),
      notes: [...reports.flatMap(({ notes }) => notes), `load ${loadavg()[0]!.toFixed(1)}`],
    };
  },
};

async function killed({ folder, progress, scale }: BenchContext): Promise<BenchReport> {
  const kills = Math.max(1, Math.round(KILLS * scale));
  const startedMs = systemClock.monotonicMs();
  const result = await runCrashes({
    ...{ folder: join(folder, 'service'), kills, seed: SEED, lanes: LANES },
    progress: (soFar) => progress(`crash: ${soFar.kills} kills, ${soFar.problems.length} problems`),
  });
  const minutes = (systemClock.monotonicMs() - startedMs) / MINUTE;
  const { alertsTaken, incidents, pages, pagesSent, repeatedRequests, repeatedMails } = result;
  return {
    tables: [
      {
        columns: ['kills', 'alerts', 'incidents', 'pages', 'sent', 'known by key', 'mails twice'],
        rows: [
          [result.kills, alertsTaken, incidents, pages, pagesSent, repeatedRequests, repeatedMails],
        ],
      },
      {
        columns: ['at the instant of the kill', 'kills'],
        rows: Object.entries(result.landings),
      },
    ],
    figures: [
      {
        ...{ key: 'crash_kills', what: 'times the running service was killed' },
        ...{ value: result.kills, goal: { atLeast: kills, unit: 'kills' } },
      },
      {
        ...{ key: 'crash_problems', what: 'pages or alerts lost, doubled or without an end' },
        ...{ value: result.problems.length, goal: { atMost: 0, unit: 'problems' } },
      },
      { key: 'crash_minutes', what: 'minutes that took', value: minutes, goal: null },
    ],
    notes: result.problems.slice(0, MOST_NOTES),
  };
}

const NO_SHIM: BenchReport = {
  ...{ tables: [], figures: [] },
  notes: ['power cuts and disk errors need Linux and gcc'],
};

async function cutPower({ folder, progress, scale }: BenchContext): Promise<BenchReport> {
  if (cannotShim) return NO_SHIM;
  const logPath = join(folder, 'writes');
  const commits = Math.max(10, Math.round(COMMITS * scale));
  progress(`crash: writing ${commits} commits`);
  runWriter(compileShim(folder), join(folder, 'cut'), commits, { DISK_LOG: logPath });
  progress('crash: cutting the power at every write');
  const startedMs = systemClock.monotonicMs();
  const of = availableParallelism();
  const shares = await Promise.all(
    Array.from({ length: of }, (_, index) => {
      const task: PowerCutTask = { logPath, seed: SEED, share: { index, of } };
      return runWorker<CutResult>(POWER_CUT_WORKER, task, {
        ...{ core: null, timeoutMs: POWER_CUTS_WITHIN_MS },
      });
    }),
  );
  const seconds = (systemClock.monotonicMs() - startedMs) / SECOND;
  const sum = (key: 'points' | 'disks' | 'opened') =>
    shares.reduce((total, share) => total + share[key], 0);
  const problems = shares.flatMap((share) => share.problems);
  return {
    tables: [
      {
        columns: ['writes', 'disks', 'different ones, opened', 'seconds'],
        rows: [[sum('points'), sum('disks'), sum('opened'), seconds]],
      },
    ],
    figures: [
      {
        ...{ key: 'crash_power_cuts', what: 'disks after a power cut' },
        ...{ value: sum('disks'), goal: null },
      },
      {
        ...{ key: 'crash_power_cut_losses', what: 'power cuts that lost what was acknowledged' },
        ...{ value: problems.length, goal: { atMost: 0, unit: 'losses' } },
      },
    ],
    notes: problems.slice(0, MOST_NOTES),
  };
}

/** Each error at each call of a short run in turn, from that call on and that call alone. */
async function failCalls({ folder, progress }: BenchContext): Promise<BenchReport> {
  if (cannotShim) return NO_SHIM;
  progress('crash: failing every call');
  const library = compileShim(folder);
  const problems: string[] = [];
  const log = join(folder, 'calls');
  runWriter(library, join(folder, 'sound'), FAULT_COMMITS, { DISK_LOG: log });
  const most = callsIn(log);
  let calls = 0;
  for (const [name, errno] of Object.entries(DISK_ERRORS)) {
    for (const isOnce of [false, true]) {
      for (let failAt = 1; failAt <= most; failAt++) {
        const data = join(folder, `fault-${calls}`);
        const fault = { DISK_FAIL_AT: `${failAt}`, DISK_ERRNO: `${errno}` };
        const once: Record<string, string> = isOnce ? { DISK_FAIL_ONCE: '1' } : {};
        const run = runWriter(library, data, FAULT_COMMITS, { ...fault, ...once });
        calls += 1;
        const lost = whatIsLost(data, run.acknowledged);
        if (lost !== null) problems.push(`${name} at call ${failAt}: ${lost}`);
      }
    }
  }
  return {
    tables: [{ columns: ['calls that failed'], rows: [[calls]] }],
    figures: [
      {
        ...{ key: 'crash_disk_fault_losses', what: 'failed calls after which something was lost' },
        ...{ value: problems.length, goal: { atMost: 0, unit: 'losses' } },
      },
    ],
    notes: problems.slice(0, MOST_NOTES),
  };
}
