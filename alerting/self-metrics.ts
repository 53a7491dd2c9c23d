import { Counter, Histogram, type Registry } from 'prom-client';
import { TIERS } from '../config/model.ts';
import { SECOND } from '../lib/time.ts';
import type { DomainEvent } from './events.ts';
import { ALERTING_SELF_METRICS } from './metrics.ts';
import { type EngineState, openedThisTimeAt } from './state.ts';

/** Bounds around the response targets of 15, 30 and 60 minutes. */
const RESPONSE_BUCKETS_SECONDS = [30, 60, 180, 300, 450, 720, 900, 1440, 1800, 2880, 3600, 7200];
const RESTORE_BUCKETS_SECONDS = [60, 300, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400, 259_200];
const WORK_BUCKETS_SECONDS = [0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5];

/** Counters and histograms that the engine keeps about itself and the responses it saw. */
export interface EngineMetrics {
  readonly tickDuration: Histogram;
  readonly appendDuration: Histogram;
  readonly journalEntries: Counter;
  readonly inputsDropped: Counter;
  /** Takes in one durable event; `before` is the state it is about to change. */
  observe(before: EngineState, event: DomainEvent): void;
}

/** Registers the engine's own metrics, every tier at 0 from the start: a first breach must show as an increase. */
export function createEngineMetrics(registry: Registry): EngineMetrics {
  const defs = ALERTING_SELF_METRICS;
  const registers = [registry];
  const histogram = (
    def: { name: string; help: string; labels: readonly string[] },
    buckets: number[],
  ) =>
    new Histogram({
      name: def.name,
      help: def.help,
      labelNames: [...def.labels],
      buckets,
      registers,
    });
  const counter = (def: { name: string; help: string; labels: readonly string[] }) =>
    new Counter({ name: def.name, help: def.help, labelNames: [...def.labels], registers });

  const responses = counter(defs.responses);
  const clockSteps = counter(defs.clockSteps);
  for (const direction of ['ahead', 'back']) clockSteps.inc({ direction }, 0);
  const ackDuration = histogram(defs.ackDuration, RESPONSE_BUCKETS_SECONDS);
  const restoreDuration = histogram(defs.restoreDuration, RESTORE_BUCKETS_SECONDS);
  for (const tier of TIERS) {
    for (const result of ['met', 'breached']) responses.inc({ tier, result }, 0);
    ackDuration.zero({ tier: String(tier) });
    restoreDuration.zero({ tier: String(tier) });
  }

  return {
    tickDuration: histogram(defs.engineTickDuration, WORK_BUCKETS_SECONDS),
    appendDuration: histogram(defs.journalAppendDuration, WORK_BUCKETS_SECONDS),
    journalEntries: counter(defs.journalEntries),
    inputsDropped: counter(defs.inputsDropped),
    observe(before, event) {
      if (event.type === 'clock-stepped')
        clockSteps.inc({ direction: event.byMs > 0 ? 'ahead' : 'back' });
      if (!('incidentId' in event)) return;
      const incident = before.incidents.get(event.incidentId);
      if (incident === undefined) return;
      const tier = incident.tier;
      if (event.type === 'response-breached') responses.inc({ tier, result: 'breached' });
      if (event.type === 'incident-acknowledged') {
        if (incident.breachedAt === null) responses.inc({ tier, result: 'met' });
        ackDuration.observe({ tier }, (event.at - incident.clockStartedAt) / SECOND);
      }
      if (event.type === 'incident-resolved' && event.reason !== 'removed') {
        restoreDuration.observe({ tier }, (event.at - openedThisTimeAt(incident)) / SECOND);
      }
    },
  };
}
