import { useEffect, useRef } from 'preact/hooks';
import {
  acknowledge,
  actingPerson,
  type CommandNoun,
  chooseActingPerson,
  question,
  results,
  sending,
} from './acting-person.ts';
import type { Incident, PersonRef } from './api-types.ts';
import { messages } from './language.ts';
import { people } from './live-data.ts';

/** One press takes the incident over; who that is was chosen before, or is asked now. */
export function AcknowledgeButton({ incident }: { incident: Incident }) {
  const text = messages.value;
  const person = actingPerson.value;
  const isSending = sending.value.has(incident.id);
  const result = <CommandResult incidentId={incident.id} nouns={['acknowledgement']} />;
  if (incident.status !== 'open') return result;
  return (
    <div class="acknowledge">
      <button
        type="button"
        class="button-main"
        disabled={isSending}
        onClick={() => acknowledge(incident)}
      >
        {isSending ? text.sending : text.acknowledge}
      </button>
      {person === null ? null : (
        <span class="acting">
          {text.acknowledgeAs(person.name)}{' '}
          <button
            type="button"
            class="button-link"
            aria-label={text.changeActing}
            onClick={() => {
              question.value = { goOn: null };
            }}
          >
            {text.change}
          </button>
        </span>
      )}
      {result}
      {results.value.get(incident.id)?.mayTakeOver ? (
        <button
          type="button"
          class="button-plain"
          disabled={isSending}
          onClick={() => acknowledge(incident, true)}
        >
          {text.takeOver}
        </button>
      ) : null}
    </div>
  );
}

/** How the last command on an incident went, if it was one of these and there is something to say. */
export function CommandResult({
  incidentId,
  nouns,
}: {
  incidentId: string;
  nouns: readonly CommandNoun[];
}) {
  const result = results.value.get(incidentId);
  if (result === undefined || result.text === '' || !nouns.includes(result.noun)) return null;
  return <p class={result.ok ? 'result' : 'result result-bad'}>{result.text}</p>;
}

/** Asks who acknowledges; shown over everything, closed by a choice, Escape or Cancel. */
export function PersonQuestion() {
  const dialog = useRef<HTMLDialogElement>(null);
  const asked = question.value;
  useEffect(() => {
    if (asked !== null) dialog.current?.showModal();
  }, [asked]);
  if (asked === null) return null;
  const text = messages.value;
  const close = () => {
    question.value = null;
  };
  const choose = (person: PersonRef) => {
    chooseActingPerson(person);
    close();
    asked.goOn?.(person);
  };
  return (
    <dialog ref={dialog} class="question" aria-labelledby="question-title" onClose={close}>
      <h2 id="question-title">{text.whoAreYou}</h2>
      <div class="choices">
        {people.value.map((person) => (
          <button
            key={person.id}
            type="button"
            class={person.id === actingPerson.value?.id ? 'choice is-chosen' : 'choice'}
            onClick={() => choose(person)}
          >
            {person.name}
          </button>
        ))}
      </div>
      <p class="hint">{text.whoHint}</p>
      <button type="button" class="button-plain" onClick={close}>
        {text.cancel}
      </button>
    </dialog>
  );
}
