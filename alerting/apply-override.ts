import { assert } from '../lib/assert.ts';
import { DAY, type DurationMs, type EpochMs } from '../lib/time.ts';
import type { DomainEvent } from './events.ts';
import type { EngineState } from './state.ts';

type OverrideEvent = Extract<DomainEvent, { type: `override-${string}` }>;

/** One that ended longer ago decides nothing any more; the journal has it. */
const KEPT_FOR_MS: DurationMs = 40 * DAY;

/** The part of the fold that concerns exceptions to the schedules. */
export function applyOverrideEvent(state: EngineState, event: OverrideEvent): EngineState {
  if (event.type === 'override-removed') {
    assert(state.overrides.has(event.overrideId), `no such override: ${event.overrideId}`);
    state.overrides.delete(event.overrideId);
    return state;
  }
  forgetOld(state, event.at);
  state.overrides.set(event.override.id, event.override);
  state.lastOverrideNumber += 1;
  return state;
}

function forgetOld(state: EngineState, at: EpochMs): void {
  for (const [id, override] of state.overrides) {
    if (at - override.to > KEPT_FOR_MS) state.overrides.delete(id);
  }
}
