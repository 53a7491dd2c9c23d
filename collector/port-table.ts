import type { TableDef } from '../config/profile.ts';
import { cleanText, deviceText } from '../lib/device-text.ts';
import type { ConditionMemory } from './condition-check.ts';
import { labelsText } from './exposition-writer.ts';
import { type Slots, slotsOf } from './kept-registry.ts';
import {
  type CellStore,
  cellValue,
  hasValue,
  isSameCell,
  isTextType,
  numberIn,
} from './plan/cell-store.ts';
import { CARE, cellAt, rowCount, type TablePlace } from './plan/layout.ts';
import type { LaidOut } from './plan/relayout.ts';
import { identifyPorts, type PortFacts, type PortMatch } from './port-identity.ts';
import { moveComponents, moveNames, type PortsMemory } from './ports-memory.ts';
import { type RowLabels, shareLabels } from './row-labels.ts';
import type { SeenPorts } from './seen-ports.ts';
import type { RejectedValueReason } from './self-metrics.ts';
import { shareTexts } from './shared-texts.ts';

/** Ports of a device as the present plan reads them: which port each row is, and where its values are. */
export interface PortTable {
  readonly table: TablePlace;
  readonly columns: PortColumns;
  named: NamedRows;
  /** `,if_name="Gi0/1"` of each row, and, for long lines, the rest of `interface_info`. */
  rowLabels: RowLabels;
  /** Polls for which the ports have been taken for granted. */
  polls: number;
}

/** Which port each row is; devices of one kind share most of it. */
export interface NamedRows {
  readonly labels: readonly string[];
  readonly aliases: readonly string[];
  /** Places of the ports in `RateMemory`. */
  readonly slots: Slots;
}

const NOT_NAMED: NamedRows = { labels: [], aliases: [], slots: new Uint16Array(0) };

/** Columns of a table by what they are; −1 for one that is not read. */
export interface PortColumns {
  readonly operStatus: number;
  readonly adminStatus: number;
  readonly highSpeed: number;
  readonly speed: number;
  readonly discontinuity: number;
  /** Of both directions, receive first. */
  readonly wideOctets: readonly [number, number];
  readonly narrowOctets: readonly [number, number];
  readonly errors: readonly [number, number];
  readonly discards: readonly [number, number];
  /** Unicast, multicast, broadcast of each direction: the 64-bit counter, and the 32-bit one. */
  readonly packets: readonly (readonly (readonly [wide: number, narrow: number])[])[];
  readonly name: number;
  readonly descr: number;
  readonly alias: number;
  readonly address: number;
  readonly type: number;
  /** What ports are told apart by. */
  readonly naming: readonly number[];
}

/** Polls after which ports are told apart anew although nothing changed: those long gone are forgotten then. */
const POLLS_BETWEEN_LOOKS = 60;
/** Of one profile; what devices answer could make more of them. */
const MOST_KINDS = 100;
const CASTS = ['Ucast', 'Multicast', 'Broadcast'] as const;

const columnsOf = new WeakMap<TableDef, Map<string, PortColumns>>();

/** Where the values of ports are in a table: the same for all tables of a profile of which the same is read. */
export function portColumns(table: TablePlace): PortColumns {
  let known = columnsOf.get(table.def);
  if (known === undefined) {
    known = new Map();
    columnsOf.set(table.def, known);
  }
  const key = table.care.join();
  let columns = known.get(key);
  if (columns === undefined) {
    if (known.size >= MOST_KINDS) known.clear();
    columns = findColumns(table);
    known.set(key, columns);
  }
  return columns;
}

function findColumns(table: TablePlace): PortColumns {
  const at = (name: string): number => {
    const column = table.columns.findIndex(({ def }) => def.name === name);
    const isRead = column !== -1 && table.care[column] !== CARE.lowHalf;
    return isRead && table.care[column] !== CARE.nothing ? column : -1;
  };
  const both = (name: (infix: string) => string) => [at(name('In')), at(name('Out'))] as const;
  const naming = ['ifName', 'ifDescr', 'ifAlias', 'ifPhysAddress', 'ifType'].map(at);
  const [name, descr, alias, address, type] = naming as [number, number, number, number, number];
  return {
    operStatus: at('ifOperStatus'),
    adminStatus: at('ifAdminStatus'),
    highSpeed: at('ifHighSpeed'),
    speed: at('ifSpeed'),
    discontinuity: at('ifCounterDiscontinuityTime'),
    wideOctets: both((infix) => `ifHC${infix}Octets`),
    narrowOctets: both((infix) => `if${infix}Octets`),
    errors: both((infix) => `if${infix}Errors`),
    discards: both((infix) => `if${infix}Discards`),
    packets: ['In', 'Out'].map((infix) =>
      CASTS.map(
        (cast) =>
          [
            at(`ifHC${infix}${cast}Pkts`),
            // Other 32-bit counters of packets are only read for /snmp.
            cast === 'Ucast' ? at(`if${infix}${cast}Pkts`) : -1,
          ] as const,
      ),
    ),
    name,
    descr,
    alias,
    address,
    type,
    naming: naming.filter((column) => column !== -1),
  };
}

/** What telling ports apart needs of a device, and changes. */
export interface PortNaming {
  readonly memory: PortsMemory;
  readonly seenUp: SeenPorts;
  readonly conditions: ConditionMemory;
  readonly nowMs: number;
  /** Ports without a row are gone; false when not all rows may be known. */
  readonly isComplete: boolean;
  /** Something by which ports are told apart may have changed since the poll before. */
  readonly areNamesFresh: boolean;
  readonly onRejected: (reason: RejectedValueReason) => void;
}

/** Tells which port each row is and labels it so. Returns what became of each; null: all are the same. */
export function nameRows(
  known: PortTable,
  laid: LaidOut,
  naming: PortNaming,
): readonly PortMatch[] | null {
  const { table } = known;
  known.polls += 1;
  const isSame =
    !naming.areNamesFresh &&
    known.polls < POLLS_BETWEEN_LOOKS &&
    known.named.labels.length === rowCount(table);
  if (isSame) return null;
  known.polls = 0;
  for (const column of [known.columns.name, known.columns.descr, known.columns.alias]) {
    const wrong = numbersAmongTexts(known, laid, column);
    for (let count = 0; count < wrong; count += 1) naming.onRejected('wrong-type');
  }
  const facts = table.rows.texts.map((index, row) => factsOf(known, laid, index, row));
  const { memory, nowMs, isComplete } = naming;
  const { matches, relabelled } = identifyPorts(memory.registry, facts, nowMs, isComplete);
  const { component } = table.def;
  const components = [...relabelled].map(
    ([old, now]) => [`${component}:${old}`, `${component}:${now}`] as const,
  );
  moveComponents(naming.conditions, new Map(components));
  const ports = matches.map(({ port }) => port);
  known.named = {
    labels: shareTexts(ports.map(({ label }) => label)),
    aliases: shareTexts(ports.map((port) => port.facts.alias)),
    slots: slotsOf(ports),
  };
  const seenUp = new Set(naming.seenUp);
  moveNames(seenUp, relabelled);
  naming.seenUp.place(seenUp, known.named.labels);
  labelRows(known, facts);
  return matches;
}

/** Whether two polls told the same of everything by which ports are told apart. */
export function areNamesSame(
  { table, columns }: PortTable,
  now: CellStore,
  before: CellStore,
): boolean {
  for (const column of columns.naming) {
    for (let row = 0; row < rowCount(table); row += 1) {
      if (!isSameCell(now, before, cellAt(table, column, row))) return false;
    }
  }
  return true;
}

function factsOf(
  { table, columns }: PortTable,
  laid: LaidOut,
  index: string,
  row: number,
): PortFacts {
  const type =
    columns.type === -1 ? Number.NaN : numberIn(laid.store, cellAt(table, columns.type, row));
  return {
    index,
    name: textIn(table, laid, columns.name, row),
    descr: textIn(table, laid, columns.descr, row),
    mac: macIn(table, laid, columns.address, row),
    alias: textIn(table, laid, columns.alias, row),
    type: Number.isNaN(type) ? null : type,
  };
}

/** The cleaned text of a cell; empty where there is none: a number is no name (RFC 2863 DisplayString). */
export function textIn(
  table: TablePlace,
  { store, arena }: LaidOut,
  column: number,
  row: number,
): string {
  if (column === -1) return '';
  const value = cellValue(store, arena, cellAt(table, column, row));
  return value instanceof Uint8Array ? deviceText(value) : '';
}

/** How many cells of a column of texts hold something that is no text. */
function numbersAmongTexts({ table }: PortTable, { store }: LaidOut, column: number): number {
  if (column === -1) return 0;
  let count = 0;
  for (let row = 0; row < rowCount(table); row += 1) {
    const cell = cellAt(table, column, row);
    if (hasValue(store, cell) && !isTextType(store.types[cell]!)) count += 1;
  }
  return count;
}

/** Hexadecimal; empty for none and for all zeros, which tell nothing apart. */
function macIn(table: TablePlace, { store, arena }: LaidOut, column: number, row: number): string {
  if (column === -1) return '';
  const value = cellValue(store, arena, cellAt(table, column, row));
  if (!(value instanceof Uint8Array) || value.every((octet) => octet === 0)) return '';
  return Buffer.from(value).toString('hex');
}

function labelRows(known: PortTable, facts: readonly PortFacts[]): void {
  const pieces: Buffer[] = [];
  const ends = new Uint32Array(facts.length * 2);
  let length = 0;
  facts.forEach(({ alias, index }, row) => {
    const port = Buffer.from(labelsText(['if_name'], [cleanText(known.named.labels[row]!)]));
    const rest = Buffer.from(labelsText(['if_alias', 'if_index'], [cleanText(alias), index]));
    ends[row * 2] = length + port.length;
    length += port.length + rest.length;
    ends[row * 2 + 1] = length;
    pieces.push(port, rest);
  });
  const labels = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    labels.set(piece, at);
    at += piece.length;
  }
  known.rowLabels = shareLabels({ labels, ends });
}

/** A table of ports whose rows are not told apart yet. */
export function newPortTable(table: TablePlace): PortTable {
  return {
    table,
    columns: portColumns(table),
    named: NOT_NAMED,
    rowLabels: { labels: new Uint8Array(0), ends: new Uint32Array(0) },
    polls: 0,
  };
}
