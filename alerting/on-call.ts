import type { EscalationStep } from '../config/model.ts';
import { type Cover, onCallAt } from '../config/schedule/on-call.ts';
import { quietUntil } from '../config/schedule/quiet-hours.ts';
import type { Override, Schedule } from '../config/schedule/schedule.ts';
import type { EpochMs } from '../lib/time.ts';
import type { Graph } from './graph.ts';
import type { EngineState } from './state.ts';

/** Exceptions to the schedule that people made, in the order in which they were made. */
export function overridesOf(
  state: Pick<EngineState, 'overrides'>,
  scheduleId: string,
): readonly Override[] {
  return [...state.overrides.values()].filter((each) => each.scheduleId === scheduleId);
}

/** Who is on call at `at`, exceptions made by people included. */
export function coverOf(
  state: Pick<EngineState, 'overrides'>,
  schedule: Schedule,
  at: EpochMs,
): Cover {
  return onCallAt(schedule, overridesOf(state, schedule.id), at);
}

/**
 * The people of an escalation step at `at`: those it names, the members of its teams, and whoever is
 * on call then. Empty when nobody is; a schedule or team that is gone has nobody.
 */
export function peopleOfStep(
  state: EngineState,
  graph: Graph,
  step: Pick<EscalationStep, 'personIds' | 'scheduleIds' | 'teamIds'>,
  at: EpochMs,
): readonly string[] {
  const people = new Set(step.personIds);
  for (const scheduleId of step.scheduleIds ?? []) {
    const schedule = graph.schedules.get(scheduleId);
    if (schedule === undefined) continue;
    for (const id of coverOf(state, schedule, at).personIds) people.add(id);
  }
  for (const teamId of step.teamIds ?? []) {
    for (const id of graph.teams.get(teamId) ?? []) people.add(id);
  }
  return [...people];
}

/** Until when the person is not to be disturbed with what is not urgent; null when it is not quiet. */
export function quietUntilOf(graph: Graph, personId: string, at: EpochMs): EpochMs | null {
  const hours = graph.people.get(personId)?.quietHours ?? [];
  return hours.length === 0 ? null : quietUntil(hours, at);
}
