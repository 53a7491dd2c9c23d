import type { DurationMs, EpochMs } from '../lib/time.ts';
import { SECOND } from '../lib/time.ts';
import type { Deciding } from './deciding.ts';
import { firstStepOf } from './escalation-level.ts';
import type { PageKind } from './events.ts';
import { noticeDraft } from './notice-draft.ts';
import { quietUntilOf } from './on-call.ts';
import { queuePages, type Recipient, recipientsOf } from './paging.ts';
import { silenceOver } from './silence.ts';
import type { Incident } from './state.ts';
import { SERVICE_SUBJECT } from './subjects.ts';

/**
 * What is owed after the acknowledgement, by the frozen targets of the tier. Whatever a person puts on
 * record about the incident is an update.
 *
 *   update:<n>   no update for so long: whoever acknowledged is asked for one
 *   (lapse)      still none after the grace: the acknowledgement is void, a new clock starts, and it
 *                pages from the second level on
 *   (draft)      customers are to be told: what is known is put together for them at once
 *   notice-due   customers have not been told in time: whoever acknowledged is asked to
 *
 * For tiers 3 and 4 nothing falls due in the quiet hours of whoever acknowledged.
 */

/** A step taken later than this after its time is marked late. */
const LATE_AFTER_MS: DurationMs = 5 * SECOND;

type Owed = Pick<
  Incident,
  | 'tier'
  | 'targets'
  | 'resolvedAt'
  | 'acknowledgedAt'
  | 'acknowledgedBy'
  | 'lastUpdateAt'
  | 'updateAskedAt'
  | 'toldTier'
  | 'clockStartedAt'
  | 'evidence'
>;

/** Until when a person is not to be disturbed at an instant; null: they may be. */
type QuietUntil = (personId: string, at: EpochMs) => EpochMs | null;

/** When the next update is due; null when none is. */
export function updateDueAt(incident: Owed, quietUntil: QuietUntil): EpochMs | null {
  const { lastUpdateAt, targets, tier } = incident;
  const everyMs = targets[tier].updateEveryMs ?? null;
  if (everyMs === null || lastUpdateAt === null || !isOwed(incident)) return null;
  return outOfQuiet(incident, lastUpdateAt + everyMs, quietUntil);
}

/** When the acknowledgement lapses unless an update comes; null as long as none was asked for. */
export function lapsesAt(incident: Owed): EpochMs | null {
  const { updateAskedAt, targets, tier } = incident;
  const graceMs = targets[tier].updateGraceMs;
  if (updateAskedAt === null || graceMs === undefined || !isOwed(incident)) return null;
  return updateAskedAt + graceMs;
}

/** By when customers are to be told; null when they need not be, or have been. */
export function noticeDueAt(incident: Owed, quietUntil: QuietUntil): EpochMs | null {
  const { acknowledgedAt, toldTier } = incident;
  const withinMs = noticeWithinMs(incident);
  if (withinMs === null || toldTier !== null || !isOwed(incident)) return null;
  return outOfQuiet(incident, acknowledgedAt! + withinMs, quietUntil);
}

/** How soon after the acknowledgement customers are to be told; null: they need not be. */
function noticeWithinMs({ targets, tier, evidence }: Owed): DurationMs | null {
  const { noticeWithinMs: forAll = null, keyNoticeWithinMs: forKey = null } = targets[tier];
  const isOfKey = forKey !== null && (evidence.inputs.keyCustomers ?? 0) > 0;
  return isOfKey ? Math.min(forKey, forAll ?? forKey) : forAll;
}

function isOwed({ acknowledgedAt, resolvedAt }: Owed): boolean {
  return acknowledgedAt !== null && resolvedAt === null;
}

function outOfQuiet(
  { tier, acknowledgedBy }: Owed,
  dueAt: EpochMs,
  quietUntil: QuietUntil,
): EpochMs {
  if (tier <= 2 || acknowledgedBy === null) return dueAt;
  return quietUntil(acknowledgedBy, dueAt) ?? dueAt;
}

/** Asks for what is owed, and lets an acknowledgement lapse that nobody stands by. */
export function decideUpdates(deciding: Deciding): void {
  const graph = deciding.requireGraph();
  const quietUntil: QuietUntil = (personId, at) => quietUntilOf(graph, personId, at);
  for (const incident of deciding.openIncidents()) {
    // Nothing fails any more: there is nothing left to tell.
    if (incident.acknowledgedAt === null || incident.members.size === 0) continue;
    const noticeAt = noticeDueAt(incident, quietUntil);
    const isOfNetwork = incident.rootDeviceId !== SERVICE_SUBJECT;
    if (noticeAt !== null && isOfNetwork && incident.draftedEpisode !== incident.episode) {
      const { id: incidentId, episode } = incident;
      const text = noticeDraft(graph, incident);
      deciding.emit({ type: 'notice-drafted', at: deciding.now, incidentId, episode, text });
    }
    const noticeStep = 'notice-due';
    if (noticeAt !== null && noticeAt <= deciding.now && !incident.stepsTaken.has(noticeStep))
      ask(deciding, incident, { step: noticeStep, kind: 'notice-due', dueAt: noticeAt });
    const lapseAt = lapsesAt(incident);
    const dueAt = updateDueAt(incident, quietUntil);
    if (lapseAt !== null && lapseAt <= deciding.now) lapse(deciding, incident);
    else if (dueAt !== null && dueAt <= deciding.now && incident.updateAskedAt === null) {
      const step = `update:${Math.floor((dueAt - incident.clockStartedAt) / SECOND)}`;
      ask(deciding, incident, { step, kind: 'update-due', dueAt });
    }
  }
}

interface Asked {
  readonly step: string;
  readonly kind: PageKind;
  readonly dueAt: EpochMs;
}

function ask(deciding: Deciding, incident: Incident, { step, kind, dueAt }: Asked): void {
  const { now: at } = deciding;
  const silence = silenceOver(deciding.state, deciding.requireGraph(), incident, at);
  const recipients = silence === null ? whoeverAcknowledged(deciding, incident) : [];
  deciding.emit({
    type: 'clock-step-taken',
    at,
    incidentId: incident.id,
    episode: incident.episode,
    step,
    dueAt,
    late: at - dueAt > LATE_AFTER_MS,
    ...(silence === null ? {} : { silencedBy: silence.id }),
  });
  queuePages(deciding, incident, { step, kind, recipients, reminderRatio: null });
}

/** Where whoever acknowledged can no longer be reached, the second level. */
function whoeverAcknowledged(deciding: Deciding, incident: Incident): readonly Recipient[] {
  const { acknowledgedBy, steps, tier } = incident;
  const step = { afterMs: 0, personIds: [acknowledgedBy!], channelIds: [] };
  const reached = recipientsOf(deciding, step);
  if (reached.length > 0) return reached;
  const next = steps[tier][firstStepOf({ ...incident, fromSecondLevel: true })];
  return next === undefined ? [] : recipientsOf(deciding, next);
}

function lapse(deciding: Deciding, incident: Incident): void {
  deciding.emit({
    type: 'acknowledgement-lapsed',
    at: deciding.now,
    incidentId: incident.id,
    by: incident.acknowledgedBy!,
    episode: incident.episode + 1,
    acknowledgeBy: deciding.now + incident.targets[incident.tier].acknowledgeWithinMs,
  });
}
