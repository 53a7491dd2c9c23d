import {
  type Document,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Pair,
  parseDocument,
  stringify,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';

/** A new entry of a list in devices.yaml: its keys in order, and what is said above it. */
export interface NewEntry {
  readonly comments: readonly string[];
  readonly fields: readonly (readonly [key: string, value: FieldValue])[];
}

export type FieldValue = string | number | readonly string[];

export const EDITED_SECTIONS = ['credentials', 'sites', 'devices', 'links'] as const;
export type EditedSection = (typeof EDITED_SECTIONS)[number];

export interface DevicesEdit {
  /** New entries by section; each goes behind the last that is there. */
  readonly entries: Readonly<Record<EditedSection, readonly NewEntry[]>>;
  /** Keys for devices that are there and lack them. */
  readonly keys: readonly {
    readonly deviceId: string;
    readonly key: string;
    readonly value: FieldValue;
  }[];
}

/** Text that goes in at an offset of the old text, in place of `length` characters. */
interface Insertion {
  readonly at: number;
  readonly length: number;
  readonly text: string;
}

/** The first lines of a file that discovery begins. */
const NEW_FILE = '# yaml-language-server: $schema=schema/devices.schema.json\n';
const INDENT = '  ';

/**
 * Puts new entries and keys into the text of a devices.yaml (empty: a new file). Every character that
 * is there stays where it is, comments and spacing included. The text must be one that parses.
 */
export function editDevicesFile(text: string, edit: DevicesEdit): string {
  const base = text.trim() === '' ? NEW_FILE : text.endsWith('\n') ? text : `${text}\n`;
  const document = parseDocument(base, { version: '1.2' });
  const insertions: Insertion[] = [];
  let behind = '';
  for (const { deviceId, key, value } of edit.keys) {
    const device = deviceNode(document, deviceId);
    if (device !== null) insertions.push(keyInsertion(base, device, key, value));
  }
  for (const section of EDITED_SECTIONS) {
    const entries = edit.entries[section];
    if (entries.length === 0) continue;
    const place = insertionFor(base, document, section, entries);
    if (place === null) behind += `\n${section}:\n${blockItems(entries, INDENT, section)}`;
    else insertions.push(place);
  }
  // Two at one place stay in the order in which they were made: a key of the last device, then new devices.
  const ordered = insertions.map((insertion, order) => ({ ...insertion, order }));
  ordered.sort((a, b) => b.at - a.at || b.order - a.order);
  const edited = ordered.reduce(
    (result, { at, length, text: added }) =>
      result.slice(0, at) + added + result.slice(at + length),
    base,
  );
  return edited + behind;
}

/** Whether the device's entry has the key, whatever its value. False for a device that is not there. */
export function hasDeviceKey(text: string, deviceId: string, key: string): boolean {
  return deviceNode(parseDocument(text, { version: '1.2' }), deviceId)?.has(key) ?? false;
}

function deviceNode(document: Document, deviceId: string): YAMLMap | null {
  const devices = document.get('devices');
  if (!isSeq(devices)) return null;
  const found = devices.items.find((item) => isMap(item) && item.get('id') === deviceId);
  return isMap(found) ? found : null;
}

/** Where entries go in a section that is there; null when there is none. */
function insertionFor(
  text: string,
  document: Document,
  section: EditedSection,
  entries: readonly NewEntry[],
): Insertion | null {
  if (!isMap(document.contents)) return null;
  const pair = document.contents.items.find(({ key }) => isScalar(key) && key.value === section) as
    | Pair
    | undefined;
  if (pair === undefined || !isScalar(pair.key)) return null;
  const { value } = pair;
  if (isSeq(value) && value.items.length > 0) {
    return value.flow
      ? flowInsertion(text, value, entries)
      : blockInsertion(text, value, section, entries);
  }
  // `sites:` and `sites: []` hold nothing yet: what stands for it gives way to the entries.
  const keyEnd = pair.key.range![1];
  const from = text.indexOf(':', keyEnd) + 1;
  const to = isCollection(value) || isScalar(value) ? Math.max(from, value.range![1]) : from;
  const end = lineEnd(text, to);
  const kept = text.slice(to, end);
  return {
    at: from,
    length: end - from,
    text: `${kept}\n${blockItems(entries, INDENT, section).trimEnd()}`,
  };
}

function blockInsertion(
  text: string,
  list: YAMLSeq,
  section: EditedSection,
  entries: readonly NewEntry[],
): Insertion {
  const last = list.items.at(-1);
  const first = list.items[0];
  const at = lineEnd(text, endOf(last));
  const indent = ' '.repeat(columnOf(text, text.lastIndexOf('-', startOf(first))));
  const gap = section === 'devices' ? '\n' : '';
  return { at, length: 0, text: `\n${gap}${blockItems(entries, indent, section).trimEnd()}` };
}

/** Comments would end a flow list's line; its entries go without. */
function flowInsertion(text: string, list: YAMLSeq, entries: readonly NewEntry[]): Insertion {
  const at = endOf(list.items.at(-1));
  const indent = ' '.repeat(columnOf(text, startOf(list)) + 1);
  const items = entries.map(({ fields }) => `,\n${indent}{ ${flowFields(fields)} }`);
  return { at, length: 0, text: items.join('') };
}

function keyInsertion(text: string, device: YAMLMap, key: string, value: FieldValue): Insertion {
  const last = device.items.at(-1)!;
  const end = endOf(last.value) || endOf(last.key);
  if (device.flow) return { at: end, length: 0, text: `, ${key}: ${valueText(value)}` };
  const indent = ' '.repeat(columnOf(text, startOf(device.items[0]!.key)));
  return { at: lineEnd(text, end), length: 0, text: `\n${indent}${key}: ${valueText(value)}` };
}

/** Entries of a block list. Devices stand apart from each other; short things stand close. */
function blockItems(entries: readonly NewEntry[], indent: string, section: EditedSection): string {
  const gap = section === 'devices' ? '\n' : '';
  return entries.map((entry) => blockItem(entry, indent, section)).join(gap);
}

function blockItem({ comments, fields }: NewEntry, indent: string, section: EditedSection): string {
  const said = comments.map((comment) => `${indent}# ${comment}\n`).join('');
  if (section === 'sites' || section === 'links')
    return `${said}${indent}- { ${flowFields(fields)} }\n`;
  const lines = fields.map(([key, value], place) => {
    const lead = place === 0 ? '- ' : '  ';
    return `${indent}${lead}${key}: ${valueText(value)}\n`;
  });
  return said + lines.join('');
}

function flowFields(fields: NewEntry['fields']): string {
  return fields.map(([key, value]) => `${key}: ${valueText(value)}`).join(', ');
}

/** A value as it stands on a line, also within a flow collection. */
function valueText(value: FieldValue): string {
  const options = { collectionStyle: 'flow', lineWidth: 0, version: '1.2' } as const;
  if (typeof value === 'object') {
    return `[${value.map((item) => valueText(item)).join(', ')}]`;
  }
  // Quoted by the rules of a flow list, which are the stricter ones.
  return stringify([value], options).trim().replace(/^\[ ?/, '').replace(/ ?\]$/, '');
}

function startOf(node: unknown): number {
  return (node as { range?: readonly number[] } | null)?.range?.[0] ?? 0;
}

/** Of a block collection, the end of what it holds last: its own is behind the blank lines after it. */
function endOf(node: unknown): number {
  if (isCollection(node) && !node.flow) {
    const last = node.items.at(-1);
    return isPair(last) ? endOf(last.value) || endOf(last.key) : endOf(last);
  }
  return (node as { range?: readonly number[] } | null)?.range?.[1] ?? 0;
}

/** The end of the line on which a node ends; a block node's end is the beginning of the next one. */
function lineEnd(text: string, offset: number): number {
  const at = text[offset - 1] === '\n' ? offset - 1 : offset;
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end;
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1);
}
