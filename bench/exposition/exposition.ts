import type { Bench } from '../bench.ts';
import { runWorker } from '../processes.ts';
import type { Figure } from '../report.ts';
import { ratio } from '../statistics.ts';
import type { ExpositionResult, ExpositionTask } from './serve-text.ts';

const SIZES = [10_000, 100_000, 1_000_000];
const SCRAPES = 2;
const MEMORY_OPTION = '--max-old-space-size=8192';
const KINDS = [
  { name: 'Threenines', file: './own-exposition.ts' },
  { name: 'prom-client', file: './package-exposition.ts' },
] as const;

/** The text that Prometheus scrapes, beside prom-client with the same series. */
export const expositionBench: Bench = {
  name: 'exposition',
  title: 'the text that Prometheus scrapes, beside prom-client',
  async run(context) {
    const results = new Map<string, ExpositionResult>();
    const rows: (string | number)[][] = [];
    for (const size of SIZES.map((each) => Math.round(each * Math.min(1, context.scale)))) {
      for (const { name, file } of KINDS) {
        context.progress(`exposition: ${name}, ${size.toLocaleString('en-US')} series`);
        const task: ExpositionTask = { series: size, scrapes: SCRAPES };
        const result = await runWorker<ExpositionResult>(new URL(file, import.meta.url), task, {
          nodeOptions: [MEMORY_OPTION],
        });
        results.set(`${name} ${size}`, result);
        const { series, renderNs, storeNs, blockedMs, memoryMb } = result;
        rows.push([name, series, renderNs, storeNs, blockedMs, memoryMb]);
      }
    }
    const largest = Math.round(SIZES.at(-1)! * Math.min(1, context.scale));
    const own = results.get(`Threenines ${largest}`)!;
    const theirs = results.get(`prom-client ${largest}`)!;
    return {
      tables: [
        {
          columns: [
            'exposition',
            'series',
            'scrape, ns per series',
            'poll, ns per series',
            'loop blocked, ms',
            'MB',
          ],
          rows,
        },
      ],
      figures: figuresOf(own, theirs),
      notes: [
        'scrape: from what is kept to octets, best of three; poll: keeping one value so that it can be scraped (ours: its line of text; prom-client: set)',
        'loop blocked: the longest pause of the event loop while a reader on the other core takes one scrape over HTTP, the lesser of two scrapes',
      ],
    };
  },
};

function figuresOf(own: ExpositionResult, theirs: ExpositionResult): Figure[] {
  return [
    {
      key: 'exposition_ns_per_series',
      what: 'a scrape, per series',
      value: own.renderNs,
      goal: { atMost: 150, unit: 'ns' },
    },
    {
      key: 'exposition_prom_client_to_own',
      what: 'CPU of prom-client to ours, for a scrape',
      value: ratio(theirs.renderNs, own.renderNs),
      goal: { atLeast: 10, unit: '×' },
    },
    {
      key: 'exposition_poll_and_scrape_ns_per_series',
      what: 'a poll’s share and a scrape, per series, ns',
      value: own.renderNs + own.storeNs,
      goal: null,
    },
    {
      key: 'exposition_prom_client_to_own_with_poll',
      what: 'CPU of prom-client to ours, for a poll and a scrape',
      value: ratio(theirs.renderNs + theirs.storeNs, own.renderNs + own.storeNs),
      goal: null,
    },
    {
      key: 'exposition_loop_blocked_ms',
      what: 'event loop blocked by a scrape',
      value: own.blockedMs,
      goal: { atMost: 20, unit: 'ms' },
    },
  ];
}
