import { useState } from 'preact/hooks';
import type { IncidentDetail } from './api-types.ts';
import { nearlyNow } from './browser-clock.ts';
import { instantIn, type Procedure, refusal, sendDuty, useProcedure } from './duty-data.ts';
import { formatInstant } from './format.ts';
import { dutyMessages, local } from './language.ts';
import { summary } from './live-data.ts';
import { Authorities, ReviewOwed } from './owed-parts.tsx';
import { PanelPart } from './panel-parts.tsx';
import { PersonChoice } from './person-choice.tsx';
import { punctuation } from './punctuation.ts';
import { ReportList } from './report-parts.tsx';
import { ReviewForm } from './review-form.tsx';
import { TierPart } from './tier-part.tsx';

const RECORDED = ['reported-up', 'assigned', 'contained'];

/** Where an incident stands in its procedure, and what is left to do. */
export function ProcedurePart({ incident }: { incident: IncidentDetail }) {
  const text = dutyMessages.value;
  const view = useProcedure(incident.id);
  if (view === null) return null;
  const path = `/api/v1/incidents/${incident.id}`;
  const isOver = incident.status === 'resolved';
  const isClosed = view.stages.some(({ stage, at }) => stage === 'closed' && at !== null);
  return (
    <PanelPart title={text.procedure}>
      {refusal.value === '' ? null : (
        <p class="command-failed" role="alert">
          {refusal.value}
        </p>
      )}
      <Stages view={view} />
      <StageForm path={path} view={view} />
      <TierPart incident={incident} />
      <Notices view={view} />
      <NoticeForm path={path} draft={view.draft} />
      <Authorities path={path} view={view} />
      {view.reports.length === 0 ? null : <ReportList list={view.reports} />}
      <Review view={view} />
      <ReviewOwed path={path} view={view} />
      {isOver && view.review === null ? <ReviewForm path={path} /> : null}
      <div class="buttons">
        {isOver && !isClosed ? (
          <button
            type="button"
            class="button-plain"
            onClick={() => sendDuty(`${path}/closure`, {})}
          >
            {text.close}
          </button>
        ) : null}
        <a href={`${path}/export`} download={`${incident.id}.timeline.json`}>
          {text.exportTimeline}
        </a>
      </div>
    </PanelPart>
  );
}

function Stages({ view }: { view: Procedure }) {
  const text = dutyMessages.value;
  return (
    <ol class="stage-list">
      {view.stages.map(({ stage, name, at, by, person, text: remark }) => (
        <li key={stage}>
          <span>{local(name)}</span>
          <span class={at === null ? 'quiet' : undefined}>
            {at === null ? text.stageOpen : formatInstant(at, nearlyNow.value)}
            {person === null ? '' : ` → ${person.name}`}
            {by === null ? '' : punctuation.value.inBrackets(by.name)}
            {remark === '' ? null : <span class="quiet names">{remark}</span>}
          </span>
        </li>
      ))}
    </ol>
  );
}

function StageForm({ path, view }: { path: string; view: Procedure }) {
  const text = dutyMessages.value;
  const [fields, setFields] = useState({ stage: 'reported-up', person: '', text: '' });
  const set = (name: keyof typeof fields) => (event: { currentTarget: { value: string } }) =>
    setFields({ ...fields, [name]: event.currentTarget.value });
  const stages = view.stages.filter(({ stage }) => RECORDED.includes(stage));
  return (
    <form
      class="duty-form"
      onSubmit={(event) => {
        event.preventDefault();
        const whom = fields.person === '' ? {} : { person: fields.person };
        const body = { stage: fields.stage, text: fields.text, ...whom };
        sendDuty(`${path}/stages`, body, () => setFields({ ...fields, person: '', text: '' }));
      }}
    >
      <select aria-label={text.procedure} value={fields.stage} onInput={set('stage')}>
        {stages.map(({ stage, name }) => (
          <option key={stage} value={stage}>
            {local(name)}
          </option>
        ))}
      </select>
      <PersonChoice label={text.person} value={fields.person} onInput={set('person')} isOptional />
      <label>
        {text.stageText}
        <input maxLength={2000} value={fields.text} onInput={set('text')} />
      </label>
      <button type="submit" class="button-plain">
        {text.record}
      </button>
    </form>
  );
}

function Notices({ view }: { view: Procedure }) {
  const text = dutyMessages.value;
  const at = (instant: string) => formatInstant(instant, nearlyNow.value);
  if (view.notices.length === 0) return <p class="quiet">{text.noNotices}</p>;
  return (
    <ul class="members">
      {view.notices.map((notice) => (
        <li key={notice.at}>
          {at(notice.at)} {notice.text}
          <span class="quiet names">
            {notice.by.name}
            {notice.expectedAt === null
              ? ''
              : `${punctuation.value.comma}${text.expected(at(notice.expectedAt))}`}
          </span>
        </li>
      ))}
    </ul>
  );
}

function NoticeForm({ path, draft }: { path: string; draft: Procedure['draft'] }) {
  const text = dutyMessages.value;
  const [notice, setNotice] = useState('');
  const [expected, setExpected] = useState('');
  const zone = summary.value?.timeZone ?? 'UTC';
  return (
    <form
      class="duty-form"
      onSubmit={(event) => {
        event.preventDefault();
        const by = expected === '' ? {} : { expectedAt: instantIn(expected, zone) };
        sendDuty(`${path}/notices`, { text: notice, ...by }, () => setNotice(''));
      }}
    >
      {draft === null ? null : (
        <div class="draft">
          <p class="quiet">
            {text.draft} {local(draft.text)}
          </p>
          {(['en', 'zh-CN'] as const).map((language) => (
            <button
              key={language}
              type="button"
              class="button-link"
              onClick={() => setNotice(draft.text[language])}
            >
              {text.useDraft[language]}
            </button>
          ))}
        </div>
      )}
      <label>
        {text.noticeText}
        <textarea
          required
          rows={3}
          maxLength={2000}
          value={notice}
          onInput={(event) => setNotice(event.currentTarget.value)}
        />
      </label>
      <label>
        {text.expectedAt}
        {punctuation.value.inBrackets(zone)}
        <input
          type="datetime-local"
          value={expected}
          onInput={(event) => setExpected(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="button-plain">
        {text.publish}
      </button>
    </form>
  );
}

function Review({ view }: { view: Procedure }) {
  const text = dutyMessages.value;
  const { review, needsReview } = view;
  if (review === null) return needsReview ? <p class="quiet">{text.reviewNeeded}</p> : null;
  return (
    <div>
      <p>
        {text.rootCause}
        {punctuation.value.colon}
        {review.rootCause}
      </p>
      <ul class="members">
        {review.actions.map((action) => (
          <li key={action.text}>
            {action.text}
            <span class="quiet names">
              {action.owner.name}
              {punctuation.value.comma}
              {action.dueOn}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
