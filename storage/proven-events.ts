import { on } from 'node:events';
import { Worker } from 'node:worker_threads';
import { threadEnvironment } from '../lib/thread-environment.ts';
import { type ChainTail, chainHash, EMPTY_CHAIN } from './chain.ts';
import { visitTexts } from './entry-texts.ts';
import { openForReading, SELECT_ENTRY, toStoredEntry } from './journal-file.ts';
import { type ProvenStretch, provenStretches } from './proven-stretches.ts';

const THREAD = new URL('./proof-thread.ts', import.meta.url);
/** Below it a thread costs more than it saves. */
const WORTH_A_THREAD = 100_000;
/** What it keeps is short-lived: a small nursery keeps it small beside the report. */
const YOUNG_MB = 4;
const OLD_MB = 128;

/** What the thread is given. */
export interface ProofTask {
  readonly file: string;
  readonly through: number;
  /** How many stretches have been taken, in its only number: the thread must not run far ahead. */
  readonly taken: Int32Array;
}

/** What it tells: a stretch, and once whether all was proven. */
export type ProofMessage =
  | { readonly kind: 'stretch'; readonly stretch: ProvenStretch }
  | { readonly kind: 'end'; readonly isProven: boolean };

type Visit<Event> = (event: Event, sequence: number) => void;

/**
 * Hands the events up to entry `through` to `visit`, in order, none before the stretch of the chain
 * that it is in was computed anew and found to be what was written. True when that held for all of
 * them, up to the end of the journal. False says nothing but that: what was visited is to be thrown
 * away, and entry by entry is to be found out where the chain breaks, if it does (see verifyChain).
 * Throws what `visit` throws, and SQLite's error when the file cannot be read. Of a large journal a
 * thread of its own reads and proves.
 */
export async function visitProven<Event>(
  file: string,
  through: number,
  visit: Visit<Event>,
): Promise<boolean> {
  if (through >= WORTH_A_THREAD) return visitFromThread(file, through, visit);
  return visitProvenHere(file, { from: EMPTY_CHAIN, through }, visit);
}

/** A part of a chain: the entries behind one whose hash is known. */
export interface ChainPart {
  readonly from: ChainTail;
  readonly through: number;
}

/** As `visitProven`, of a part of the chain, without a thread. */
export function visitProvenHere<Event>(
  file: string,
  { from, through }: ChainPart,
  visit: Visit<Event>,
): boolean {
  const stretches = provenStretches(file, through, from);
  for (;;) {
    const { done, value } = stretches.next();
    if (done === true) return value;
    if (!visitStretch(file, value, visit)) return false;
  }
}

async function visitFromThread<Event>(
  file: string,
  through: number,
  visit: Visit<Event>,
): Promise<boolean> {
  const taken = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const worker = new Worker(THREAD, {
    workerData: { file, through, taken } satisfies ProofTask,
    env: threadEnvironment(),
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB, maxOldGenerationSizeMb: OLD_MB },
  });
  try {
    const messages = on(worker, 'message', { close: ['exit'] });
    for await (const [message] of messages as AsyncIterable<[ProofMessage]>) {
      if (message.kind === 'end') return message.isProven;
      if (!visitStretch(file, message.stretch, visit)) return false;
      Atomics.add(taken, 0, 1);
      Atomics.notify(taken, 0);
    }
    return false;
  } finally {
    await worker.terminate();
  }
}

/** False when an entry that is read by itself is no longer the one that was proven. */
function visitStretch<Event>(file: string, stretch: ProvenStretch, visit: Visit<Event>): boolean {
  const long = new Map(stretch.longEntries.map((entry) => [entry.sequence, entry]));
  let isSame = true;
  const longEvent = (sequence: number) => {
    using database = openForReading(file);
    const found = database.prepare(`${SELECT_ENTRY} WHERE sequence = ?`).get(sequence);
    const stored = toStoredEntry(found ?? {});
    const { hashBefore, hash } = long.get(sequence)!;
    isSame &&= chainHash(hashBefore, stored) === hash;
    return JSON.parse(stored.eventText) as Event;
  };
  visitTexts(stretch, longEvent, visit);
  return isSame;
}
