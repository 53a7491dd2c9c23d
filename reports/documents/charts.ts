import type { DurationMs } from '../../lib/time.ts';
import { formatPpm, PPM } from '../availability.ts';
import type { AvailabilityReport } from '../availability-report.ts';
import { formatSpan, formatZoned } from '../format-time.ts';
import type { HeatCell, HeatRow } from '../heat-map.ts';
import type { LedgerState } from '../ledger.ts';
import type { TierCompliance } from '../response-compliance.ts';
import { COLOURS, type Drawing, type Shape, shorten } from './drawing.ts';
import type { DocumentWords } from './words.ts';

/** What a picture is drawn for. */
export interface Layout {
  readonly width: number;
  /** What is left of the rows for their names, and how many letters fit there. */
  readonly names: number;
  readonly nameUnits: number;
  readonly text: number;
  /** Labels along a period, at most. */
  readonly mostLabels: number;
}

/** A sheet of paper, and a screen. */
export const WIDE: Layout = { width: 515, names: 120, nameUnits: 26, text: 7, mostLabels: 31 };
/** A telephone held upright: letters as large as they are beside the picture. */
export const NARROW: Layout = { width: 350, names: 92, nameUnits: 15, text: 10, mostLabels: 7 };

const ROW = 13;
/** Labels of a time axis on paper, which stand beside their ticks. */
const MOST_TICKS = 16;

/** How a period went, part by part: everything together, and below it the devices with the most time lost. */
export function heatMapChart(
  report: AvailabilityReport,
  words: DocumentWords,
  layout: Layout = WIDE,
): Drawing {
  const { buckets, all, devices } = report.heatMap;
  const names = new Map(report.devices.map(({ facts }) => [facts.id, facts.name]));
  const cellWidth = (layout.width - layout.names) / buckets.length;
  const rows: readonly HeatRow[] = [all, ...devices];
  const step = stepOf(buckets.length, layout.mostLabels);
  const shapes: Shape[] = buckets.flatMap(({ label }, index) => {
    const x = layout.names + (index + 0.5) * cellWidth;
    return index % step === 0 ? [text(layout, x, ROW / 2, label, 'middle', COLOURS.faint)] : [];
  });
  for (const [place, { deviceId, cells }] of rows.entries()) {
    const y = (place + 1) * ROW + (place > 0 ? 4 : 0);
    const name = deviceId === null ? words.allDevices : (names.get(deviceId) ?? deviceId);
    shapes.push(
      text(
        layout,
        layout.names - 5,
        y + ROW / 2,
        shorten(name, layout.nameUnits),
        'end',
        COLOURS.ink,
      ),
    );
    for (const [index, cell] of cells.entries()) {
      shapes.push({
        kind: 'rect',
        x: layout.names + index * cellWidth + 0.5,
        y: y + 0.5,
        width: cellWidth - 1,
        height: ROW - 1,
        fill: heatColour(cell, report.targetPpm),
        title: `${name} · ${buckets[index]!.label}: ${tellCell(cell, words)}`,
      });
    }
  }
  const legendY = (rows.length + 1) * ROW + 12;
  const { shapes: keys, bottom } = legend(
    layout,
    words.heatLegend(formatPpm(report.targetPpm)),
    HEAT_COLOURS,
    legendY,
  );
  return { width: layout.width, height: bottom, shapes: [...shapes, ...keys] };
}

const HEAT_COLOURS = [
  COLOURS.good,
  COLOURS.slight,
  COLOURS.lost,
  COLOURS.grave,
  COLOURS.unknown,
  COLOURS.maintenance,
];

function heatColour(cell: HeatCell, targetPpm: number): string {
  const { lostMs, unknownMs, maintenanceMs, agreedMs } = cell;
  if (agreedMs === 0) return maintenanceMs > 0 ? COLOURS.maintenance : COLOURS.none;
  const allowedMs = (agreedMs * (PPM - targetPpm)) / PPM;
  if (lostMs > agreedMs / 10) return COLOURS.grave;
  if (lostMs > allowedMs) return COLOURS.lost;
  if (unknownMs > allowedMs) return COLOURS.unknown;
  if (lostMs > 0) return COLOURS.slight;
  return COLOURS.good;
}

function tellCell(cell: HeatCell, words: DocumentWords): string {
  const { states } = words;
  const parts = [
    [words.lost, cell.lostMs],
    [states.unknown, cell.unknownMs],
    [states.maintenance, cell.maintenanceMs],
  ] as const;
  const told = parts.filter(([, ms]) => ms > 0);
  if (cell.agreedMs === 0 && told.length === 0) return '–';
  if (told.length === 0) return words.allUp;
  return told.map(([name, ms]) => `${name} ${formatSpan(ms, words)}`).join(', ');
}

/** As the heat map paints time; what is not in service, or not yet, is the ground. */
const STATE_COLOURS: Readonly<Record<LedgerState, string>> = {
  up: COLOURS.good,
  degraded: COLOURS.good,
  down: COLOURS.grave,
  unreachable: COLOURS.lost,
  unknown: COLOURS.unknown,
  maintenance: COLOURS.maintenance,
  'out-of-service': COLOURS.none,
};
const TIMELINE_LEGEND = [
  ...(['up', 'down', 'unreachable', 'unknown', 'maintenance', 'out-of-service'] as const),
];

/** How the time of the devices with the longest outages went, a row a device; null when there was none. */
export function outageChart(
  report: AvailabilityReport,
  words: DocumentWords,
  layout: Layout = WIDE,
): Drawing | null {
  const { period, timelines, countedTo } = report;
  if (timelines.length === 0) return null;
  const names = new Map(report.devices.map(({ facts }) => [facts.id, facts.name]));
  const x = (at: number) =>
    layout.names + ((at - period.from) / (period.to - period.from)) * (layout.width - layout.names);
  const shapes: Shape[] = axis(report, timelines.length, layout);
  for (const [place, { deviceId, stretches }] of timelines.entries()) {
    const y = (place + 1) * ROW;
    const name = names.get(deviceId) ?? deviceId;
    shapes.push(
      text(
        layout,
        layout.names - 5,
        y + ROW / 2,
        shorten(name, layout.nameUnits),
        'end',
        COLOURS.ink,
      ),
    );
    shapes.push(bar(layout.names, y, layout.width - layout.names, COLOURS.none));
    shapes.push(bar(layout.names, y, x(countedTo) - layout.names, COLOURS.good));
    // Outages last: the shortest is still to be seen.
    for (const { state, from, to } of stretches.toSorted((a, b) => lossOf(a) - lossOf(b))) {
      const title = `${name}: ${words.states[state]} ${formatZoned(from, period.timeZone)}, ${formatSpan(to - from, words)}`;
      const width = Math.max(lossOf({ state }), x(to) - x(from));
      const left = Math.min(x(from), layout.width - width);
      shapes.push({ ...bar(left, y, width, STATE_COLOURS[state]), title });
    }
  }
  const { shapes: keys, bottom } = legend(
    layout,
    TIMELINE_LEGEND.map((state) => words.states[state]),
    TIMELINE_LEGEND.map((state) => STATE_COLOURS[state]),
    (timelines.length + 1) * ROW + 8,
  );
  return { width: layout.width, height: bottom, shapes: [...shapes, ...keys] };
}

/** 1 for time lost to customers, 0 for any other. */
function lossOf({ state }: { readonly state: LedgerState }): number {
  return state === 'down' || state === 'unreachable' ? 1 : 0;
}

function axis({ heatMap }: AvailabilityReport, rows: number, layout: Layout): Shape[] {
  const { buckets } = heatMap;
  const first = buckets[0]!.from;
  const span = buckets.at(-1)!.to - first;
  const step = stepOf(buckets.length, Math.min(MOST_TICKS, layout.mostLabels));
  return buckets.flatMap(({ from, label }, index): Shape[] => {
    if (index % step !== 0) return [];
    const x = layout.names + ((from - first) / span) * (layout.width - layout.names);
    const points = [
      [x, ROW],
      [x, (rows + 1) * ROW],
    ] as const;
    return [
      text(layout, x, ROW / 2, label, 'start', COLOURS.faint),
      { kind: 'line', points, stroke: COLOURS.rule, strokeWidth: 0.5 },
    ];
  });
}

const BURN_HEIGHT = 110;

/** What was left of the budget of all devices after each part of the period; below the line it is overdrawn. */
export function budgetChart(
  report: AvailabilityReport,
  words: DocumentWords,
  layout: Layout = WIDE,
): Drawing {
  const { buckets, all } = report.heatMap;
  const { budgetMs } = report.fleet.service;
  let left = budgetMs;
  const levels: DurationMs[] = [budgetMs];
  for (const [index, cell] of all.cells.entries()) {
    if (buckets[index]!.from >= report.countedTo) break;
    left -= cell.lostMs;
    levels.push(left);
  }
  const top = Math.max(budgetMs, 1);
  const bottom = Math.min(0, left);
  const y = (ms: number) => 10 + ((top - ms) / (top - bottom)) * BURN_HEIGHT;
  const x = (index: number) =>
    layout.names + (index / buckets.length) * (layout.width - layout.names);
  const line = (points: (readonly [number, number])[], stroke: string, dashed = false): Shape => {
    return { kind: 'line', points, stroke, strokeWidth: dashed ? 0.7 : 1.6, dashed };
  };
  const labelled = [
    [budgetMs, formatSpan(budgetMs, words)],
    [0, '0'],
    ...(left < 0 ? [[left, formatSpan(left, words)] as const] : []),
  ] as const;
  const shapes: Shape[] = labelled.map(([ms, label]) =>
    text(layout, layout.names - 5, y(ms), label, 'end', COLOURS.faint),
  );
  const step = stepOf(buckets.length, Math.min(MOST_TICKS, layout.mostLabels));
  for (const [index, { label }] of buckets.entries()) {
    if (index % step !== 0) continue;
    shapes.push(text(layout, x(index + 0.5), BURN_HEIGHT + 20, label, 'middle', COLOURS.faint));
  }
  shapes.push(
    line(
      [
        [layout.names, y(0)],
        [layout.width, y(0)],
      ],
      COLOURS.faint,
    ),
    line(
      [
        [layout.names, y(budgetMs)],
        [layout.width, y(0)],
      ],
      COLOURS.faint,
      true,
    ),
    line(
      levels.map((ms, index) => [x(index), y(ms)]),
      left < 0 ? COLOURS.grave : COLOURS.accent,
    ),
  );
  return { width: layout.width, height: BURN_HEIGHT + 28, shapes };
}

/** Per tier: answered in time, answered or ended late, ended unanswered, still running. */
export function responseChart(
  report: AvailabilityReport,
  words: DocumentWords,
  layout: Layout = WIDE,
): Drawing {
  const { tiers } = report.responses;
  const parts = (tier: TierCompliance) => [
    tier.acknowledgedInTime,
    tier.breached,
    tier.resolvedFirst,
    tier.running,
  ];
  const most = Math.max(1, ...tiers.map((tier) => parts(tier).reduce((a, b) => a + b, 0)));
  const colours = [COLOURS.good, COLOURS.grave, COLOURS.unknown, COLOURS.maintenance];
  const shapes: Shape[] = [];
  for (const [place, tier] of tiers.entries()) {
    const y = place * (ROW + 4);
    shapes.push(
      text(layout, layout.names - 5, y + ROW / 2, words.tiers[tier.tier], 'end', COLOURS.ink),
    );
    let x = layout.names;
    for (const [index, count] of parts(tier).entries()) {
      const width = (count / most) * (layout.width - layout.names - 90);
      if (count > 0) shapes.push({ ...bar(x, y, width, colours[index]!), title: String(count) });
      x += width;
    }
    const share = tier.compliancePpm === null ? '–' : formatPpm(tier.compliancePpm);
    const total = parts(tier).reduce((a, b) => a + b, 0);
    shapes.push(text(layout, x + 6, y + ROW / 2, `${total} · ${share}`, 'start', COLOURS.ink));
  }
  const legendY = tiers.length * (ROW + 4) + 8;
  const labels = [words.inTime, words.breached, words.resolvedFirst, words.running];
  const { shapes: keys, bottom } = legend(layout, labels, colours, legendY);
  return { width: layout.width, height: bottom, shapes: [...shapes, ...keys] };
}

/** Every so many of the parts of a period have a label. */
function stepOf(count: number, mostLabels: number): number {
  return Math.ceil(count / mostLabels);
}

function bar(x: number, y: number, width: number, fill: string): Shape & { kind: 'rect' } {
  return { kind: 'rect', x, y: y + 1.5, width: Math.max(0, width), height: ROW - 3, fill };
}

function text(
  layout: Layout,
  x: number,
  y: number,
  words: string,
  anchor: 'start' | 'middle' | 'end',
  fill: string,
): Shape {
  return { kind: 'text', x, y, text: words, size: layout.text, anchor, fill };
}

/** What the colours mean, in as many rows as the width takes; `bottom` is where they end. */
function legend(
  layout: Layout,
  labels: readonly string[],
  colours: readonly string[],
  top: number,
): { readonly shapes: readonly Shape[]; readonly bottom: number } {
  const isLong =
    layout.names + labels.reduce((sum, label) => sum + entryWidth(label, layout), 0) > layout.width;
  // One that takes rows has the whole width.
  const left = isLong ? 0 : layout.names;
  let x = left;
  let y = top;
  const shapes = labels.flatMap((label, index): Shape[] => {
    if (x > left && x + entryWidth(label, layout) > layout.width) [x, y] = [left, y + ROW];
    const at = x;
    x += entryWidth(label, layout);
    return [
      { kind: 'rect', x: at, y: y + 2, width: 8, height: 8, fill: colours[index]! },
      text(layout, at + 11, y + 6, label, 'start', COLOURS.faint),
    ];
  });
  return { shapes, bottom: y + ROW };
}

const SWATCH = 11;
const BETWEEN = 9;

/**
 * No less than a label takes with the fonts of screen and PDF: a wide character has the size of the
 * font, others little more than half of it.
 */
function entryWidth(label: string, { text: size }: Layout): number {
  let width = SWATCH + BETWEEN;
  for (const character of label) width += character.codePointAt(0)! > 0x2e80 ? size : size * 0.6;
  return width;
}
