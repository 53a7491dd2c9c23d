import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '../lib/assert.ts';
import { leaveOutExperimentalWarnings } from '../lib/node-warnings.ts';
import type { ProofMessage, ProofTask } from './proven-events.ts';
import { provenStretches } from './proven-stretches.ts';

/** Stretches that wait to be taken. */
const MOST_AHEAD = 16;

/** Entry of a thread that reads a journal and proves its chain while another folds what is proven. */
leaveOutExperimentalWarnings();
assert(parentPort !== null, 'runs as a worker thread');
const port = parentPort;
const { file, through, taken } = workerData as ProofTask;
const stretches = provenStretches(file, through);
for (let told = 1; ; told += 1) {
  const { done, value } = stretches.next();
  if (done === true) {
    port.postMessage({ kind: 'end', isProven: value } satisfies ProofMessage);
    break;
  }
  const message = { kind: 'stretch', stretch: value } satisfies ProofMessage;
  port.postMessage(message, [value.texts.buffer]);
  for (let count = Atomics.load(taken, 0); told - count >= MOST_AHEAD; ) {
    Atomics.wait(taken, 0, count);
    count = Atomics.load(taken, 0);
  }
}
