import { DAY, HOUR, MINUTE, SECOND } from '../../lib/time.ts';

const WEEK = 7 * DAY;

/** Below each of these a step is rounded to the one beside it (Grafana, rangeutil `roundInterval`). */
const ROUNDED: readonly (readonly [belowMs: number, stepMs: number])[] = [
  [45 * SECOND, 30 * SECOND],
  [90 * SECOND, MINUTE],
  [3.5 * MINUTE, 2 * MINUTE],
  [7.5 * MINUTE, 5 * MINUTE],
  [12.5 * MINUTE, 10 * MINUTE],
  [17.5 * MINUTE, 15 * MINUTE],
  [25 * MINUTE, 20 * MINUTE],
  [45 * MINUTE, 30 * MINUTE],
  [1.5 * HOUR, HOUR],
  [2.5 * HOUR, 2 * HOUR],
  [4.5 * HOUR, 3 * HOUR],
  [9 * HOUR, 6 * HOUR],
  [DAY, 12 * HOUR],
  [WEEK, DAY],
  [3 * WEEK, WEEK],
];

const GRID_WIDTH = 24;
const UNITS: Readonly<Record<string, number>> = { s: SECOND, m: MINUTE, h: HOUR, d: DAY };

/** A duration as Grafana writes it, such as `5m`. */
function durationMs(text: string): number {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(text) ?? [];
  const unitMs = UNITS[unit ?? ''];
  if (unitMs === undefined) throw new Error(`${text} is no duration`);
  return Number(count) * unitMs;
}

/** How long the range is that a board opens with; a running month is taken at its longest. */
export function rangeMsOf(from: string): number {
  return from === 'now/M' ? 31 * DAY : durationMs(from.replace('now-', ''));
}

/** The step that Grafana asks a picture's question in, in ms, for a panel of so many cells on a screen. */
export function grafanaStepMs(
  rangeMs: number,
  panel: { readonly width: number; readonly step: string; readonly mostPoints: number | null },
  screenPixels: number,
): number {
  // On a narrow screen every panel is as wide as the screen.
  const pixels = screenPixels < 768 ? screenPixels : (screenPixels * panel.width) / GRID_WIDTH;
  const wantedMs = rangeMs / (panel.mostPoints ?? pixels);
  const rounded = ROUNDED.find(([belowMs]) => wantedMs < belowMs)?.[1];
  if (rounded === undefined) throw new Error(`no step is known for ${wantedMs} ms`);
  return Math.max(rounded, durationMs(panel.step));
}
