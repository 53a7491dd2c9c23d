import type { DomainEvent, GradingEvidence } from '../alerting/events.ts';
import { gravestEvidence } from '../alerting/gravest-evidence.ts';
import { recipientOfPageId } from '../alerting/page-id.ts';
import type { FaultKind, Tier } from '../config/model.ts';
import { asLocalText, type LocalText } from '../lib/local-text.ts';
import type { DurationMs, EpochMs } from '../lib/time.ts';
import { IncidentEpisodes, openMs } from './incident-episodes.ts';
import { type TimeFigures, timesOf } from './time-figures.ts';

/** One incident of a period, as far as it is known when the report is made. */
export interface IncidentRecord {
  readonly id: string;
  tier: Tier;
  /** Of one that came back: the tier of each time; `tier` is the worst. Else left out. */
  readonly episodeTiers?: readonly Tier[];
  /** What it was about at its worst, as console and pages tell of one that is over. */
  deviceId: string;
  faultKind: FaultKind;
  /** Why it has its tier: as it was at its worst. */
  because: LocalText;
  /** By the clock that went when it ended: a step of the wall clock in between has moved them. */
  startedAt: EpochMs;
  openedAt: EpochMs;
  acknowledgedAt: EpochMs | null;
  resolvedAt: EpochMs | null;
  /** Its cause was taken out of the configuration: nothing has recovered. Else left out. */
  isRemoved?: true;
  /** How often it was open: 1, and one more each time it came back. */
  openCount: number;
  /** Of one that came back: how long it was resolved in between. Else left out. */
  restoredMs?: DurationMs;
  breachCount: number;
  pagesQueued: number;
  pagesSent: number;
  pagesFailed: number;
  /** The tier whose clock ran out, once for each breach. */
  readonly breachedTiers: Tier[];
  /** In the report of a site: the cause is at another one. Else left out. */
  readonly rootElsewhere?: RootElsewhere;
  /**
   * What happened, oldest first; of a long one the first and the last entries. Null where there are
   * too many incidents to keep them all: those resolved without a breach lose theirs first.
   */
  timeline: TimelineEntry[] | null;
}

/** The cause of an incident that is not at the site of the report, and where it is: null, at no site. */
export interface RootElsewhere {
  readonly deviceName: string;
  readonly siteName: string | null;
}

export interface TimelineEntry {
  readonly at: EpochMs;
  /** `started`: at the first failed poll; `first-seen`: of a cause that is not told by failed polls. */
  readonly what:
    | 'started'
    | 'first-seen'
    | 'opened'
    | 'reopened'
    | 'graded'
    | 'page-sent'
    | 'page-failed'
    | 'acknowledged'
    | 'lapsed'
    | 'breached'
    | 'resolved'
    | 'removed';
  /** A person, a tier or a person and channel; empty where there is nothing to add. */
  readonly detail: string;
}

export interface PageFigures {
  readonly queued: number;
  readonly sent: number;
  readonly failed: number;
  /** Queued, but not needed any more before it was sent. */
  readonly cancelled: number;
  /** Pages queued per incident, hundredths, rounded up; null without an incident. */
  readonly perIncidentCenti: number | null;
}

/** Incidents that opened in a period, with their times; and the pages queued in it. */
export interface IncidentFigures {
  readonly records: readonly IncidentRecord[];
  /** Incidents beyond those that are listed: none. */
  readonly unlistedCount: number;
  /** Listed incidents whose timeline was not kept. */
  readonly withoutTimelineCount: number;
  /** Opened to first acknowledgement; those never acknowledged are left out and counted apart. */
  readonly acknowledge: TimeFigures;
  /** How long they were open, of those that have recovered: of one that came back the sum, without the time between. */
  readonly resolve: TimeFigures;
  /** Response clocks that nobody acknowledged before all was well again: the sum of those of the tiers. */
  readonly neverAcknowledgedCount: number;
  readonly openCount: number;
  readonly pages: PageFigures;
  /** The worst of them. */
  readonly repeatOffenders: readonly RepeatOffender[];
  /** Devices that were the cause more than once. */
  readonly repeatOffenderCount: number;
}

export interface RepeatOffender {
  readonly deviceId: string;
  readonly incidentCount: number;
  readonly breachCount: number;
}

/** Incidents kept with their timeline, unless told otherwise. */
const MOST_TIMELINES = 20_000;
const LONGEST_TIMELINE = 60;
const MOST_OFFENDERS = 10;

/**
 * Follows the incidents that open in `[from, to)`, to their end whenever that is. All of them are
 * kept, some hundred octets each, so that no figure is ever of a part; only timelines are bounded.
 */
export class IncidentRecords {
  readonly #from: EpochMs;
  readonly #to: EpochMs;
  readonly #records = new Map<string, IncidentRecord>();
  readonly #episodes = new IncidentEpisodes();
  readonly #mostTimelines: number;
  #timelineCount = 0;
  /** Resolved without a breach: their timelines give way first, the oldest first. */
  readonly #spare = new Set<IncidentRecord>();
  /** Of incidents that are not resolved. */
  readonly #gravest = new Map<string, GradingEvidence>();
  /** Pages queued in the period, by incident: of one that opened before it too. */
  readonly #pages = new Map<string, PageCounts>();
  /** Those whose fate is open. */
  readonly #openPages = new Set<string>();

  constructor(from: EpochMs, to: EpochMs, mostTimelines = MOST_TIMELINES) {
    this.#from = from;
    this.#to = to;
    this.#mostTimelines = mostTimelines;
  }

  apply(event: DomainEvent): void {
    if (!('incidentId' in event)) return;
    if (event.type === 'incident-opened') this.#open(event);
    this.#countPage(event);
    const record = this.#records.get(event.incidentId);
    if (record === undefined) return;
    if (event.type === 'incident-reopened') this.#episodes.end(record);
    note(record, event);
    this.#noteGravest(record, event);
    const isSpare = record.resolvedAt !== null && record.breachCount === 0;
    if (isSpare && record.timeline !== null) this.#spare.add(record);
    else this.#spare.delete(record);
  }

  /** The figures as they stand, of the incidents that are wanted; changes nothing. */
  read(
    isWanted: (incidentId: string) => boolean = () => true,
  ): Omit<IncidentFigures, 'neverAcknowledgedCount'> {
    const wanted = Array.from(this.#records.values()).filter(({ id }) => isWanted(id));
    const records = wanted.map((record) => this.#episodes.told(record));
    const pages = this.#addPages(isWanted);
    const offenders = repeatOffenders(records);
    return {
      records,
      unlistedCount: 0,
      withoutTimelineCount: records.filter(({ timeline }) => timeline === null).length,
      acknowledge: timesOf(
        records.map(({ acknowledgedAt, openedAt }) => [openedAt, acknowledgedAt]),
      ),
      resolve: timesOf(
        records.map((record) => [0, record.isRemoved === true ? null : openMs(record)]),
      ),
      openCount: records.filter(({ resolvedAt }) => resolvedAt === null).length,
      pages: {
        ...pages,
        perIncidentCenti:
          records.length === 0 ? null : Math.ceil((pages.queued * 100) / records.length),
      },
      repeatOffenders: offenders.slice(0, MOST_OFFENDERS),
      repeatOffenderCount: offenders.length,
    };
  }

  #open(event: DomainEvent & { type: 'incident-opened' }): void {
    if (event.at < this.#from || event.at >= this.#to) return;
    this.#records.set(event.incidentId, {
      id: event.incidentId,
      tier: event.tier,
      deviceId: event.evidence.inputs.rootDeviceId,
      faultKind: event.evidence.inputs.faultKind,
      because: asLocalText(event.evidence.sentence),
      startedAt: event.startedAt,
      openedAt: event.at,
      acknowledgedAt: null,
      resolvedAt: null,
      openCount: 1,
      breachCount: 0,
      breachedTiers: [],
      pagesQueued: 0,
      pagesSent: 0,
      pagesFailed: 0,
      timeline: this.#makeRoom() ? [beginning(event)] : null,
    });
  }

  /** While an incident recovers its sentence shrinks; what stays on record is the gravest one. */
  #noteGravest(record: IncidentRecord, event: DomainEvent): void {
    switch (event.type) {
      case 'incident-opened':
        this.#gravest.set(record.id, event.evidence);
        return;
      case 'incident-graded': {
        const gravest = gravestEvidence(this.#gravest.get(record.id) ?? null, event);
        this.#gravest.set(record.id, gravest);
        tell(record, gravest);
        return;
      }
      case 'incident-reopened':
        this.#gravest.delete(record.id);
        if (event.evidence === undefined) return;
        this.#gravest.set(record.id, event.evidence);
        tell(record, event.evidence);
        return;
      case 'incident-resolved': {
        const settled = this.#gravest.get(record.id)?.withoutDoubt;
        if (settled !== undefined) record.because = asLocalText(settled);
        this.#gravest.delete(record.id);
        return;
      }
      default:
    }
  }

  /** Whether one more timeline can be kept. */
  #makeRoom(): boolean {
    if (this.#timelineCount < this.#mostTimelines) {
      this.#timelineCount += 1;
      return true;
    }
    for (const record of this.#spare) {
      record.timeline = null;
      this.#spare.delete(record);
      return true;
    }
    return false;
  }

  #addPages(isWanted: (incidentId: string) => boolean): PageCounts {
    const sum = noPages();
    for (const [incidentId, counts] of this.#pages) {
      if (!isWanted(incidentId)) continue;
      for (const fate of PAGE_FATES) sum[fate] += counts[fate];
    }
    return sum;
  }

  #countPage(event: DomainEvent & { readonly incidentId: string }): void {
    if (event.type === 'page-queued') {
      if (event.at < this.#from || event.at >= this.#to) return;
      const counts = this.#pages.get(event.incidentId) ?? noPages();
      this.#pages.set(event.incidentId, counts);
      counts.queued += 1;
      this.#openPages.add(event.pageId);
      return;
    }
    if (!isPageEnd(event) || !this.#openPages.delete(event.pageId)) return;
    this.#pages.get(event.incidentId)![FATES[event.type]] += 1;
  }
}

/** Causes of which failed polls tell; the others are told by a device, a person or another program. */
const TOLD_BY_FAILED_POLLS: ReadonlySet<FaultKind> = new Set(['device-down', 'monitoring-blind']);

function beginning({ startedAt, evidence }: DomainEvent & { type: 'incident-opened' }) {
  const isByPolls = TOLD_BY_FAILED_POLLS.has(evidence.inputs.faultKind);
  return { at: startedAt, what: isByPolls ? 'started' : 'first-seen', detail: '' } as const;
}

function tell(record: IncidentRecord, { inputs, sentence }: GradingEvidence): void {
  record.deviceId = inputs.rootDeviceId;
  record.faultKind = inputs.faultKind;
  record.because = asLocalText(sentence);
}

const PAGE_FATES = ['queued', 'sent', 'failed', 'cancelled'] as const;
type PageCounts = Record<(typeof PAGE_FATES)[number], number>;

function noPages(): PageCounts {
  return { queued: 0, sent: 0, failed: 0, cancelled: 0 };
}

type PageEnd = DomainEvent & {
  readonly type: 'page-sent' | 'page-abandoned' | 'page-cancelled';
};

const FATES = {
  'page-sent': 'sent',
  'page-abandoned': 'failed',
  'page-cancelled': 'cancelled',
} as const;

function isPageEnd(event: DomainEvent): event is PageEnd {
  return event.type in FATES;
}

function note(record: IncidentRecord, event: DomainEvent): void {
  switch (event.type) {
    case 'incident-opened':
      write(record, { at: event.at, what: 'opened', detail: String(event.tier) });
      return;
    case 'incident-reopened':
      record.openCount += 1;
      record.restoredMs = (record.restoredMs ?? 0) + restoredFor(record, event.at);
      record.resolvedAt = null;
      delete record.isRemoved;
      record.tier = event.tier ?? record.tier;
      write(record, { at: event.at, what: 'reopened', detail: '' });
      return;
    case 'incident-graded':
      record.tier = event.to;
      if (event.from !== event.to) {
        const who = event.setBy === undefined ? '' : ` (${event.setBy.by})`;
        const detail = `${event.from} → ${event.to}${who}`;
        write(record, { at: event.at, what: 'graded', detail });
      }
      return;
    case 'incident-acknowledged':
      record.acknowledgedAt ??= event.at;
      write(record, { at: event.at, what: 'acknowledged', detail: `${event.by} (${event.via})` });
      return;
    case 'acknowledgement-lapsed':
      write(record, { at: event.at, what: 'lapsed', detail: event.by });
      return;
    case 'incident-clock-moved':
      record.startedAt += event.byMs;
      record.openedAt += event.byMs;
      if (record.acknowledgedAt !== null) record.acknowledgedAt += event.byMs;
      return;
    case 'response-breached':
      record.breachCount += 1;
      record.breachedTiers.push(record.tier);
      write(record, { at: event.deadline, what: 'breached', detail: String(record.tier) });
      return;
    case 'incident-resolved':
      record.resolvedAt = event.at;
      if (event.reason === 'removed') record.isRemoved = true;
      write(record, {
        at: event.at,
        what: event.reason === 'removed' ? 'removed' : 'resolved',
        detail: event.by ?? '',
      });
      return;
    default:
      notePage(record, event);
  }
}

/** Of two instants of one clock: a step of it in between is in the time since the opening as well. */
function restoredFor({ resolvedAt }: IncidentRecord, reopenedAt: EpochMs): DurationMs {
  return resolvedAt === null ? 0 : Math.max(0, reopenedAt - resolvedAt);
}

function notePage(record: IncidentRecord, event: DomainEvent): void {
  if (event.type === 'page-queued') record.pagesQueued += 1;
  if (event.type === 'page-sent') {
    record.pagesSent += 1;
    write(record, { at: event.at, what: 'page-sent', detail: recipientOf(event.pageId) });
  }
  if (event.type === 'page-abandoned') {
    record.pagesFailed += 1;
    write(record, { at: event.at, what: 'page-failed', detail: recipientOf(event.pageId) });
  }
}

/** `anna (sms)` */
function recipientOf(pageId: string): string {
  const { personId, channelId } = recipientOfPageId(pageId);
  return `${personId} (${channelId})`;
}

/** Of a timeline that grows too long what is in the middle gives way: how it began and ended matters. */
function write({ timeline }: IncidentRecord, entry: TimelineEntry): void {
  if (timeline === null) return;
  timeline.push(entry);
  if (timeline.length > LONGEST_TIMELINE) timeline.splice(LONGEST_TIMELINE / 2, 1);
}

/** Devices that were the cause more than once, most often first. */
function repeatOffenders(records: readonly IncidentRecord[]): RepeatOffender[] {
  const byDevice = Map.groupBy(records, ({ deviceId }) => deviceId);
  return Array.from(byDevice, ([deviceId, own]) => ({
    deviceId,
    incidentCount: own.reduce((sum, { openCount }) => sum + openCount, 0),
    breachCount: own.reduce((sum, { breachCount }) => sum + breachCount, 0),
  }))
    .filter(({ incidentCount }) => incidentCount > 1)
    .sort((a, b) => b.incidentCount - a.incidentCount || (a.deviceId < b.deviceId ? -1 : 1));
}
