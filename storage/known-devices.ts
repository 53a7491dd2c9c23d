import type { DomainEvent } from '../alerting/events.ts';
import type { EpochMs } from '../lib/time.ts';
import { readJournal } from './read-journal.ts';
import type { ArchiveResult } from './report-archive.ts';

/** Those of `deviceIds` that the journal has in no topology in force in `[from, to)`. */
export function devicesNotThere(
  dataFolder: string,
  deviceIds: readonly string[],
  from: EpochMs,
  to: EpochMs,
): ArchiveResult<readonly string[]> {
  const opened = readJournal<DomainEvent>(dataFolder);
  if (opened === null) return { ok: false, message: `no journal in ${dataFolder} yet` };
  if (!opened.ok) return { ok: false, message: opened.problem.message };
  using reader = opened.reader;
  const known = new Set<string>();
  for (const event of reader.eventsOfType('topology-loaded', to)) {
    if (event.type !== 'topology-loaded') continue;
    // The one in force at `from` was loaded before it.
    if (event.at <= from) known.clear();
    for (const { id } of event.topology.devices) known.add(id);
  }
  return { ok: true, value: deviceIds.filter((id) => !known.has(id)) };
}
