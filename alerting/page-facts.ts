import { alertNoteOf } from './alerts/alert-note.ts';
import { batteryMinutesLeft, darkSince } from './battery.ts';
import { causesToKeep, isCauseOver, toldCause } from './causes.ts';
import type { Deciding } from './deciding.ts';
import type { PageFacts } from './events.ts';
import { flapFacts } from './flaps.ts';
import { subjectOf } from './graph.ts';
import { confirmedBehind, hangingDevices } from './impact.ts';
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
  const nameOf = (id: string) =>
    subjectOf(graph, id)?.name ??
    nameOnPages(deciding, incident, id) ??
    deciding.state.formerNames.get(id) ??
    id;
  const told = toldCause(incident);
  const isRemoved = incident.resolvedAt !== null && incident.restoredAt === null;
  const ownSiteId = subjectOf(graph, told.deviceId)?.siteId ?? null;
  const { siteId, otherSiteIds } = sitesOf(incident, ownSiteId);
  const root = deciding.state.faults.get(incident.rootFaultKey);
  const alertNote = alertNoteOf(root);
  const hasNote = alertNote.description !== null || alertNote.runbookUrl !== null;
  const isOfRoot = told.faultKey === incident.rootFaultKey;
  const flapping = isOfRoot ? flapFacts(deciding.state, incident) : null;
  const siteName = (id: string) => graph.siteNames.get(id) ?? (id === '' ? NO_SITE : id);
  const confirmed = confirmedBehind(incident.evidence);
  const dark = darkSince(deciding.state, graph, members, deciding.now);
  return {
    incidentId: incident.id,
    tier: incident.tier,
    rootDeviceId: told.deviceId,
    rootDeviceName: nameOf(told.deviceId),
    component: told.component,
    faultKind: told.kind,
    faultText: root?.key === told.faultKey ? root.text : told.text,
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
    ...causesOf(deciding, incident, told.faultKey, nameOf),
    affectedCount: hanging.length,
    affectedNames: hanging.slice(0, MOST_AFFECTED_NAMES).map(nameOf),
    ...(confirmed === null || confirmed >= hanging.length ? {} : { confirmedCount: confirmed }),
    batteryMinutes:
      members.length === 0
        ? incident.evidence.inputs.batteryMinutes
        : batteryMinutesLeft(deciding.state, graph, members, deciding.now),
    ...(dark === null ? {} : { darkSince: dark }),
    reminderRatio,
    ...(isRemoved ? { isRemoved } : {}),
    ...(flapping === null ? {} : { flapping }),
    ...(hasNote ? { alertNote } : {}),
  };
}

/** What was taken out of the configuration is called what it was called in the pages before. */
function nameOnPages({ state }: Deciding, { pageIds }: Incident, deviceId: string): string | null {
  const pages = pageIds.map((pageId) => state.pages.get(pageId));
  const last = pages.findLast((page) => page?.facts.rootDeviceId === deviceId);
  return last?.facts.rootDeviceName ?? null;
}

/** What else it has been about, and whether its fault is over before the incident is. */
function causesOf(
  { state }: Deciding,
  incident: Incident,
  toldKey: string,
  nameOf: (deviceId: string) => string,
): Pick<PageFacts, 'causes' | 'isCauseOver'> {
  const { causes, resolvedAt, restoredAt } = incident;
  const isOver = isCauseOver(incident, state);
  const isPlain = causes.length <= 1 && causes.every(({ count }) => count === 1) && !isOver;
  const isLeftOut =
    resolvedAt === null
      ? isPlain
      : Object.keys(causesToKeep(incident, restoredAt ?? resolvedAt)).length === 0;
  if (isLeftOut) return {};
  return {
    causes: causes.map((cause) => {
      const { deviceId, component, kind: faultKind } = cause;
      const { firstAt, since, until, heldBeforeMs, count } = cause;
      const times = { firstAt, since, until, heldBeforeMs, count };
      const isTold = cause.faultKey === toldKey;
      return { deviceName: nameOf(deviceId), component, faultKind, ...times, isTold };
    }),
    ...(isOver ? { isCauseOver: true } : {}),
  };
}
