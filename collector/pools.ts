import type { PoolDef } from '../config/profile.ts';
import { addSample, type Speaker, type Work } from './evaluation-work.ts';
import { titleOf } from './reading-source.ts';
import { holds } from './tests-of-values.ts';

/** Memory or a disk. */
export interface PoolDetail {
  readonly kind: PoolDef['kind'];
  readonly name: string;
  readonly usedBytes: number | null;
  readonly sizeBytes: number | null;
  readonly usedRatio: number | null;
  /** Of the object that says how much is in use, or free. */
  readonly oid: string;
  readonly profileId: string;
}

const METRICS = {
  memory: { stem: 'memory_pool', label: 'pool' },
  storage: { stem: 'storage', label: 'storage' },
} as const;

/** Exports what fills, as far as the values tell it; of two profiles that name one alike, the first. */
export function evaluatePools(
  work: Work,
  defs: readonly PoolDef[],
  speaker: Speaker,
  oidOf: (name: string) => string | undefined,
): void {
  for (const def of defs) {
    if (def.when !== null && !holds(def.when, speaker.lookup, false)) continue;
    const standard = speaker.component === null ? 'main' : speaker.rowName;
    const name = titleOf(def.title, standard, speaker.rowName, speaker.lookup);
    const told = amounts(def, speaker);
    if (told === null) continue;
    const isTold = work.pools.some((pool) => pool.kind === def.kind && pool.name === name);
    if (isTold) continue;
    const named = [def.ratio, def.used, def.free, def.size];
    const oid = named.map((one) => (one === null ? undefined : oidOf(one))).find(Boolean) ?? '';
    work.pools.push({ kind: def.kind, name, ...told, oid, profileId: speaker.profile.id });
    const component = speaker.component ?? `${def.kind}:${name}`;
    const { stem, label } = METRICS[def.kind];
    const series = [
      ['used_bytes', told.usedBytes],
      ['size_bytes', told.sizeBytes],
      ['used_ratio', told.usedRatio],
    ] as const;
    for (const [suffix, value] of series) {
      if (value === null) continue;
      addSample(work, `${stem}_${suffix}`, { [label]: name }, value, component);
    }
  }
}

/** A little more than all: agents round, and count what they keep back. */
const MOST_RATIO = 1.2;

/** null when what is told makes no sense. */
function amounts(
  def: PoolDef,
  { lookup }: Speaker,
): Pick<PoolDetail, 'usedBytes' | 'sizeBytes' | 'usedRatio'> | null {
  const at = (name: string | null): number | null => {
    const value = name === null ? undefined : lookup(name);
    return typeof value === 'number' ? value : null;
  };
  const free = at(def.free);
  const used = at(def.used) ?? difference(at(def.size), free);
  const size = at(def.size) ?? total(used, free);
  const told = at(def.ratio) ?? (used === null || !size ? null : used / size);
  if (size !== null && size <= 0) return null;
  if (told === null || told < 0 || told > MOST_RATIO) return null;
  const ratio = Math.min(1, told);
  const usedBytes = used ?? (size === null ? null : size * ratio);
  return { usedBytes, sizeBytes: size, usedRatio: ratio };
}

function difference(all: number | null, part: number | null): number | null {
  return all === null || part === null ? null : all - part;
}

function total(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}
