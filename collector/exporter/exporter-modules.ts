import type { ExporterModule } from './exporter-module.ts';
import { IF_MIB_MODULE } from './if-mib-module.ts';
import { SYSTEM_MODULE } from './system-module.ts';
import { UPS_MIB_MODULE } from './ups-mib-module.ts';

/** Every module that `/snmp` can be asked for. */
export const EXPORTER_MODULES: readonly ExporterModule[] = [
  IF_MIB_MODULE,
  SYSTEM_MODULE,
  UPS_MIB_MODULE,
];

/** The module of that name, or null when there is none. */
export function findExporterModule(name: string): ExporterModule | null {
  return EXPORTER_MODULES.find((module) => module.name === name) ?? null;
}
