import type { MessagePort } from 'node:worker_threads';
import type { Clock } from '../../lib/clock.ts';
import { createLineLogger, type Logger, type LogLevel } from '../../lib/logger.ts';
import type { Random } from '../../lib/random.ts';
import type { Network } from '../../lib/world.ts';
import { createCollector, type LocalCollector } from '../collector.ts';
import { configOf } from './config-message.ts';
import type { Answer, Question, ToThread } from './messages.ts';
import { Outbox } from './outbox.ts';

/** The way to the main thread: `parentPort` of node:worker_threads. */
export type MainThread = Pick<MessagePort, 'postMessage' | 'on'>;

/** What a thread polls with: made in the thread, because none of it can be sent there. */
export interface ThreadWorld {
  readonly clock: Clock;
  readonly random: Random;
  readonly network: Network;
  /** See `CollectorDeps`. */
  readonly readProc: (path: string) => string | null;
  readonly logLevel: LogLevel;
}

/** Polls as the main thread says, and tells it what comes of it; ends with the thread. */
export function servePollerThread(main: MainThread, world: ThreadWorld): void {
  const outbox = new Outbox(
    (message, transfer) => main.postMessage(message, [...transfer]),
    world.clock,
  );
  const log = createLineLogger(world.logLevel, (line) => outbox.said(line));
  let collector: LocalCollector | null = null;
  main.on('message', (message: ToThread) => {
    switch (message.kind) {
      case 'start':
        collector = startCollector(message, world, outbox, log);
        return;
      case 'reconfigure':
        collector?.reconfigure(configOf(message.config));
        return;
      case 'ask':
        void answerTo(message.question, collector, log).then((answer) =>
          outbox.answered(message.id, answer),
        );
        return;
      case 'taken':
        outbox.taken();
        return;
      case 'stop':
        collector?.stop();
        outbox.close();
        return;
    }
  });
}

function startCollector(
  { config: message, learned, held }: Extract<ToThread, { kind: 'start' }>,
  { clock, random, network, readProc }: ThreadWorld,
  outbox: Outbox,
  log: Logger,
): LocalCollector {
  const config = configOf(message);
  const collector = createCollector({
    ...{ clock, random, network, readProc, config, log },
    profiles: config.profiles,
    selfMetrics: outbox.recorded.metrics,
    learned: { load: () => learned, save: (text) => outbox.learned(text) },
    held: {
      of: (deviceId) => held.get(deviceId) ?? [],
      note: (deviceId, ports, areNew) => outbox.held(deviceId, ports, areNew),
      flush: () => {},
    },
    onObservation: (observation) => outbox.observed(observation),
    onShown: (deviceId, shown) => outbox.shows(deviceId, shown),
  });
  collector.start();
  return collector;
}

/** A defect in showing one device must not end the polling of all others. */
async function answerTo(
  question: Question,
  collector: LocalCollector | null,
  log: Logger,
): Promise<Answer> {
  const { deviceId } = question;
  if (collector === null) return null;
  try {
    switch (question.kind) {
      case 'detail':
        return collector.view.detail(deviceId);
      case 'explain':
        return collector.view.explain(deviceId);
      case 'snmp':
        return octetsOf(collector.view.renderSnmp(deviceId, question.modules));
      case 'poll':
        return await collector.pollNow(deviceId);
    }
  } catch (error) {
    const place = error instanceof Error ? error.stack : String(error);
    log.error({ deviceId, question: question.kind, place }, 'a device is not shown by a defect');
    return null;
  }
}

function octetsOf(pieces: Iterable<string> | null): Uint8Array | null {
  return pieces === null ? null : new TextEncoder().encode([...pieces].join(''));
}
