import { parentPort, workerData } from 'node:worker_threads';
import { leaveOutExperimentalWarnings } from '../lib/node-warnings.ts';
import { yieldToOtherThreads } from '../lib/thread-priority.ts';
import type { FoldIdentity } from './fold-snapshot.ts';
import { type MadeSnapshot, makeSnapshot } from './make-snapshot.ts';

/** What the thread is given. */
export interface SnapshotTask {
  readonly folder: string;
  readonly fold: FoldIdentity;
}

/** Entry of a thread that makes one snapshot beside the running service, tells how that went, and ends. */
leaveOutExperimentalWarnings();
yieldToOtherThreads();
const { folder, fold } = workerData as SnapshotTask;
parentPort?.postMessage(makeSnapshot(folder, fold) satisfies MadeSnapshot);
