import type { DurationMs } from '../../lib/time.ts';
import { formatPpm, PPM } from '../availability.ts';
import type { AvailabilityReport } from '../availability-report.ts';
import { formatSpan, formatZoned } from '../format-time.ts';
import type { HeatCell, HeatRow } from '../heat-map.ts';
import type { LedgerState } from '../ledger.ts';
import type { TierCompliance } from '../response-compliance.ts';
import { COLOURS, type Drawing, type Shape, shorten } from './drawing.ts';
import type { DocumentWords } from './words.ts';

const WIDTH = 515;
const NAMES = 120;
const ROW = 13;
const TEXT = 7;
/** As many letters as fit beside a row. */
const NAME_UNITS = 26;

/** How a period went, part by part: everything together, and below it the devices with the most time lost. */
export function heatMapChart(report: AvailabilityReport, words: DocumentWords): Drawing {
  const { buckets, all, devices } = report.heatMap;
  const names = new Map(report.devices.map(({ facts }) => [facts.id, facts.name]));
  const cellWidth = (WIDTH - NAMES) / buckets.length;
  const rows: readonly HeatRow[] = [all, ...devices];
  const shapes: Shape[] = buckets.map(({ label }, index) =>
    text(NAMES + (index + 0.5) * cellWidth, ROW / 2, label, 'middle', COLOURS.faint),
  );
  for (const [place, { deviceId, cells }] of rows.entries()) {
    const y = (place + 1) * ROW + (place > 0 ? 4 : 0);
    const name = deviceId === null ? words.allDevices : (names.get(deviceId) ?? deviceId);
    shapes.push(text(NAMES - 5, y + ROW / 2, shorten(name, NAME_UNITS), 'end', COLOURS.ink));
    for (const [index, cell] of cells.entries()) {
      shapes.push({
        kind: 'rect',
        x: NAMES + index * cellWidth + 0.5,
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
    words.heatLegend(formatPpm(report.targetPpm)),
    HEAT_COLOURS,
    legendY,
  );
  return { width: WIDTH, height: bottom, shapes: [...shapes, ...keys] };
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
export function outageChart(report: AvailabilityReport, words: DocumentWords): Drawing | null {
  const { period, timelines, countedTo } = report;
  if (timelines.length === 0) return null;
  const names = new Map(report.devices.map(({ facts }) => [facts.id, facts.name]));
  const x = (at: number) =>
    NAMES + ((at - period.from) / (period.to - period.from)) * (WIDTH - NAMES);
  const shapes: Shape[] = axis(report, timelines.length, words);
  for (const [place, { deviceId, stretches }] of timelines.entries()) {
    const y = (place + 1) * ROW;
    const name = names.get(deviceId) ?? deviceId;
    shapes.push(text(NAMES - 5, y + ROW / 2, shorten(name, NAME_UNITS), 'end', COLOURS.ink));
    shapes.push(bar(NAMES, y, WIDTH - NAMES, COLOURS.none));
    shapes.push(bar(NAMES, y, x(countedTo) - NAMES, COLOURS.good));
    // Outages last: the shortest is still to be seen.
    for (const { state, from, to } of stretches.toSorted((a, b) => lossOf(a) - lossOf(b))) {
      const title = `${name}: ${words.states[state]} ${formatZoned(from, period.timeZone)}, ${formatSpan(to - from, words)}`;
      const width = Math.max(lossOf({ state }), x(to) - x(from));
      const left = Math.min(x(from), WIDTH - width);
      shapes.push({ ...bar(left, y, width, STATE_COLOURS[state]), title });
    }
  }
  const { shapes: keys, bottom } = legend(
    TIMELINE_LEGEND.map((state) => words.states[state]),
    TIMELINE_LEGEND.map((state) => STATE_COLOURS[state]),
    (timelines.length + 1) * ROW + 8,
  );
  return { width: WIDTH, height: bottom, shapes: [...shapes, ...keys] };
}

/** 1 for time lost to customers, 0 for any other. */
function lossOf({ state }: { readonly state: LedgerState }): number {
  return state === 'down' || state === 'unreachable' ? 1 : 0;
}

function axis({ heatMap }: AvailabilityReport, rows: number, _: DocumentWords): Shape[] {
  const { buckets } = heatMap;
  const first = buckets[0]!.from;
  const span = buckets.at(-1)!.to - first;
  const step = Math.ceil(buckets.length / 16);
  return buckets.flatMap(({ from, label }, index): Shape[] => {
    if (index % step !== 0) return [];
    const x = NAMES + ((from - first) / span) * (WIDTH - NAMES);
    const points = [
      [x, ROW],
      [x, (rows + 1) * ROW],
    ] as const;
    return [
      text(x, ROW / 2, label, 'start', COLOURS.faint),
      { kind: 'line', points, stroke: COLOURS.rule, strokeWidth: 0.5 },
    ];
  });
}

const BURN_HEIGHT = 110;

/** What was left of the budget of all devices after each part of the period; below the line it is overdrawn. */
export function budgetChart(report: AvailabilityReport, words: DocumentWords): Drawing {
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
  const x = (index: number) => NAMES + (index / buckets.length) * (WIDTH - NAMES);
  const line = (points: (readonly [number, number])[], stroke: string, dashed = false): Shape => {
    return { kind: 'line', points, stroke, strokeWidth: dashed ? 0.7 : 1.6, dashed };
  };
  const labelled = [
    [budgetMs, formatSpan(budgetMs, words)],
    [0, '0'],
    ...(left < 0 ? [[left, formatSpan(left, words)] as const] : []),
  ] as const;
  const shapes: Shape[] = labelled.map(([ms, label]) =>
    text(NAMES - 5, y(ms), label, 'end', COLOURS.faint),
  );
  const step = Math.ceil(buckets.length / 16);
  for (const [index, { label }] of buckets.entries()) {
    if (index % step !== 0) continue;
    shapes.push(text(x(index + 0.5), BURN_HEIGHT + 20, label, 'middle', COLOURS.faint));
  }
  shapes.push(
    line(
      [
        [NAMES, y(0)],
        [WIDTH, y(0)],
      ],
      COLOURS.faint,
    ),
    line(
      [
        [NAMES, y(budgetMs)],
        [WIDTH, y(0)],
      ],
      COLOURS.faint,
      true,
    ),
    line(
      levels.map((ms, index) => [x(index), y(ms)]),
      left < 0 ? COLOURS.grave : COLOURS.accent,
    ),
  );
  return { width: WIDTH, height: BURN_HEIGHT + 28, shapes };
}

/** Per tier: answered in time, answered or ended late, ended unanswered, still running. */
export function responseChart(report: AvailabilityReport, words: DocumentWords): Drawing {
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
    shapes.push(text(NAMES - 5, y + ROW / 2, words.tiers[tier.tier], 'end', COLOURS.ink));
    let x = NAMES;
    for (const [index, count] of parts(tier).entries()) {
      const width = (count / most) * (WIDTH - NAMES - 90);
      if (count > 0) shapes.push({ ...bar(x, y, width, colours[index]!), title: String(count) });
      x += width;
    }
    const share = tier.compliancePpm === null ? '–' : formatPpm(tier.compliancePpm);
    const total = parts(tier).reduce((a, b) => a + b, 0);
    shapes.push(text(x + 6, y + ROW / 2, `${total} · ${share}`, 'start', COLOURS.ink));
  }
  const legendY = tiers.length * (ROW + 4) + 8;
  const labels = [words.inTime, words.breached, words.resolvedFirst, words.running];
  const { shapes: keys, bottom } = legend(labels, colours, legendY);
  return { width: WIDTH, height: bottom, shapes: [...shapes, ...keys] };
}

function bar(x: number, y: number, width: number, fill: string): Shape & { kind: 'rect' } {
  return { kind: 'rect', x, y: y + 1.5, width: Math.max(0, width), height: ROW - 3, fill };
}

function text(
  x: number,
  y: number,
  words: string,
  anchor: 'start' | 'middle' | 'end',
  fill: string,
): Shape {
  return { kind: 'text', x, y, text: words, size: TEXT, anchor, fill };
}

/** What the colours mean, in as many rows as the width takes; `bottom` is where they end. */
function legend(
  labels: readonly string[],
  colours: readonly string[],
  top: number,
): { readonly shapes: readonly Shape[]; readonly bottom: number } {
  const isLong = NAMES + labels.reduce((sum, label) => sum + entryWidth(label), 0) > WIDTH;
  // One that takes rows has the whole width.
  const left = isLong ? 0 : NAMES;
  let x = left;
  let y = top;
  const shapes = labels.flatMap((label, index): Shape[] => {
    if (x > left && x + entryWidth(label) > WIDTH) [x, y] = [left, y + ROW];
    const at = x;
    x += entryWidth(label);
    return [
      { kind: 'rect', x: at, y: y + 2, width: 8, height: 8, fill: colours[index]! },
      text(at + 11, y + 6, label, 'start', COLOURS.faint),
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
function entryWidth(label: string): number {
  let width = SWATCH + BETWEEN;
  for (const character of label) width += character.codePointAt(0)! > 0x2e80 ? TEXT : TEXT * 0.6;
  return width;
}
