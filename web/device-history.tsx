import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { read } from './api-client.ts';
import { language, messages } from './language.ts';
import { PanelPart } from './panel-parts.tsx';

interface Series {
  readonly metric: string;
  readonly labels: string;
  readonly at: readonly number[];
  readonly min: readonly number[];
  readonly mean: readonly number[];
  readonly max: readonly number[];
}

interface History {
  readonly series: readonly Series[];
}

const SPANS_HOURS = [24, 168, 720, 8760] as const;
/** Pictures drawn at once; a switch with hundreds of ports would stop the page. */
const MOST_PICTURES = 12;
const HEIGHT = 110;

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
      {series.slice(0, MOST_PICTURES).map((each) => (
        <Picture key={`${each.metric} ${each.labels} ${hours}`} series={each} />
      ))}
      {more > 0 ? <p class="quiet">{text.moreSeries(more)}</p> : null}
    </PanelPart>
  );
}

function Picture({ series }: { series: Series }) {
  const frame = useRef<HTMLDivElement>(null);
  const { metric, labels, at, min, mean, max } = series;
  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const colour = getComputedStyle(element).color;
    const faint = { stroke: colour, grid: { stroke: 'rgb(128 128 128 / 18%)' }, size: 52 };
    const plot = new uPlot(
      {
        width: element.clientWidth,
        height: HEIGHT,
        legend: { show: false },
        cursor: { show: false },
        axes: [
          { ...faint, size: 24 },
          { ...faint, values: (_, ticks) => ticks.map(shorten) },
        ],
        series: [
          {},
          { stroke: 'transparent' },
          { stroke: 'transparent' },
          { stroke: '#3b82f6', width: 1.5, points: { show: at.length < 40, size: 3 } },
        ],
        bands: [{ series: [1, 2], fill: 'rgb(59 130 246 / 22%)' }],
      },
      [at.map((ms) => ms / 1000), [...max], [...min], [...mean]],
      element,
    );
    const resize = new ResizeObserver(() => {
      plot.setSize({ width: element.clientWidth, height: HEIGHT });
    });
    resize.observe(element);
    return () => {
      resize.disconnect();
      plot.destroy();
    };
  }, [series]);
  return (
    <figure class="picture">
      <figcaption>
        {metric} <span class="quiet">{labels}</span>
      </figcaption>
      <div ref={frame} role="img" aria-label={`${metric} ${labels}`} />
    </figure>
  );
}

/** `1.2M`: a tick has little room. */
function shorten(value: number): string {
  return new Intl.NumberFormat(language.value, {
    notation: 'compact',
    maximumSignificantDigits: 3,
  }).format(value);
}
