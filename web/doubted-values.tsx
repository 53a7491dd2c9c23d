import type { DevicePlan, DoubtedValue } from './api-types.ts';
import { local, messages } from './language.ts';
import { PanelPart } from './panel-parts.tsx';
import { punctuation } from './punctuation.ts';

/** What the device sent and was not believed as it was; what stands for "no value" only where somebody asks. */
export function DoubtedValues({ doubted }: { doubted: DevicePlan['doubted'] }) {
  const text = messages.value;
  const { refused, refusedCount, rescaled } = doubted;
  if (refusedCount + rescaled.length === 0) return null;
  const impossible = refused.filter(({ reason }) => reason !== 'absent');
  const none = refused.filter(({ reason }) => reason === 'absent');
  const more = refusedCount - refused.length;
  return (
    <PanelPart title={text.doubtedValues}>
      <dl class="facts doubted-values">
        {[...impossible, ...rescaled].map((one) => (
          <Doubted key={one.oid} value={one} />
        ))}
      </dl>
      {none.length + more === 0 ? null : (
        <details>
          <summary>{text.withoutValue(none.length + more)}</summary>
          <dl class="facts">
            {none.map((one) => (
              <Doubted key={one.oid} value={one} />
            ))}
          </dl>
          {more > 0 ? <p class="quiet">{text.moreMembers(more)}</p> : null}
        </details>
      )}
    </PanelPart>
  );
}

function Doubted({ value: { object, oid, raw, why } }: { value: DoubtedValue }) {
  return (
    <div>
      <dt>{object}</dt>
      <dd>
        {raw === null ? local(why) : `${raw}${punctuation.value.colon}${local(why)}`}
        <span class="quiet names">{oid}</span>
      </dd>
    </div>
  );
}
