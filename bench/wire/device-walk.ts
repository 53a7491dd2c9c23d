import type { BerWriter } from '../../collector/snmp/ber-writer.ts';
import { compareOidOctets, isOidWithin, oidFromText } from '../../collector/snmp/oid-octets.ts';
import type { PduView } from '../../collector/snmp/pdu-view.ts';
import { beginRequest, finishRequest, writeName } from '../../collector/snmp/request-template.ts';
import { OCTET_STRING } from '../../collector/snmp/tags.ts';
import { PORT_COLUMNS } from '../network/port-columns.ts';

/** Room for rows of one column; a power of two above the ports of a device. */
const ROWS = 64;
/** Octets kept of a text, with one for its length. */
const TEXT_OCTETS = 32;
/** Room for one name of a column here. */
const NAME_OCTETS = 32;

const ROOTS = PORT_COLUMNS.map(({ oid }) => oidFromText(oid)!);
const COLUMNS = ROOTS.length;

/** One poll of one device: which columns are asked next, behind which names, and a table of what was read. */
export interface DeviceWalk {
  readonly address: string;
  /** Columns of the request under way, as numbers of PORT_COLUMNS. */
  active: number[];
  nextColumn: number;
  /** Where each column goes on. */
  readonly names: Uint8Array;
  readonly nameLengths: Uint8Array;
  /** By column, then row. */
  readonly numbers: Float64Array;
  readonly texts: Uint8Array;
}

/** A device of which nothing is read yet. */
export function newDeviceWalk(address: string): DeviceWalk {
  return {
    address,
    active: [],
    nextColumn: 0,
    names: new Uint8Array(COLUMNS * NAME_OCTETS),
    nameLengths: new Uint8Array(COLUMNS),
    numbers: new Float64Array(COLUMNS * ROWS),
    texts: new Uint8Array(COLUMNS * ROWS * TEXT_OCTETS),
  };
}

/** Turns to the next columns, from their roots; false when all have been read. */
export function turnToColumns(walk: DeviceWalk, columnsAtOnce: number): boolean {
  if (walk.nextColumn >= COLUMNS) return false;
  const end = Math.min(COLUMNS, walk.nextColumn + columnsAtOnce);
  walk.active = [];
  for (let column = walk.nextColumn; column < end; column += 1) {
    const root = ROOTS[column]!;
    walk.active.push(column);
    keepName(walk, column, root, 0, root.length);
  }
  walk.nextColumn = end;
  return true;
}

/** Writes the PDU that asks what follows in the active columns; gives the place of its request id. */
export function writeNext(
  walk: DeviceWalk,
  writer: BerWriter,
  requestId: number,
  maxRepetitions: number,
): number {
  beginRequest(writer);
  for (let place = walk.active.length - 1; place >= 0; place -= 1) {
    const column = walk.active[place]!;
    const at = column * NAME_OCTETS;
    writeName(writer, walk.names, at, at + walk.nameLengths[column]!);
  }
  return finishRequest(writer, 'get-bulk', requestId, { nonRepeaters: 0, maxRepetitions });
}

/**
 * Stores the varbinds of a response. Gives how many were of the columns asked for; columns that have
 * been read to their end are active no more.
 */
export function storeResponse(walk: DeviceWalk, pdu: PduView): number {
  const { active } = walk;
  const width = active.length;
  const { nameStarts, nameEnds } = pdu.columns;
  let stored = 0;
  let ended = 0;
  for (let place = 0; place < width; place += 1) {
    const column = active[place]!;
    const root = ROOTS[column]!;
    let row = place;
    for (; row < pdu.count; row += width) {
      if (!isOidWithin(root, pdu.octets, nameStarts[row]!, nameEnds[row]!)) break;
      store(walk, pdu, column, row, nameStarts[row]! + root.length);
      stored += 1;
    }
    const last = row - width;
    if (row < pdu.count || last < 0 || !isFurther(walk, column, pdu, last)) {
      active[place] = -1;
      ended += 1;
    } else keepName(walk, column, pdu.octets, nameStarts[last]!, nameEnds[last]!);
  }
  if (ended > 0) walk.active = active.filter((column) => column >= 0);
  return stored;
}

/** RFC 3416 §4.2.3: names increase; an agent that repeats itself would be walked for ever. */
function isFurther(walk: DeviceWalk, column: number, pdu: PduView, row: number): boolean {
  const at = column * NAME_OCTETS;
  const end = at + walk.nameLengths[column]!;
  const { nameStarts, nameEnds } = pdu.columns;
  const order = compareOidOctets(pdu.octets, nameStarts[row]!, nameEnds[row]!, walk.names, at, end);
  return order > 0;
}

function keepName(
  walk: DeviceWalk,
  column: number,
  octets: Uint8Array,
  start: number,
  end: number,
): void {
  const length = Math.min(NAME_OCTETS, end - start);
  const to = column * NAME_OCTETS;
  walk.nameLengths[column] = length;
  for (let offset = 0; offset < length; offset += 1) {
    walk.names[to + offset] = octets[start + offset]!;
  }
}

function store(walk: DeviceWalk, pdu: PduView, column: number, row: number, at: number): void {
  const cell = column * ROWS + (indexAt(pdu.octets, at, pdu.columns.nameEnds[row]!) & (ROWS - 1));
  if (pdu.columns.types[row] !== OCTET_STRING) {
    walk.numbers[cell] = pdu.columns.numbers[row]!;
    return;
  }
  const start = pdu.columns.valueStarts[row]!;
  const length = Math.min(TEXT_OCTETS - 1, pdu.columns.valueEnds[row]! - start);
  const to = cell * TEXT_OCTETS;
  walk.texts[to] = length;
  for (let offset = 0; offset < length; offset += 1) {
    walk.texts[to + 1 + offset] = pdu.octets[start + offset]!;
  }
}

function indexAt(octets: Uint8Array, start: number, end: number): number {
  let index = 0;
  for (let at = start; at < end; at += 1) index = index * 128 + (octets[at]! & 0x7f);
  return index;
}

/** The value of a port as text, the way snmpbulkwalk -Oe prints it. */
export function valueText(walk: DeviceWalk, column: number, port: number): string {
  const cell = column * ROWS + port;
  if (PORT_COLUMNS[column]!.kind !== 'text') return String(walk.numbers[cell]);
  const at = cell * TEXT_OCTETS;
  return Buffer.from(walk.texts.subarray(at + 1, at + 1 + walk.texts[at]!)).toString();
}
