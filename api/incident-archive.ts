import type { DomainEvent } from '../alerting/events.ts';
import type { Incident } from '../alerting/state.ts';
import type { ApiDeps } from './deps.ts';
import { foldIncident, type IncidentRecord } from './incident-record.ts';
import { MOST_ARCHIVE_READS } from './limits.ts';

/** Incidents that are over do not change; this many are kept folded. */
const MOST_KEPT = 1000;

/** With its number. */
export const INCIDENT_ID = /^inc-(\d{1,12})$/;

/** All incidents ever: the live ones from the state, those that are over from the journal. */
export class IncidentArchive {
  readonly #deps: Pick<ApiDeps, 'host' | 'journal'>;
  readonly #over = new Map<string, IncidentRecord>();

  constructor(deps: Pick<ApiDeps, 'host' | 'journal'>) {
    this.#deps = deps;
  }

  /** null when there has never been an incident of that id. */
  find(id: string): IncidentRecord | null {
    const live = this.#deps.host.state.incidents.get(id);
    if (live && live.resolvedAt === null) return this.#liveRecord(live);
    const kept = this.#over.get(id);
    if (kept && isSettled(kept, live)) return kept;
    const folded = INCIDENT_ID.test(id) ? foldIncident(this.events(id)) : null;
    if (folded !== null && isSettled(folded, live)) this.#keep(folded);
    return folded;
  }

  /** Incidents not resolved, newest first. */
  live(): IncidentRecord[] {
    return [...this.#deps.host.state.incidents.values()]
      .filter((incident) => incident.resolvedAt === null)
      .sort((a, b) => numberOf(b.id) - numberOf(a.id))
      .map((incident) => this.#liveRecord(incident));
  }

  /**
   * Incidents in falling order of number, below `beforeId` when given. Ends after a bounded number
   * of look-ups with the id it got to, so that the caller can go on from there.
   */
  *newestFirst(beforeId: string | null): Generator<IncidentRecord, string | null> {
    const newest = this.#deps.host.state.lastIncidentNumber;
    const first = beforeId === null ? newest : Math.min(newest, numberOf(beforeId) - 1);
    const last = Math.max(1, first - MOST_ARCHIVE_READS + 1);
    for (let number = first; number >= last; number--) {
      const record = this.find(incidentId(number));
      if (record !== null) yield record;
    }
    return last > 1 ? incidentId(last) : null;
  }

  /** Every event of one incident, oldest first. */
  *events(id: string): Generator<DomainEvent> {
    for (const { event } of this.#deps.journal.read({ subject: id }))
      if ('incidentId' in event) yield event;
  }

  #liveRecord(incident: Incident): IncidentRecord {
    const held = this.#deps.host.state.pages;
    const pages = incident.pageIds.flatMap((id) => {
      const page = held.get(id);
      return page === undefined ? [] : [{ ...page, isRemoved: page.facts.isRemoved === true }];
    });
    return { ...incident, resolution: null, pages };
  }

  #keep(record: IncidentRecord): void {
    this.#over.set(record.id, record);
    if (this.#over.size <= MOST_KEPT) return;
    const oldest = this.#over.keys().next().value;
    if (oldest !== undefined) this.#over.delete(oldest);
  }
}

/** It is over and nothing about it can change any more unless it re-opens. */
function isSettled(record: IncidentRecord, live: Incident | undefined): boolean {
  if (record.resolvedAt === null) return false;
  if (live === undefined) return true;
  const isWaiting = record.pages.some(({ status }) => status === 'queued');
  const isSame = record.resolvedAt === live.resolvedAt;
  return isSame && !isWaiting && record.pages.length === live.pageIds.length;
}

/** `inc-000017` for 17. */
function incidentId(number: number): string {
  return `inc-${String(number).padStart(6, '0')}`;
}

function numberOf(id: string): number {
  return Number(INCIDENT_ID.exec(id)?.[1] ?? 0);
}
