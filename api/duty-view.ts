import { type Static, Type } from 'typebox';
import { type AuthorityClock, REVIEW_REASONS, type ReviewDuty } from '../alerting/duties.ts';
import type { DomainEvent } from '../alerting/events.ts';
import type { Config } from '../config/model.ts';
import { type EpochMs, formatInstant } from '../lib/time.ts';
import { REVIEW_REASON_NAMES } from './duty-sentence.ts';
import { namesOf } from './names.ts';
import { Instant, LocalTextSchema, NullableInstant, oneOf, TierNumber } from './schemas.ts';

const PersonRef = Type.Object({ id: Type.String(), name: Type.String() });

export const ReviewDutySchema = Type.Object({
  reasons: Type.Array(oneOf(REVIEW_REASONS)),
  reasonNames: Type.Array(LocalTextSchema),
  /** A day of the calendar in `timeZone`, and its end. */
  dueOn: Type.String(),
  timeZone: Type.String(),
  dueAt: Instant,
  status: oneOf(['running', 'met', 'overdue', 'late']),
  needsApproval: Type.Boolean(),
  approvedAt: NullableInstant,
  approvedBy: Type.Union([PersonRef, Type.Null()]),
});

export const AuthorityClockSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  tier: TierNumber,
  startedAt: Instant,
  dueAt: Instant,
  /** `late`: told after the deadline. */
  status: oneOf(['running', 'met', 'overdue', 'late']),
  told: Type.Union([
    Type.Object({
      at: Instant,
      recordedAt: Instant,
      by: PersonRef,
      reference: Type.String(),
      text: Type.String(),
    }),
    Type.Null(),
  ]),
});

type Told = Extract<DomainEvent, { type: 'authority-told' }>;

/** What is owed about an incident, folded from its journal entries one by one. */
export class DutyView {
  #duty: ReviewDuty | null = null;
  #writtenAt: EpochMs | null = null;
  #approved: { readonly at: EpochMs; readonly by: string } | null = null;
  readonly #clocks = new Map<string, { clock: AuthorityClock; told: Told | null }>();

  take(event: DomainEvent): void {
    switch (event.type) {
      case 'review-required':
        this.#duty = event.duty;
        return;
      case 'incident-reopened':
        this.#duty = null;
        return;
      case 'review-written':
        this.#writtenAt = event.at;
        this.#approved = null;
        return;
      case 'review-approved':
        this.#approved = { at: event.at, by: event.by };
        return;
      case 'authority-clock-started':
        this.#clocks.set(event.clock.authorityId, { clock: event.clock, told: null });
        return;
      case 'authority-told': {
        const held = this.#clocks.get(event.authorityId);
        if (held !== undefined) held.told = event;
      }
    }
  }

  view(config: Config, now: EpochMs) {
    return {
      reviewDuty: this.#viewReview(config, now),
      authorities: this.#viewClocks(config, now),
    };
  }

  #viewReview(config: Config, now: EpochMs): Static<typeof ReviewDutySchema> | null {
    if (this.#duty === null) return null;
    const { reasons, dueOn, timeZone, dueAt, needsApproval } = this.#duty;
    const approved = this.#approved;
    return {
      ...{ reasons: [...reasons], dueOn, timeZone, needsApproval },
      reasonNames: reasons.map((reason) => ({ ...REVIEW_REASON_NAMES[reason] })),
      dueAt: formatInstant(dueAt),
      status: statusOf(this.#writtenAt, dueAt, now),
      approvedAt: approved === null ? null : formatInstant(approved.at),
      approvedBy: approved === null ? null : personOf(approved.by, config),
    };
  }

  #viewClocks(config: Config, now: EpochMs): Static<typeof AuthorityClockSchema>[] {
    return Array.from(this.#clocks.values(), ({ clock, told }) => ({
      ...{ id: clock.authorityId, name: clock.name, tier: clock.tier },
      startedAt: formatInstant(clock.startedAt),
      dueAt: formatInstant(clock.dueAt),
      status: statusOf(told?.toldAt ?? null, clock.dueAt, now),
      told:
        told === null
          ? null
          : {
              ...{ at: formatInstant(told.toldAt), recordedAt: formatInstant(told.at) },
              ...{ by: personOf(told.by, config), reference: told.reference, text: told.text },
            },
    }));
  }
}

function statusOf(doneAt: EpochMs | null, dueAt: EpochMs, now: EpochMs) {
  if (doneAt === null) return now > dueAt ? ('overdue' as const) : ('running' as const);
  return doneAt > dueAt ? ('late' as const) : ('met' as const);
}

function personOf(id: string, config: Config) {
  return { id, name: namesOf(config).person(id) };
}
