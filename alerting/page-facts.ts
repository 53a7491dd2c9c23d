import { alertNoteOf } from './alerts/alert-note.ts';
import { batteryMinutesLeft } from './battery.ts';
import type { Deciding } from './deciding.ts';
import type { PageFacts } from './events.ts';
import { flapFacts } from './flaps.ts';
import { subjectOf } from './graph.ts';
import { hangingDevices } from './impact.ts';
import { sitesOf } from './incident-sites.ts';
import { activeMembers } from './members.ts';
import type { Incident } from './state.ts';
import { NO_SITE } from './subjects.ts';
import { becauseOf } from './tier-hold.ts';

/** Names listed in a page; the rest is a count. */
const MOST_AFFECTED_NAMES = 5;

/** What a page says about the incident as it stands now. */
export function pageFacts(
  deciding: Deciding,
  incident: Incident,
  reminderRatio: number | null,
): PageFacts {
  const graph = deciding.requireGraph();
  const members = activeMembers(deciding.state, incident);
  const hanging = members.length === 0 ? [] : hangingDevices(deciding.state, graph, members);
  const nameOf = (id: string) => subjectOf(graph, id)?.name ?? id;
  const ownSiteId = subjectOf(graph, incident.rootDeviceId)?.siteId ?? null;
  const { siteId, otherSiteIds } = sitesOf(incident, ownSiteId);
  const alertNote = alertNoteOf(deciding.state.faults.get(incident.rootFaultKey));
  const hasNote = alertNote.description !== null || alertNote.runbookUrl !== null;
  const flapping = flapFacts(deciding.state, incident, deciding.now);
  const siteName = (id: string) => graph.siteNames.get(id) ?? (id === '' ? NO_SITE : id);
  return {
    incidentId: incident.id,
    tier: incident.tier,
    rootDeviceId: incident.rootDeviceId,
    rootDeviceName: nameOf(incident.rootDeviceId),
    component: incident.rootComponent,
    faultKind: incident.rootKind,
    faultText: incident.rootText,
    siteName: siteName(siteId),
    ...(otherSiteIds.length === 0 ? {} : { otherSiteNames: otherSiteIds.map(siteName) }),
    because: becauseOf(incident, (id) => graph.people.get(id)?.name ?? id),
    startedAt: incident.startedAt,
    openedAt: incident.openedAt,
    reopenedAt: incident.reopenedAt,
    acknowledgeBy: incident.acknowledgeBy,
    acknowledgedBy: incident.acknowledgedBy,
    resolvedAt: incident.resolvedAt,
    restoredAt: incident.resolvedAt === null ? null : incident.restoredAt,
    affectedCount: hanging.length,
    affectedNames: hanging.slice(0, MOST_AFFECTED_NAMES).map(nameOf),
    batteryMinutes:
      members.length === 0
        ? incident.evidence.inputs.batteryMinutes
        : batteryMinutesLeft(graph, members, deciding.now),
    reminderRatio,
    ...(flapping === null ? {} : { flapping }),
    ...(hasNote ? { alertNote } : {}),
  };
}
