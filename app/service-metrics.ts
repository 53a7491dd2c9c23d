import { Gauge, type Registry } from 'prom-client';
import { SERVICE_METRICS } from '../dashboards/metrics.ts';

export interface ServiceMetrics {
  readonly configReloadSuccessful: Gauge;
}

/** Registers what the program as a whole says about itself. */
export function createServiceMetrics(registry: Registry, version: string): ServiceMetrics {
  const { buildInfo, configReloadSuccessful } = SERVICE_METRICS;
  const registers = [registry];
  const build = new Gauge({
    name: buildInfo.name,
    help: buildInfo.help,
    labelNames: [...buildInfo.labels],
    registers,
  });
  build.set({ version, node: process.versions.node }, 1);
  const reload = new Gauge({
    name: configReloadSuccessful.name,
    help: configReloadSuccessful.help,
    registers,
  });
  reload.set(1);
  return { configReloadSuccessful: reload };
}
