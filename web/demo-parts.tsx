import { useState } from 'preact/hooks';
import { announcement, explain } from './acting-person.ts';
import { send } from './api-client.ts';
import type { InboxMessage, LabFailure } from './api-types.ts';
import { nearlyNow } from './browser-clock.ts';
import { formatInstant } from './format.ts';
import { local, messages } from './language.ts';
import { inbox, lab, refreshNow, summary } from './live-data.ts';
import { TierMark } from './marks.tsx';
import { punctuation } from './punctuation.ts';
import { incidentHref } from './route.ts';

/** Buttons that break and mend the demo network. */
export function Lab() {
  const text = messages.value;
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  if (summary.value?.lab !== true) return null;
  const act = async (noun: string, body: object) => {
    setBusy(true);
    const answer = await send(`/api/v1/lab/${noun}`, body);
    const told = answer.ok ? '' : explain(answer.problem);
    setProblem(told);
    announcement.value = told;
    await refreshNow('lab');
    setBusy(false);
  };
  return (
    <section aria-labelledby="lab-title" class="lab">
      <h2 id="lab-title">{text.lab}</h2>
      <p class="quiet">{text.labHint}</p>
      <ul class="lab-list">
        {lab.value.map((failure) => (
          <li key={`${failure.deviceId} ${failure.part ?? ''}`}>
            <LabButton failure={failure} isBusy={isBusy} act={act} />
          </li>
        ))}
      </ul>
      <div class="buttons">
        <button
          type="button"
          class="button-plain"
          disabled={isBusy}
          onClick={() => act('restorations', {})}
        >
          {text.mendAll}
        </button>
        <button
          type="button"
          class="button-plain"
          disabled={isBusy}
          onClick={() => act('story', {})}
        >
          {text.playStory}
        </button>
      </div>
      {problem === '' ? null : <p class="result result-bad">{problem}</p>}
    </section>
  );
}

interface LabButtonProps {
  readonly failure: LabFailure;
  readonly isBusy: boolean;
  readonly act: (noun: string, body: object) => Promise<void>;
}

function LabButton({ failure, isBusy, act }: LabButtonProps) {
  const text = messages.value;
  const { deviceId, part, active } = failure;
  const body = part === null ? { device: deviceId } : { device: deviceId, part };
  return (
    <button
      type="button"
      class={active ? 'lab-button is-broken' : 'lab-button'}
      disabled={isBusy}
      onClick={() => act(active ? 'restorations' : 'failures', body)}
    >
      {local(failure.title)}
      {active ? <span class="lab-state">{text.brokenMend}</span> : null}
    </button>
  );
}

const MOST_SHOWN = 20;

/** Pages as their receivers read them. */
export function Inbox() {
  const text = messages.value;
  const received = inbox.value ?? [];
  if (summary.value?.demo !== true && received.length === 0) return null;
  return (
    <section aria-labelledby="inbox-title">
      <h2 id="inbox-title">{text.inbox}</h2>
      {summary.value?.demo ? <p class="quiet">{text.inboxHint}</p> : null}
      {inbox.value?.length === 0 ? <p class="quiet empty">{text.inboxEmpty}</p> : null}
      <ul class="rows inbox">
        {received.slice(0, MOST_SHOWN).map((message) => (
          <li key={message.id}>
            <Message message={message} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Message({ message }: { message: InboxMessage }) {
  const text = messages.value;
  return (
    <details>
      <summary class="row">
        <TierMark tier={message.tier} />
        <span class="row-main">{message.subject}</span>
        <span class="row-side quiet">
          {text.to(message.personName)}
          {punctuation.value.comma}
          {formatInstant(message.at, nearlyNow.value)}
        </span>
      </summary>
      <pre>{message.text}</pre>
      <a href={incidentHref(message.incidentId)}>{text.openDetails}</a>
    </details>
  );
}
