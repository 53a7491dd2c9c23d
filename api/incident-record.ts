import { relationOfSign } from '../alerting/apply-root.ts';
import { holdTier } from '../alerting/apply-tier.ts';
import { restoredBy } from '../alerting/causes.ts';
import type { DomainEvent } from '../alerting/events.ts';
import { shiftRate } from '../alerting/flaps.ts';
import { gravestEvidence } from '../alerting/gravest-evidence.ts';
import type { Incident, Page } from '../alerting/state.ts';
import type { FaultKind, Tier } from '../config/model.ts';
import { asLocalText, isBlank, NO_TEXT } from '../lib/local-text.ts';
import type { DurationMs, EpochMs } from '../lib/time.ts';

/** One incident as the API shows it: from the live state while open, folded from its journal entries afterwards. */
export interface IncidentRecord
  extends Pick<
    Incident,
    | 'id'
    | 'rootFaultKey'
    | 'rootDeviceId'
    | 'rootComponent'
    | 'rootKind'
    | 'rootText'
    | 'causes'
    | 'startedAt'
    | 'openedAt'
    | 'reopenedAt'
    | 'tier'
    | 'evidence'
    | 'gravest'
    | 'tierHold'
    | 'tierProposal'
    | 'toldTier'
    | 'episode'
    | 'clockStartedAt'
    | 'acknowledgeBy'
    | 'acknowledgedAt'
    | 'acknowledgedBy'
    | 'breachedAt'
    | 'resolvedAt'
    | 'restoredAt'
    | 'flapped'
    | 'members'
  > {
  readonly resolution: Resolution | null;
  /** Of one that came back: how long it was resolved in between, all times together. Left out while it is open, and of others. */
  readonly restoredMs?: DurationMs;
  readonly pages: readonly PageRecord[];
}

export interface Resolution {
  /** null: the network recovered by itself. */
  readonly by: string | null;
  readonly reason: 'recovered' | 'person' | 'removed';
  readonly text: string;
}

export type PageRecord = Pick<
  Page,
  | 'id'
  | 'personId'
  | 'channelId'
  | 'kind'
  | 'urgent'
  | 'queuedAt'
  | 'status'
  | 'replacedBy'
  | 'attempts'
  | 'finishedAt'
  | 'lastFailure'
  | 'receipt'
  | 'confirmation'
> & {
  /** It tells that its cause was taken out of the configuration. */
  readonly isRemoved: boolean;
};

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/**
 * The incident that the events tell, or null when they do not open one. Members are all that ever
 * belonged to it: after the end, that is what people ask for.
 */
export function foldIncident(events: Iterable<DomainEvent>): IncidentRecord | null {
  let record: Mutable<IncidentRecord> | null = null;
  const pages = new Map<string, Mutable<PageRecord>>();
  for (const event of events) {
    if (event.type === 'incident-opened') record = openedRecord(event);
    else if (record !== null) {
      applyToIncident(record, event);
      applyToPages(pages, event);
      if (event.type === 'page-queued' && isBlank(record.rootText))
        record.rootText = event.facts.faultText;
    }
  }
  return record === null ? null : { ...record, pages: [...pages.values()] };
}

type Opened = Extract<DomainEvent, { type: 'incident-opened' }>;

function openedRecord(event: Opened): Mutable<IncidentRecord> {
  const root = parseFaultKey(event.rootFaultKey);
  return {
    id: event.incidentId,
    rootFaultKey: event.rootFaultKey,
    rootDeviceId: root.deviceId,
    rootComponent: root.component,
    rootKind: root.kind,
    rootText: NO_TEXT,
    causes: [],
    startedAt: event.startedAt,
    openedAt: event.at,
    reopenedAt: null,
    tier: event.tier,
    evidence: event.evidence,
    gravest: event.evidence,
    tierHold: null,
    tierProposal: null,
    toldTier: null,
    episode: 1,
    clockStartedAt: event.at,
    acknowledgeBy: event.acknowledgeBy,
    acknowledgedAt: null,
    acknowledgedBy: null,
    breachedAt: null,
    resolvedAt: null,
    restoredAt: null,
    members: new Map([[event.rootFaultKey, 'root' as const]]),
    resolution: null,
    pages: [],
  };
}

function applyToIncident(record: Mutable<IncidentRecord>, event: DomainEvent): void {
  switch (event.type) {
    case 'incident-reopened':
      restartClock(record, event.at, event.acknowledgeBy);
      record.episode = event.episode;
      record.startedAt = event.startedAt ?? event.at;
      record.reopenedAt = event.at;
      record.restoredMs =
        (record.restoredMs ?? 0) + Math.max(0, event.at - (record.resolvedAt ?? event.at));
      record.resolvedAt = null;
      record.restoredAt = null;
      delete record.flapped;
      record.causes = [];
      record.resolution = null;
      record.tier = event.tier ?? record.tier;
      record.evidence = event.evidence ?? record.evidence;
      record.gravest = event.evidence ?? null;
      record.tierHold = null;
      record.tierProposal = null;
      record.toldTier = null;
      break;
    case 'tier-released':
      record.tierHold = null;
      break;
    case 'notice-published':
      if (event.tier !== undefined && record.resolvedAt === null)
        record.toldTier = Math.min(event.tier, record.toldTier ?? event.tier) as Tier;
      break;
    case 'incident-graded':
      holdTier(record, event);
      record.tier = event.to;
      record.evidence = event.evidence;
      record.gravest = gravestEvidence(record.gravest, event);
      if (event.needsFreshAcknowledgement) {
        record.episode += 1;
        restartClock(record, event.at, event.acknowledgeBy);
      } else record.acknowledgeBy = event.acknowledgeBy;
      break;
    case 'member-added':
      if (event.relation === 'root') takeRoot(record, event.faultKey);
      record.members.set(event.faultKey, event.relation);
      break;
    case 'incident-root-passed':
      setRoot(record, event.faultKey);
      record.members.set(event.faultKey, 'root');
      break;
    case 'incident-acknowledged':
      record.acknowledgedAt = event.at;
      record.acknowledgedBy = event.by;
      break;
    case 'acknowledgement-lapsed':
      record.episode = event.episode;
      restartClock(record, event.at, event.acknowledgeBy);
      break;
    case 'incident-clock-moved':
      moveTimes(record, event);
      break;
    case 'response-breached':
      record.breachedAt = event.at;
      break;
    case 'incident-resolved':
      record.resolvedAt = event.at;
      record.restoredAt = restoredBy(event);
      if (event.flapped !== undefined) record.flapped = event.flapped;
      record.causes = [...(event.causes ?? [])];
      record.resolution = { by: event.by, reason: event.reason, text: event.text };
      break;
    default:
  }
}

/** The wall clock was set: what began before it is told by the clock that goes now, as the engine holds it. */
function moveTimes(
  record: Mutable<IncidentRecord>,
  { byMs, acknowledgeBy }: Extract<DomainEvent, { type: 'incident-clock-moved' }>,
): void {
  const moved = (at: EpochMs | null) => (at === null ? null : at + byMs);
  record.startedAt += byMs;
  record.openedAt += byMs;
  record.reopenedAt = moved(record.reopenedAt);
  record.clockStartedAt += byMs;
  record.acknowledgeBy = acknowledgeBy;
  record.acknowledgedAt = moved(record.acknowledgedAt);
  record.breachedAt = moved(record.breachedAt);
  record.restoredAt = moved(record.restoredAt);
  if (record.flapped !== undefined) record.flapped = shiftRate(record.flapped, byMs);
}

/** The cause turned out to be another fault than the one it opened over. */
function takeRoot(record: Mutable<IncidentRecord>, faultKey: string): void {
  if (faultKey === record.rootFaultKey) return;
  if (record.members.has(record.rootFaultKey)) {
    const relation = relationOfSign(record, parseFaultKey(faultKey));
    record.members.set(record.rootFaultKey, relation);
  }
  setRoot(record, faultKey);
}

function setRoot(record: Mutable<IncidentRecord>, faultKey: string): void {
  const root = parseFaultKey(faultKey);
  record.rootFaultKey = faultKey;
  record.rootDeviceId = root.deviceId;
  record.rootComponent = root.component;
  record.rootKind = root.kind;
  record.rootText = NO_TEXT;
}

function restartClock(record: Mutable<IncidentRecord>, at: EpochMs, acknowledgeBy: EpochMs): void {
  record.clockStartedAt = at;
  record.acknowledgeBy = acknowledgeBy;
  record.acknowledgedAt = null;
  record.acknowledgedBy = null;
  record.breachedAt = null;
}

function applyToPages(pages: Map<string, Mutable<PageRecord>>, event: DomainEvent): void {
  if (event.type === 'page-queued') {
    const { personId, channelId, kind, urgent, facts } = event;
    const isRemoved = facts.isRemoved === true;
    const delivery = {
      status: 'queued',
      replacedBy: null,
      attempts: 0,
      finishedAt: null,
      lastFailure: null,
      receipt: null,
      confirmation: null,
    } as const;
    pages.set(event.pageId, {
      ...{ id: event.pageId, personId, channelId, kind, isRemoved, urgent, queuedAt: event.at },
      ...delivery,
    });
    return;
  }
  const page = 'pageId' in event ? pages.get(event.pageId) : undefined;
  if (page === undefined) return;
  if (event.type === 'page-attempt-failed') {
    page.attempts = event.attempt;
    page.lastFailure = asLocalText(event.reason);
    return;
  }
  if (event.type === 'page-confirmed') {
    page.confirmation = { status: event.status, at: event.at, reason: event.reason };
    return;
  }
  page.finishedAt = event.at;
  if (event.type === 'page-sent') {
    page.status = 'sent';
    page.receipt = event.receipt;
    page.attempts = event.attempt;
  } else if (event.type === 'page-abandoned') {
    page.status = 'abandoned';
    page.lastFailure = asLocalText(event.reason);
  } else if (event.type === 'page-cancelled') {
    page.status = 'cancelled';
    page.replacedBy = event.replacedBy ?? null;
  }
}

export interface FaultKeyParts {
  readonly deviceId: string;
  readonly component: string | null;
  readonly kind: FaultKind;
}

/** `<deviceId>/<component or *>/<kind>`; a component may itself hold slashes. */
export function parseFaultKey(key: string): FaultKeyParts {
  const first = key.indexOf('/');
  const last = key.lastIndexOf('/');
  const component = key.slice(first + 1, last);
  return {
    deviceId: key.slice(0, first),
    component: component === '*' ? null : component,
    kind: key.slice(last + 1) as FaultKind,
  };
}
