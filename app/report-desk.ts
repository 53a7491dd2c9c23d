import { Worker } from 'node:worker_threads';
import type {
  ArchivedReport,
  ReportDesk,
  ReportDocument,
  ReportJob,
  ReportOrder,
  ReportRefusal,
} from '../api/report-desk.ts';
import type { Config } from '../config/model.ts';
import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/logger.ts';
import type { Amendment } from '../reports/amendments.ts';
import { type Period, parsePeriod } from '../reports/period.ts';
import { archiveTail, readArchive } from '../storage/report-archive.ts';
import { freezeWaitMs } from './freeze-wait.ts';
import type { ReportMessage, ReportTask } from './report-thread.ts';
import { viewArchive } from './view-archive.ts';

/** Orders that wait at most; each is minutes of work at worst. */
const MOST_WAITING = 8;
/** Finished reports kept for whoever ordered them. */
const MOST_KEPT = 20;
const TOO_MANY: ReportRefusal = {
  refused: 'too-many-reports',
  detail: 'Too many reports are waiting; try again later.',
};
const HEAP_MB = 2_048;
const THREAD = new URL('./report-thread.ts', import.meta.url);

export interface ReportDeskOptions {
  readonly dataFolder: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly getConfig: () => Config;
  /** Mails the frozen report of a period; null when it is on its way, else why not. */
  readonly dispatch: (period: string) => ReportRefusal | null;
}

interface Proven {
  readonly hash: string;
  readonly read: ReturnType<typeof readArchive>;
  /** Made when it is asked for first. */
  view: readonly ArchivedReport[] | null;
}

interface Held {
  job: ReportJob;
  readonly period: Period;
  document: ReportDocument | null;
  readonly finished: PromiseWithResolvers<Held>;
}

/** Makes reports in a thread of their own, one at a time, in the order in which they were asked for. */
export class ThreadedReportDesk implements ReportDesk, AsyncDisposable {
  readonly #options: ReportDeskOptions;
  readonly #held = new Map<string, Held>();
  #waiting: Held[] = [];
  /** The archive as it was read when its last entry had this hash. */
  #proven: Proven | null = null;
  #worker: Worker | null = null;
  #count = 0;

  constructor(options: ReportDeskOptions) {
    this.#options = options;
  }

  order(order: ReportOrder): ReportJob | ReportRefusal {
    const held = this.#accept(order);
    return 'refused' in held ? held : held.job;
  }

  /** Orders a report and waits for it; the document, or why there is none. */
  async make(order: ReportOrder): Promise<ReportDocument | string> {
    const held = this.#accept(order);
    if ('refused' in held) return held.detail;
    const { job, document } = await held.finished.promise;
    return document ?? job.failure ?? 'the report was not made';
  }

  jobs(): readonly ReportJob[] {
    return Array.from(this.#held.values(), ({ job }) => job).reverse();
  }

  job(id: string): ReportJob | null {
    return this.#held.get(id)?.job ?? null;
  }

  document(id: string): ReportDocument | null {
    return this.#held.get(id)?.document ?? null;
  }

  archive(): readonly ArchivedReport[] {
    const read = this.#readArchive();
    if (!read.ok) {
      this.#options.log.error({ reason: read.message }, 'the report archive cannot be read');
      return [];
    }
    if (this.#proven?.read !== read) return viewArchive(this.#options.dataFolder, read.value);
    this.#proven.view ??= viewArchive(this.#options.dataFolder, read.value);
    return this.#proven.view;
  }

  amendments(): readonly Amendment[] {
    const read = this.#readArchive();
    return read.ok ? read.value.amendments.toReversed() : [];
  }

  /** The console asks each second: what was proven is not proven again until something is added. */
  #readArchive(): ReturnType<typeof readArchive> {
    const { dataFolder } = this.#options;
    const hash = archiveTail(dataFolder)?.hash ?? null;
    if (hash !== null && this.#proven?.hash === hash) return this.#proven.read;
    const read = readArchive(dataFolder);
    this.#proven = read.ok && hash !== null ? { hash, read, view: null } : null;
    return read;
  }

  resend(period: string): ReportRefusal | null {
    const isFrozen = this.archive().some((each) => each.period === period && each.siteId === null);
    if (isFrozen) return this.#options.dispatch(period);
    return { refused: 'report-not-frozen', detail: `The report of ${period} is not frozen.` };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#waiting = [];
    await this.#worker?.terminate();
  }

  #accept(order: ReportOrder): Held | ReportRefusal {
    const config = this.#options.getConfig();
    const site = config.sites.find(({ id }) => id === order.siteId);
    if (order.siteId !== null && site === undefined)
      return { refused: 'no-such-site', detail: `There is no site "${order.siteId}".` };
    const parsed = parsePeriod(order.period, site?.timeZone ?? config.service.timeZone);
    if (!parsed.ok) return { refused: 'no-such-period', detail: parsed.message };
    const { period } = parsed;
    const now = this.#options.clock.now();
    if (now < period.from)
      return { refused: 'period-not-begun', detail: `${period.name} has not begun.` };
    if (this.#waiting.length >= MOST_WAITING) return TOO_MANY;
    this.#count += 1;
    const held: Held = {
      job: {
        ...{ id: `r-${now.toString(36)}-${this.#count}`, order, state: 'waiting' },
        ...{ progressRatio: 0, failure: null, orderedAt: now },
      },
      period,
      document: null,
      finished: Promise.withResolvers<Held>(),
    };
    this.#held.set(held.job.id, held);
    this.#forgetOld();
    this.#waiting.push(held);
    this.#startNext();
    return held;
  }

  #startNext(): void {
    if (this.#worker !== null) return;
    const held = this.#waiting.shift();
    if (held === undefined) return;
    const { dataFolder, clock, getConfig } = this.#options;
    const { order } = held.job;
    const { siteId, revision } = order;
    const request = {
      ...{ dataFolder, period: held.period, siteId, now: clock.now() },
      ...(revision === undefined ? {} : { revision }),
    };
    const waitMs = freezeWaitMs(getConfig());
    const task: ReportTask = { request, order, freezing: { by: 'service', waitMs } };
    const worker = new Worker(THREAD, {
      workerData: task,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    });
    this.#worker = worker;
    held.job = { ...held.job, state: 'running' };
    let failure = 'the report was broken off';
    worker.on('message', (message: ReportMessage) => {
      if (message.kind === 'progress') held.job = { ...held.job, progressRatio: message.ratio };
      else if (message.kind === 'failed') failure = message.reason;
      else held.document = documentOf(held, message);
    });
    worker.on('error', (error) => {
      failure = error instanceof Error ? error.message : String(error);
      this.#options.log.error({ failure, period: held.period.name }, 'a report was not made');
    });
    worker.on('exit', () => {
      this.#worker = null;
      held.job =
        held.document === null
          ? { ...held.job, state: 'failed', failure }
          : { ...held.job, state: 'done', progressRatio: 1 };
      held.finished.resolve(held);
      this.#startNext();
    });
  }

  #forgetOld(): void {
    for (const [id, { job }] of this.#held) {
      if (this.#held.size <= MOST_KEPT) return;
      if (job.state === 'done' || job.state === 'failed') this.#held.delete(id);
    }
  }
}

/** `threenines-2026-11.pdf`; a name without anything that a header or a file system takes amiss. */
function documentOf(
  { job, period }: Held,
  { bytes, revision }: ReportMessage & { readonly kind: 'done' },
): ReportDocument {
  const { siteId, format, table } = job.order;
  const site = siteId === null ? '' : `-${siteId}`;
  const rows = format === 'csv' ? `-${table}` : '';
  const fileName = `threenines-${period.name}${site}${rows}.${format}`;
  return { bytes, format, fileName, revision };
}
