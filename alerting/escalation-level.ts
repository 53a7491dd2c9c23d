import type { DurationMs } from '../lib/time.ts';
import type { Incident } from './state.ts';

type Escalation = Pick<Incident, 'steps' | 'tier' | 'fromSecondLevel'>;

/**
 * The index of the step with which the escalation begins: 0, or after an acknowledgement that has
 * lapsed the first one that comes later than the first level. Where there is none, 0.
 */
export function firstStepOf({ steps, tier, fromSecondLevel }: Escalation): number {
  if (!fromSecondLevel) return 0;
  const all = steps[tier];
  const firstAfterMs = Math.min(...all.map(({ afterMs }) => afterMs));
  return Math.max(
    0,
    all.findIndex(({ afterMs }) => afterMs > firstAfterMs),
  );
}

/** How long after the escalation began a step is due: the one it begins with, at once after a lapse. */
export function dueAfterMs(incident: Escalation, afterMs: DurationMs): DurationMs {
  const first = firstStepOf(incident);
  return first === 0 ? afterMs : afterMs - incident.steps[incident.tier][first]!.afterMs;
}
