import { people } from './live-data.ts';

/** A person out of those who are configured. */
export function PersonChoice(props: {
  label: string;
  value: string;
  onInput: (event: { currentTarget: { value: string } }) => void;
  isOptional?: boolean;
}) {
  return (
    <label>
      {props.label}
      <select required={!props.isOptional} value={props.value} onInput={props.onInput}>
        <option value="" />
        {people.value.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
