import { useState } from 'preact/hooks';
import { instantIn, type ScheduleView, sendDuty } from './duty-data.ts';
import { dutyMessages } from './language.ts';
import { PersonChoice } from './person-choice.tsx';

const EMPTY = {
  ...{ person: '', from: '', to: '' },
  ...{ otherPerson: '', otherFrom: '', otherTo: '', reason: '' },
};

/** Two people swap turns: each gives away what they have in a span, and has the other's instead. */
export function SwapForm({ schedule }: { schedule: ScheduleView }) {
  const text = dutyMessages.value;
  const [fields, setFields] = useState(EMPTY);
  const set = (name: keyof typeof EMPTY) => (event: { currentTarget: { value: string } }) =>
    setFields({ ...fields, [name]: event.currentTarget.value });
  const instant = (local: string) => instantIn(local, schedule.timeZone);
  const span = (label: string, name: 'from' | 'to' | 'otherFrom' | 'otherTo') => (
    <label>
      {label}
      <input type="datetime-local" required value={fields[name]} onInput={set(name)} />
    </label>
  );
  return (
    <details>
      <summary>{text.swapTurns}</summary>
      <p class="quiet">{text.swapHint}</p>
      <form
        class="duty-form"
        onSubmit={(event) => {
          event.preventDefault();
          const { person, from, to, otherPerson, otherFrom, otherTo, reason } = fields;
          const body = {
            ...{ schedule: schedule.id, reason },
            first: { person, from: instant(from), to: instant(to) },
            second: { person: otherPerson, from: instant(otherFrom), to: instant(otherTo) },
          };
          sendDuty('/api/v1/oncall/swaps', body, () => setFields(EMPTY));
        }}
      >
        <PersonChoice label={text.person} value={fields.person} onInput={set('person')} />
        {span(text.givesFrom, 'from')}
        {span(text.to, 'to')}
        <PersonChoice
          label={text.otherPerson}
          value={fields.otherPerson}
          onInput={set('otherPerson')}
        />
        {span(text.givesFrom, 'otherFrom')}
        {span(text.to, 'otherTo')}
        <label>
          {text.reason}
          <input maxLength={500} value={fields.reason} onInput={set('reason')} />
        </label>
        <button type="submit" class="button-plain">
          {text.swap}
        </button>
      </form>
    </details>
  );
}
