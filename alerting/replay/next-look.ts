import { type DurationMs, type EpochMs, HOUR, MINUTE, SECOND } from '../../lib/time.ts';
import { quietUntilOf } from '../on-call.ts';
import { nextStepAt } from '../response-clock.ts';
import { DOWNGRADE_AFTER_MS } from '../tier-changes.ts';
import { lapsesAt, noticeDueAt, updateDueAt } from '../update-clock.ts';
import type { ReplayedEngine } from './replayed-engine.ts';

/** The service looks once a second; nothing in a replay is decided closer to each other. */
const SHORTEST_WAIT_MS: DurationMs = SECOND;

/**
 * When the replayed engine looks again: when a rule, a clock, an update or a page falls due, and now and
 * then for what changes by itself (a battery); often right after something has changed. At the earliest
 * a second from now.
 */
export function nextLookAt(engine: ReplayedEngine, changedAt: EpochMs): EpochMs {
  const { now } = engine;
  const sinceChangeMs = now - changedAt;
  const everyMs = sinceChangeMs < 2 * MINUTE ? SECOND : sinceChangeMs < HOUR ? 15 * SECOND : MINUTE;
  let next = now + everyMs;
  for (const at of dueInstants(engine)) {
    if (at !== null && at < next) next = Math.max(at, now + SHORTEST_WAIT_MS);
  }
  return next;
}

function* dueInstants(engine: ReplayedEngine): Iterable<EpochMs | null> {
  yield engine.nextPageAt();
  yield* ruleInstants(engine);
  const graph = engine.requireGraph();
  const quietUntil = (personId: string, at: EpochMs) => quietUntilOf(graph, personId, at);
  for (const incident of engine.openIncidents()) {
    yield nextStepAt(engine, incident);
    yield lapsesAt(incident);
    if (incident.updateAskedAt === null) yield updateDueAt(incident, quietUntil);
    if (!incident.stepsTaken.has('notice-due')) yield noticeDueAt(incident, quietUntil);
    const milderSince = engine.soft.milderSince.get(incident.id);
    if (milderSince !== undefined) yield milderSince + DOWNGRADE_AFTER_MS;
  }
}

/** When rules whose condition holds will have held for their time. */
function* ruleInstants(engine: ReplayedEngine): Iterable<EpochMs> {
  const { now, soft } = engine;
  const { gradingRules } = engine.requireGraph().topology;
  for (const held of soft.heldConditions.values()) {
    for (const { id, forMs, warnAfterMs } of gradingRules) {
      const since = held.get(id) ?? null;
      if (since === null) continue;
      if (since + forMs > now) yield since + forMs;
      if (warnAfterMs !== undefined && since + warnAfterMs > now) yield since + warnAfterMs;
    }
  }
  for (const { tierReachedAt } of engine.openIncidents()) {
    for (const { when, forMs } of gradingRules) {
      const since = when.currentTier === null ? undefined : tierReachedAt.get(when.currentTier);
      if (since !== undefined && since + forMs > now) yield since + forMs;
    }
  }
}
