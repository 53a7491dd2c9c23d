import { type BerWriter, writeRaw } from '../snmp/ber-writer.ts';
import { beginRequest, finishRequest } from '../snmp/request-template.ts';
import type { Question } from '../transport/dialect.ts';
import { type Course, newCourse } from './course.ts';
import { columnOf, type Layout, tableOf, UPTIME_CELL, writeNameOf } from './layout.ts';

/** A GET for a part of a course; it exists for the time of a poll. */
export class PlannedRequest implements Question {
  readonly operation = 'get';
  readonly layout: Layout;
  readonly course: Course;
  /** Its places in the course. */
  readonly from: number;
  readonly to: number;
  /** It asks for sysUpTime first. */
  readonly hasUptime: boolean;
  /** Octets that the varbinds of its reply are reckoned to take. */
  readonly octets: number;
  /** Which modules of `/snmp` it reads for. */
  readonly modules: number;

  constructor(
    layout: Layout,
    course: Course,
    from: number,
    to: number,
    hasUptime: boolean,
    octets: number,
    modules: number,
  ) {
    this.layout = layout;
    this.course = course;
    this.from = from;
    this.to = to;
    this.hasUptime = hasUptime;
    this.octets = octets;
    this.modules = modules;
  }

  get varbindCount(): number {
    return this.to - this.from + (this.hasUptime ? 1 : 0);
  }

  write(writer: BerWriter): number {
    const { ends, octets } = this.course;
    beginRequest(writer);
    if (this.to > this.from) {
      const start = this.from === 0 ? 0 : ends[this.from - 1]!;
      writeRaw(writer, octets, start, ends[this.to - 1]!);
    }
    if (this.hasUptime) writeNameOf(this.layout, UPTIME_CELL, writer);
    return finishRequest(writer, 'get', 0);
  }
}

/** The cells of a request in the order asked. */
export function cellsOf({ course, from, to, hasUptime }: PlannedRequest): number[] {
  const cells: number[] = hasUptime ? [UPTIME_CELL] : [];
  for (let place = from; place < to; place += 1) cells.push(course.cells[place]!);
  return cells;
}

/** A request for these cells. */
export function requestFor(
  layout: Layout,
  asked: readonly number[],
  octets: number,
): PlannedRequest {
  const hasUptime = asked[0] === UPTIME_CELL;
  const course = newCourse(layout, hasUptime ? asked.slice(1) : asked);
  const { length } = course.cells;
  const modules = modulesOf(layout, course.cells, hasUptime);
  return new PlannedRequest(layout, course, 0, length, hasUptime, octets, modules);
}

/** Which modules of `/snmp` these cells are read for, and sysUpTime with them. */
export function modulesOf(layout: Layout, cells: Iterable<number>, hasUptime: boolean): number {
  let modules = hasUptime ? layout.scalars[UPTIME_CELL]!.modules : 0;
  for (const cell of cells) {
    const table = tableOf(layout, cell);
    modules |=
      table === null
        ? layout.scalars[cell]!.modules
        : table.columns[columnOf(table, cell)]!.modules;
  }
  return modules;
}
