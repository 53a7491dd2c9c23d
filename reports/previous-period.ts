import type { EpochMs } from '../lib/time.ts';
import { type AvailabilityPair, deriveGroup } from './figures.ts';
import type { IncidentFigures } from './incident-records.ts';
import type { ReportFold } from './report-fold.ts';
import type { TierCompliance } from './response-compliance.ts';

/** The figures of the period before that a trend is told by, computed like those of the period itself. */
export interface PreviousFigures extends Pick<AvailabilityPair, 'service' | 'device'> {
  readonly name: string;
  readonly deviceCount: number;
  readonly incidentCount: number;
  readonly tiers: readonly TierCompliance[];
  readonly acknowledge: IncidentFigures['acknowledge'];
  readonly resolve: IncidentFigures['resolve'];
  readonly pages: IncidentFigures['pages'];
}

/** Null when no device was in service in it. The fold must have been closed. */
export function derivePrevious(fold: ReportFold, now: EpochMs): PreviousFigures | null {
  const { period } = fold.previous;
  const times = fold.times(period.from, period.to);
  if (times.length === 0) return null;
  const { deviceCount, service, device } = deriveGroup('all', 'all', times, fold.targetOf(period));
  const compliance = fold.readResponses(fold.previous, now);
  const { acknowledge, resolve, pages } = fold.readIncidents(fold.previous);
  return {
    name: period.name,
    deviceCount,
    service,
    device,
    incidentCount: compliance.incidentCount,
    tiers: compliance.tiers,
    acknowledge,
    resolve,
    pages,
  };
}
