import { type ResourceLimits, Worker } from 'node:worker_threads';
import { threadEnvironment } from './thread-environment.ts';

/** A thread that does one thing. */
export interface TaskThread<Result> {
  /** The one message that it tells. Rejects with what went wrong when it ends without one, stopped ones too. */
  readonly result: Promise<Result>;
  /** Ends it wherever it is. Harmless when it has ended. */
  stop(): Promise<void>;
}

/** Starts the thread whose entry is `entry` on its task (`workerData`); it knows nothing of the process's environment. */
export function startTaskThread<Result>(
  entry: URL,
  task: object,
  resourceLimits: ResourceLimits,
): TaskThread<Result> {
  const { promise, resolve, reject } = Promise.withResolvers<Result>();
  const options = { workerData: task, env: threadEnvironment(), resourceLimits };
  const worker = new Worker(entry, options);
  worker.once('message', resolve);
  worker.once('error', reject);
  worker.once('exit', () => reject(new Error('the thread has ended without a result')));
  // Who stops it need not wait for what it would have told.
  promise.catch(() => {});
  return {
    result: promise,
    async stop() {
      await worker.terminate();
    },
  };
}
