/** One number a bench stands for, with the goal it is held to. */
export interface Figure {
  /** Key in the JSON of the last line: words joined by `_`, the unit last where it is no ratio. */
  readonly key: string;
  /** For people. */
  readonly what: string;
  /** null: could not be measured here; the report's notes say why. */
  readonly value: number | null;
  readonly goal: Goal | null;
}

/** `unit` follows the number: `×`, `ns`, `MB`. */
export type Goal =
  | { readonly atMost: number; readonly unit: string }
  | { readonly atLeast: number; readonly unit: string };

/** Cells of a table, first column first; numbers are shown with three digits that count. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

export interface BenchReport {
  readonly tables: readonly Table[];
  readonly figures: readonly Figure[];
  /** What was skipped and what a reader must know. */
  readonly notes: readonly string[];
}

const DIGITS = 3;
const MISSING = '–';

/** Everything of a report as lines for a terminal that are valid Markdown too. */
export function renderReport(name: string, title: string, report: BenchReport): string {
  const parts = [`## ${name}: ${title}`];
  for (const table of report.tables) parts.push(renderTable(table));
  if (report.figures.length > 0) parts.push(renderTable(figureTable(report.figures)));
  if (report.notes.length > 0) parts.push(report.notes.map((note) => `- ${note}`).join('\n'));
  return parts.join('\n\n');
}

/** The last line of a run: every figure by key, null where it could not be measured. */
export function figuresObject(figures: readonly Figure[]): Record<string, number | null> {
  return Object.fromEntries(
    figures.map(({ key, value }) => [key, value === null ? null : round(value)]),
  );
}

/** Whether a measured figure keeps its goal; null when there is no goal or no value. */
export function isGoalMet({ value, goal }: Figure): boolean | null {
  if (goal === null || value === null) return null;
  return 'atMost' in goal ? value <= goal.atMost : value >= goal.atLeast;
}

function figureTable(figures: readonly Figure[]): Table {
  return {
    columns: ['figure', 'measured', 'goal', ''],
    rows: figures.map((figure) => {
      const met = isGoalMet(figure);
      return [
        figure.what,
        cell(figure.value) + unitOf(figure),
        goalText(figure.goal),
        met === null ? '' : met ? 'met' : 'MISSED',
      ];
    }),
  };
}

function unitOf({ value, goal }: Figure): string {
  return value === null || goal === null ? '' : ` ${goal.unit}`;
}

function goalText(goal: Goal | null): string {
  if (goal === null) return '';
  return 'atMost' in goal
    ? `at most ${goal.atMost} ${goal.unit}`
    : `at least ${goal.atLeast} ${goal.unit}`;
}

function renderTable({ columns, rows }: Table): string {
  const texts = [columns, ...rows].map((row) => row.map((value) => cell(value)));
  const widths = columns.map((_, place) => Math.max(...texts.map((row) => row[place]!.length)));
  const isNumeric = columns.map((_, place) => rows.every((row) => typeof row[place] !== 'string'));
  const line = (row: readonly string[]) =>
    `| ${row
      .map((text, place) =>
        isNumeric[place] ? text.padStart(widths[place]!) : text.padEnd(widths[place]!),
      )
      .join(' | ')} |`;
  const rule = `|${widths
    .map((width, place) => (isNumeric[place] ? `${'-'.repeat(width + 1)}:` : '-'.repeat(width + 2)))
    .join('|')}|`;
  const [head, ...body] = texts;
  return [line(head!), rule, ...body.map(line)].join('\n');
}

function cell(value: string | number | null): string {
  if (value === null) return MISSING;
  if (typeof value === 'string') return value;
  const rounded = round(value);
  return Math.abs(rounded) >= 10_000 ? rounded.toLocaleString('en-US') : String(rounded);
}

/** Three digits that count; whole numbers stay whole. */
function round(value: number): number {
  if (!Number.isFinite(value) || Number.isInteger(value)) return value;
  return Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(DIGITS));
}
