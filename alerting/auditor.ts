import { DEFAULT_DELIVERY } from '../config/delivery.ts';
import { type LocalText, say } from '../lib/local-text.ts';
import { type DurationMs, type EpochMs, MINUTE } from '../lib/time.ts';
import { isHeldBack, pagesLately } from './page-limits.ts';
import type { EngineState, Incident, Page } from './state.ts';

/**
 * Looks at the published state from outside the engine, by rules of its own, for what must never be:
 * it trusts no code that decides, and shares none with it.
 */
export interface AuditFinding {
  /** `engine`, `clock:inc-000017`, `page:mail`: one fault for each. */
  readonly subject: string;
  readonly text: LocalText;
}

/** Longer than any tick, try or settling can take. */
const OVERDUE_MS: DurationMs = MINUTE;
/** Findings of one look; one is enough to act. */
const MOST_FINDINGS = 20;

/** What is wrong with the paging at `now`; empty when nothing is. `lastTickAt`: when the engine last decided. */
export function audit(
  state: EngineState,
  now: EpochMs,
  lastTickAt: EpochMs,
): readonly AuditFinding[] {
  const findings: AuditFinding[] = [];
  if (now - lastTickAt > OVERDUE_MS) {
    findings.push({
      subject: 'engine',
      text: say('the engine has not decided for a minute', '引擎已一分钟未作判定'),
    });
  }
  return [...findings, ...stuckClocks(state, now), ...stuckPages(state, now)].slice(
    0,
    MOST_FINDINGS,
  );
}

/** A deadline that has passed without an answer and without a breach: the clock has no future action left. */
function stuckClocks(state: EngineState, now: EpochMs): AuditFinding[] {
  const findings: AuditFinding[] = [];
  for (const id of state.openIncidentIds) {
    const incident = state.incidents.get(id);
    if (incident === undefined) continue;
    if (hasUnlapsedAcknowledgement(incident, now)) {
      findings.push({
        subject: `clock:${id}`,
        text: say(
          `no update of ${id} has come in time, and its acknowledgement stands`,
          `${id} 逾期未更新进展而确认仍有效`,
        ),
      });
    }
    if (incident.acknowledgedAt !== null) continue;
    if (incident.breachedAt !== null || now - incident.acknowledgeBy <= OVERDUE_MS) continue;
    findings.push({
      subject: `clock:${id}`,
      text: say(
        `the response clock of ${id} stands still past its deadline`,
        `${id} 的响应时限已过而计时停滞`,
      ),
    });
  }
  return findings;
}

/** An update was asked for, the grace is over, and the clock has not started anew. */
function hasUnlapsedAcknowledgement(incident: Incident, now: EpochMs): boolean {
  const { acknowledgedAt, updateAskedAt, members, targets, tier } = incident;
  const graceMs = targets[tier].updateGraceMs;
  if (acknowledgedAt === null || updateAskedAt === null || graceMs === undefined) return false;
  return members.size > 0 && now - (updateAskedAt + graceMs) > OVERDUE_MS;
}

/**
 * A page that is due, was not tried, and that nobody cancelled; one finding for each channel. One that
 * waits because its person gets too many is where it should be; so is one that waits for a channel
 * believed broken, on which others are tried, while its person has been told on another one or need not
 * act on it.
 */
function stuckPages(state: EngineState, now: EpochMs): AuditFinding[] {
  const delivery = state.topology?.delivery ?? DEFAULT_DELIVERY;
  const lately = pagesLately(state, delivery, now);
  const served = servedSteps(state);
  const probed = probedChannels(state, now);
  const oldest = new Map<string, EpochMs>();
  for (const page of state.pages.values()) {
    if (page.status !== 'queued') continue;
    const dueAt = Math.max(page.nextAttemptAt, page.notBefore ?? 0);
    if (now - dueAt <= OVERDUE_MS || isHeldBack(page, lately)) continue;
    const isNoHurry = !page.urgent || served.has(stepOf(page));
    if (isNoHurry && probed.has(page.channelId)) continue;
    oldest.set(page.channelId, Math.min(oldest.get(page.channelId) ?? dueAt, dueAt));
  }
  return [...oldest.keys()].map((channelId) => ({
    subject: `page:${channelId}`,
    text: say(
      `pages on ${channelId} have not been tried for over a minute`,
      `${channelId} 的通知已超过一分钟未尝试发送`,
    ),
  }));
}

/** Of each step of an incident the people who have been told, on whatever channel. */
function servedSteps(state: EngineState): ReadonlySet<string> {
  const served = new Set<string>();
  for (const page of state.pages.values()) {
    if (page.status === 'sent' && page.confirmation?.status !== 'failed') served.add(stepOf(page));
  }
  return served;
}

function stepOf({ incidentId, episode, step, personId }: Page): string {
  return `${incidentId} ${episode} ${step} ${personId}`;
}

/** Channels on which a page has been tried within the last minute, or has its next try planned. */
function probedChannels(state: EngineState, now: EpochMs): ReadonlySet<string> {
  const probed = new Set<string>();
  for (const { attempts, nextAttemptAt, channelId } of state.pages.values()) {
    if (attempts > 0 && now - nextAttemptAt <= OVERDUE_MS) probed.add(channelId);
  }
  return probed;
}
