import type { ScalarDef } from '../config/profile.ts';
import type { ScalarMemory } from './device-memory.ts';
import { isMissing } from './reading.ts';
import type { Varbind } from './snmp-client.ts';
import { POLLS_BETWEEN_RARE_READS } from './table-poll.ts';
import { type Reading, readScalars, type ScalarsRead } from './table-reader.ts';

/**
 * Reads scalars: what changes in every poll, what rarely changes only after a restart of the agent
 * (`isFresh`) or after a while. What this poll knows already is not asked for again.
 */
export async function pollScalars(
  scalars: readonly ScalarDef[],
  memory: ScalarMemory,
  reading: Reading,
  isFresh: boolean,
  known: readonly Varbind[],
): Promise<ScalarsRead> {
  memory.pollsSinceRare += 1;
  if (isFresh || memory.pollsSinceRare >= POLLS_BETWEEN_RARE_READS) {
    memory.rare.clear();
    memory.pollsSinceRare = 0;
  }
  const varbinds = new Map(
    known.filter((varbind) => !isMissing(varbind)).map((varbind) => [varbind.oid, varbind]),
  );
  const rareOids = new Set(scalars.filter(({ rarelyChanges }) => rarelyChanges).map(oidOf));
  const wanted = new Set(scalars.map(oidOf));
  const read = await readScalars(
    reading,
    [...wanted].filter((oid) => !varbinds.has(oid) && !memory.rare.has(oid)),
  );
  for (const [oid, varbind] of read.varbinds) {
    varbinds.set(oid, varbind);
    if (rareOids.has(oid)) memory.rare.set(oid, varbind);
  }
  for (const [oid, varbind] of memory.rare) if (!varbinds.has(oid)) varbinds.set(oid, varbind);
  return { ...read, varbinds };
}

function oidOf({ oid }: ScalarDef): string {
  return oid;
}
