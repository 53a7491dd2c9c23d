import { useState } from 'preact/hooks';
import { nearlyNow } from './browser-clock.ts';
import { sendDuty } from './duty-data.ts';
import { dutyMessages } from './language.ts';

const HOUR = 3_600_000;
const LABELS = [
  ...(['device', 'site', 'role', 'tag', 'fault', 'component'] as const),
  ...(['incident', 'tier'] as const),
];
/** As many as the service takes in one silence. */
const MOST_MATCHERS = 20;

type How = 'is' | 'not' | 'like' | 'not-like';

interface Row {
  readonly name: string;
  readonly how: How;
  readonly value: string;
}

const ROW: Row = { name: 'device', how: 'is', value: '' };

/** What to keep pages back of: all of several conditions, each one of some values or none of them. */
export function SilenceForm() {
  const text = dutyMessages.value;
  const [rows, setRows] = useState<readonly Row[]>([ROW]);
  const [fields, setFields] = useState({ hours: '2', reason: '' });
  const change = (index: number, row: Partial<Row>) =>
    setRows(rows.map((each, at) => (at === index ? { ...each, ...row } : each)));
  return (
    <details>
      <summary>{text.addSilence}</summary>
      <p class="quiet">{text.silenceHint}</p>
      <form
        class="duty-form"
        onSubmit={(event) => {
          event.preventDefault();
          const endsAt = new Date(nearlyNow.value + Number(fields.hours) * HOUR).toISOString();
          const body = { reason: fields.reason, matchers: rows.map(matcherOf), endsAt };
          sendDuty('/api/v1/silences', body, () => {
            setRows([ROW]);
            setFields({ hours: '2', reason: '' });
          });
        }}
      >
        {rows.map((row, index) => (
          <MatcherRow
            key={`row-${index}`}
            row={row}
            onChange={(changed) => change(index, changed)}
            onRemove={
              rows.length === 1 ? null : () => setRows(rows.filter((_, at) => at !== index))
            }
          />
        ))}
        {rows.length >= MOST_MATCHERS ? null : (
          <button type="button" class="button-link" onClick={() => setRows([...rows, ROW])}>
            {text.addMatcher}
          </button>
        )}
        <label>
          {text.hours}
          <input
            type="number"
            required
            min="1"
            max="167"
            value={fields.hours}
            onInput={(event) => setFields({ ...fields, hours: event.currentTarget.value })}
          />
        </label>
        <label>
          {text.reason}
          <input
            required
            maxLength={500}
            value={fields.reason}
            onInput={(event) => setFields({ ...fields, reason: event.currentTarget.value })}
          />
        </label>
        <button type="submit" class="button-plain">
          {text.save}
        </button>
      </form>
    </details>
  );
}

function matcherOf({ name, how, value }: Row) {
  // Not at the comma of a pattern's `{1,3}`.
  const values = value.split(/[,，、](?![^{]*\})/).map((each) => each.trim());
  return {
    ...{ name, isEqual: how === 'is' || how === 'like' },
    ...(how === 'like' || how === 'not-like' ? { isPattern: true } : {}),
    values: values.filter((each) => each !== ''),
  };
}

function MatcherRow(props: {
  row: Row;
  onChange: (row: Partial<Row>) => void;
  onRemove: (() => void) | null;
}) {
  const text = dutyMessages.value;
  const { row, onChange, onRemove } = props;
  return (
    <>
      <label>
        {text.matchBy}
        <select value={row.name} onInput={(event) => onChange({ name: event.currentTarget.value })}>
          {LABELS.map((label) => (
            <option key={label} value={label}>
              {text.labels[label]}
            </option>
          ))}
        </select>
      </label>
      <label>
        {text.matchHow}
        <select
          value={row.how}
          onInput={(event) => onChange({ how: event.currentTarget.value as How })}
        >
          <option value="is">{text.matchIs}</option>
          <option value="not">{text.matchIsNot}</option>
          <option value="like">{text.matchLike}</option>
          <option value="not-like">{text.matchNotLike}</option>
        </select>
      </label>
      <label>
        {text.matchValue}
        <input
          required
          maxLength={500}
          value={row.value}
          onInput={(event) => onChange({ value: event.currentTarget.value })}
        />
      </label>
      {onRemove === null ? null : (
        <button type="button" class="button-link" onClick={onRemove}>
          {text.removeRow}
        </button>
      )}
    </>
  );
}
