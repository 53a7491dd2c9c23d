import type { GradingRule } from '../config/model.ts';
import { type DurationMs, type EpochMs, SECOND } from '../lib/time.ts';
import type { Deciding } from './deciding.ts';
import { firstFlappingSince, speaksOfFlapping } from './flaps.ts';
import type { Nearing } from './forecast.ts';
import { type Grade, gradeBy } from './grading.ts';
import { gradingInputs } from './impact.ts';
import type { Fault, Incident } from './state.ts';

/** What a fault has cut off is confirmed silent within this time after it. */
const CONFIRMING_MS = 30 * SECOND;

/**
 * What the rules say of these faults now, the root first; `subjectKey` is the key under which it is
 * remembered since when each condition has held. Rules that will hold soon and say so ahead are put into
 * `nearing`. null: no rule matches.
 */
export function gradeNow(
  deciding: Deciding,
  subjectKey: string,
  members: readonly Fault[],
  incident: Incident | null,
  nearing: Nearing[] = [],
): Grade | null {
  const graph = deciding.requireGraph();
  const inputs = gradingInputs(deciding.state, graph, members, incident, deciding.now);
  const held = deciding.soft.heldConditions.get(subjectKey) ?? new Map<string, EpochMs | null>();
  deciding.soft.heldConditions.set(subjectKey, held);
  return gradeBy(graph.topology.gradingRules, inputs, deciding.now, (rule, holds) => {
    const since = heldSince(deciding, members, incident, held, rule, holds);
    if (holds && isNearing(rule, deciding.now - since))
      nearing.push({ rule, at: since + rule.forMs });
    return since;
  });
}

/**
 * What holds only because a fault flaps holds since that was seen, at most: also at the first look since
 * the fault came back, or since a restart. null: the rule does not speak of flapping, or nothing flaps.
 */
function flapsSince(
  { state, now }: Deciding,
  members: readonly Fault[],
  held: ReadonlyMap<string, EpochMs | null>,
  { id, when }: GradingRule,
): EpochMs | null {
  const since = speaksOfFlapping(when) ? firstFlappingSince(state, members) : null;
  if (since === null) return null;
  return held.has(id) && now - since > CONFIRMING_MS ? now : Math.min(since, now);
}

function isNearing({ warnAfterMs, forMs }: GradingRule, heldMs: DurationMs): boolean {
  return warnAfterMs !== undefined && heldMs >= warnAfterMs && heldMs < forMs;
}

/**
 * Since when a rule's condition has held. At the first look (or after a restart), and while what the
 * fault does to others is still being confirmed, it counts from the first failed poll; "tier 2 not restored" counts from when that tier was reached.
 */
function heldSince(
  deciding: Deciding,
  members: readonly Fault[],
  incident: Incident | null,
  held: Map<string, EpochMs | null>,
  rule: GradingRule,
  holds: boolean,
): EpochMs {
  const { currentTier } = rule.when;
  if (currentTier !== null) return incident?.tierReachedAt.get(currentTier) ?? deciding.now;
  const known = held.get(rule.id);
  if (!holds) {
    if (known !== null) held.set(rule.id, null);
    return deciding.now;
  }
  // Nearly every rule at nearly every look: the rest is for a condition that begins to hold.
  if (typeof known === 'number') return known;
  const [root] = members;
  const isFresh = ({ raisedAt }: Fault) => deciding.now - raisedAt <= CONFIRMING_MS;
  // Before it is an incident, what it explains may have failed after the cause was seen.
  const fresh = (incident === null ? members : [root!]).filter(isFresh);
  const began = held.has(rule.id) ? fresh : [root!];
  const first =
    flapsSince(deciding, members, held, rule) ??
    Math.min(deciding.now, ...began.map(({ since }) => since));
  held.set(rule.id, first);
  return first;
}
