import dgram from 'node:dgram';
import { parentPort } from 'node:worker_threads';
import {
  type HostileAgent,
  type SpokenVersion,
  startHostileAgent,
} from '../../lab/hostile/agent.ts';
import { HOSTILE_MODES } from '../../lab/hostile/catalog.ts';
import { systemClock } from '../../lib/clock.ts';
import { seededRandom } from '../../lib/random.ts';

/** What the thread tells about its agents: at the start, and whenever it is asked. */
export interface ToldAgent {
  readonly name: string;
  readonly speaks: SpokenVersion;
  readonly port: number;
  readonly askCount: number;
}

const world = { clock: systemClock, random: seededRandom(40), network: dgram };
const agents: HostileAgent[] = [];
for (const mode of HOSTILE_MODES) agents.push(await startHostileAgent({ ...world, mode }));

function tell(): void {
  const told = agents.map(({ mode: { name, speaks }, port, askCount }): ToldAgent => {
    return { name, speaks, port, askCount };
  });
  parentPort!.postMessage(told);
}

parentPort!.on('message', tell);
tell();
