import { TIERS } from '../config/model.ts';
import type { EpochMs } from '../lib/time.ts';
import type { Graph } from './graph.ts';
import { peopleOfStep } from './on-call.ts';
import type { EngineState, Incident } from './state.ts';

/**
 * By what somebody acknowledges who is not of the chain of the incident: `answers-all`: they may answer for
 * every incident; `took-over`: they took it over explicitly, and are of its chain from then on.
 */
export type OutsiderRight = 'answers-all' | 'took-over';

/** What entitles a person to acknowledge an incident; anybody else is refused unless they take it over. */
export type AnswerRight = 'chain' | 'answers-all';

/**
 * The chain of an incident is its frozen escalation, for every tier: the people it names, the members of its
 * teams, whoever is on call then; and the catch-all, whoever was paged about it, and whoever joined.
 */
export function answerRightOf(
  state: EngineState,
  graph: Graph,
  incident: Incident,
  personId: string,
  at: EpochMs,
): AnswerRight | null {
  const { steps, joinedIds, pageIds } = incident;
  const isOnChain =
    joinedIds.has(personId) ||
    (graph.topology.catchAll ?? []).includes(personId) ||
    pageIds.some((pageId) => state.pages.get(pageId)?.personId === personId) ||
    TIERS.some((tier) =>
      steps[tier].some((step) => peopleOfStep(state, graph, step, at).includes(personId)),
    );
  if (isOnChain) return 'chain';
  return graph.people.get(personId)?.answersAll === true ? 'answers-all' : null;
}
