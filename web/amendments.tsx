import { nearlyNow } from './browser-clock.ts';
import { formatInstant } from './format.ts';
import { messages } from './language.ts';
import { PanelPart } from './panel-parts.tsx';
import { punctuation } from './punctuation.ts';

/** A correction of what is counted, as the archive has it. */
export interface Amendment {
  readonly number: number;
  readonly at: string;
  readonly by: string;
  readonly reason: string;
  readonly deviceIds: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly state: string;
}

/** What was corrected, by whom and why; nothing where nothing was. */
export function Amendments({ list }: { list: readonly Amendment[] }) {
  const text = messages.value;
  if (list.length === 0) return null;
  const at = (instant: string) => formatInstant(instant, nearlyNow.value);
  return (
    <PanelPart title={text.amendments}>
      <ul class="reports">
        {list.map(({ number, at: madeAt, by, reason, deviceIds, from, to, state }) => (
          <li key={number}>
            <strong>{text.amendment(number, text.ledgerStates[state] ?? state)}</strong>{' '}
            <span class="quiet">{text.amendedBy(by, at(madeAt))}</span>
            <span class="names">{reason}</span>
            <span class="quiet names">
              {deviceIds.join(punctuation.value.list)} · {at(from)} – {at(to)}
            </span>
          </li>
        ))}
      </ul>
    </PanelPart>
  );
}
