import { join } from 'node:path';
import type { Bench } from '../bench.ts';
import { runWorker } from '../processes.ts';
import type { MakeResult, MakeTask } from './make-year.ts';
import type { PeriodTask } from './write-period.ts';

const DEVICES = 10_000;
/** Each is two transitions. */
const OUTAGES_PER_DEVICE = 25;
const PERIOD = '2025';
const TIME_ZONE = 'Asia/Shanghai';
const YEAR_START = Date.UTC(2024, 11, 31, 16);
const TIMEOUT_MS = 600_000;

/** What the report of a year of a large network costs, and whether it comes out the same twice. */
export const reportBench: Bench = {
  name: 'report',
  title: 'a year of 10,000 devices with 50 transitions each',
  isLong: true,
  async run({ folder, progress, scale }) {
    const data = join(folder, 'year');
    const days = Math.round(365 * Math.min(1, scale));
    progress(`report: writing the journal of ${days} days`);
    const written = await runWorker<{ entries: number }>(
      new URL('./write-period.ts', import.meta.url),
      {
        ...{ folder: data, from: YEAR_START, days, devices: DEVICES },
        ...{ outagesPerDevice: OUTAGES_PER_DEVICE, seed: 1 },
      } satisfies PeriodTask,
      { timeoutMs: TIMEOUT_MS },
    );
    const results: MakeResult[] = [];
    for (const turn of ['once', 'twice']) {
      progress(`report: making it ${turn}`);
      const task: MakeTask = { folder: data, period: PERIOD, timeZone: TIME_ZONE };
      // On any core: one thread reads and proves, another folds.
      results.push(
        await runWorker(new URL('./make-year.ts', import.meta.url), task, { core: null }),
      );
    }
    const [first, second] = results as [MakeResult, MakeResult];
    const rows = results.map((result, index) => [
      index + 1,
      ...[result.seconds, result.cpuSeconds, result.peakMb, result.documentMb],
      result.documentHash.slice(0, 16),
    ]);
    return {
      tables: [{ columns: ['run', 's', 'CPU s', 'peak MB', 'JSON MB', 'SHA-256'], rows }],
      figures: [
        {
          key: 'report_year_seconds',
          what: 'a year of 10,000 devices, made and rendered as JSON',
          value: Math.max(first.seconds, second.seconds),
          goal: { atMost: 10, unit: 's' },
        },
        {
          key: 'report_year_peak_mb',
          what: 'memory of the process, at most',
          value: Math.max(first.peakMb, second.peakMb),
          goal: { atMost: 500, unit: 'MB' },
        },
        {
          key: 'report_year_identical_ratio',
          what: 'the same bytes twice (1: yes)',
          value: first.documentHash === second.documentHash ? 1 : 0,
          goal: { atLeast: 1, unit: '' },
        },
      ],
      notes: [
        `journal: ${written.entries.toLocaleString('en-US')} entries, leases every 10 s among them; ${first.outages.toLocaleString('en-US')} outages, ${first.incidents.toLocaleString('en-US')} incidents, ${first.devices.toLocaleString('en-US')} devices`,
      ],
    };
  },
};
