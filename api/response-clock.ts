import type { DurationMs, EpochMs } from '../lib/time.ts';
import type { IncidentRecord } from './incident-record.ts';

export interface ResponseClock {
  readonly startedAt: EpochMs;
  readonly acknowledgeBy: EpochMs;
  /**
   * `running` until someone acknowledges, the incident ends, or the time is over; `met` when it was
   * acknowledged or over in time; else `breached`.
   */
  readonly status: 'running' | 'met' | 'breached';
  /** Until the deadline, negative after it; null once nobody has to respond any more. */
  readonly remainingMs: DurationMs | null;
}

/** Where the response clock of an incident stands at `now`. */
export function deriveResponseClock(incident: IncidentRecord, now: EpochMs): ResponseClock {
  const { clockStartedAt: startedAt, acknowledgeBy } = incident;
  const endedAt = incident.acknowledgedAt ?? incident.resolvedAt;
  if (endedAt !== null) {
    const status = endedAt <= acknowledgeBy ? 'met' : 'breached';
    return { startedAt, acknowledgeBy, status, remainingMs: null };
  }
  const remainingMs = acknowledgeBy - now;
  return {
    startedAt,
    acknowledgeBy,
    status: remainingMs >= 0 ? 'running' : 'breached',
    remainingMs,
  };
}
