import { computed, signal } from '@preact/signals';
import { NOT_ANSWERED, send } from './api-client.ts';
import type { Incident, IncidentDetail, PersonRef, Problem } from './api-types.ts';
import { messages } from './language.ts';
import { people, refreshNow } from './live-data.ts';
import { recall, remember } from './remembered.ts';

const chosenId = signal(recall('person'));

/** Who acknowledges in this browser; null until chosen, or when that person is no longer configured. */
export const actingPerson = computed(
  () => people.value.find(({ id }) => id === chosenId.value) ?? null,
);

/** Whoever uses this browser from now on. */
export function chooseActingPerson(person: PersonRef): void {
  chosenId.value = person.id;
  remember('person', person.id);
}

/** What the question "who takes it over?" is asked for; null while it is not asked. */
export const question = signal<{ readonly goOn: ((person: PersonRef) => void) | null } | null>(
  null,
);

/** Goes on with the person of before, or asks first. */
export function asPerson(goOn: (person: PersonRef) => void): void {
  if (actingPerson.value === null) question.value = { goOn };
  else goOn(actingPerson.value);
}

/** Read out to those who do not see the screen change. */
export const announcement = signal('');

export type CommandNoun = 'acknowledgement' | 'resolution' | 'notes';

interface CommandResult {
  readonly noun: CommandNoun;
  readonly text: string;
  readonly ok: boolean;
  /** Refused only because the person was not asked: they may take it over. */
  readonly mayTakeOver?: boolean;
}

/** How the last command on each incident went, shown where it was given. */
export const results = signal<ReadonlyMap<string, CommandResult>>(new Map());
/** Ids of incidents on which a command is under way. */
export const sending = signal<ReadonlySet<string>>(new Set());

/**
 * Acknowledges an incident as it is shown, asking first who does when that is not known. `takeOver`: also
 * as somebody whom its escalation does not lead to.
 */
export function acknowledge(incident: Incident, takeOver = false): void {
  asPerson((person) => {
    const done = () => messages.value.acknowledgedNow(person.name);
    const { id, episode } = incident;
    const body = { by: person.id, episode, ...(takeOver ? { takeOver } : {}) };
    void command(id, 'acknowledgement', body, done);
  });
}

/** Sends a command; tells whether it was carried out. */
export async function command(
  incidentId: string,
  noun: CommandNoun,
  body: object,
  done: () => string,
): Promise<boolean> {
  if (sending.value.has(incidentId)) return false;
  sending.value = new Set([...sending.value, incidentId]);
  const answer = await send<IncidentDetail>(`/api/v1/incidents/${incidentId}/${noun}`, body);
  const text = answer.ok ? done() : explain(answer.problem);
  const mayTakeOver = !answer.ok && answer.problem.type.endsWith(':not-on-chain');
  const result = { noun, text, ok: answer.ok, mayTakeOver };
  results.value = new Map([...results.value, [incidentId, result]]);
  announcement.value = text;
  await refreshNow('summary', 'incidents', 'detail', 'people');
  sending.value = new Set([...sending.value].filter((id) => id !== incidentId));
  return answer.ok;
}

/** Why a command was not carried out, in the reader's language. */
export function explain(problem: Problem): string {
  const text = messages.value;
  if (problem.type === NOT_ANSWERED) return text.notAnswered;
  if (problem.type.endsWith(':no-such-person')) return text.noSuchPerson;
  if (problem.status === 404) return text.notFound;
  if (problem.type.endsWith(':already-acknowledged'))
    return text.alreadyAcknowledged(problem.name ?? '?');
  if (problem.type.endsWith(':not-on-chain')) return text.notOnChain;
  if (problem.type.endsWith(':other-episode')) return text.otherEpisode;
  if (problem.type.endsWith(':already-resolved')) return text.alreadyResolved;
  if (problem.type.endsWith(':still-failing')) return text.stillFailing;
  return text.failed;
}
