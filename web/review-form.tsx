import { useState } from 'preact/hooks';
import { sendDuty } from './duty-data.ts';
import { dutyMessages } from './language.ts';
import { PersonChoice } from './person-choice.tsx';

/** As many as the service takes in one review. */
const MOST_ACTIONS = 50;

interface Action {
  readonly text: string;
  readonly owner: string;
  readonly dueOn: string;
}

const ACTION: Action = { text: '', owner: '', dueOn: '' };

/** Root cause and corrective actions, each with who does it and until when. */
export function ReviewForm({ path }: { path: string }) {
  const text = dutyMessages.value;
  const [rootCause, setRootCause] = useState('');
  const [actions, setActions] = useState<readonly Action[]>([ACTION]);
  const change = (index: number, action: Partial<Action>) =>
    setActions(actions.map((each, at) => (at === index ? { ...each, ...action } : each)));
  return (
    <form
      class="duty-form"
      onSubmit={(event) => {
        event.preventDefault();
        sendDuty(`${path}/review`, { rootCause, actions }, () => {
          setRootCause('');
          setActions([ACTION]);
        });
      }}
    >
      <label>
        {text.rootCause}
        <input
          required
          maxLength={2000}
          value={rootCause}
          onInput={(event) => setRootCause(event.currentTarget.value)}
        />
      </label>
      {actions.map((action, index) => (
        <ActionRow
          key={`action-${index}`}
          action={action}
          onChange={(changed) => change(index, changed)}
          onRemove={
            actions.length === 1 ? null : () => setActions(actions.filter((_, at) => at !== index))
          }
        />
      ))}
      {actions.length >= MOST_ACTIONS ? null : (
        <button type="button" class="button-link" onClick={() => setActions([...actions, ACTION])}>
          {text.addAction}
        </button>
      )}
      <button type="submit" class="button-plain">
        {text.writeReview}
      </button>
    </form>
  );
}

function ActionRow(props: {
  action: Action;
  onChange: (action: Partial<Action>) => void;
  onRemove: (() => void) | null;
}) {
  const text = dutyMessages.value;
  const { action, onChange, onRemove } = props;
  return (
    <>
      <label>
        {text.action}
        <input
          required
          maxLength={2000}
          value={action.text}
          onInput={(event) => onChange({ text: event.currentTarget.value })}
        />
      </label>
      <PersonChoice
        label={text.owner}
        value={action.owner}
        onInput={(event) => onChange({ owner: event.currentTarget.value })}
      />
      <label>
        {text.due}
        <input
          type="date"
          required
          value={action.dueOn}
          onInput={(event) => onChange({ dueOn: event.currentTarget.value })}
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
