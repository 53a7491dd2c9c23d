import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { formatAxisInstant } from './format.ts';

/** Columns of equal length: instants in milliseconds, and what was least, mean and most there. */
export interface PlotColumns {
  readonly at: readonly number[];
  readonly min: readonly number[];
  readonly mean: readonly number[];
  readonly max: readonly number[];
}

const SECOND = 1000;
const HEIGHT = 110;
/** Room for `1.24 Gbit/s` and for `16:05:30`, with the mark and the gap beside them. */
const VALUES_WIDTH = 84;
const TIMES_HEIGHT = 24;
const CLOSEST_TIMES = 70;
const FONT = '12px system-ui, sans-serif';
/** Points are marked while they are few. */
const MARKED_BELOW = 40;

/** How the axes are written: the zone that days begin in, and the text of a value. */
export interface PlotWords {
  readonly timeZone: string;
  readonly value: (value: number) => string;
}

/** Draws into the element and follows its width; gives what takes it away again. */
export function drawPlot(
  element: HTMLElement,
  { at, min, mean, max }: PlotColumns,
  words: PlotWords,
): () => void {
  const stroke = getComputedStyle(element).color;
  const faint = { stroke, grid: { stroke: 'rgb(128 128 128 / 18%)' }, font: FONT };
  const short = { ticks: { size: 4 }, gap: 3 };
  const points = { show: at.length < MARKED_BELOW, size: 3 };
  const plot = new uPlot(
    {
      width: element.clientWidth,
      height: HEIGHT,
      legend: { show: false },
      cursor: { show: false },
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * SECOND), words.timeZone),
      axes: [
        {
          ...{ ...faint, ...short, size: TIMES_HEIGHT, space: CLOSEST_TIMES },
          values: (_, ticks, _axis, _space, stepSeconds) =>
            ticks.map((seconds) => formatAxisInstant(seconds * SECOND, stepSeconds * SECOND)),
        },
        {
          ...{ ...faint, ...short, size: VALUES_WIDTH },
          values: (_, ticks) => withoutRepeats(ticks.map(words.value)),
        },
      ],
      series: [
        {},
        { stroke: 'transparent', points: { show: false } },
        { stroke: 'transparent', points: { show: false } },
        { stroke: '#3b82f6', width: 1.5, points },
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
}

/** Ticks closer than the digits shown would say the same twice. */
function withoutRepeats(texts: readonly string[]): string[] {
  return texts.map((text, index) => (text === texts[index - 1] ? '' : text));
}
