import { parentPort, workerData } from 'node:worker_threads';
import type { ReportOrder } from '../api/report-desk.ts';
import { assert } from '../lib/assert.ts';
import { leaveOutExperimentalWarnings } from '../lib/node-warnings.ts';
import {
  type Freezing,
  freezeReport,
  makeReport,
  type ReportRequest,
} from '../storage/make-report.ts';
import { renderReport } from './render-report.ts';

/** What the thread is given. */
export interface ReportTask {
  readonly request: ReportRequest;
  readonly order: ReportOrder;
  readonly freezing: Freezing;
}

/** What it tells: how far it is, and once how it ended. */
export type ReportMessage =
  | { readonly kind: 'progress'; readonly ratio: number }
  | {
      readonly kind: 'done';
      readonly bytes: Uint8Array;
      /** Of the frozen report that was drawn; null where it is not frozen. */
      readonly revision: number | null;
    }
  | { readonly kind: 'failed'; readonly reason: string };

/** Entry of a thread that makes one report: reading a year and drawing it must not keep pages waiting. */
leaveOutExperimentalWarnings();
assert(parentPort !== null, 'runs as a worker thread');
const port = parentPort;
const { request, order, freezing } = workerData as ReportTask;
const tell = (message: ReportMessage) => port.postMessage(message);
const progress = (done: number, all: number) =>
  tell({ kind: 'progress', ratio: all === 0 ? 1 : done / all });
const made = order.freeze
  ? await freezeReport(request, freezing, progress)
  : await makeReport(request, progress);
if (made.ok) {
  const document = await renderReport(made.value, order);
  tell({
    kind: 'done',
    bytes: Buffer.from(document),
    revision: made.value.frozen?.revision ?? null,
  });
} else {
  tell({ kind: 'failed', reason: made.message });
}
