import { newBerWriter, startWriting, writtenOctets } from '../snmp/ber-writer.ts';
import { InternPool } from './intern-pool.ts';
import {
  type CellList,
  cellList,
  columnOf,
  isNameOf,
  type Layout,
  rowOf,
  tableOf,
  writeNameOf,
} from './layout.ts';

/**
 * Cells in the order in which they are asked for, and what asks for them, ready to be sent: devices
 * of one kind share it, however many they are. Never changed.
 */
export interface Course {
  readonly cells: CellList;
  /** RFC 3416 §3: a varbind with the name of each cell and no value, one after the other. */
  readonly octets: Uint8Array;
  /** Where the varbind of each cell ends. */
  readonly ends: Uint32Array;
  /** Places of cells whose rows' counters the sysUpTime of the reply dates: one for each row. */
  readonly datedPlaces: Uint32Array;
}

/** What most courses fit; it grows for those that are longer. */
const FIRST_CAPACITY = 64 * 1024;
/** A writer that is larger is not kept for the courses to come. */
const MOST_KEPT_CAPACITY = 1024 * 1024;
let writer = newBerWriter(FIRST_CAPACITY);

/** A course over these cells. */
export function newCourse(layout: Layout, asked: readonly number[]): Course {
  const cells = cellList(layout, asked);
  const ends = new Uint32Array(cells.length);
  while (!writeNames(layout, cells, ends)) writer = newBerWriter(2 * writer.octets.length);
  for (let place = 0; place < ends.length; place += 1) ends[place]! -= writer.at;
  const octets = new Uint8Array(writtenOctets(writer));
  if (writer.octets.length > MOST_KEPT_CAPACITY) writer = newBerWriter(FIRST_CAPACITY);
  return { cells, octets, ends, datedPlaces: datedPlacesOf(layout, cells) };
}

/** Writes from the last to the first, and notes where in the writer each ends; false when it is too small. */
function writeNames(layout: Layout, cells: CellList, ends: Uint32Array): boolean {
  startWriting(writer);
  for (let place = cells.length - 1; place >= 0; place -= 1) {
    ends[place] = writer.at;
    writeNameOf(layout, cells[place]!, writer);
  }
  return !writer.hasOverflowed;
}

function datedPlacesOf(layout: Layout, cells: CellList): Uint32Array {
  const places: number[] = [];
  let before = -1;
  for (let place = 0; place < cells.length; place += 1) {
    const row = datedRowOf(layout, cells[place]!);
    if (row === -1 || row === before) continue;
    before = row;
    places.push(place);
  }
  return Uint32Array.from(places);
}

/** The row whose rates the cell belongs to, by its cell in the first column; −1 for any other cell. */
export function datedRowOf(layout: Layout, cell: number): number {
  const table = tableOf(layout, cell);
  if (table === null || !table.columns[columnOf(table, cell)]!.isDated) return -1;
  return table.firstCell + rowOf(table, cell);
}

const SHORT_LENGTH = 0x80;
/** Headers of the varbind and of its name; the NULL behind it. */
const LEAD_OCTETS = 4;
const NULL_OCTETS = 2;

/** Whether `octets[start..end)` is the name of the cell at that place. */
export function isNameAt(
  layout: Layout,
  course: Course,
  place: number,
  octets: Uint8Array,
  start: number,
  end: number,
): boolean {
  const { octets: own, ends } = course;
  const varbindAt = place === 0 ? 0 : ends[place - 1]!;
  if (own[varbindAt + 1]! >= SHORT_LENGTH) {
    return isNameOf(layout, course.cells[place]!, octets, start, end);
  }
  const first = varbindAt + LEAD_OCTETS;
  let at = ends[place]! - NULL_OCTETS;
  if (end - start !== at - first) return false;
  // From the end: instances that are mixed up differ there.
  for (let other = end - 1; other >= start; other -= 1) {
    at -= 1;
    if (octets[other] !== own[at]) return false;
  }
  return true;
}

const pool = new InternPool<Course>(({ octets, cells }) => [octets, cells]);

/** The course that all devices with these cells and names share. */
export function sharedCourse(course: Course): Course {
  return pool.share(course);
}
