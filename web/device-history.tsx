import { useEffect, useRef, useState } from 'preact/hooks';
import { read } from './api-client.ts';
import { nearlyNow } from './browser-clock.ts';
import { formatZone } from './format.ts';
import { language, messages } from './language.ts';
import { summary } from './live-data.ts';
import { PanelPart } from './panel-parts.tsx';
import type { PlotColumns } from './plot.ts';
import { type SeriesId, seriesTick, seriesTitle } from './series-words.ts';

interface Series extends PlotColumns, SeriesId {}

interface History {
  readonly series: readonly Series[];
}

const SPANS_HOURS = [24, 168, 720, 8760] as const;
/** Pictures drawn at once; a switch with hundreds of ports would stop the page. */
const MOST_PICTURES = 12;

/** What the device told over time, one small picture for each series. */
export function DeviceHistory({ deviceId }: { deviceId: string }) {
  const text = messages.value;
  const [hours, setHours] = useState<number>(SPANS_HOURS[0]);
  const [history, setHistory] = useState<History | null>(null);
  useEffect(() => {
    let isCurrent = true;
    const path = `/api/v1/devices/${encodeURIComponent(deviceId)}/history?hours=${hours}`;
    read<History>(path).then((answer) => {
      if (isCurrent && answer.ok) setHistory(answer.body);
    });
    return () => {
      isCurrent = false;
    };
  }, [deviceId, hours]);
  const series = history?.series ?? [];
  const more = series.length - MOST_PICTURES;
  return (
    <PanelPart title={text.history}>
      <div class="span-choice">
        {SPANS_HOURS.map((span) => (
          <button
            type="button"
            key={span}
            class="button-plain"
            aria-pressed={span === hours}
            onClick={() => setHours(span)}
          >
            {text.historySpans[span]}
          </button>
        ))}
      </div>
      {history !== null && series.length === 0 ? <p class="quiet">{text.noHistory}</p> : null}
      {series.length > 0 ? <p class="quiet">{text.timesIn(formatZone(nearlyNow.value))}</p> : null}
      {series.slice(0, MOST_PICTURES).map((each) => (
        <Picture
          key={`${each.metric} ${each.labels} ${hours}`}
          series={each}
          title={seriesTitle(each, series)}
        />
      ))}
      {more > 0 ? <p class="quiet">{text.moreSeries(more)}</p> : null}
    </PanelPart>
  );
}

function Picture({ series, title }: { series: Series; title: string }) {
  const frame = useRef<HTMLDivElement>(null);
  const { metric, labels } = series;
  const timeZone = summary.value?.timeZone ?? 'UTC';
  const inLanguage = language.value;
  useEffect(() => {
    let destroy: (() => void) | null = null;
    let isGone = false;
    // Whoever never opens a device need not load what draws.
    void import('./plot.ts').then(({ drawPlot }) => {
      if (isGone || frame.current === null) return;
      const value = (each: number) => seriesTick(metric, each);
      destroy = drawPlot(frame.current, series, { timeZone, value });
    });
    return () => {
      isGone = true;
      destroy?.();
    };
  }, [series, metric, timeZone, inLanguage]);
  return (
    <figure class="picture">
      <figcaption>
        {title}{' '}
        <span class="quiet">
          {metric} {labels}
        </span>
      </figcaption>
      <div ref={frame} role="img" aria-label={title} />
    </figure>
  );
}
