import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Readable } from 'node:stream';
import { ownPeakMemoryMb } from '../cpu-time.ts';
import { runProgram, tell } from '../processes.ts';
import { OTHER_CORE } from '../programs.ts';

export interface ExpositionTask {
  readonly series: number;
  readonly scrapes: number;
}

export interface RenderCosts {
  readonly series: number;
  readonly octets: number;
  /** For each poll: keeping a value, ready to be sent. */
  readonly storeNs: number;
  /** For each scrape. */
  readonly renderNs: number;
}

export interface ExpositionResult extends RenderCosts {
  /** The longest time in which nothing else could happen during a scrape, the least of several scrapes. */
  readonly blockedMs: number;
  readonly memoryMb: number;
}

const NANOSECONDS_PER_MS = 1_000_000;
/** The monitor's own rhythm, which it counts in. */
const RESOLUTION_MS = 1;
const READER = `
const answer = await fetch(process.argv[1]);
let octets = 0;
for await (const piece of answer.body) octets += piece.length;
console.log(octets);
`;

/** Serves the text over HTTP to a reader on another core, watches the event loop meanwhile, and tells. */
export async function serveAndTell(
  task: ExpositionTask,
  costs: RenderCosts,
  text: () => Readable | Promise<Readable>,
): Promise<void> {
  const server = createServer(async (_, response) => {
    (await text()).pipe(response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let blockedMs = Number.POSITIVE_INFINITY;
  for (let scrape = 0; scrape < task.scrapes; scrape += 1) {
    const monitor = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
    monitor.enable();
    const args = ['--input-type=module', '-e', READER, url];
    const octets = Number(await runProgram(process.execPath, args, { core: OTHER_CORE }));
    monitor.disable();
    if (octets !== costs.octets) throw new Error(`${octets} octets came of ${costs.octets}`);
    blockedMs = Math.min(blockedMs, monitor.max / NANOSECONDS_PER_MS - RESOLUTION_MS);
  }
  server.close();
  const result: ExpositionResult = {
    ...costs,
    blockedMs: Math.max(0, blockedMs),
    memoryMb: ownPeakMemoryMb(),
  };
  tell(result);
}
