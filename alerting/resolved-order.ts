import type { EngineState, Incident } from './state.ts';

/**
 * The resolved incidents of each state, those resolved first in front; of one instant, those opened
 * first. It follows from the incidents alone and is kept beside them only because sorting hundreds
 * at every end of an incident was a third of a replay. A copy of a state finds it again.
 */
const ORDERS = new WeakMap<EngineState, Incident[]>();

/** The list itself: whoever takes an incident out of the state takes it out of here too. */
export function resolvedInOrder(state: EngineState): Incident[] {
  const known = ORDERS.get(state);
  if (known !== undefined) return known;
  const resolved = [...state.incidents.values()].filter((each) => each.resolvedAt !== null);
  resolved.sort((a, b) => a.resolvedAt! - b.resolvedAt! || (isOpenedBefore(a, b) ? -1 : 1));
  ORDERS.set(state, resolved);
  return resolved;
}

/** Puts an incident that has just been resolved where it belongs: at the end, unless the clock was set back. */
export function keepResolved(state: EngineState, incident: Incident): void {
  const resolved = ORDERS.get(state);
  if (resolved === undefined) return;
  let place = resolved.length;
  while (place > 0 && isResolvedBefore(incident, resolved[place - 1]!)) place -= 1;
  resolved.splice(place, 0, incident);
}

/** Takes an incident out that is about to be open again. */
export function keepUnresolved(state: EngineState, incident: Incident): void {
  const resolved = ORDERS.get(state);
  const place = resolved?.lastIndexOf(incident) ?? -1;
  if (place >= 0) resolved!.splice(place, 1);
}

function isResolvedBefore(a: Incident, b: Incident): boolean {
  return a.resolvedAt! < b.resolvedAt! || (a.resolvedAt === b.resolvedAt && isOpenedBefore(a, b));
}

/** Ids count up, with leading zeros as long as they fit. */
function isOpenedBefore({ id: a }: Incident, { id: b }: Incident): boolean {
  return a.length < b.length || (a.length === b.length && a < b);
}
