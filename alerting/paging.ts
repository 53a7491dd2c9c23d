import type { EscalationStep } from '../config/model.ts';
import { type DurationMs, HOUR } from '../lib/time.ts';
import type { Deciding } from './deciding.ts';
import type { PageKind } from './events.ts';
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
}

/** Tries go on at least this long, and in any case through the whole response clock. */
const SHORTEST_EFFORT_MS: DurationMs = HOUR;
/** The end of an incident is told for this long: whoever was told of the start must hear of it. */
const RESOLVED_EFFORT_MS: DurationMs = 24 * HOUR;

/** Queues one page for each recipient; the id makes the same page the same page at every try. */
export function queuePages(deciding: Deciding, incident: Incident, plan: PagePlan): void {
  const { now } = deciding;
  const effortMs = plan.kind === 'resolved' ? RESOLVED_EFFORT_MS : SHORTEST_EFFORT_MS;
  const giveUpAt = Math.max(now + effortMs, incident.acknowledgeBy);
  for (const { personId, channelId } of unique(plan.recipients)) {
    const step = { name: plan.step, kind: plan.kind };
    const pageId = pageIdOf(deciding.state, incident, step, { personId, channelId });
    if (deciding.state.pages.has(pageId)) continue;
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
      urgent: plan.kind !== 'resolved',
      giveUpAt,
      facts: pageFacts(deciding, incident, plan.reminderRatio),
    });
  }
}

/** The idempotency key of a page: the same at every try, and of no other page. */
export function pageIdOf(
  _state: EngineState,
  incident: Incident,
  step: { readonly name: string; readonly kind: PageKind },
  { personId, channelId }: Recipient,
): string {
  return [incident.id, `e${incident.episode}`, step.name, personId, channelId, step.kind].join('/');
}

/** The same for the same person on the same channel. */
export function recipientKey({ personId, channelId }: Recipient): string {
  return `${personId} ${channelId}`;
}

/** The people of an escalation step on the channels that the step allows and they have. */
export function recipientsOf(deciding: Deciding, step: EscalationStep): readonly Recipient[] {
  const { people, topology } = deciding.requireGraph();
  const known = new Set(topology.channels.map((channel) => channel.id));
  return step.personIds.flatMap((personId) =>
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

/** As `toldRecipients`, but only where the message went out or may have. */
export function reachedRecipients(deciding: Deciding, incident: Incident): readonly Recipient[] {
  return unique(
    openPages(deciding, incident).filter((page) => page.status === 'sent' || page.attempts > 0),
  );
}

/** Pages of the incident after the last one that told the same recipient of an end. */
function openPages(deciding: Deciding, incident: Incident): readonly Page[] {
  const open = new Map<string, Page[]>();
  for (const pageId of incident.pageIds) {
    const page = deciding.state.pages.get(pageId)!;
    const key = recipientKey(page);
    if (page.kind === 'resolved') open.delete(key);
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
