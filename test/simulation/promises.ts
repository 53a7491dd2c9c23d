import type { EngineState, Page } from '../../alerting/state.ts';
import { type DurationMs, type EpochMs, MINUTE, SECOND } from '../../lib/time.ts';
import type { Checker } from './checker.ts';
import type { Providers } from './providers.ts';
import { CHANNELS_OF, DELIVERY, READ_BY_PEOPLE } from './sim-config.ts';

const ACCURACY_MS = 4 * SECOND;

/** Pages that nobody has even tried to send for `forMs`, although nothing holds them back. */
export function pagesNotSent(
  state: EngineState,
  now: EpochMs,
  forMs: DurationMs,
): readonly string[] {
  return [...state.pages.values()]
    .filter(({ status, lastFailure }) => status === 'queued' && lastFailure === null)
    .filter((page) => waitsSince(page) < now - forMs && !isAtLimit(state, page, now, forMs))
    .map(({ id }) => `a page is not sent: ${id}`);
}

/** Pages that have not got through, whose person has another channel that nobody has tried. */
export function fallbacksMissing(state: EngineState, now: EpochMs): readonly string[] {
  const missing: string[] = [];
  for (const id of state.openIncidentIds) {
    const incident = state.incidents.get(id)!;
    if (incident.acknowledgedAt !== null) continue;
    const pages = incident.pageIds.map((pageId) => state.pages.get(pageId)!);
    for (const page of pages) {
      const isUrgent = page.urgent && page.episode === incident.episode;
      if (!isUrgent || page.status !== 'queued') continue;
      if (now - waitsSince(page) < DELIVERY.fallbackAfterMs + ACCURACY_MS) continue;
      if (isAtLimit(state, page, now)) continue;
      const alike = pages.filter((each) => isSameNews(each, page));
      if (alike.some(({ status }) => status !== 'queued' && status !== 'abandoned')) continue;
      if (alike.length < CHANNELS_OF[page.personId]!.length && alike.at(-1) === page)
        missing.push(`no other channel is tried: ${page.id}`);
    }
  }
  return missing;
}

function isSameNews(a: Page, b: Page): boolean {
  return a.step === b.step && a.personId === b.personId && a.episode === b.episode;
}

function waitsSince({ queuedAt, notBefore }: Page): EpochMs {
  return Math.max(queuedAt, notBefore ?? queuedAt);
}

/** Whether the person has had as many pages as may disturb one, now or at any time of the last `forMs`. */
function isAtLimit(
  state: EngineState,
  { personId, channelId, facts, kind, urgent }: Page,
  now: EpochMs,
  forMs: DurationMs = ACCURACY_MS,
): boolean {
  if (!READ_BY_PEOPLE.has(channelId)) return false;
  // What cannot wait waits for a minute at most.
  if (urgent && (facts.tier <= 2 || kind === 'breached') && forMs > MINUTE) return false;
  let count = 0;
  for (const page of state.pages.values()) {
    const isTheirs = page.personId === personId && READ_BY_PEOPLE.has(page.channelId);
    if (page.status !== 'sent') continue;
    if (isTheirs && now - page.finishedAt! < DELIVERY.mostPagesWithinMs + forMs) count += 1;
  }
  return count >= DELIVERY.mostPages;
}

/**
 * Devices that have been dead for long and do not count so, or whose outage, known since before
 * `before`, is no incident; nor has an incident what it hangs on, if it is hidden behind that.
 */
export function outagesNotKnown(
  { devices, faults, topology }: EngineState,
  longDead: readonly string[],
  before: EpochMs,
): readonly string[] {
  const parentsOf = new Map(topology!.devices.map(({ id, parents }) => [id, parents]));
  const ancestors = (id: string): readonly string[] =>
    (parentsOf.get(id) ?? []).flatMap((parent) => [parent.deviceId, ...ancestors(parent.deviceId)]);
  return longDead.flatMap((deviceId) => {
    const health = devices.get(deviceId)!.health;
    if (health === 'unreachable') {
      const above = new Set(ancestors(deviceId));
      const why = [...faults.values()].filter((fault) => above.has(fault.deviceId));
      const isWhyTold = why.some((each) => each.incidentId !== null || each.raisedAt > before);
      // When what it hangs on has just come back, the device is about to be judged for itself.
      const isBack = [...above].some((id) => devices.get(id)!.healthSince > before);
      return isWhyTold || isBack
        ? []
        : [`${deviceId} is cut off, and nothing above it has an incident`];
    }
    // Of a network in which nobody answers, that is what is told.
    const blind = faults.get('_service/*/collector-blind');
    if (health === 'unknown' && blind !== undefined && blind.incidentId !== null) return [];
    // Sight has just come back, and what does not answer is about to be judged.
    const known = [...devices.values()].filter((each) => each.health !== 'unknown');
    const alive = known.filter((each) => each.health === 'up' || each.health === 'degraded');
    const isSightBack = known.length === 0 || alive.length > 0;
    if (health === 'unknown' && isSightBack && alive.every((each) => each.healthSince > before))
      return [];
    if (health !== 'down') return [`${deviceId} is dead and counts as ${health}`];
    const fault = faults.get(`${deviceId}/*/device-down`);
    const isFresh = fault !== undefined && fault.raisedAt > before;
    const isTold = isFresh || (fault?.incidentId ?? null) !== null;
    return isTold ? [] : [`${deviceId} is down and belongs to no incident`];
  });
}

/** Open incidents that are about a fault that is over, while another of the same device and trouble lasts. */
export function toldOfThePast(state: EngineState): readonly string[] {
  const { incidents, faults, flaps } = state;
  return [...state.openIncidentIds].flatMap((id) => {
    const { rootFaultKey, members } = incidents.get(id)!;
    if (faults.has(rootFaultKey) || (flaps.get(rootFaultKey)?.flappingSince ?? null) !== null)
      return [];
    const lasting = [...members].filter(
      ([key, relation]) => relation === 'same-device' && faults.has(key),
    );
    return lasting.map(([key]) => `${id} is about ${rootFaultKey}, which is over, and not ${key}`);
  });
}

/** Who has a message of the start and none of the end, or the other way round. */
export function toldInPart(providers: Providers, checker: Checker): readonly string[] {
  return [...neverToldOfTheEnd(providers, checker), ...neverToldOfTheStart(providers, checker)];
}

/** Whoever has a message that an incident is over has one of it before, or may have for all that the service knows. */
function neverToldOfTheStart(providers: Providers, checker: Checker): readonly string[] {
  const isKnown = (id: string) => providers.accepted.has(id) || providers.inDoubt.has(id);
  const told = new Set<string>();
  const missing: string[] = [];
  for (const [id, page] of checker.pages) {
    if (page.kind === 'duty-due' || page.kind === 'duty-overdue') continue;
    const who = `${page.incidentId} to ${page.personId} on ${page.channelId}`;
    if (page.kind !== 'resolved' && isKnown(id)) told.add(who);
    else if (page.kind === 'resolved' && providers.accepted.has(id) && !told.has(who))
      missing.push(`told of the end only: ${who}`);
  }
  return missing;
}

/** Whoever has a message about an incident that is over has one that says so. */
function neverToldOfTheEnd(providers: Providers, checker: Checker): readonly string[] {
  const last = new Map<string, string>();
  for (const { key } of providers.accepted.values()) {
    const page = checker.pages.get(key)!;
    if (page.kind === 'duty-due' || page.kind === 'duty-overdue') continue;
    last.set(`${page.incidentId} to ${page.personId} on ${page.channelId}`, page.kind);
  }
  return [...last].flatMap(([who, kind]) =>
    kind === 'resolved' ? [] : [`never told of the end: ${who}`],
  );
}
