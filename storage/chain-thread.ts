import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '../lib/assert.ts';
import { leaveOutExperimentalWarnings } from '../lib/node-warnings.ts';
import { type ChainTask, proveHere } from './prove-chain.ts';

/** Entry of a thread that proves one chain while another reads the same entries for a report. */
leaveOutExperimentalWarnings();
assert(parentPort !== null, 'runs as a worker thread');
parentPort.postMessage(proveHere(workerData as ChainTask));
