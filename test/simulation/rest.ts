import type { EngineState } from '../../alerting/state.ts';
import type { EpochMs } from '../../lib/time.ts';

/** Whether nothing is wrong, open or waiting; `isNightOver`: whoever sleeps is waited for as well. */
export function isAtRest(
  { incidents, pages, faults }: EngineState,
  now: EpochMs,
  isNightOver: boolean,
): boolean {
  if (faults.size > 0) return false;
  for (const incident of incidents.values()) if (incident.resolvedAt === null) return false;
  for (const page of pages.values()) {
    // The night passes, as quiet days do.
    const sleeps = !isNightOver && page.notBefore !== null && page.notBefore > now;
    if (page.status === 'queued' && !sleeps) return false;
  }
  return true;
}

/** What keeps it from rest, by key and id. */
export function whatIsOpen({ openIncidentIds, pages, faults }: EngineState): string {
  const queued = [...pages.values()].filter(({ status }) => status === 'queued');
  return [...openIncidentIds, ...faults.keys(), ...queued.map(({ id }) => id)].join(', ');
}

/** When the next page that waits is tried; never where none does. */
export function nextTryAt(state: EngineState, now: EpochMs): EpochMs {
  let next = Number.POSITIVE_INFINITY;
  for (const { status, nextAttemptAt } of state.pages.values()) {
    if (status === 'queued' && nextAttemptAt > now) next = Math.min(next, nextAttemptAt);
  }
  return next;
}
