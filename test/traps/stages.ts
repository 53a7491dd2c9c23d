import { EventEmitter, once } from 'node:events';
import { Registry } from 'prom-client';
import { EngineShell } from '../../alerting/engine-shell.ts';
import type { DomainEvent } from '../../alerting/events.ts';
import { createEngineMetrics } from '../../alerting/self-metrics.ts';
import { topologyOf } from '../../alerting/topology-of.ts';
import { openThreadedSocket } from '../../collector/traps/threaded-socket.ts';
import { TrapReceiver } from '../../collector/traps/trap-receiver.ts';
import type { Config } from '../../config/model.ts';
import { systemClock } from '../../lib/clock.ts';
import type { Journal } from '../../lib/journal.ts';
import { type Logger, silentLogger } from '../../lib/logger.ts';
import { seededRandom } from '../../lib/random.ts';
import { watch } from '../collector/collector-fixtures.ts';

type EventOf<Type extends DomainEvent['type']> = Extract<DomainEvent, { type: Type }>;

/** Collector, engine and trap receiver around a journal, as the service wires them. */
export async function startStages(
  config: Config,
  journal: Journal<DomainEvent>,
  log: Logger = silentLogger,
) {
  const events: DomainEvent[] = [];
  const told = new EventEmitter();
  const registry = new Registry();
  const engine = new EngineShell({
    ...{ journal, clock: systemClock, random: seededRandom(1), log: silentLogger },
    metrics: createEngineMetrics(registry),
    version: '0.0.0',
    onProbe: () => {},
    onReplay: () => {},
    onFatal: () => {},
  });
  engine.subscribe((entries) => {
    events.push(...entries.map(({ event }) => event));
    told.emit('event');
  });
  const { collector, registry: polled } = watch({
    config,
    onObservation: (observation) => {
      engine.submit({ kind: 'observation', observation });
      if (observation.conditions !== null) told.emit('full poll');
    },
  });
  const traps = new TrapReceiver({
    clock: systemClock,
    random: seededRandom(1),
    openSocket: openThreadedSocket,
    log,
    registry,
    config,
    engineStore: { load: () => null, save: () => {} },
    pollNow: (deviceId) => collector.pollNow(deviceId),
    engineIdOf: (deviceId) => collector.engineIdOf(deviceId),
    engineTimeOf: (deviceId) => collector.engineTimeOf(deviceId),
    record: (notification) => engine.record({ kind: 'notification', notification }),
    readProc: () => null,
  });
  engine.submit({ kind: 'topology', topology: topologyOf(config) });
  engine.start();
  const fullPoll = () => once(told, 'full poll');
  const firstPoll = fullPoll();
  collector.start();
  await traps.start();
  return {
    collector,
    events,
    /** Metrics of engine and trap receiver, and of the collector. */
    registry,
    polled,
    fullPoll,
    firstPoll,
    port: traps.listening!.port,
    async event<Type extends DomainEvent['type']>(type: Type): Promise<EventOf<Type>> {
      for (;;) {
        const found = events.find((event) => event.type === type);
        if (found !== undefined) return found as EventOf<Type>;
        await once(told, 'event');
      }
    },
    async [Symbol.asyncDispose]() {
      await traps.stop();
      collector.stop();
      await engine.stop();
    },
  };
}
