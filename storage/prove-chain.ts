import { Worker } from 'node:worker_threads';
import { CHAIN_START, chainHash } from './chain.ts';
import { openForReading, SELECT_ENTRY } from './journal-file.ts';
import { describeError } from './journal-problem.ts';
import { type ChainVerdict, headMismatch, verifyChain } from './verify-chain.ts';

const THREAD = new URL('./chain-thread.ts', import.meta.url);
/** Below it a thread costs more than it saves. */
const WORTH_A_THREAD = 100_000;
const PAGE_ENTRIES = 1_000;
/** Rows that live for a moment: a small nursery keeps the thread small beside the report. */
const YOUNG_MB = 4;
const OLD_MB = 128;

/** What the thread is given. */
export interface ChainTask {
  readonly file: string;
  readonly through: number;
}

/**
 * Proves that the entries of a journal up to `through` are those that were written: the chain is
 * computed anew over their content and must end in the hash that entry `through` has. That costs a
 * third of what reading the entries as JSON does, and is done in a thread of its own meanwhile. Where
 * the chain breaks, the verdict names the first entry that cannot be trusted.
 */
export function proveChain(file: string, through: number): Promise<ChainVerdict> {
  if (through < WORTH_A_THREAD) return Promise.resolve(proveHere({ file, through }));
  const { promise, resolve } = Promise.withResolvers<ChainVerdict>();
  const worker = new Worker(THREAD, {
    workerData: { file, through } satisfies ChainTask,
    env: {},
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB, maxOldGenerationSizeMb: OLD_MB },
  });
  const failed = (error: unknown) =>
    resolve({ ok: false, sequence: 0, reason: `it cannot be checked: ${describeError(error)}` });
  worker.once('message', resolve);
  worker.once('error', failed);
  worker.once('exit', () => failed(new Error('the check was broken off')));
  return promise;
}

/** The same in the thread that asks. */
export function proveHere({ file, through }: ChainTask): ChainVerdict {
  try {
    using database = openForReading(file);
    database.exec('BEGIN');
    const page = database.prepare(
      `${SELECT_ENTRY} WHERE sequence > ? AND sequence <= ? ORDER BY sequence LIMIT ${PAGE_ENTRIES}`,
    );
    page.setReturnArrays(true);
    let [previous, last] = [CHAIN_START, 0];
    for (;;) {
      const rows = page.all(last, through) as unknown as Row[];
      for (const [sequence, at, subject, eventText] of rows) {
        previous = chainHash(previous, { sequence, at, subject, eventText });
        last = sequence;
      }
      if (rows.length < PAGE_ENTRIES) break;
    }
    const row = database.prepare('SELECT hash FROM entries WHERE sequence = ?').get(through);
    const isWhole = through === 0 || (last === through && row?.hash === previous);
    if (isWhole && isEndThere(database)) return { ok: true, entries: through };
  } catch (error) {
    return { ok: false, sequence: 0, reason: describeError(error) };
  }
  // Entry by entry, as they are stored: that finds the place.
  return verifyChain(file);
}

type Row = [sequence: number, at: number, subject: string | null, eventText: string];

/** Entries cut off at the end leave the head record behind. */
function isEndThere(database: ReturnType<typeof openForReading>): boolean {
  const row = database
    .prepare('SELECT sequence, hash FROM entries ORDER BY sequence DESC LIMIT 1')
    .get() as { sequence: number; hash: string } | undefined;
  return headMismatch(database, row ?? { sequence: 0, hash: CHAIN_START }) === null;
}
