import { parentPort, workerData } from 'node:worker_threads';
import { leaveOutExperimentalWarnings } from '../lib/node-warnings.ts';
import { yieldToOtherThreads } from '../lib/thread-priority.ts';
import { watchChain } from './chain-watch.ts';
import type { ChainVerdict } from './verify-chain.ts';

/** What the thread is given. */
export interface ChainWatchTask {
  readonly file: string;
  readonly through: number;
  readonly pauseRatio: number;
}

/** Entry of a thread that proves a chain once, tells what it found, and ends. */
leaveOutExperimentalWarnings();
yieldToOtherThreads();
const { file, through, pauseRatio } = workerData as ChainWatchTask;
parentPort?.postMessage(watchChain(file, through, pauseRatio) satisfies ChainVerdict);
