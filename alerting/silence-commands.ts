import { DAY, type DurationMs } from '../lib/time.ts';
import type { Deciding } from './deciding.ts';
import type { CommandOutcome, Refusal, SilenceCommand } from './inputs.ts';
import { canNeverMatch, isNaming, type Silence, silenceStatus } from './silence.ts';

/** Nothing is silent for longer without somebody wanting it again. */
export const LONGEST_SILENCE_MS: DurationMs = 7 * DAY;
/** In force or to come, at once. */
const MOST_SILENCES = 500;

/** Decides over a silence; a refusal changes nothing and says why. */
export function decideSilence(deciding: Deciding, command: SilenceCommand): CommandOutcome {
  if (command.type === 'add-silence') return add(deciding, command);
  const silence = deciding.state.silences.get(command.silenceId);
  if (silence === undefined) return refuse('no-such-silence');
  if (silenceStatus(silence, deciding.now) === 'expired') return refuse('already-over');
  const { id: silenceId } = silence;
  const { by } = command;
  const at = deciding.now;
  switch (command.type) {
    case 'confirm-silence':
      if (by === silence.createdBy || by === silence.owner) return refuse('same-person');
      if (silence.confirmedBy === null) {
        deciding.emit({ type: 'silence-confirmed', at, silenceId, by });
      }
      return { accepted: true, ids: [silenceId] };
    case 'extend-silence': {
      const { endsAt } = command;
      if (endsAt <= silence.endsAt) return refuse('bad-span');
      if (endsAt - at > LONGEST_SILENCE_MS) return tooLong(endsAt - at);
      deciding.emit({ type: 'silence-extended', at, silenceId, by, endsAt });
      return { accepted: true, ids: [silenceId] };
    }
    case 'end-silence':
      deciding.emit({ type: 'silence-ended', at, silenceId, by });
      return { accepted: true, ids: [silenceId] };
  }
}

function add(
  deciding: Deciding,
  command: Extract<SilenceCommand, { type: 'add-silence' }>,
): CommandOutcome {
  const { now: at, state } = deciding;
  const { by, owner, reason, matchers, endsAt } = command;
  const startsAt = Math.max(command.startsAt ?? at, at);
  if (!matchers.some(isNaming)) return refuse('matches-everything');
  const idle = matchers.find((each) => canNeverMatch(each, state.incidents, state.faults.values()));
  if (idle !== undefined) return refuse('matches-nothing', idle.name);
  if (endsAt <= startsAt) return refuse('bad-span');
  if (endsAt - startsAt > LONGEST_SILENCE_MS) return tooLong(endsAt - startsAt);
  const held = [...state.silences.values()].filter((each) => silenceStatus(each, at) !== 'expired');
  if (held.length >= MOST_SILENCES) {
    const limit = { of: 'silences', most: MOST_SILENCES, asked: held.length + 1 } as const;
    return { ...refuse('too-many'), limit };
  }
  const id = `sil-${String(state.lastSilenceNumber + 1).padStart(6, '0')}`;
  const silence: Silence = {
    ...{ id, owner, reason, createdBy: by, createdAt: at, startsAt, endsAt, matchers },
    confirmedBy: null,
  };
  deciding.emit({ type: 'silence-added', at, silence });
  return { accepted: true, ids: [id] };
}

function tooLong(asked: DurationMs): CommandOutcome {
  const limit = { of: 'silence-span', most: LONGEST_SILENCE_MS, asked } as const;
  return { ...refuse('span-too-long'), limit };
}

function refuse(reason: Refusal, label?: string): Extract<CommandOutcome, { accepted: false }> {
  return { accepted: false, reason, by: null, ...(label === undefined ? {} : { label }) };
}
