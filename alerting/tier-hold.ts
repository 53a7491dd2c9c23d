import type { Tier } from '../config/model.ts';
import { type LocalText, say, sayWith } from '../lib/local-text.ts';
import { type DurationMs, type EpochMs, HOUR } from '../lib/time.ts';
import type { GradingEvidence } from './events.ts';

/** What keeps a tier from being the one that the rules call for. */
export type HeldBy = 'person' | 'customers';

/** Who has set a tier, and why. */
export interface SetBy {
  readonly by: string;
  /** The second person, without whom tier 1 is not lowered. */
  readonly confirmedBy: string | null;
  /** Blank where none was needed. */
  readonly reason: string;
  /** What the rules called for then. */
  readonly rulesTier: Tier;
}

/**
 * The tier that a person has set. It holds against the rules:
 *
 *   - they make it neither milder, nor worse again for the facts that the person knew,
 *   - a tier worse than both the one set and the one that the rules called for then applies at once;
 *     what was set milder is over with that, what was set worse holds again once it has passed,
 *   - it ends when a person takes it back, and when the incident opens anew after its end.
 */
export interface TierHold extends SetBy {
  readonly tier: Tier;
  readonly at: EpochMs;
}

/** A tier below 1 that waits for a second person. */
export interface TierProposal {
  readonly tier: Tier;
  readonly by: string;
  readonly at: EpochMs;
  readonly reason: string;
}

/** Whoever confirms later than this confirms facts that nobody has looked at. */
export const PROPOSAL_LASTS_MS: DurationMs = HOUR;

interface Held {
  readonly tierHold: TierHold | null;
  /** The worst tier that customers were told since it opened (again). */
  readonly toldTier: Tier | null;
}

/** The tier of an incident for which the rules call for `rulesTier`. */
export function tierFor(incident: Held, rulesTier: Tier): Tier {
  const { tierHold, toldTier } = incident;
  const isHeld = tierHold !== null && rulesTier >= Math.min(tierHold.tier, tierHold.rulesTier);
  const tier = isHeld ? tierHold.tier : rulesTier;
  return Math.min(tier, toldTier ?? tier) as Tier;
}

/** What keeps the tier from being the one that the rules call for; null: nothing does. */
export function heldBy(incident: Held, rulesTier: Tier): HeldBy | null {
  const tier = tierFor(incident, rulesTier);
  if (tier === rulesTier) return null;
  return tier === incident.tierHold?.tier ? 'person' : 'customers';
}

/** Whether a worse tier than this hold has ended it: what was set milder than the rules called for then. */
export function endsWithUpgrade(hold: TierHold): boolean {
  return hold.tier > hold.rulesTier;
}

interface Graded {
  readonly tier: Tier;
  readonly evidence: GradingEvidence;
  readonly gravest: GradingEvidence | null;
  readonly resolvedAt: EpochMs | null;
}

/**
 * Why the incident has its tier, for people: as the rules say, or as a person has said. While it is
 * open, what is so now; of one that is resolved, what was so at its worst.
 */
export function becauseOf(
  incident: Graded & Held,
  nameOf: (personId: string) => string,
): LocalText {
  const { tierHold: hold, resolvedAt, gravest } = incident;
  const evidence = (resolvedAt === null ? null : gravest) ?? incident.evidence;
  // What was in doubt while it lasted has been answered by its end.
  const why = (resolvedAt === null ? undefined : evidence.withoutDoubt) ?? evidence.sentence;
  if (hold === null || hold.tier !== incident.tier) return why;
  const who =
    hold.confirmedBy === null
      ? say(nameOf(hold.by), nameOf(hold.by))
      : say(
          `${nameOf(hold.by)} and ${nameOf(hold.confirmedBy)}`,
          `${nameOf(hold.by)} 与 ${nameOf(hold.confirmedBy)} `,
        );
  const parts = { who, reason: hold.reason, why };
  return hold.reason === ''
    ? sayWith(parts, '{who} set it ({why})', '由 {who} 设定（{why}）')
    : sayWith(parts, '{who} set it: {reason} ({why})', '由 {who} 设定：{reason}（{why}）');
}
