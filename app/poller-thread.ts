import { parentPort, workerData } from 'node:worker_threads';
import type { ThreadData } from '../collector/poller-threads/poller-thread.ts';
import { servePollerThread } from '../collector/poller-threads/serve-thread.ts';
import { assert } from '../lib/assert.ts';
import { systemClock } from '../lib/clock.ts';
import { storeCompiledCode } from '../lib/compiled-code.ts';
import { leaveOutExperimentalWarnings } from '../lib/node-warnings.ts';
import { systemRandom } from '../lib/random.ts';
import { readProc, systemNetwork } from './system-world.ts';

/** Entry of a thread that polls. It makes its own clock, chance and sockets: none can be sent to it. */
leaveOutExperimentalWarnings();
assert(parentPort !== null, 'runs as a worker thread');
const { logLevel } = workerData as ThreadData;
servePollerThread(parentPort, {
  clock: systemClock,
  random: systemRandom,
  network: systemNetwork(),
  readProc,
  logLevel,
});
// A thread is ended from outside, and would not do it then.
storeCompiledCode();
