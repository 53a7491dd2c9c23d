import { Counter, Gauge, type Registry } from 'prom-client';
import { DELIVERY_METRICS } from '../reports/metrics.ts';

export interface ReportMetrics {
  readonly deliveries: Counter<'result'>;
  readonly undelivered: Gauge;
}

/** Registers what is counted of reports that are mailed. Throws when the registry already has it. */
export function createReportMetrics(registry: Registry): ReportMetrics {
  const { deliveries, undelivered } = DELIVERY_METRICS;
  const registers = [registry];
  const counter = new Counter({
    ...{ name: deliveries.name, help: deliveries.help, registers },
    labelNames: [...deliveries.labels],
  });
  for (const result of ['accepted', 'temporary', 'permanent']) counter.inc({ result }, 0);
  return {
    deliveries: counter,
    undelivered: new Gauge({ name: undelivered.name, help: undelivered.help, registers }),
  };
}
