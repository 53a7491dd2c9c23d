import { Registry } from 'prom-client';
import { createInbox } from '../../alerting/channels/inbox.ts';
import { EngineShell, type EngineShellOptions } from '../../alerting/engine-shell.ts';
import type { DomainEvent } from '../../alerting/events.ts';
import { createPageSender } from '../../alerting/page-sender.ts';
import { createEngineMetrics } from '../../alerting/self-metrics.ts';
import { createSenderMetrics } from '../../alerting/sender-metrics.ts';
import type { Topology } from '../../alerting/topology.ts';
import type { Config } from '../../config/model.ts';
import { silentLogger } from '../../lib/logger.ts';
import type { World } from '../../lib/world.ts';

export type SimWorld = Pick<World<DomainEvent>, 'clock' | 'random' | 'http' | 'mail' | 'journal'>;

/** The real engine and the real sender in one simulated process. */
export interface SimulatedService {
  readonly engine: EngineShell;
  /** The journal failed: the process stops itself. */
  readonly hasFailed: () => boolean;
}

export type SimulatedStart = NonNullable<EngineShellOptions['start']>;

export function startSimulated(
  world: SimWorld,
  topology: Topology,
  config: Config,
  start: SimulatedStart | null,
  incidentsPerTick: number,
): SimulatedService {
  const registry = new Registry();
  let failed = false;
  const engine = new EngineShell({
    ...world,
    log: silentLogger,
    metrics: createEngineMetrics(registry),
    version: 'simulated',
    start,
    incidentsPerTick,
    onReplay: () => {},
    onProbe: () => {},
    onFatal: () => {
      failed = true;
    },
  });
  const sender = createPageSender({
    ...world,
    host: engine,
    getConfig: () => config,
    inbox: createInbox(),
    log: silentLogger,
    metrics: createSenderMetrics(registry),
  });
  sender.start();
  engine.submit({ kind: 'topology', topology });
  engine.start();
  return { engine, hasFailed: () => failed };
}
