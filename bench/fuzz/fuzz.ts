import { SECOND } from '../../lib/time.ts';
import type { Bench } from '../bench.ts';
import { runWorker } from '../processes.ts';
import type { FuzzResult } from './decode-mutants.ts';

const DATAGRAMS = 4_000_000;
const SECONDS_AT_MOST = 60;
const MICROSECONDS = 1_000_000;
const MILLISECOND_US = 1_000;

/** Mutated datagrams through the decoder: none may crash it, stop it or make it grow. */
export const fuzzBench: Bench = {
  name: 'fuzz',
  title: 'mutated datagrams through the decoder',
  async run({ scale, progress }) {
    const count = Math.round(DATAGRAMS * scale);
    const secondsAtMost = SECONDS_AT_MOST * Math.max(1, scale);
    progress(`fuzz: ${count.toLocaleString('en-US')} datagrams`);
    const found = await runWorker<FuzzResult>(
      new URL('./decode-mutants.ts', import.meta.url),
      { count, seed: 20_260_101, secondsAtMost },
      { timeoutMs: 2 * secondsAtMost * SECOND },
    );
    const notes = [`the slowest begins with ${found.slowestHex}`];
    if (found.firstCrash !== null) notes.unshift(`first crash: ${found.firstCrash}`);
    if (found.datagrams < count) notes.push(`stopped after ${secondsAtMost} s`);
    return {
      tables: [
        {
          columns: ['datagrams', 'accepted', 'µs each, with mutation', 'MB'],
          rows: [
            [
              found.datagrams,
              `${((found.accepted / found.datagrams) * 100).toFixed(1)} %`,
              (found.cpuSeconds / found.datagrams) * MICROSECONDS,
              found.memoryMb,
            ],
          ],
        },
      ],
      figures: [
        {
          key: 'fuzz_crashes',
          what: 'datagrams that crashed the decoder',
          value: found.crashes,
          goal: { atMost: 0, unit: 'datagrams' },
        },
        {
          key: 'fuzz_slowest_us',
          what: 'the slowest datagram',
          value: found.slowestMs * MILLISECOND_US,
          goal: { atMost: 1_000, unit: 'µs' },
        },
      ],
      notes,
    };
  },
};
