import type { Deciding } from './deciding.ts';
import type { DutyFacts } from './duties.ts';
import type { PageKind } from './events.ts';
import { queuePages, type Recipient, recipientsOf, toldRecipients } from './paging.ts';
import { silenceOver } from './silence.ts';
import type { Incident, Page } from './state.ts';

/** On-call systems of others hold an incident for over when its end was told: a duty must not open it again. */
const KEEP_STATE: ReadonlySet<string> = new Set(['pagerduty']);

export interface DutyPage {
  readonly step: string;
  readonly kind: Extract<PageKind, 'duty-due' | 'duty-overdue'>;
  readonly duty: DutyFacts;
}

/**
 * Tells what is still to be done about an incident, open or over: whoever acknowledged it, else everyone
 * paged about it, else the last level; once it is overdue the last level of its escalation too.
 */
export function pageOfDuty(deciding: Deciding, incident: Incident, page: DutyPage): void {
  const graph = deciding.requireGraph();
  if (silenceOver(deciding.state, graph, incident, deciding.now) !== null) return;
  const { step, kind, duty } = page;
  const owners = ownersOf(deciding, incident);
  const highest =
    kind === 'duty-overdue' || owners.length === 0 ? lastLevel(deciding, incident) : [];
  const keeping = new Set(
    graph.topology.channels.filter((each) => KEEP_STATE.has(each.kind)).map(({ id }) => id),
  );
  const recipients = [...owners, ...highest].filter(({ channelId }) => !keeping.has(channelId));
  queuePages(deciding, incident, { step, kind, recipients, reminderRatio: null, duty });
}

function ownersOf(deciding: Deciding, incident: Incident): readonly Recipient[] {
  const { acknowledgedBy } = incident;
  if (acknowledgedBy === null) return toldRecipients(deciding, incident);
  return recipientsOf(deciding, { afterMs: 0, personIds: [acknowledgedBy], channelIds: [] });
}

/** Of those that anybody can be reached of; the catch-all where there is none. */
function lastLevel(deciding: Deciding, { steps, tier }: Incident): readonly Recipient[] {
  for (const step of steps[tier].toReversed()) {
    const reached = recipientsOf(deciding, step);
    if (reached.length > 0) return reached;
  }
  const personIds = deciding.requireGraph().topology.catchAll ?? [];
  return recipientsOf(deciding, { afterMs: 0, personIds, channelIds: [] });
}

/** Whether what a page of a duty asks for has been done, or is owed no more: the incident is open again, or closed. */
export function isDutyOver(incident: Incident, { step }: Pick<Page, 'step'>): boolean {
  if (step.startsWith('review-')) {
    const { resolvedAt, reviewedAt, closedAt } = incident;
    return resolvedAt === null || reviewedAt !== null || closedAt !== null;
  }
  const { authorityClocks } = incident;
  return [...authorityClocks.values()].some(
    ({ authorityId, toldAt }) =>
      toldAt !== null &&
      (step === `authority-overdue:${authorityId}` ||
        step.startsWith(`authority-due:${authorityId}:`)),
  );
}
