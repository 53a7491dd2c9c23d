import { escapeLabelValue, renderValue } from '../../lib/metric-def.ts';
import { SECOND } from '../../lib/time.ts';
import type { Varbind } from '../snmp-client.ts';
import type { ExporterObject } from './exporter-module.ts';
import { macLabel, octetsLabel, textLabel } from './label-text.ts';
import { type RawModule, type RawTable, type ScrapeFacts, scalarNumber } from './raw-poll.ts';

/** Text is handed over in pieces of about this many characters. */
const CHUNK_CHARACTERS = 64 * 1024;

/**
 * Prometheus text 0.0.4 of these modules as snmp_exporter would say it: its names, labels and scales,
 * and what it tells about the scrape. A series that several modules have is told once. `isOld`: the
 * device did not answer the last poll, so the values are of the one before.
 */
export function* renderModules(modules: readonly RawModule[], isOld: boolean): Generator<string> {
  const told = new Set<string>();
  let chunk = '';
  for (const family of familiesOf(modules)) {
    if (told.has(family.name)) continue;
    told.add(family.name);
    let isBegun = false;
    for (const lines of family.lines()) {
      if (!isBegun) chunk += headOf(family);
      isBegun = true;
      chunk += lines;
      if (chunk.length < CHUNK_CHARACTERS) continue;
      yield chunk;
      chunk = '';
    }
  }
  chunk += renderFacts(modules, isOld);
  yield chunk;
}

interface Family {
  readonly name: string;
  readonly type: 'gauge' | 'counter';
  readonly help: string;
  /** Whole lines, some at a time; nothing when there is no series. */
  lines(): Iterable<string>;
}

function headOf({ name, type, help }: Omit<Family, 'lines'>): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
}

function* familiesOf(modules: readonly RawModule[]): Generator<Family> {
  for (const { module, scalars, tables } of modules) {
    yield* module.scalars.map((object, place) =>
      familyOf(object, () => scalarLines(object, scalars[place] ?? null)),
    );
    for (const raw of tables) {
      const rowLabels = rowLabelsOf(raw);
      yield* raw.table.columns.map((object) =>
        familyOf(object, () => columnLines(raw, object, rowLabels)),
      );
    }
  }
}

function familyOf(object: ExporterObject, lines: () => Iterable<string>): Family {
  const isInfo = object.type === 'enum-info';
  return {
    name: isInfo ? `${object.name}_info` : object.name,
    type: object.type === 'counter' ? 'counter' : 'gauge',
    help: `${object.name} of ${object.source}, ${object.oid}.`,
    lines,
  };
}

function scalarLines(object: ExporterObject, value: Varbind['value']): string[] {
  if (value === null) return [];
  const line = isNumeric(object)
    ? numberLine(object, scalarNumber(value), NO_LABELS)
    : textLine(object, value, NO_LABELS);
  return line === null ? [] : [line];
}

/** Labels of a row in the order of their names, escaped: one by one, and as they stand in a line. */
interface Labels {
  readonly each: readonly (readonly [name: string, text: string])[];
  readonly text: string;
}

const NO_LABELS: Labels = { each: [], text: '' };

function labelsOf(labels: readonly (readonly [name: string, text: string])[]): Labels {
  const each = [...labels].sort(([a], [b]) => (a < b ? -1 : 1));
  return { each, text: each.map(([name, text]) => `${name}="${text}"`).join(',') };
}

function withLabel(labels: Labels, name: string, text: string): string {
  return labelsOf([...labels.each, [name, escapeLabelValue(text)]]).text;
}

/** Index and lookups of each row. */
function rowLabelsOf({ table, indexes, columns }: RawTable): readonly Labels[] {
  return indexes.map((index, row) =>
    labelsOf([
      // As a number: some agents pad it.
      [table.indexLabel, String(Number(index))],
      ...table.lookups.map(({ label, oid }): [string, string] => [
        label,
        escapeLabelValue(textLabel(columns.get(oid)?.value(row) ?? null)),
      ]),
    ]),
  );
}

function* columnLines(
  raw: RawTable,
  object: ExporterObject,
  rowLabels: readonly Labels[],
): Generator<string> {
  const lineAt = isNumeric(object) ? numberLines(raw, object) : textLines(raw, object);
  if (lineAt === null) return;
  let lines = '';
  for (let row = 0; row < rowLabels.length; row += 1) {
    lines += lineAt(row, rowLabels[row]!) ?? '';
    if (lines.length < CHUNK_CHARACTERS) continue;
    yield lines;
    lines = '';
  }
  if (lines !== '') yield lines;
}

/** The line of a row; null where it has no value. */
type LineAt = (row: number, labels: Labels) => string | null;

/** null when the poll does not read the column. */
function textLines({ columns }: RawTable, object: ExporterObject): LineAt | null {
  const column = columns.get(object.oid);
  if (column === undefined) return null;
  return (row, labels) => {
    const value = column.value(row);
    return value === null ? null : textLine(object, value, labels);
  };
}

/** null when the poll does not read the column. */
function numberLines({ columns }: RawTable, object: ExporterObject): LineAt | null {
  const column = columns.get(object.oid);
  if (column === undefined) return null;
  return (row, labels) => numberLine(object, column.number(row), labels);
}

function isNumeric({ type }: ExporterObject): boolean {
  return type === 'gauge' || type === 'counter' || type === 'enum-info';
}

/** null without a number. */
function numberLine(object: ExporterObject, number: number, labels: Labels): string | null {
  if (Number.isNaN(number)) return null;
  if (object.type !== 'enum-info') {
    const value = object.scale === 1 ? number : number * object.scale;
    return seriesLine(object.name, labels.text, value);
  }
  const state = object.states.get(number) ?? String(number);
  return seriesLine(`${object.name}_info`, withLabel(labels, object.name, state), 1);
}

/** The value is a label named like the object; where a lookup gives that label already, it stays. */
function textLine(
  object: ExporterObject,
  value: NonNullable<Varbind['value']>,
  labels: Labels,
): string {
  const isThere = labels.each.some(([name]) => name === object.name);
  const text = isThere ? labels.text : withLabel(labels, object.name, readText(object, value));
  return seriesLine(object.name, text, 1);
}

function readText({ type }: ExporterObject, value: NonNullable<Varbind['value']>): string {
  if (type === 'mac') return macLabel(value);
  return type === 'octets' ? octetsLabel(value) : textLabel(value);
}

function seriesLine(name: string, labels: string, value: number): string {
  return labels === ''
    ? `${name} ${renderValue(value)}\n`
    : `${name}{${labels}} ${renderValue(value)}\n`;
}

const FACTS: readonly (readonly [string, string, (facts: ScrapeFacts) => number | null])[] = [
  [
    'snmp_scrape_walk_duration_seconds',
    'Time in which the device was asked at the last poll.',
    (facts) => facts.walkMs / SECOND,
  ],
  ['snmp_scrape_packets_sent', 'Requests sent at the last poll.', (facts) => facts.packetsSent],
  [
    'snmp_scrape_packets_retried',
    'Requests sent again at the last poll.',
    (facts) => facts.packetsRetried,
  ],
  [
    'snmp_scrape_pdus_returned',
    'Values that the device gave at the last poll.',
    (facts) => facts.valueCount,
  ],
  [
    'snmp_scrape_duration_seconds',
    'Time that the last poll took, with the work on what was answered.',
    (facts) => facts.durationMs / SECOND,
  ],
];

function renderFacts(modules: readonly RawModule[], isOld: boolean): string {
  let text = '';
  const add = (
    name: string,
    help: string,
    of: readonly RawModule[],
    read: (typeof FACTS)[0][2],
  ) => {
    let lines = '';
    for (const { module, facts } of of) {
      const value = read(facts);
      if (value !== null) lines += `${name}{module="${module.name}"} ${renderValue(value)}\n`;
    }
    if (lines !== '') text += headOf({ name, type: 'gauge', help }) + lines;
  };
  for (const [name, help, read] of FACTS) add(name, help, modules, read);
  const incomplete = modules.filter(({ facts }) => isOld || facts.isPartial);
  add('snmp_error', 'The last poll could not read everything; always 1.', incomplete, () => 1);
  return text;
}
