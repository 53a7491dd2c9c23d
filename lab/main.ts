import dgram from 'node:dgram';
import { systemClock } from '../lib/clock.ts';
import { createLogger } from '../lib/logger.ts';
import { seededRandom } from '../lib/random.ts';
import { type Lab, startLab } from './lab.ts';
import type { FromLab, LabAnswer, LabAsk, ToLab } from './process-messages.ts';

/** The same traffic in every run, so that a restarted lab goes on counting where it was. */
const TRAFFIC_SEED = 999;

let lab: Lab | null = null;

function tell(message: FromLab): void {
  process.send?.(message);
}

async function start(message: ToLab & { readonly kind: 'start' }): Promise<void> {
  const started = await startLab({
    devices: message.devices,
    credentials: new Map(message.credentials),
    clock: systemClock,
    random: seededRandom(TRAFFIC_SEED),
    network: dgram,
    log: createLogger({ level: 'warn', pretty: false }),
    onAction: (action) => tell({ kind: 'action', action }),
  });
  if (!started.ok) return tell({ kind: 'not-started', problem: started.problem });
  lab = started.lab;
  if (message.playStory) lab.replayStory();
  tell({ kind: 'started', ports: [...lab.ports] });
}

function answer(ask: LabAsk): LabAnswer {
  if (lab === null) return { ok: false, problem: 'the lab has not started yet' };
  if (ask.verb === 'act') {
    const problem = lab.act(ask.action);
    if (problem !== null) return { ok: false, problem };
  }
  if (ask.verb === 'story') lab.replayStory();
  if (ask.verb === 'restore-all') lab.restoreAll();
  return { ok: true, status: lab.status() };
}

process.on('message', (message: ToLab) => {
  if (message.kind === 'start') void start(message);
  else tell({ kind: 'answer', id: message.id, answer: answer(message.ask) });
});

// The channel closes when the service ends, however it ends; nothing may be left behind.
process.on('disconnect', () => process.exit(0));
// An interrupt at the terminal reaches the whole group; the service decides when the lab ends.
process.on('SIGINT', () => {});
