import { SECOND } from '../../lib/time.ts';
import { deviceAddress, PORT_COLUMNS, PORTS } from '../network/port-columns.ts';
import { runProgram, runWorker } from '../processes.ts';
import { findProgram } from '../programs.ts';
import type { PollTask } from './poll-task.ts';

/** What the values of one device look like beside those that Debian's snmpbulkwalk prints. */
export interface ValueComparison {
  readonly same: number;
  /** Counters that snmpbulkwalk, which asks later, saw a little higher. */
  readonly grown: number;
  readonly different: number;
}

/** Any device will do; not the first, whose address is the easiest to get right. */
const PLACE = 6;
const TIMEOUT_MS = 20 * SECOND;
/** The agent's fastest counter grows by this much in a millisecond. */
const MOST_GROWTH_PER_MS = 0x1ffff;
const MOST_APART_MS = 20 * SECOND;
const OPTIONS = ['-v2c', '-c', 'public', '-m', '', '-OQUn', '-Oe', '-Ot'];

/** Polls one device in the shape of the task and by snmpbulkwalk; or says what is missing. */
export async function compareValues(
  task: PollTask,
): Promise<ValueComparison | { readonly why: string }> {
  const walker = findProgram('snmpbulkwalk');
  if (!walker.ok) return { why: `values are not compared: ${walker.why}` };
  const poller = new URL('./transport-poller.ts', import.meta.url);
  const own = { ...task, devices: PLACE + 1, dumpDevice: PLACE };
  const { values } = await runWorker<{ values: string[][] }>(poller, own);
  const tally = { same: 0, grown: 0, different: 0 };
  for (const [place, column] of PORT_COLUMNS.entries()) {
    const peer = `${deviceAddress(PLACE)}:${task.port}`;
    const text = await runProgram(walker.path, [...OPTIONS, peer, column.oid], {
      timeoutMs: TIMEOUT_MS,
    });
    const theirs = new Map(
      [...text.matchAll(/\.(\d+) = "?(.*?)"?$/gm)].map(([, port, value]) => [Number(port), value]),
    );
    for (let port = 1; port <= PORTS; port += 1) {
      const ours = values[place]![port - 1]!;
      tally[verdict(ours, theirs.get(port), column.kind === 'counter')] += 1;
    }
  }
  return tally;
}

function verdict(
  ours: string,
  theirs: string | undefined,
  isCounter: boolean,
): keyof ValueComparison {
  if (ours === theirs) return 'same';
  const growth = Number(theirs) - Number(ours);
  const isGrown = isCounter && growth > 0 && growth < MOST_GROWTH_PER_MS * MOST_APART_MS;
  return isGrown ? 'grown' : 'different';
}
