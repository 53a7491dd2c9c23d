import { type Static, Type } from 'typebox';
import { alertNoteOf } from '../alerting/alerts/alert-note.ts';
import { toldCause } from '../alerting/causes.ts';
import { graphOf, subjectOf } from '../alerting/graph.ts';
import { confirmedBehind } from '../alerting/impact.ts';
import { sitesOf } from '../alerting/incident-sites.ts';
import { isHeldBack, pagesLately } from '../alerting/page-limits.ts';
import { TIER_NAMES } from '../alerting/page-messages.ts';
import { isPathLost } from '../alerting/paths.ts';
import { CLOCK_STATUSES } from '../alerting/response-clock.ts';
import type { EngineState } from '../alerting/state.ts';
import { becauseOf } from '../alerting/tier-hold.ts';
import { DEFAULT_DELIVERY } from '../config/delivery.ts';
import type { Config } from '../config/model.ts';
import { NO_TEXT } from '../lib/local-text.ts';
import { type EpochMs, formatInstant } from '../lib/time.ts';
import { openMs } from '../reports/incident-episodes.ts';
import { CauseSchema, faultTextOf, flappingSinceOf, titleOf, viewCauses } from './cause-view.ts';
import { dependentsOf } from './dependents.ts';
import { DependentSchema, viewDependent } from './device-view.ts';
import { type IncidentRecord, type PageRecord, parseFaultKey } from './incident-record.ts';
import { MOST_DEPENDENTS, MOST_MEMBERS } from './limits.ts';
import { type Names, namesOf } from './names.ts';
import { viewOwed } from './owed-view.ts';
import { deriveResponseClock } from './response-clock.ts';
import {
  HealthName,
  Instant,
  LocalTextSchema,
  NullableInstant,
  NullableInteger,
  NullableString,
  oneOf,
  TierNumber,
} from './schemas.ts';
import { ProposedTierSchema, SetTierSchema, ToldTierSchema, viewTier } from './tier-view.ts';
import { FAULT_NAMES, pageKindName, RELATIONS } from './words.ts';

const SiteRef = Type.Object({ id: Type.String(), name: Type.String() });
const PersonRef = Type.Object({ id: Type.String(), name: Type.String() });
const NullablePerson = Type.Union([PersonRef, Type.Null()]);

const ClockSchema = Type.Object({
  startedAt: Instant,
  acknowledgeBy: Instant,
  /** `stopped`: the incident ended in time without an acknowledgement. */
  status: oneOf([...CLOCK_STATUSES]),
  /** Negative after the deadline; null once nobody has to respond any more. */
  remainingMs: NullableInteger,
});

export const IncidentSummarySchema = Type.Object({
  id: Type.String(),
  /** Which of its response clocks this is: an acknowledgement is for one. */
  episode: Type.Integer(),
  status: oneOf(['open', 'acknowledged', 'resolved']),
  tier: TierNumber,
  tierName: LocalTextSchema,
  title: LocalTextSchema,
  /** Reads after "because". */
  because: LocalTextSchema,
  deviceId: Type.String(),
  deviceName: Type.String(),
  /** The site of the device that it is about. */
  siteId: Type.String(),
  siteName: Type.String(),
  /** Other sites with devices that are down or cut off, the worst first. */
  otherSites: Type.Array(SiteRef),
  /** Its first sign, of this time when it was open before: the first poll that failed, or that told of it. */
  startedAt: Instant,
  /** First time of what the title says comes and goes, which may be before `startedAt`; null where it does not. */
  flappingSince: NullableInstant,
  /** When it opened first. */
  openedAt: Instant,
  /** When it last opened again. */
  reopenedAt: NullableInstant,
  acknowledgedAt: NullableInstant,
  acknowledgedBy: NullablePerson,
  resolvedAt: NullableInstant,
  /** First good poll, when nothing fails any more: it lasted from `startedAt` to here, resolved or still settling. Null where that is not known. */
  restoredAt: NullableInstant,
  /** It is over because what it is about was taken out of the configuration: it is no longer watched, and may not have recovered. */
  isRemoved: Type.Boolean(),
  /** What it has been about since it opened (again), in order; empty where that is one fault from its start to its end. */
  causes: Type.Array(CauseSchema),
  clock: ClockSchema,
  /** Devices that hang on the cause, and of them those without another path. */
  affectedCount: Type.Integer(),
  cutOffCount: Type.Integer(),
  /** How many devices beside the cause are confirmed down or cut off by the facts of `because`; null where nothing is to be confirmed. */
  confirmedCount: NullableInteger,
  affectedNames: Type.Array(Type.String()),
  /** Who was paged: to whom a page has gone out, in order, each once. */
  paged: Type.Array(PersonRef),
  /** To whom pages wait to go out, and none has yet. */
  beingPaged: Type.Array(PersonRef),
});
export type IncidentSummary = Static<typeof IncidentSummarySchema>;

const MemberSchema = Type.Object({
  faultKey: Type.String(),
  deviceId: Type.String(),
  deviceName: Type.String(),
  health: HealthName,
  component: NullableString,
  kind: Type.String(),
  kindName: LocalTextSchema,
  relation: Type.String(),
  relationName: LocalTextSchema,
  /** As the collector put it; blank once cleared. */
  text: LocalTextSchema,
  /** Of an alert: what its rule says, and where to read what to do (http or https); null once cleared. */
  description: NullableString,
  runbookUrl: NullableString,
  since: NullableInstant,
});

const PageSchema = Type.Object({
  id: Type.String(),
  person: PersonRef,
  channelId: Type.String(),
  kind: Type.String(),
  kindName: LocalTextSchema,
  urgent: Type.Boolean(),
  queuedAt: Instant,
  status: oneOf(['queued', 'sent', 'abandoned', 'cancelled']),
  /** It waits because its person has got as many pages as they may within that time. */
  isHeldBack: Type.Boolean(),
  /** The newer page that stands for this one, when it was cancelled for that. */
  replacedBy: NullableString,
  attempts: Type.Integer(),
  finishedAt: NullableInstant,
  /** Why the last try failed; null when none did. */
  lastFailure: Type.Union([LocalTextSchema, Type.Null()]),
  /** What the channel calls the message; null until it has taken it. */
  receipt: NullableString,
  /** What the provider says became of it: `delivered` or `failed`; null as long as it says nothing. */
  confirmation: Type.Union([
    Type.Object({
      status: oneOf(['delivered', 'failed']),
      at: Instant,
      reason: LocalTextSchema,
    }),
    Type.Null(),
  ]),
});

export const IncidentDetailSchema = Type.Interface([IncidentSummarySchema], {
  breachedAt: NullableInstant,
  /** When whoever acknowledged is asked how it stands, and when the acknowledgement lapses without an answer. */
  updateDueAt: NullableInstant,
  lapsesAt: NullableInstant,
  /** By when customers are to be told. */
  noticeDueAt: NullableInstant,
  /** How long it was open until it was resolved, all its times together, in milliseconds: its time to resolve. Null while it is open. */
  openMs: NullableInteger,
  faultText: LocalTextSchema,
  ruleId: Type.String(),
  matchedRuleIds: Type.Array(Type.String()),
  setTier: SetTierSchema,
  proposedTier: ProposedTierSchema,
  toldTier: ToldTierSchema,
  /** The cause first; of a storm the first of its alerts. */
  members: Type.Array(MemberSchema),
  memberCount: Type.Integer(),
  affected: Type.Array(DependentSchema),
  pages: Type.Array(PageSchema),
  resolution: Type.Union([
    Type.Object({
      by: NullablePerson,
      reason: oneOf(['recovered', 'person', 'removed']),
      text: Type.String(),
    }),
    Type.Null(),
  ]),
});
export type IncidentDetail = Static<typeof IncidentDetailSchema>;

/** Names given in a list entry; the detail has them all. */
const AFFECTED_NAMES = 5;

const optionalInstant = (at: EpochMs | null) => (at === null ? null : formatInstant(at));

/** Where an incident stands: resolved wins over acknowledged, acknowledged over open. */
export function statusOf(record: IncidentRecord): 'open' | 'acknowledged' | 'resolved' {
  if (record.resolvedAt !== null) return 'resolved';
  return record.acknowledgedAt === null ? 'open' : 'acknowledged';
}

/** One entry of the incident list. */
export function viewIncident(
  record: IncidentRecord,
  config: Config,
  state: EngineState,
  now: EpochMs,
): IncidentSummary {
  const names = namesOf(config);
  const affected = affectedBy(record, config, state);
  const clock = deriveResponseClock(record, now);
  const told = toldCause(record);
  const { siteId, otherSiteIds } = sitesOf(record, ownSiteOf(told.deviceId, names, state));
  return {
    id: record.id,
    episode: record.episode,
    status: statusOf(record),
    tier: record.tier,
    tierName: TIER_NAMES[record.tier],
    title: titleOf(record, names, state),
    because: { ...becauseOf(record, names.person) },
    deviceId: told.deviceId,
    deviceName: names.device(told.deviceId),
    siteId,
    siteName: names.site(siteId),
    otherSites: otherSiteIds.map((id) => ({ id, name: names.site(id) })),
    startedAt: formatInstant(record.startedAt),
    flappingSince: optionalInstant(flappingSinceOf(record, state)),
    openedAt: formatInstant(record.openedAt),
    reopenedAt: optionalInstant(record.reopenedAt),
    acknowledgedAt: optionalInstant(record.acknowledgedAt),
    acknowledgedBy: viewPerson(record.acknowledgedBy, config),
    resolvedAt: optionalInstant(record.resolvedAt),
    restoredAt: isFailing(record) ? null : optionalInstant(record.restoredAt),
    isRemoved: record.resolvedAt !== null && record.restoredAt === null,
    causes: viewCauses(record, names, now),
    clock: {
      ...clock,
      startedAt: formatInstant(clock.startedAt),
      acknowledgeBy: formatInstant(clock.acknowledgeBy),
    },
    affectedCount: affected.length,
    cutOffCount: affected.filter((dependent) => !dependent.hasOtherPath).length,
    confirmedCount: record.resolvedAt === null ? confirmedBehind(record.evidence) : null,
    affectedNames: affected.slice(0, AFFECTED_NAMES).map(({ device: { name } }) => name),
    ...viewPaged(record, names),
  };
}

function ownSiteOf(deviceId: string, names: Names, { topology }: EngineState) {
  const graph = topology === null ? null : graphOf(topology);
  const subject = graph === null ? null : subjectOf(graph, deviceId);
  return names.devices.get(deviceId)?.siteId ?? subject?.siteId ?? null;
}

function viewPaged({ pages }: IncidentRecord, names: Names) {
  const withStatus = (wanted: PageRecord['status']) =>
    pages.filter(({ status }) => status === wanted).map(({ personId }) => personId);
  const sent = new Set(withStatus('sent'));
  const waiting = new Set(withStatus('queued')).difference(sent);
  const viewAll = (ids: ReadonlySet<string>) =>
    Array.from(ids, (id) => ({ id, name: names.person(id) }));
  return { paged: viewAll(sent), beingPaged: viewAll(waiting) };
}

function isFailing({ resolvedAt, members }: IncidentRecord): boolean {
  return resolvedAt === null && members.size > 0;
}

/** Everything about one incident except its timeline. */
export function viewIncidentDetail(
  record: IncidentRecord,
  config: Config,
  state: EngineState,
  now: EpochMs,
): IncidentDetail {
  const { resolution } = record;
  return {
    ...viewIncident(record, config, state, now),
    breachedAt: optionalInstant(record.breachedAt),
    ...viewOwed(record, config, state),
    openMs: openMs(record),
    faultText: faultTextOf(record, state),
    ruleId: record.evidence.ruleId,
    matchedRuleIds: [...record.evidence.matchedRuleIds],
    ...viewTier(record, config, now),
    memberCount: record.members.size,
    members: [...record.members].slice(0, MOST_MEMBERS).map(([key, relation]) => ({
      ...viewMember(key, config, state),
      relation,
      relationName: RELATIONS[relation],
    })),
    affected: affectedBy(record, config, state)
      .slice(0, MOST_DEPENDENTS)
      .map((dependent) => viewDependent(dependent, state)),
    pages: viewPages(record, config, state, now),
    resolution: resolution && { ...resolution, by: viewPerson(resolution.by, config) },
  };
}

/**
 * Nothing hangs on a sensor or a fan; on a device, its feeds or its port, what the topology says.
 * While it lasts, a path that something else has cut is no other path.
 */
function affectedBy(record: IncidentRecord, config: Config, state: EngineState) {
  const { resolvedAt } = record;
  const { component, deviceId } = toldCause(record);
  const port = component?.startsWith('port:') ? component.slice('port:'.length) : null;
  return dependentsOf(
    config,
    deviceId,
    port,
    (link) => resolvedAt === null && isPathLost(state, link),
  );
}

function viewMember(faultKey: string, config: Config, state: EngineState) {
  const { deviceId, component, kind } = parseFaultKey(faultKey);
  const fault = state.faults.get(faultKey);
  return {
    faultKey,
    deviceId,
    deviceName: namesOf(config).device(deviceId),
    health: state.devices.get(deviceId)?.health ?? ('unknown' as const),
    component,
    kind,
    kindName: FAULT_NAMES[kind],
    text: fault?.text ?? NO_TEXT,
    ...alertNoteOf(fault),
    since: fault ? formatInstant(fault.since) : null,
  };
}

function viewPages(
  { pages }: IncidentRecord,
  config: Config,
  state: EngineState,
  now: EpochMs,
): IncidentDetail['pages'] {
  const delivery = state.topology?.delivery ?? DEFAULT_DELIVERY;
  const lately = pagesLately(state, delivery, now);
  return pages.map((page) => {
    const live = page.status === 'queued' ? state.pages.get(page.id) : undefined;
    return viewPage(page, config, live !== undefined && isHeldBack(live, lately));
  });
}

function viewPage(
  page: PageRecord,
  config: Config,
  isHeld: boolean,
): IncidentDetail['pages'][number] {
  return {
    id: page.id,
    person: { id: page.personId, name: namesOf(config).person(page.personId) },
    channelId: page.channelId,
    kind: page.kind,
    kindName: pageKindName(page.kind, page.isRemoved),
    urgent: page.urgent,
    queuedAt: formatInstant(page.queuedAt),
    status: page.status,
    isHeldBack: isHeld,
    replacedBy: page.replacedBy,
    attempts: page.attempts,
    finishedAt: optionalInstant(page.finishedAt),
    lastFailure: page.lastFailure && { ...page.lastFailure },
    receipt: page.receipt,
    confirmation: page.confirmation
      ? { ...page.confirmation, at: formatInstant(page.confirmation.at) }
      : null,
  };
}

function viewPerson(id: string | null, config: Config) {
  return id === null ? null : { id, name: namesOf(config).person(id) };
}
