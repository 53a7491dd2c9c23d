import type { Override } from '../config/schedule/schedule.ts';
import { DAY, type DurationMs } from '../lib/time.ts';
import type { Deciding } from './deciding.ts';
import type {
  CommandOutcome,
  GivenTurns,
  OverrideCommand,
  PassedLimit,
  Refusal,
} from './inputs.ts';

/** Longer than any leave; a lasting change belongs into the file. */
const LONGEST_OVERRIDE_MS: DurationMs = 92 * DAY;
/** Of all schedules together. */
const MOST_OVERRIDES = 1000;

/** Decides over an exception to who is on call; it counts from now on, never for what has passed. */
export function decideOverride(deciding: Deciding, command: OverrideCommand): CommandOutcome {
  if (command.type === 'remove-override') return remove(deciding, command);
  const { scheduleId, by, reason } = command;
  if (!deciding.requireGraph().schedules.has(scheduleId)) return refuse('no-such-schedule');
  const asked = deciding.state.overrides.size + (command.type === 'add-override' ? 1 : 2);
  if (asked > MOST_OVERRIDES) {
    return refuse('too-many', { of: 'overrides', most: MOST_OVERRIDES, asked });
  }
  if (command.type === 'add-override') {
    const { personId, replacesId, from, to } = command;
    const people = replacesId === null ? [personId] : [personId, replacesId];
    const refusal = refusalOf(deciding, people, [{ personId, from, to }]);
    if (refusal !== null) return refusal;
    const rest = { scheduleId, personId, replacesId, from, to, reason, by, swapId: null };
    return add(deciding, [rest]);
  }
  const { first, second } = command;
  if (first.personId === second.personId) return refuse('same-person');
  const refusal = refusalOf(deciding, [first.personId, second.personId], [first, second]);
  if (refusal !== null) return refusal;
  const swapId = overrideId(deciding.state.lastOverrideNumber + 1);
  const half = (given: GivenTurns, taker: GivenTurns) => ({
    ...{ scheduleId, reason, by, swapId },
    personId: taker.personId,
    replacesId: given.personId,
    ...{ from: given.from, to: given.to },
  });
  return add(deciding, [half(first, second), half(second, first)]);
}

function refusalOf(
  deciding: Deciding,
  personIds: readonly string[],
  spans: readonly GivenTurns[],
): CommandOutcome | null {
  const { people } = deciding.requireGraph();
  if (personIds.some((id) => !people.has(id))) return refuse('no-such-person');
  if (new Set(personIds).size < personIds.length) return refuse('same-person');
  if (spans.some(({ from, to }) => to <= from)) return refuse('bad-span');
  const asked = Math.max(...spans.map(({ from, to }) => to - from));
  if (asked > LONGEST_OVERRIDE_MS) {
    return refuse('span-too-long', { of: 'override-span', most: LONGEST_OVERRIDE_MS, asked });
  }
  return spans.some(({ to }) => to <= deciding.now) ? refuse('already-over') : null;
}

function add(deciding: Deciding, wanted: readonly Omit<Override, 'id'>[]): CommandOutcome {
  const { now } = deciding;
  const ids = wanted.map((each) => {
    const id = overrideId(deciding.state.lastOverrideNumber + 1);
    // What has passed stays as it was.
    const override = { ...each, id, from: Math.max(each.from, now) };
    deciding.emit({ type: 'override-added', at: now, override });
    return id;
  });
  return { accepted: true, ids };
}

/** Takes back an override; both halves where it is one of a swap. */
function remove(
  deciding: Deciding,
  { overrideId: id, by }: Extract<OverrideCommand, { type: 'remove-override' }>,
): CommandOutcome {
  const { overrides } = deciding.state;
  const named = overrides.get(id);
  if (named === undefined) return refuse('no-such-override');
  const removed = [...overrides.values()].filter(
    (each) => each.id === id || (named.swapId !== null && each.swapId === named.swapId),
  );
  for (const each of removed) {
    deciding.emit({ type: 'override-removed', at: deciding.now, overrideId: each.id, by });
  }
  return { accepted: true, ids: removed.map((each) => each.id) };
}

function overrideId(number: number): string {
  return `ovr-${String(number).padStart(6, '0')}`;
}

function refuse(reason: Refusal, limit?: PassedLimit): CommandOutcome {
  return { accepted: false, reason, by: null, ...(limit === undefined ? {} : { limit }) };
}
