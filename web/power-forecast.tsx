import type { DeviceDetail } from './api-types.ts';
import { messages } from './language.ts';
import { HealthMark } from './marks.tsx';
import { PanelPart } from './panel-parts.tsx';
import { punctuation } from './punctuation.ts';
import { deviceHref } from './route.ts';

/** How long the load of a power system lasts, and in which order what it feeds goes dark. */
export function PowerForecast({ device }: { device: DeviceDetail }) {
  const text = messages.value;
  const forecast = device.observed?.forecast ?? null;
  if (forecast === null) return null;
  const { lowMinutes, likelyMinutes, highMinutes, onBattery, basis } = forecast;
  const { reportedMinutes, reportDoubt } = forecast;
  return (
    <PanelPart title={text.powerForecast}>
      <p>
        <strong>
          {onBattery ? text.darkIn(likelyMinutes) : text.darkAfterFailure(likelyMinutes)}
        </strong>
        <span class="quiet names">
          {text.forecastBetween(lowMinutes, highMinutes)}
          {punctuation.value.comma}
          {text.forecastBasis[basis]}
        </span>
        {reportDoubt === null || reportedMinutes === null ? null : (
          <span class="quiet names">{text.reportDoubt[reportDoubt](reportedMinutes)}</span>
        )}
      </p>
      {device.darkOrder.length === 0 ? null : (
        <ul class="rows">
          {device.darkOrder.map(({ id, name, health, minutes, keptBy }) => (
            <li key={id}>
              <a class="row" href={deviceHref(id)}>
                <HealthMark health={health} />
                <span class="row-main">{name}</span>
                <span class="row-side quiet">
                  {minutes === null
                    ? text.keptBy(keptBy.join(punctuation.value.list))
                    : text.inMinutes(minutes)}
                </span>
              </a>
            </li>
          ))}
        </ul>
      )}
    </PanelPart>
  );
}
