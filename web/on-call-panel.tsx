import { useState } from 'preact/hooks';
import type { Instant, PersonRef } from './api-types.ts';
import { instantIn, onCall, refusal, type ScheduleView, sendDuty, useDuty } from './duty-data.ts';
import { dutyMessages, language, messages } from './language.ts';
import { Fact, PanelPart } from './panel-parts.tsx';
import { PersonChoice } from './person-choice.tsx';
import { punctuation } from './punctuation.ts';
import { Reports } from './report-parts.tsx';
import { Silences } from './silence-parts.tsx';
import { SwapForm } from './swap-form.tsx';

const MOST_NEXT = 5;

/** Who is on call, who follows, when nobody is; silences; what customers report. */
export function OnCallPanel() {
  useDuty();
  const text = dutyMessages.value;
  const cover = onCall.value;
  return (
    <div class="panel-body">
      <h2>{text.onCall}</h2>
      {refusal.value === '' ? null : (
        <p class="command-failed" role="alert">
          {refusal.value}
        </p>
      )}
      {cover === null ? <p class="quiet">{messages.value.loading}</p> : null}
      {cover?.schedules.length === 0 ? <p class="quiet">{text.noSchedules}</p> : null}
      {cover?.schedules.map((schedule) => (
        <Schedule key={schedule.id} schedule={schedule} />
      ))}
      {cover === null || cover.catchAll.length === 0 ? null : (
        <dl class="facts">
          <Fact name={text.catchAll}>{namesOf(cover.catchAll)}</Fact>
        </dl>
      )}
      <Silences />
      <Reports />
    </div>
  );
}

function Schedule({ schedule }: { schedule: ScheduleView }) {
  const text = dutyMessages.value;
  const { now, next, gaps, overrides, timeZone } = schedule;
  const at = (instant: Instant) => formatIn(instant, timeZone);
  return (
    <PanelPart title={schedule.name}>
      <p class="duty-now">
        <strong>{namesOf(now.people)}</strong>
        <span class="quiet"> {text.until(at(now.to))}</span>
      </p>
      <p class="quiet">{text.inZone(timeZone)}</p>
      <dl class="facts">
        <Fact name={text.next}>
          {next.slice(0, MOST_NEXT).map((turn) => (
            <span key={turn.from} class="names">
              {at(turn.from)}
              {punctuation.value.colon}
              {namesOf(turn.people)}
            </span>
          ))}
        </Fact>
        <Fact name={text.gaps}>
          {schedule.partial
            ? text.partial
            : gaps.length === 0
              ? text.noGaps
              : gaps.map(({ from, to }) => (
                  <span key={from} class="names duty-gap">
                    {at(from)} – {at(to)}
                  </span>
                ))}
        </Fact>
        {overrides.length === 0 ? null : (
          <Fact name={text.overrides}>
            {overrides.map((each) => (
              <span key={each.id} class="names">
                {each.person.name} {text.insteadOf(each.replaces?.name ?? text.whoeverIs)}
                {punctuation.value.comma}
                {at(each.from)} – {at(each.to)}
                {each.reason === '' ? '' : punctuation.value.inBrackets(each.reason)}{' '}
                {each.by === null ? null : (
                  <button
                    type="button"
                    class="button-link"
                    onClick={() => sendDuty(`/api/v1/oncall/overrides/${each.id}/removal`, {})}
                  >
                    {text.takeBack}
                  </button>
                )}
              </span>
            ))}
          </Fact>
        )}
      </dl>
      <OverrideForm schedule={schedule} />
      <SwapForm schedule={schedule} />
    </PanelPart>
  );
}

function OverrideForm({ schedule }: { schedule: ScheduleView }) {
  const text = dutyMessages.value;
  const [fields, setFields] = useState({ person: '', from: '', to: '', reason: '' });
  const set = (name: keyof typeof fields) => (event: { currentTarget: { value: string } }) =>
    setFields({ ...fields, [name]: event.currentTarget.value });
  const { person, from, to, reason } = fields;
  return (
    <details>
      <summary>{text.addOverride}</summary>
      <form
        class="duty-form"
        onSubmit={(event) => {
          event.preventDefault();
          const span = {
            from: instantIn(from, schedule.timeZone),
            to: instantIn(to, schedule.timeZone),
          };
          const body = { schedule: schedule.id, person, reason, ...span };
          sendDuty('/api/v1/oncall/overrides', body, () =>
            setFields({ person: '', from: '', to: '', reason: '' }),
          );
        }}
      >
        <PersonChoice label={text.person} value={person} onInput={set('person')} />
        <label>
          {text.from}
          <input type="datetime-local" required value={from} onInput={set('from')} />
        </label>
        <label>
          {text.to}
          <input type="datetime-local" required value={to} onInput={set('to')} />
        </label>
        <label>
          {text.reason}
          <input maxLength={500} value={reason} onInput={set('reason')} />
        </label>
        <button type="submit" class="button-plain">
          {text.save}
        </button>
      </form>
    </details>
  );
}

/** Names one after the other; that there are none is said. */
export function namesOf(list: readonly PersonRef[]): string {
  return list.map(({ name }) => name).join(punctuation.value.list) || dutyMessages.value.nobody;
}

/** Day and time of an instant in a zone that is named beside it. */
export function formatIn(instant: Instant, timeZone: string): string {
  return new Intl.DateTimeFormat(language.value, {
    ...{ timeZone, weekday: 'short', month: 'short', day: 'numeric' },
    ...{ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  }).format(Date.parse(instant));
}
