import type { CancelTimer, Clock } from '../lib/clock.ts';
import type { Journal } from '../lib/journal.ts';
import type { Logger } from '../lib/logger.ts';
import { startTaskThread, type TaskThread } from '../lib/task-thread.ts';
import { type DurationMs, MINUTE } from '../lib/time.ts';
import type { FoldIdentity } from '../storage/fold-snapshot.ts';
import type { MadeSnapshot } from '../storage/make-snapshot.ts';
import type { SnapshotTask } from '../storage/snapshot-thread.ts';

const THREAD = new URL('../storage/snapshot-thread.ts', import.meta.url);
/** Entries behind the last snapshot that make another one worth its while: a start folds them in a fraction of a second. */
export const ENTRIES_BETWEEN = 20_000;
const LOOK_EVERY_MS: DurationMs = MINUTE;
/** In a storm the pages go first; between two tries there is at least this. */
const LEAST_BETWEEN_MS: DurationMs = 5 * MINUTE;
/** State of a large network, with room; a thread that needs more fails by itself. */
const HEAP_MB = 1_024;

export interface SnapshotKeeperOptions {
  readonly dataFolder: string;
  readonly fold: FoldIdentity;
  /** The entry up to which there is a snapshot already; 0: none. */
  readonly from: number;
  readonly journal: Pick<Journal<unknown>, 'lastSequence'>;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Has a snapshot made whenever the journal has grown enough, in a thread that reads the journal from
 * the disk: neither the engine nor an append waits for it, and where it fails, only the next start
 * takes longer. Returns how to stop, in the middle of one too.
 */
export function keepSnapshots(options: SnapshotKeeperOptions): () => Promise<void> {
  const { dataFolder: folder, fold, journal, clock, log } = options;
  let keptSequence = options.from;
  let triedMs: DurationMs | null = null;
  let failure: string | null = null;
  let thread: TaskThread<MadeSnapshot> | null = null;
  let cancel: CancelTimer = () => {};

  const make = async () => {
    triedMs = clock.monotonicMs();
    const task: SnapshotTask = { folder, fold };
    thread = startTaskThread(THREAD, task, { maxOldGenerationSizeMb: HEAP_MB });
    const made = await thread.result.catch((error): MadeSnapshot => {
      return { ok: false, reason: String(error) };
    });
    if (thread === null) return;
    thread = null;
    if (made.ok) {
      keptSequence = made.sequence;
      failure = null;
      log.debug({ sequence: made.sequence }, 'snapshot made');
    } else if (made.reason !== failure) {
      failure = made.reason;
      log.warn({ reason: made.reason }, 'no snapshot: the next start reads more of the journal');
    }
  };
  const look = () => {
    cancel = clock.after(LOOK_EVERY_MS, look);
    const isWorth = journal.lastSequence() - keptSequence >= ENTRIES_BETWEEN;
    const sinceMs = triedMs === null ? Number.POSITIVE_INFINITY : clock.monotonicMs() - triedMs;
    if (isWorth && thread === null && sinceMs >= LEAST_BETWEEN_MS) void make();
  };
  cancel = clock.after(LOOK_EVERY_MS, look);
  return async () => {
    cancel();
    const running = thread;
    thread = null;
    await running?.stop();
  };
}
