import type { ReadingClass } from '../config/reading-class.ts';
import type { Work } from './evaluation-work.ts';
import { rowCount } from './plan/layout.ts';
import type { LaidOut } from './plan/relayout.ts';
import { numberAt } from './port-step.ts';
import { type PortTable, textIn } from './port-table.ts';

/** RFC 2863 ifAdminStatus. */
const ADMIN_DOWN = 2;
/** What an optic tells of its light; how warm it is counts also while it is dark. */
const OF_LIGHT: ReadonlySet<ReadingClass> = new Set<ReadingClass>(['dbm', 'current', 'voltage']);
/** `Ethernet1/25` and `Te1/1/1`, and not the number behind "fan". */
const PORT_NAME = /[a-z].*\d|\d\/\d/;

/**
 * Whether a sensor is of the optic in a port that an operator has shut: dark on purpose, so its limits say
 * nothing. The port is known by its name in the name of the sensor.
 */
export function isOfClosedPort(work: Work, readingClass: ReadingClass, sensor: string): boolean {
  if (!OF_LIGHT.has(readingClass)) return false;
  work.closedPorts ??= closedPorts(work);
  if (work.closedPorts.size === 0) return false;
  const words = sensor.toLowerCase().split(/[\s,()]+/);
  return words.some((word) => PORT_NAME.test(word) && work.closedPorts!.has(word));
}

function closedPorts({ polled, portsContext }: Work): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { tables } of polled.profiles) {
    for (const { ports } of tables) if (ports !== null) addClosed(names, ports, portsContext.laid);
  }
  return names;
}

function addClosed(names: Set<string>, { table, columns }: PortTable, laid: LaidOut): void {
  for (let row = 0; row < rowCount(table); row += 1) {
    if (numberAt(table, laid, columns.adminStatus, row) !== ADMIN_DOWN) continue;
    for (const column of [columns.name, columns.descr]) {
      names.add(textIn(table, laid, column, row).toLowerCase());
    }
  }
}
