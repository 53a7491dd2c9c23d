import { join } from 'node:path';
import { runCrashes } from '../../test/service/crash/crash-run.ts';
import {
  callsIn,
  cannotShim,
  compileShim,
  DISK_ERRORS,
  replayPowerCuts,
  runWriter,
  whatIsLost,
} from '../../test/storage/disk-faults.ts';
import type { Bench, BenchContext } from '../bench.ts';
import type { BenchReport } from '../report.ts';

const KILLS = 1_000;
const COMMITS = 1_000;
const SEED = 1;
/** Services that live and die at the same time. */
const LANES = 4;
const FAULT_COMMITS = 20;

type Part = Omit<BenchReport, 'notes'> & { readonly notes: string[] };

/** The running service killed while it pages, the power cut at every write, the disk failing at every call. */
export const crashBench: Bench = {
  name: 'crash',
  title: 'a thousand kills, power cuts at every write, a disk that fails at every call',
  isLong: true,
  async run(context) {
    const parts = [await killed(context)];
    if (cannotShim) parts[0]!.notes.push('power cuts and disk errors need Linux and gcc');
    else parts.push(...disks(context));
    return {
      tables: parts.flatMap(({ tables }) => tables),
      figures: parts.flatMap(({ figures }) => figures),
      notes: parts.flatMap(({ notes }) => notes),
    };
  },
};

async function killed({ folder, progress, scale }: BenchContext): Promise<Part> {
  const kills = Math.max(1, Math.round(KILLS * scale));
  const result = await runCrashes({
    folder: join(folder, 'service'),
    kills,
    seed: SEED,
    lanes: LANES,
  });
  const { alertsTaken, incidents, pages, pagesSent, repeatedRequests, repeatedMails } = result;
  return {
    tables: [
      {
        columns: ['kills', 'alerts', 'incidents', 'pages', 'sent', 'known by key', 'mails twice'],
        rows: [[kills, alertsTaken, incidents, pages, pagesSent, repeatedRequests, repeatedMails]],
      },
    ],
    figures: [
      {
        ...{ key: 'crash_kills', what: 'times the running service was killed', value: kills },
        goal: { atLeast: KILLS * scale, unit: 'kills' },
      },
      {
        ...{ key: 'crash_problems', what: 'pages or alerts lost, doubled or without an end' },
        ...{ value: result.problems.length, goal: { atMost: 0, unit: 'problems' } },
      },
    ],
    notes: result.problems.slice(0, 10),
  };
}

function disks({ folder, progress, scale }: BenchContext): Part[] {
  const library = compileShim(folder);
  const log = join(folder, 'writes');
  const commits = Math.max(10, Math.round(COMMITS * scale));
  progress(`crash: writing ${commits} commits`);
  runWriter(library, join(folder, 'cut'), commits, { DISK_LOG: log });
  progress('crash: cutting the power at every write');
  const cuts = replayPowerCuts(log, SEED);
  progress('crash: failing every call');
  const faults = failEveryCall(library, folder);
  return [
    {
      tables: [
        {
          columns: ['fault', 'points', 'journals opened'],
          rows: [
            ['power cut', cuts.points, cuts.disks],
            ['call fails', faults.calls, faults.calls],
          ],
        },
      ],
      figures: [
        {
          ...{ key: 'crash_power_cuts', what: 'disks after a power cut', value: cuts.disks },
          goal: null,
        },
        {
          ...{ key: 'crash_power_cut_losses', what: 'power cuts that lost what was acknowledged' },
          ...{ value: cuts.problems.length, goal: { atMost: 0, unit: 'losses' } },
        },
        {
          ...{
            key: 'crash_disk_fault_losses',
            what: 'failed calls after which something was lost',
          },
          ...{ value: faults.problems.length, goal: { atMost: 0, unit: 'losses' } },
        },
      ],
      notes: [...cuts.problems, ...faults.problems].slice(0, 10),
    },
  ];
}

/** Each error at each call of a short run in turn, from that call on and that call alone. */
function failEveryCall(library: string, folder: string) {
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
  return { calls, problems };
}
