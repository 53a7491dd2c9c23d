import { useState } from 'preact/hooks';
import { nearlyNow } from './browser-clock.ts';
import { type SilenceView, sendDuty, silences } from './duty-data.ts';
import type { DutyMessages } from './duty-messages.ts';
import { formatInstant } from './format.ts';
import { dutyMessages } from './language.ts';
import { PanelPart } from './panel-parts.tsx';
import { punctuation } from './punctuation.ts';
import { incidentHref } from './route.ts';

const HOUR = 3_600_000;
const LABELS = ['device', 'site', 'role', 'tag', 'fault', 'component'] as const;
const MOST_OVER = 5;

/** What pages nobody for a while: who wanted it, why, what it has hidden. */
export function Silences() {
  const text = dutyMessages.value;
  const current = silences.value.filter(({ status }) => status !== 'expired');
  const over = silences.value.filter(({ status }) => status === 'expired').slice(0, MOST_OVER);
  return (
    <PanelPart title={text.silences}>
      {current.length === 0 ? <p class="quiet">{text.noSilences}</p> : null}
      <ul class="members">
        {[...current, ...over].map((silence) => (
          <Silence key={silence.id} silence={silence} />
        ))}
      </ul>
      <SilenceForm />
    </PanelPart>
  );
}

function Silence({ silence }: { silence: SilenceView }) {
  const text = dutyMessages.value;
  const { id, status, matchers, confirmedBy, hiddenIncidentIds, matchingIncidents } = silence;
  const until = formatInstant(silence.endsAt, nearlyNow.value);
  return (
    <li>
      <strong>
        {matchers.map((each) => matcherText(each, text)).join(punctuation.value.list)}
      </strong>{' '}
      <span class="tag">{text.status[status]}</span>
      <span class="quiet names">
        {silence.reason}
        {punctuation.value.comma}
        {silence.owner.name}
        {punctuation.value.comma}
        {text.until(until)}
        {punctuation.value.comma}
        {confirmedBy === null ? text.notTierOne : text.confirmedBy(confirmedBy.name)}
      </span>
      <span class="quiet names">
        {text.hid(hiddenIncidentIds.length)}
        {hiddenIncidentIds.slice(-MOST_OVER).map((each) => (
          <a key={each} href={incidentHref(each)}>
            {' '}
            {each}
          </a>
        ))}
        {status === 'active'
          ? `${punctuation.value.comma}${text.matching(matchingIncidents.length)}`
          : ''}
      </span>
      {status === 'expired' ? null : (
        <span class="buttons">
          {confirmedBy === null ? (
            <button
              type="button"
              class="button-plain"
              onClick={() => sendDuty(`/api/v1/silences/${id}/confirmation`, {})}
            >
              {text.confirm}
            </button>
          ) : null}
          <button
            type="button"
            class="button-plain"
            onClick={() => sendDuty(`/api/v1/silences/${id}/end`, {})}
          >
            {text.end}
          </button>
        </span>
      )}
    </li>
  );
}

function matcherText(
  { name, values, isEqual }: SilenceView['matchers'][number],
  { labels }: DutyMessages,
): string {
  const label = (labels as Readonly<Record<string, string>>)[name] ?? name;
  return `${label} ${isEqual ? '=' : '≠'} ${values.join(' | ')}`;
}

function SilenceForm() {
  const text = dutyMessages.value;
  const empty = { name: 'device', value: '', hours: '2', reason: '' };
  const [fields, setFields] = useState(empty);
  const set = (name: keyof typeof fields) => (event: { currentTarget: { value: string } }) =>
    setFields({ ...fields, [name]: event.currentTarget.value });
  return (
    <details>
      <summary>{text.addSilence}</summary>
      <p class="quiet">{text.silenceHint}</p>
      <form
        class="duty-form"
        onSubmit={(event) => {
          event.preventDefault();
          const values = fields.value.split(/[,，、]/).map((each) => each.trim());
          const endsAt = new Date(nearlyNow.value + Number(fields.hours) * HOUR).toISOString();
          const matchers = [{ name: fields.name, values: values.filter((each) => each !== '') }];
          const body = { reason: fields.reason, matchers, endsAt };
          sendDuty('/api/v1/silences', body, () => setFields(empty));
        }}
      >
        <label>
          {text.matchBy}
          <select value={fields.name} onInput={set('name')}>
            {LABELS.map((label) => (
              <option key={label} value={label}>
                {text.labels[label]}
              </option>
            ))}
          </select>
        </label>
        <label>
          {text.matchValue}
          <input required maxLength={500} value={fields.value} onInput={set('value')} />
        </label>
        <label>
          {text.hours}
          <input
            type="number"
            required
            min="1"
            max="167"
            value={fields.hours}
            onInput={set('hours')}
          />
        </label>
        <label>
          {text.reason}
          <input required maxLength={500} value={fields.reason} onInput={set('reason')} />
        </label>
        <button type="submit" class="button-plain">
          {text.save}
        </button>
      </form>
    </details>
  );
}
