import type { ExporterModule } from './exporter-module.ts';
import { EXPORTER_MODULES } from './exporter-modules.ts';

/** Modules as bits: which of them export an object, by the OID of the column or of the scalar's instance. */
const MASKS: ReadonlyMap<string, number> = masksOf(EXPORTER_MODULES);

function masksOf(modules: readonly ExporterModule[]): Map<string, number> {
  const masks = new Map<string, number>();
  modules.forEach(({ scalars, tables }, place) => {
    const add = (oid: string) => masks.set(oid, (masks.get(oid) ?? 0) | (1 << place));
    for (const { oid } of scalars) add(`${oid}.0`);
    for (const { columns, lookups } of tables) {
      for (const { oid } of [...columns, ...lookups]) add(oid);
    }
  });
  return masks;
}

/** Bit i is set when module i of EXPORTER_MODULES exports the column or scalar instance. */
export function moduleMask(oid: string): number {
  return MASKS.get(oid) ?? 0;
}
