import type { DurationMs } from '../lib/time.ts';
import type { Incident } from './state.ts';

type Level = Pick<Incident, 'steps' | 'tier' | 'fromSecondLevel'>;
type Escalation = Level &
  Pick<Incident, 'targets' | 'worstOfClock' | 'stepsStartedAt' | 'acknowledgeBy'>;

/**
 * The index of the step with which the escalation begins: 0, or after an acknowledgement that has
 * lapsed the first one that comes later than the first level. Where there is none, 0.
 */
export function firstStepOf({ steps, tier, fromSecondLevel }: Level): number {
  if (!fromSecondLevel) return 0;
  const all = steps[tier];
  const firstAfterMs = Math.min(...all.map(({ afterMs }) => afterMs));
  return Math.max(
    0,
    all.findIndex(({ afterMs }) => afterMs > firstAfterMs),
  );
}

/**
 * How long after the escalation began a step is due: the one it begins with, at once after a lapse.
 * Where an upgrade left less time than the target of its tier, all of them come in proportion earlier, so that
 * whoever is to be reached before the deadline is.
 */
export function dueAfterMs(incident: Escalation, afterMs: DurationMs): DurationMs {
  const first = firstStepOf(incident);
  const ownMs = first === 0 ? afterMs : afterMs - incident.steps[incident.tier][first]!.afterMs;
  const { acknowledgeWithinMs } = incident.targets[incident.worstOfClock];
  const leftMs = incident.acknowledgeBy - incident.stepsStartedAt;
  if (leftMs <= 0 || leftMs >= acknowledgeWithinMs) return ownMs;
  return Math.floor((ownMs * leftMs) / acknowledgeWithinMs);
}
