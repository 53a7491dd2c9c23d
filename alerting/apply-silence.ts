import { assert } from '../lib/assert.ts';
import { DAY, type DurationMs, type EpochMs } from '../lib/time.ts';
import type { DomainEvent } from './events.ts';
import type { EngineState } from './state.ts';

type SilenceEvent = Extract<DomainEvent, { type: `silence-${string}` }>;

/** How long one that has ended is still shown, with what it hid; the journal has it for good. */
const KEPT_FOR_MS: DurationMs = 30 * DAY;

/** The part of the fold that concerns silences. */
export function applySilenceEvent(state: EngineState, event: SilenceEvent): EngineState {
  if (event.type === 'silence-added') {
    forgetOld(state, event.at);
    state.silences.set(event.silence.id, { ...event.silence, hiddenIncidentIds: new Set() });
    state.lastSilenceNumber += 1;
    return state;
  }
  const silence = state.silences.get(event.silenceId);
  assert(silence, `no such silence: ${event.silenceId}`);
  switch (event.type) {
    case 'silence-confirmed':
      state.silences.set(silence.id, { ...silence, confirmedBy: event.by });
      return state;
    case 'silence-extended':
      // What one person makes longer, a second one has to confirm again.
      state.silences.set(silence.id, { ...silence, endsAt: event.endsAt, confirmedBy: null });
      return state;
    case 'silence-ended':
      state.silences.set(silence.id, { ...silence, endsAt: event.at });
      return state;
  }
}

function forgetOld(state: EngineState, at: EpochMs): void {
  for (const [id, silence] of state.silences) {
    if (at - silence.endsAt > KEPT_FOR_MS) state.silences.delete(id);
  }
}
