import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Bench } from '../bench.ts';
import { runForJson } from '../processes.ts';
import type { Played } from './play-all.ts';

const YEARS = 1_000;
const DAYS_PER_SEED = 365;
/** Seeds end when their troubles are over, some before the year is: so many give a year on average. */
const SEEDS_PER_YEAR = 1.25;
const SEEDS_AT_ONCE = 25;
const TIMEOUT_MS = 1_200_000;
const PLAY = fileURLToPath(new URL('./play-all.ts', import.meta.url));

/** The engine with its outbox in a world that misbehaves, for a thousand years; `--scale` for more or fewer. */
export const simulationBench: Bench = {
  name: 'simulation',
  title: 'a thousand simulated years of engine, journal and outbox',
  isLong: true,
  async run({ progress, scale }) {
    const seeds = Math.ceil(YEARS * SEEDS_PER_YEAR * scale);
    const played: Played[] = [];
    let next = 1;
    const play = async () => {
      while (next <= seeds) {
        const first = next;
        const count = Math.min(SEEDS_AT_ONCE, seeds - first + 1);
        next += count;
        played.push(await playSeeds(first, count));
        progress(`simulation: seeds ${first} to ${first + count - 1}`);
      }
    };
    await Promise.all(Array.from({ length: availableParallelism() }, play));
    const sum = (key: 'days' | 'steps' | 'incidents' | 'pages' | 'kills') =>
      played.reduce((total, each) => total + each[key], 0);
    const failed = played.flatMap((each) => each.failed);
    const years = sum('days') / 365;
    const counts = [sum('incidents'), sum('pages'), sum('kills'), sum('steps')];
    return {
      tables: [
        {
          columns: ['seeds', 'years', 'incidents', 'pages', 'kills', 'steps'],
          rows: [[`1 to ${seeds}`, years, ...counts]],
        },
      ],
      figures: [
        {
          ...{ key: 'simulation_years', what: 'simulated years', value: years },
          goal: { atLeast: YEARS * scale, unit: 'years' },
        },
        {
          ...{ key: 'simulation_failed_seeds', what: 'seeds in which a promise was broken' },
          ...{ value: failed.length, goal: { atMost: 0, unit: 'seeds' } },
        },
      ],
      notes: failed.map(
        ({ seed, violation }) =>
          `seed ${seed}: ${violation}; again: node test/simulation/play-seeds.ts ${seed} 1 ${DAYS_PER_SEED}`,
      ),
    };
  },
};

function playSeeds(first: number, count: number): Promise<Played> {
  const args = [PLAY, `${first}`, `${count}`, `${DAYS_PER_SEED}`];
  const options = { timeoutMs: TIMEOUT_MS, environment: { TZ: 'Europe/Berlin' } };
  return runForJson<Played>(process.execPath, args, options);
}
