import type { DomainEvent } from '../../alerting/events.ts';
import type { AuthorityDuty } from '../../config/authority-duty.ts';
import { type DurationMs, type EpochMs, HOUR, SECOND } from '../../lib/time.ts';

/** Looks are a second apart, and a process that was away finds what fell due at its start. */
const SEEN_WITHIN_MS = 20 * SECOND;

export const AUTHORITY: AuthorityDuty = {
  ...{ id: 'written', name: 'written report', from: 'graded', reminderRatios: [0.5] },
  withinMs: { 1: HOUR, 2: 2 * HOUR, 3: null, 4: null },
};

interface Clock {
  dueAt: EpochMs;
  isOver: boolean;
}

/** By when the authority is to be told of each incident, worked out from the entries of the journal alone. */
export class DutyModel {
  readonly #clocks = new Map<string, Clock>();

  /** A step of the wall clock moves whatever runs. */
  shift(byMs: DurationMs): void {
    for (const clock of this.#clocks.values()) if (!clock.isOver) clock.dueAt += byMs;
  }

  /** Takes in an entry of an incident; says what is wrong with it. */
  take(event: DomainEvent): readonly string[] {
    switch (event.type) {
      case 'incident-opened':
        return this.#graded(event.incidentId, event.tier, event.at);
      case 'incident-reopened':
        return event.tier === undefined ? [] : this.#graded(event.incidentId, event.tier, event.at);
      case 'incident-graded':
        return event.to < event.from ? this.#graded(event.incidentId, event.to, event.at) : [];
      case 'authority-clock-started': {
        const { dueAt } = this.#clocks.get(event.incidentId) ?? {};
        return dueAt === event.clock.dueAt
          ? []
          : [`${event.incidentId}: an authority by ${event.clock.dueAt}, expected ${dueAt}`];
      }
      case 'authority-clock-breached': {
        const clock = this.#clocks.get(event.incidentId);
        const isRight = clock !== undefined && !clock.isOver && event.at > clock.dueAt;
        if (clock !== undefined) clock.isOver = true;
        return isRight ? [] : [`${event.incidentId}: no authority waited in vain`];
      }
      default:
        return [];
    }
  }

  /** When the next deadline passes; never, where none runs. */
  nextAt(now: EpochMs): EpochMs {
    const ahead = [...this.#clocks.values()].filter(({ isOver, dueAt }) => !isOver && dueAt >= now);
    return Math.min(...ahead.map(({ dueAt }) => dueAt + 1), Number.POSITIVE_INFINITY);
  }

  /** Deadlines that have passed and are not on record as missed. */
  overdue(now: EpochMs): readonly string[] {
    return [...this.#clocks].flatMap(([id, { dueAt, isOver }]) =>
      !isOver && now > dueAt + SEEN_WITHIN_MS
        ? [`${id}: an authority was not told by ${dueAt}`]
        : [],
    );
  }

  #graded(id: string, tier: 1 | 2 | 3 | 4, at: EpochMs): readonly string[] {
    const withinMs = AUTHORITY.withinMs[tier];
    const known = this.#clocks.get(id);
    if (withinMs === null || known?.isOver) return [];
    if (known === undefined) this.#clocks.set(id, { dueAt: at + withinMs, isOver: false });
    else known.dueAt = Math.min(known.dueAt, at + withinMs);
    return [];
  }
}
