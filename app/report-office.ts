import type { Registry } from 'prom-client';
import type { AuditFinding } from '../alerting/auditor.ts';
import type { EngineHost } from '../alerting/engine-host.ts';
import type { DomainEvent } from '../alerting/events.ts';
import type { Config } from '../config/model.ts';
import type { Logger } from '../lib/logger.ts';
import type { World } from '../lib/world.ts';
import { noteArchive } from './note-archive.ts';
import { ThreadedReportDesk } from './report-desk.ts';
import { ReportDispatch } from './report-dispatch.ts';
import { createReportMetrics } from './report-metrics.ts';

export interface ReportOfficeOptions {
  readonly dataFolder?: string;
  readonly world: World<DomainEvent>;
  readonly log: Logger;
}

export interface ReportOfficeParts {
  readonly getConfig: () => Config;
  readonly registry: Registry;
}

/** The desk that makes reports, and the dispatch that sends them by itself. */
export interface ReportOffice {
  readonly desk: ThreadedReportDesk;
  /** Begins to look for what is due. */
  start(host: Pick<EngineHost, 'submit'>): void;
  stop(): Promise<void>;
}

/** Null when there is no folder to read a journal from. */
export function openReports(
  { dataFolder, world, log }: ReportOfficeOptions,
  { getConfig, registry }: ReportOfficeParts,
): ReportOffice | null {
  if (dataFolder === undefined) return null;
  const { clock, mail } = world;
  const metrics = createReportMetrics(registry);
  let dispatch: ReportDispatch | null = null;
  let stopNoting = () => {};
  const desk = new ThreadedReportDesk({
    ...{ dataFolder, clock, log, getConfig },
    dispatch: (period) => dispatch?.resend(period) ?? null,
  });
  return {
    desk,
    start(host) {
      stopNoting = noteArchive(dataFolder, clock, host);
      const onUndelivered = (findings: readonly AuditFinding[]) =>
        host.submit({ kind: 'undelivered-reports', findings });
      const ways = { mail, desk, metrics, onUndelivered };
      dispatch = new ReportDispatch({ dataFolder, clock, log, getConfig, ...ways });
      void dispatch.look();
    },
    async stop() {
      stopNoting();
      dispatch?.[Symbol.dispose]();
      await desk[Symbol.asyncDispose]();
    },
  };
}
