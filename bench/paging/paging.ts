import { loadavg } from 'node:os';
import { join } from 'node:path';
import { type DurationMs, SECOND } from '../../lib/time.ts';
import { cannotShim } from '../../test/storage/disk-faults.ts';
import type { Bench, BenchContext } from '../bench.ts';
import type { Figure } from '../report.ts';
import { measureFailingDisk, measureOneService, type OneServiceResult } from './one-service.ts';
import { Receiver } from './receiver.ts';
import { measureStorm, type StormResult } from './storm.ts';

const DEVICES = 10_000;
const P99 = 0.99;

interface Measured {
  readonly figures: readonly Figure[];
  readonly notes: readonly string[];
}

type Part = (context: BenchContext, receiver: Receiver) => Promise<Measured>;

const PARTS: Readonly<Record<string, Part>> = {
  'one-service': async ({ folder, progress }, receiver) => {
    progress('paging: traps, clocks, a restart, the end of the service');
    const one = await measureOneService(join(folder, 'one'), receiver);
    return { figures: figuresOf(one), notes: [] };
  },
  disk: async ({ folder, progress }, receiver) => {
    progress('paging: a disk that fails');
    const diskMs = cannotShim ? null : await measureFailingDisk(folder, receiver);
    const what = 'append refused by the disk to a person told';
    return {
      figures: [inSeconds('paging_disk_s', what, diskMs, 60)],
      notes: cannotShim ? ['a failing disk needs Linux and gcc'] : [],
    };
  },
  storm: async ({ folder, scale, progress }, receiver) => {
    const devices = Math.round(DEVICES * scale);
    progress(`paging: a storm in ${devices} devices`);
    const storm = await measureStorm(folder, receiver, devices);
    if ('why' in storm) return { figures: stormFigures(null), notes: [storm.why] };
    return { figures: stormFigures(storm), notes: [] };
  },
};

/** From a fault, a trap, a deadline or the end of the service itself to the one who is told. */
export const pagingBench: Bench = {
  name: 'paging',
  title: 'how soon someone is told',
  isLong: true,
  parts: Object.keys(PARTS),
  async run(context) {
    await using receiver = await new Receiver().open();
    const measured: Measured[] = [];
    for (const [name, run] of Object.entries(PARTS))
      if (context.part === null || context.part === name)
        measured.push(await run(context, receiver));
    const load = loadavg().map((each) => each.toFixed(1));
    const loadNote = `times that passed, between processes of one machine; its load: ${load.join(', ')}`;
    return {
      tables: [],
      figures: measured.flatMap(({ figures }) => figures),
      notes: [...measured.flatMap(({ notes }) => notes), loadNote],
    };
  },
};

function figuresOf(one: OneServiceResult): Figure[] {
  return [
    inSeconds('paging_trap_s', 'verified trap to page', one.trapMs, 3),
    inSeconds(
      'paging_clock_s',
      'a step of the clock, due to page, the worst',
      worst(one.stepMs),
      1,
    ),
    inSeconds('paging_overdue_s', 'start to the last overdue step', Math.max(...one.overdueMs), 10),
    {
      ...{ key: 'paging_overdue_twice', what: 'overdue steps sent more than once' },
      ...{ value: one.overdueNotOnce, goal: { atMost: 0, unit: 'pages' } },
    },
    inSeconds(
      'paging_dead_service_s',
      'kill -9 to the alarm of a watcher of the beat',
      one.deadServiceMs,
      120,
    ),
    {
      ...inSeconds(
        'paging_beat_gap_s',
        'longest between two beats, each 30 s, s',
        one.beatGapMs,
        0,
      ),
      goal: null,
    },
    inSeconds(
      'paging_dead_receiver_s',
      'provider that hangs to the other channel',
      one.deadReceiverMs,
      35,
    ),
  ];
}

function stormFigures(storm: StormResult | null): Figure[] {
  const times = storm?.callMs.toSorted((a, b) => a - b) ?? [];
  const at = (share: number) => times[Math.ceil(times.length * share) - 1] ?? null;
  return [
    {
      ...{ key: 'paging_storm_faults', what: 'faults of the storm whose page arrived' },
      value: storm?.faults ?? null,
      goal: { atLeast: storm?.expected ?? 0, unit: 'faults' },
    },
    {
      ...{ key: 'paging_storm_twice', what: 'pages of it that arrived more than once' },
      ...{ value: storm?.pagesTwice ?? null, goal: { atMost: 0, unit: 'pages' } },
    },
    inSeconds('paging_storm_p99_s', 'fault confirmed to provider called, p99', at(P99), 2),
    inSeconds('paging_storm_max_s', 'the same, the slowest', at(1), 5),
  ];
}

function inSeconds(key: string, what: string, ms: DurationMs | null, atMost: number): Figure {
  return { key, what, value: ms === null ? null : ms / SECOND, goal: { atMost, unit: 's' } };
}

const worst = (times: readonly DurationMs[]) => Math.max(...times.map(Math.abs));
