import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { seededRandom } from '../../../lib/random.ts';
import { writeConfig } from '../service-process.ts';
import { crashConfig } from './crash-config.ts';
import { CrashRound, type RoundResult } from './crash-round.ts';
import { LANDINGS } from './judge.ts';
import { KilledService } from './killed-service.ts';

/** Kills on one data folder: beyond that its journal makes starts dear, and finds no more. */
const KILLS_TO_A_ROUND = 25;
/** One round in so many polls as it does by default, in a thread; the others without, which starts sooner. */
const THREADED_EVERY = 4;
/** Nobody listens there. */
const NOWHERE = 'http://127.0.0.1:9/';

export interface CrashOptions {
  readonly folder: string;
  readonly kills: number;
  readonly seed: number;
  /** Services that live and die at the same time, each on a folder of its own. */
  readonly lanes: number;
  /** The number of a mistake that is made in the service; left out: none. */
  readonly plantedBug?: number;
  /** Told after each round what all rounds so far have come to. */
  readonly progress?: (soFar: RoundResult) => void;
}

/**
 * The running service under `kill -9` at random instants, while alerts come and go, people
 * acknowledge, and pages go out to a webhook that honours the idempotency key and to a mail server.
 * In rounds: each has a folder and receivers of its own, is killed some 25 times and then left alone, so that
 * everything is resolved. After each kill, and at the end, its journal is held against what it has promised
 * and what has arrived. It ends with the round that found something: `problems` is empty when nothing was
 * lost or doubled.
 */
export async function runCrashes(options: CrashOptions): Promise<RoundResult> {
  const { folder, kills, seed, lanes, progress = () => {} } = options;
  const plantedBug = options.plantedBug ?? null;
  const codeFolder = join(folder, 'compiled');
  await keepCode(folder, codeFolder, plantedBug);
  const rounds = Math.ceil(kills / KILLS_TO_A_ROUND);
  let total = NOTHING;
  let next = 0;
  const lane = async () => {
    while (next < rounds && total.problems.length === 0) {
      const round = next;
      next += 1;
      const ownFolder = join(folder, `round-${round}`);
      const result = await CrashRound.run(
        {
          ...{ folder: ownFolder, codeFolder, plantedBug },
          threads: round % THREADED_EVERY === 0 ? null : 0,
          random: seededRandom(seed + round),
        },
        Math.min(KILLS_TO_A_ROUND, kills - round * KILLS_TO_A_ROUND),
      );
      total = sum(total, result);
      progress(total);
      if (result.problems.length === 0) rmSync(ownFolder, { recursive: true });
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return total;
}

/** Compiled code is kept by a process that ends well, and not by one that is killed. */
async function keepCode(folder: string, codeFolder: string, plantedBug: number | null) {
  const configFolder = join(folder, 'first');
  writeConfig(configFolder, crashConfig(NOWHERE, 9, null));
  const service = new KilledService({ configFolder, codeFolder, plantedBug });
  await service.running;
  await service.stop();
}

const NOTHING: RoundResult = {
  ...{ kills: 0, alertsTaken: 0, incidents: 0, pages: 0, pagesSent: 0 },
  ...{ repeatedRequests: 0, repeatedMails: 0, problems: [] },
  landings: Object.fromEntries(LANDINGS.map((each) => [each, 0])) as RoundResult['landings'],
};

function sum(a: RoundResult, b: RoundResult): RoundResult {
  const of = (key: Exclude<keyof RoundResult, 'landings' | 'problems'>) => a[key] + b[key];
  return {
    ...{ kills: of('kills'), alertsTaken: of('alertsTaken'), incidents: of('incidents') },
    ...{ pages: of('pages'), pagesSent: of('pagesSent') },
    ...{ repeatedRequests: of('repeatedRequests'), repeatedMails: of('repeatedMails') },
    landings: Object.fromEntries(
      LANDINGS.map((each) => [each, a.landings[each] + b.landings[each]]),
    ) as RoundResult['landings'],
    problems: [...a.problems, ...b.problems],
  };
}
