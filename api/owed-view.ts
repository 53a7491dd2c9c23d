import type { EngineState } from '../alerting/state.ts';
import { lapsesAt, noticeDueAt, updateDueAt } from '../alerting/update-clock.ts';
import type { Config } from '../config/model.ts';
import { quietUntil } from '../config/schedule/quiet-hours.ts';
import { type EpochMs, formatInstant } from '../lib/time.ts';
import type { IncidentRecord } from './incident-record.ts';
import { namesOf } from './names.ts';

/** What is owed after the acknowledgement, and when; nothing is while nothing fails. */
export function viewOwed({ id }: IncidentRecord, config: Config, state: EngineState) {
  const incident = state.incidents.get(id);
  if (incident === undefined || incident.members.size === 0)
    return { updateDueAt: null, lapsesAt: null, noticeDueAt: null };
  const quiet = (personId: string, at: EpochMs) =>
    quietUntil(namesOf(config).people.get(personId)?.quietHours ?? [], at);
  const instant = (at: EpochMs | null) => (at === null ? null : formatInstant(at));
  return {
    updateDueAt: instant(updateDueAt(incident, quiet)),
    lapsesAt: instant(lapsesAt(incident)),
    noticeDueAt: instant(noticeDueAt(incident, quiet)),
  };
}
