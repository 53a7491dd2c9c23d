import type { Profile, Tests } from '../config/profile.ts';
import type { Work } from './evaluation-work.ts';
import type { Value } from './reading.ts';
import type { Row } from './table-rows.ts';

interface StaleProfile {
  readonly work: Work;
  readonly profile: Profile;
  readonly values: Map<string, Value>;
  readonly unreadNames: Set<string>;
  /** Of the series that it has added. */
  readonly keys: readonly string[];
  readonly rows: readonly Row[];
}

const NOTHING: ReadonlySet<string> = new Set();

/**
 * Makes everything a profile read unknown, except what tells that it is old: it is not exported, and
 * conditions stay as they were, as for what could not be read.
 */
export function makeUnknown(stale: StaleProfile): void {
  const { work, profile, values, unreadNames, keys, rows } = stale;
  const telling = profile.stale === null ? NOTHING : namesIn(profile.stale);
  for (const key of keys) {
    const name = work.series.get(key)!.source?.def.name;
    if (name === undefined || !telling.has(name)) work.series.delete(key);
  }
  const isOld = (name: string) => !telling.has(name);
  for (const name of [...values.keys()].filter(isOld)) values.delete(name);
  for (const row of rows) {
    for (const name of [...row.values.keys()].filter(isOld)) row.values.delete(name);
  }
  const read = [
    ...profile.scalars,
    ...profile.values,
    ...profile.tables.flatMap(({ columns, values: computed }) => [...columns, ...computed]),
  ];
  for (const { name } of read) if (isOld(name)) unreadNames.add(name);
}

function namesIn({ all, any, none }: Tests): ReadonlySet<string> {
  return new Set([...all, ...any, ...none].map(({ value }) => value));
}
