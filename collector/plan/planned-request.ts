import { beginRequest, finishRequest } from '../snmp/request-template.ts';
import type { Question } from '../transport/dialect.ts';
import {
  type CellList,
  cellList,
  columnOf,
  type Layout,
  rowOf,
  tableOf,
  writeNameOf,
} from './layout.ts';

/** A GET for certain cells. */
export interface PlannedRequest {
  readonly layout: Layout;
  /** In the order asked. */
  readonly cells: CellList;
  readonly question: Question;
  /** Octets that the varbinds of its reply are reckoned to take. */
  readonly octets: number;
  /** Which modules of `/snmp` it reads for. */
  readonly modules: number;
  /** One cell for each row whose counters the sysUpTime of the reply dates. */
  readonly datedCells: readonly number[];
}

/** A request for these cells. */
export function requestFor(
  layout: Layout,
  asked: readonly number[],
  octets: number,
): PlannedRequest {
  const cells = cellList(layout, asked);
  const datedCells: number[] = [];
  let modules = 0;
  let datedRow = -1;
  for (const cell of cells) {
    const table = tableOf(layout, cell);
    if (table === null) {
      modules |= layout.scalars[cell]!.modules;
      continue;
    }
    const column = table.columns[columnOf(table, cell)]!;
    modules |= column.modules;
    const row = rowOf(table, cell);
    if (!column.isDated || row === datedRow) continue;
    datedRow = row;
    datedCells.push(cell);
  }
  return { layout, cells, octets, modules, datedCells, question: questionFor(layout, cells) };
}

function questionFor(layout: Layout, cells: CellList): Question {
  return {
    operation: 'get',
    prepared: null,
    write(writer) {
      beginRequest(writer);
      for (let place = cells.length - 1; place >= 0; place -= 1) {
        writeNameOf(layout, cells[place]!, writer);
      }
      return finishRequest(writer, 'get', 0);
    },
  };
}
