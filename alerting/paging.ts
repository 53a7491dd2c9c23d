import type { EscalationStep } from '../config/model.ts';
import { type DurationMs, type EpochMs, HOUR } from '../lib/time.ts';
import type { Deciding } from './deciding.ts';
import type { PageFacts, PageKind } from './events.ts';
import { peopleOfStep, quietUntilOf } from './on-call.ts';
import { pageFacts } from './page-facts.ts';
import type { EngineState, Incident, Page } from './state.ts';

/** One person on one channel. */
export interface Recipient {
  readonly personId: string;
  readonly channelId: string;
}

export interface PagePlan {
  readonly step: string;
  readonly kind: PageKind;
  /** May name a recipient twice; each gets one page. */
  readonly recipients: readonly Recipient[];
  readonly reminderRatio: number | null;
  /** The page that did not get through, in whose place these go out. */
  readonly insteadOf?: string;
  readonly forecast?: PageFacts['forecast'];
  readonly duty?: PageFacts['duty'];
}

/** Tries go on at least this long, and in any case through the whole response clock. */
export const SHORTEST_EFFORT_MS: DurationMs = HOUR;
/** The end of an incident is told for this long: whoever was told of the start must hear of it. */
const RESOLVED_EFFORT_MS: DurationMs = 24 * HOUR;

/** Nobody has to answer, so nobody is woken. */
const IS_NEWS_ONLY: ReadonlySet<PageKind> = new Set([
  ...(['acknowledged', 'resolved', 'duty-due', 'duty-overdue'] as const),
]);

/** Apart from whether it fails: whoever gets one is told of no start and no end by it. */
export function isOfDuty({ kind }: Pick<Page, 'kind'>): boolean {
  return kind === 'duty-due' || kind === 'duty-overdue';
}

/** Not said to someone whose quiet hours they fall into: they say only again what waits for the morning. */
const NEVER_HELD: ReadonlySet<PageKind> = new Set([
  ...(['reminder', 'repeat', 'update-due', 'notice-due', 'forecast'] as const),
]);

/**
 * Queues one page for each recipient; the id makes the same page the same page at every try. Of
 * tiers 3 and 4 a page waits until the quiet hours of its recipient are over.
 */
export function queuePages(deciding: Deciding, incident: Incident, plan: PagePlan): void {
  const { now } = deciding;
  const effortMs = plan.kind === 'resolved' ? RESOLVED_EFFORT_MS : SHORTEST_EFFORT_MS;
  const giveUpAt = Math.max(now + effortMs, incident.acknowledgeBy);
  for (const { personId, channelId } of unique(plan.recipients)) {
    const step = { name: plan.step, kind: plan.kind };
    const pageId = pageIdOf(deciding.state, incident, step, { personId, channelId });
    if (deciding.state.pages.has(pageId)) continue;
    const heldUntil = quietFor(deciding, incident, personId, now);
    if (heldUntil !== null && isSaidAlready(deciding, incident, plan, { personId, channelId }))
      continue;
    deciding.emit({
      type: 'page-queued',
      at: now,
      pageId,
      incidentId: incident.id,
      episode: incident.episode,
      step: plan.step,
      personId,
      channelId,
      kind: plan.kind,
      urgent: !IS_NEWS_ONLY.has(plan.kind),
      ...(heldUntil === null ? {} : { notBefore: heldUntil }),
      giveUpAt: heldUntil === null ? giveUpAt : Math.max(giveUpAt, heldUntil + effortMs),
      facts: {
        ...pageFacts(deciding, incident, plan.reminderRatio),
        ...(plan.forecast === undefined ? {} : { forecast: plan.forecast }),
        ...(plan.duty === undefined ? {} : { duty: plan.duty }),
      },
      ...(plan.insteadOf === undefined ? {} : { insteadOf: plan.insteadOf }),
    });
  }
}

/** Until when the incident may not disturb the person; null: it may now. Tiers 1 and 2 always may. */
export function quietFor(
  deciding: Deciding,
  incident: Incident,
  personId: string,
  at: EpochMs,
): EpochMs | null {
  return incident.tier <= 2 ? null : quietUntilOf(deciding.requireGraph(), personId, at);
}

/** Whether a page that is held for the recipient will say as much in the morning; an end does not say that it began anew. */
function isSaidAlready(
  deciding: Deciding,
  incident: Incident,
  { kind }: PagePlan,
  recipient: Recipient,
): boolean {
  if (kind === 'resolved') return false;
  if (NEVER_HELD.has(kind)) return true;
  return incident.pageIds.some((pageId) => {
    const page = deciding.state.pages.get(pageId)!;
    const isHeld = page.status === 'queued' && page.notBefore !== null && page.kind !== 'resolved';
    return isHeld && recipientKey(page) === recipientKey(recipient);
  });
}

/**
 * The idempotency key of a page: the same at every try, and of no other page. The run that queued it
 * is part of it, because a fresh journal, or one restored from a backup, counts its incidents anew.
 */
export function pageIdOf(
  { runId }: Pick<EngineState, 'runId'>,
  incident: Incident,
  step: { readonly name: string; readonly kind: PageKind },
  { personId, channelId }: Recipient,
): string {
  const { id, episode } = incident;
  const parts = [id, `e${episode}`, step.name, personId, channelId, step.kind];
  return [...(runId === null ? [] : [runId]), ...parts].join('/');
}

/** The same for the same person on the same channel. */
export function recipientKey({ personId, channelId }: Recipient): string {
  return `${personId} ${channelId}`;
}

/**
 * The people of an escalation step, at `at` those on call then, on the channels that the step allows
 * and they have.
 */
export function recipientsOf(
  deciding: Deciding,
  step: EscalationStep,
  at: EpochMs = deciding.now,
): readonly Recipient[] {
  const graph = deciding.requireGraph();
  const { people, topology } = graph;
  const known = new Set(topology.channels.map((channel) => channel.id));
  return peopleOfStep(deciding.state, graph, step, at).flatMap((personId) =>
    (people.get(personId)?.channelIds ?? [])
      .filter((id) => known.has(id))
      .filter((id) => step.channelIds.length === 0 || step.channelIds.includes(id))
      .map((channelId) => ({ personId, channelId })),
  );
}

/** Everyone paged about the incident, on the channel used, who has not been told of its end since. */
export function toldRecipients(deciding: Deciding, incident: Incident): readonly Recipient[] {
  return unique(openPages(deciding, incident));
}

/** As `toldRecipients`, without those who have left the configuration: nothing can reach them any more. */
export function toldAndConfigured(deciding: Deciding, incident: Incident): readonly Recipient[] {
  const { people } = deciding.requireGraph();
  return toldRecipients(deciding, incident).filter(({ personId }) => people.has(personId));
}

/** As `toldRecipients`, but only where the message went out or may have. */
export function reachedRecipients(deciding: Deciding, incident: Incident): readonly Recipient[] {
  return unique(
    openPages(deciding, incident).filter((page) => page.status === 'sent' || page.mayHaveGoneOut),
  );
}

/** Pages of the incident after the last one that told, or will tell, the same recipient of an end. */
function openPages(deciding: Deciding, incident: Incident): readonly Page[] {
  const open = new Map<string, Page[]>();
  for (const pageId of incident.pageIds) {
    const page = deciding.state.pages.get(pageId)!;
    if (isOfDuty(page)) continue;
    const key = recipientKey(page);
    if (page.kind === 'resolved' && page.status !== 'cancelled') open.delete(key);
    else open.set(key, [...(open.get(key) ?? []), page]);
  }
  return [...open.values()].flat();
}

function unique(recipients: readonly Recipient[]): readonly Recipient[] {
  const byKey = new Map(
    recipients.map(({ personId, channelId }) => [
      recipientKey({ personId, channelId }),
      { personId, channelId },
    ]),
  );
  return [...byKey.values()];
}
