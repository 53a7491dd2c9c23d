import type { ReadingClass } from '../config/reading-class.ts';
import type { Work } from './evaluation-work.ts';
import { rowCount } from './plan/layout.ts';
import type { LaidOut } from './plan/relayout.ts';
import { numberAt } from './port-step.ts';
import { type PortTable, textIn } from './port-table.ts';

/** RFC 2863 ifAdminStatus and ifOperStatus. */
const ADMIN_DOWN = 2;
const OPER_UP = 1;
/** What an optic tells of its light, in dBm or in watts; how warm it is counts also while it is dark. */
const OF_LIGHT: readonly ReadingClass[] = ['dbm', 'power', 'current', 'voltage'];
/** `Ethernet1/25` and `Te1/1/1`, and not the number behind "fan". */
const PORT_NAME = /[a-z].*\d|\d\/\d/;

/**
 * Whether a sensor is of the optic in a port that nobody uses, so that its limits say nothing: an operator
 * has shut it, or it has never been up and the configuration does not name it. The port is known by its name
 * in the name of the sensor.
 */
export function isOfUnusedPort(work: Work, readingClass: ReadingClass, sensor: string): boolean {
  if (!OF_LIGHT.includes(readingClass)) return false;
  work.unusedPorts ??= unusedPorts(work);
  if (work.unusedPorts.size === 0) return false;
  const words = sensor.toLowerCase().split(/[\s,()]+/);
  return words.some((word) => PORT_NAME.test(word) && work.unusedPorts!.has(word));
}

function unusedPorts({ polled, portsContext, memory }: Work): ReadonlySet<string> {
  const names = new Set<string>();
  // The names of the poll before: sensors may be told of before the ports are.
  const used = new Set([...memory.seenUp, ...portsContext.namedPorts]);
  for (const { tables } of polled.profiles) {
    for (const { ports } of tables) {
      if (ports !== null) addUnused(names, ports, portsContext.laid, used);
    }
  }
  return names;
}

function addUnused(
  names: Set<string>,
  { table, columns, named }: PortTable,
  laid: LaidOut,
  used: ReadonlySet<string>,
): void {
  for (let row = 0; row < rowCount(table); row += 1) {
    const own = [columns.name, columns.descr].map((column) => textIn(table, laid, column, row));
    const isShut = numberAt(table, laid, columns.adminStatus, row) === ADMIN_DOWN;
    const isUp = numberAt(table, laid, columns.operStatus, row) === OPER_UP;
    const isUsed = isUp || [named.labels[row] ?? '', ...own].some((name) => used.has(name));
    if (isShut || !isUsed) for (const name of own) names.add(name.toLowerCase());
  }
}
