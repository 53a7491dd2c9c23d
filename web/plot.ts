import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { language } from './language.ts';

/** Columns of equal length: instants in milliseconds, and what was least, mean and most there. */
export interface PlotColumns {
  readonly at: readonly number[];
  readonly min: readonly number[];
  readonly mean: readonly number[];
  readonly max: readonly number[];
}

const HEIGHT = 110;
/** Points are marked while they are few. */
const MARKED_BELOW = 40;

/** Draws into the element and follows its width; gives what takes it away again. */
export function drawPlot(element: HTMLElement, { at, min, mean, max }: PlotColumns): () => void {
  const stroke = getComputedStyle(element).color;
  const faint = { stroke, grid: { stroke: 'rgb(128 128 128 / 18%)' }, size: 52 };
  const points = { show: at.length < MARKED_BELOW, size: 3 };
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

/** `1.2M`: a tick has little room. */
function shorten(value: number): string {
  return new Intl.NumberFormat(language.value, {
    notation: 'compact',
    maximumSignificantDigits: 3,
  }).format(value);
}
