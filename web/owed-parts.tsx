import { useState } from 'preact/hooks';
import { nearlyNow } from './browser-clock.ts';
import { instantIn, type Procedure, sendDuty } from './duty-data.ts';
import { formatInstant } from './format.ts';
import { dutyMessages, local } from './language.ts';
import { summary } from './live-data.ts';
import { punctuation } from './punctuation.ts';

/** By when the incident is to be reviewed and why, and who has approved the review. */
export function ReviewOwed({ path, view }: { path: string; view: Procedure }) {
  const text = dutyMessages.value;
  const { reviewDuty: duty, review } = view;
  if (duty === null) return null;
  const why = duty.reasonNames.map(local).join(punctuation.value.comma);
  const isLate = duty.status === 'overdue';
  return (
    <>
      <p class={isLate ? 'command-failed' : 'quiet'}>
        {text.reviewDue(duty.dueOn, duty.timeZone)}
        {punctuation.value.inBrackets(why)}
        {duty.status === 'running' ? '' : `${punctuation.value.colon}${text.owed[duty.status]}`}
      </p>
      {duty.approvedBy === null ? null : (
        <p class="quiet">{text.approvedBy(duty.approvedBy.name)}</p>
      )}
      {duty.needsApproval && review !== null && duty.approvedBy === null ? (
        <button
          type="button"
          class="button-plain"
          onClick={() => sendDuty(`${path}/review-approval`, {})}
        >
          {text.approveReview}
        </button>
      ) : null}
    </>
  );
}

/** What authorities are to be told of the incident, until when, and what they were told. */
export function Authorities({ path, view }: { path: string; view: Procedure }) {
  const text = dutyMessages.value;
  const at = (instant: string) => formatInstant(instant, nearlyNow.value);
  if (view.authorities.length === 0) return null;
  return (
    <>
      <h3>{text.authorities}</h3>
      <ul class="members">
        {view.authorities.map(({ id, name, dueAt, status, told }) => (
          <li key={id}>
            {name}
            {punctuation.value.colon}
            <span class={status === 'overdue' ? 'result-bad' : undefined}>{text.owed[status]}</span>
            <span class="quiet names">
              {text.dueBy(at(dueAt))}
              {told === null
                ? ''
                : `${punctuation.value.comma}${text.toldAt(at(told.at), told.by.name)}`}
              {told === null || told.reference === ''
                ? ''
                : `${punctuation.value.comma}${told.reference}`}
            </span>
          </li>
        ))}
      </ul>
      <AuthorityForm path={path} view={view} />
    </>
  );
}

const EMPTY = { authority: '', toldAt: '', reference: '' };

function AuthorityForm({ path, view }: { path: string; view: Procedure }) {
  const text = dutyMessages.value;
  const [fields, setFields] = useState(EMPTY);
  const waiting = view.authorities.filter(({ told }) => told === null);
  const zone = summary.value?.timeZone ?? 'UTC';
  if (waiting.length === 0) return null;
  const isWaiting = waiting.some(({ id }) => id === fields.authority);
  const authority = isWaiting ? fields.authority : waiting[0]!.id;
  const set = (name: keyof typeof EMPTY) => (event: { currentTarget: { value: string } }) =>
    setFields({ ...fields, [name]: event.currentTarget.value });
  return (
    <form
      class="duty-form"
      onSubmit={(event) => {
        event.preventDefault();
        const { toldAt, reference } = fields;
        const when = toldAt === '' ? {} : { toldAt: instantIn(toldAt, zone) };
        const body = { authority, reference, ...when };
        sendDuty(`${path}/authority-reports`, body, () => setFields(EMPTY));
      }}
    >
      <select aria-label={text.authorities} value={authority} onInput={set('authority')}>
        {waiting.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
      <label>
        {text.toldWhen}
        {punctuation.value.inBrackets(zone)}
        <input type="datetime-local" value={fields.toldAt} onInput={set('toldAt')} />
      </label>
      <label>
        {text.reference}
        <input maxLength={200} value={fields.reference} onInput={set('reference')} />
      </label>
      <button type="submit" class="button-plain">
        {text.recordTold}
      </button>
    </form>
  );
}
