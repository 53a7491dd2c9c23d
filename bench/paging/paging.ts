import { loadavg } from 'node:os';
import { join } from 'node:path';
import { type DurationMs, SECOND } from '../../lib/time.ts';
import { cannotShim } from '../../test/storage/disk-faults.ts';
import type { Bench } from '../bench.ts';
import type { Figure } from '../report.ts';
import { measureFailingDisk, measureOneService, type OneServiceResult } from './one-service.ts';
import { Receiver } from './receiver.ts';
import { measureStorm, type StormResult } from './storm.ts';

const DEVICES = 10_000;
const P99 = 0.99;

/** From a fault, a trap, a deadline or the end of the service itself to the one who is told. */
export const pagingBench: Bench = {
  name: 'paging',
  title: 'how soon someone is told',
  isLong: true,
  async run({ folder, scale, progress }) {
    await using receiver = await new Receiver().open();
    progress('paging: traps, clocks, a restart, the end of the service');
    const one = await measureOneService(join(folder, 'one'), receiver);
    const notes: string[] = [];
    progress('paging: a disk that fails');
    const diskMs = cannotShim ? null : await measureFailingDisk(folder, receiver);
    if (cannotShim) notes.push('a failing disk needs Linux and gcc');
    const devices = Math.round(DEVICES * scale);
    progress(`paging: a storm in ${devices} devices`);
    const storm = await measureStorm(folder, receiver, devices);
    if ('why' in storm) notes.push(storm.why);
    const figures = [...figuresOf(one, diskMs), ...stormFigures('why' in storm ? null : storm)];
    const load = loadavg().map((each) => each.toFixed(1));
    notes.push(`times that passed, between processes of one machine; its load: ${load.join(', ')}`);
    return { tables: [], figures, notes };
  },
};

function figuresOf(one: OneServiceResult, diskMs: DurationMs | null): Figure[] {
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
    inSeconds('paging_disk_s', 'append refused by the disk to a person told', diskMs, 60),
  ];
}

function stormFigures(storm: StormResult | null): Figure[] {
  const times = storm?.callMs.toSorted((a, b) => a - b) ?? [];
  const at = (share: number) => times[Math.ceil(times.length * share) - 1] ?? null;
  return [
    {
      key: 'paging_storm_faults',
      what: 'faults of the storm',
      value: storm?.faults ?? null,
      goal: null,
    },
    inSeconds('paging_storm_p99_s', 'fault confirmed to provider called, p99', at(P99), 2),
    inSeconds('paging_storm_max_s', 'the same, the slowest', at(1), 5),
  ];
}

function inSeconds(key: string, what: string, ms: DurationMs | null, atMost: number): Figure {
  return { key, what, value: ms === null ? null : ms / SECOND, goal: { atMost, unit: 's' } };
}

const worst = (times: readonly DurationMs[]) => Math.max(...times.map(Math.abs));
