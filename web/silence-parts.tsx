import { nearlyNow } from './browser-clock.ts';
import { type SilenceView, sendDuty, silences } from './duty-data.ts';
import type { DutyMessages } from './duty-messages.ts';
import { formatInstant } from './format.ts';
import { dutyMessages } from './language.ts';
import { PanelPart } from './panel-parts.tsx';
import { punctuation } from './punctuation.ts';
import { incidentHref } from './route.ts';
import { SilenceForm } from './silence-form.tsx';

const HOUR = 3_600_000;
const MOST_OVER = 5;
const EXTEND_BY_HOURS = [1, 8];

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
  const later = (hours: number) =>
    new Date(Date.parse(silence.endsAt) + hours * HOUR).toISOString();
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
          {EXTEND_BY_HOURS.map((hours) => (
            <button
              key={hours}
              type="button"
              class="button-plain"
              onClick={() => sendDuty(`/api/v1/silences/${id}/extension`, { endsAt: later(hours) })}
            >
              {text.extendBy(hours)}
            </button>
          ))}
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
  { name, values, isEqual, isPattern }: SilenceView['matchers'][number],
  { labels }: DutyMessages,
): string {
  const label = (labels as Readonly<Record<string, string>>)[name] ?? name;
  const operator = isPattern ? (isEqual ? '=~' : '!~') : isEqual ? '=' : '≠';
  return `${label} ${operator} ${values.join(' | ')}`;
}
