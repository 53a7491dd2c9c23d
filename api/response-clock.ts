import { type ClockStatus, clockStatus } from '../alerting/response-clock.ts';
import type { DurationMs, EpochMs } from '../lib/time.ts';
import type { IncidentRecord } from './incident-record.ts';

export interface ResponseClock {
  readonly startedAt: EpochMs;
  readonly acknowledgeBy: EpochMs;
  readonly status: ClockStatus;
  /** Until the deadline, negative after it; null once nobody has to respond any more. */
  readonly remainingMs: DurationMs | null;
}

/** Where the response clock of an incident stands at `now`, in the engine's own words. */
export function deriveResponseClock(incident: IncidentRecord, now: EpochMs): ResponseClock {
  const { clockStartedAt: startedAt, acknowledgeBy } = incident;
  const hasEnded = incident.acknowledgedAt !== null || incident.resolvedAt !== null;
  return {
    startedAt,
    acknowledgeBy,
    status: clockStatus(incident, now),
    remainingMs: hasEnded ? null : acknowledgeBy - now,
  };
}
