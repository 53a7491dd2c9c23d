import type { DomainEvent } from '../../alerting/events.ts';
import type { EscalationStep, Tier, TierTargets } from '../../config/model.ts';
import { type DurationMs, type EpochMs, MINUTE, SECOND } from '../../lib/time.ts';

/** Steps that meet may wait this long for each other. */
const MERGING_MS = 3 * SECOND;
/** The accuracy that is promised. */
const ACCURACY_MS = SECOND;
const DOWNGRADE_AFTER_MS = 10 * MINUTE;

type Event<Type extends DomainEvent['type']> = Extract<DomainEvent, { type: Type }>;

/** What the clock of an incident hangs on beside its own events. */
export interface ClockWorld {
  /** Whether a silence hides the incident at an instant. */
  readonly isHidden: (model: ClockModel, at: EpochMs) => boolean;
  /** Whether a step wakes anybody at an instant. */
  readonly isHeard: (tier: Tier, step: number, at: EpochMs) => boolean;
}

interface Due {
  readonly name: string;
  readonly dueAt: EpochMs;
}

/**
 * The response clock of one incident, written down a second time from its rules: what must be taken
 * when, from the events alone. It shares no code with the engine.
 */
export class ClockModel {
  readonly id: string;
  readonly #steps: Readonly<Record<Tier, readonly EscalationStep[]>>;
  readonly #targets: Readonly<Record<Tier, TierTargets>>;
  readonly #taken = new Set<string>();
  readonly rootFaultKey: string;
  tier: Tier;
  episode = 1;
  #clockAt: EpochMs;
  #stepsAt: EpochMs;
  #worsenedAt: EpochMs;
  /** When it got worse within this clock, and whether to a tier that the clock had had. */
  #upgrade: { at: EpochMs; readonly isAgain: boolean } | null = null;
  #worst: Tier;
  #remindersAt: EpochMs;
  acknowledgeBy: EpochMs;
  isAcknowledged = false;
  isBreached = false;
  resolvedAt: EpochMs | null = null;
  /** Steps that a silence has hidden and that nothing has made up for. */
  hiddenSteps = 0;
  tierAt: EpochMs;
  readonly #world: ClockWorld;

  constructor(event: Event<'incident-opened'>, world: ClockWorld) {
    this.#world = world;
    this.tierAt = event.at;
    this.id = event.incidentId;
    this.rootFaultKey = event.rootFaultKey;
    this.#steps = event.steps;
    this.#targets = event.targets;
    this.tier = event.tier;
    this.#clockAt = event.at;
    this.#stepsAt = event.at;
    this.#worsenedAt = event.at;
    this.#worst = event.tier;
    this.#remindersAt = event.at;
    this.acknowledgeBy = event.at + this.#targets[event.tier].acknowledgeWithinMs;
  }

  get isRunning(): boolean {
    return this.resolvedAt === null && !this.isAcknowledged;
  }

  /** Everything that falls due, taken or not; of repetitions only the next one that is not taken. */
  dues(now: EpochMs): readonly Due[] {
    if (!this.isRunning) return [];
    const target = this.#targets[this.tier];
    const dues: Due[] = [
      ...this.#stepDues(now),
      ...this.#reminderDues(),
      { name: 'breach', dueAt: this.acknowledgeBy + 1 },
    ];
    if (this.#upgrade?.isAgain) {
      const { at: dueAt } = this.#upgrade;
      dues.push({ name: `again:${Math.floor((dueAt - this.#clockAt) / SECOND)}`, dueAt });
    }
    if (target.repeatEveryMs !== null) {
      const passed = Math.floor((now - this.#stepsAt) / target.repeatEveryMs);
      for (const number of [passed, passed + 1]) {
        if (number < 1) continue;
        const dueAt = this.#stepsAt + number * target.repeatEveryMs;
        dues.push({ name: `repeat:${this.tier}:${number}`, dueAt });
      }
    }
    return dues.filter(({ name }) => !this.#taken.has(name));
  }

  #reminderDues(): readonly Due[] {
    const lengthMs = this.acknowledgeBy - this.#remindersAt;
    if (lengthMs <= 0) return [];
    const of = this.#remindersAt === this.#clockAt ? '' : `:${this.#worst}`;
    return this.#targets[this.tier].reminderRatios.map((ratio) => ({
      name: `reminder:${ratio}${of}`,
      dueAt: this.#remindersAt + Math.floor(lengthMs * ratio),
    }));
  }

  /** Where an upgrade left less time than its tier gives, everything comes in proportion earlier. */
  #afterMs(afterMs: DurationMs): DurationMs {
    const { acknowledgeWithinMs } = this.#targets[this.#worst];
    const leftMs = this.acknowledgeBy - this.#stepsAt;
    const isShort = leftMs > 0 && leftMs < acknowledgeWithinMs;
    return isShort ? Math.floor((afterMs * leftMs) / acknowledgeWithinMs) : afterMs;
  }

  /** A step that everyone sleeps through hands its time to the next. */
  #stepDues(now: EpochMs): readonly Due[] {
    let handed = Number.POSITIVE_INFINITY;
    return this.#steps[this.tier].map((step, index) => {
      const name = `step:${this.tier}:${index}`;
      const isTaken = this.#taken.has(name);
      const ownAt = Math.min(this.#stepsAt + this.#afterMs(step.afterMs), handed);
      const dueAt = isTaken ? ownAt : Math.max(ownAt, this.#upgrade?.at ?? ownAt);
      const at = isTaken ? dueAt : Math.max(dueAt, now);
      handed = this.#world.isHeard(this.tier, index, at) ? Number.POSITIVE_INFINITY : dueAt;
      return { name, dueAt };
    });
  }

  /** The next instant at which something falls due. */
  nextAt(now: EpochMs): EpochMs | null {
    const later = this.dues(now).filter(({ dueAt }) => dueAt > now);
    return later.length === 0 ? null : Math.min(...later.map(({ dueAt }) => dueAt));
  }

  /** What is overdue although the service had time to take it. Nothing repeats in silence. */
  overdue(now: EpochMs): readonly string[] {
    const since = now - MERGING_MS - ACCURACY_MS;
    const isHidden = this.#world.isHidden(this, now) || this.#world.isHidden(this, since);
    const mayBeHidden = isHidden || this.tierAt >= since;
    if (this.isRunning && !mayBeHidden && this.hiddenSteps > 0)
      return [`${this.id}: nobody was paged after the silence`];
    return this.dues(now)
      .filter(({ name }) => !mayBeHidden || !name.startsWith('repeat'))
      .filter(({ dueAt }) => now - dueAt > MERGING_MS + ACCURACY_MS)
      .map(({ name, dueAt }) => `${this.id} ${name} is overdue by ${(now - dueAt) / SECOND} s`);
  }

  /** Indexes of the escalation steps that were taken or passed over. */
  takenSteps(): readonly number[] {
    return this.#steps[this.tier].flatMap((_, index) =>
      this.#taken.has(`step:${this.tier}:${index}`) ? [index] : [],
    );
  }

  /** The wall clock was set: whatever runs, runs on in elapsed time. */
  shift(byMs: DurationMs): void {
    this.#clockAt += byMs;
    this.#stepsAt += byMs;
    this.#worsenedAt += byMs;
    this.#remindersAt += byMs;
    if (this.#upgrade !== null) this.#upgrade.at += byMs;
    this.tierAt += byMs;
    this.acknowledgeBy += byMs;
    if (this.resolvedAt !== null) this.resolvedAt += byMs;
  }

  /** Takes in an event of the incident; returns what is wrong with it. */
  take(event: DomainEvent): readonly string[] {
    switch (event.type) {
      case 'incident-reopened':
        return this.#reopened(event);
      case 'incident-graded':
        return this.#graded(event);
      case 'clock-step-taken':
        return this.#stepTaken(event);
      case 'incident-clock-moved':
        return this.#deadline(event.acknowledgeBy);
      case 'incident-acknowledged':
        return this.#acknowledged(event);
      case 'response-breached':
        return this.#breached(event);
      case 'incident-resolved':
        return this.#resolved(event);
      default:
        return [];
    }
  }

  #reopened(event: Event<'incident-reopened'>): readonly string[] {
    const wrong = this.resolvedAt === null ? [`${this.id} re-opened though it was open`] : [];
    this.episode += 1;
    this.resolvedAt = null;
    this.tier = event.tier ?? this.tier;
    this.tierAt = event.at;
    this.#startAnew(event.at);
    if (event.episode !== this.episode) wrong.push(`${this.id} has a wrong episode`);
    return [...wrong, ...this.#deadline(event.acknowledgeBy)];
  }

  #graded(event: Event<'incident-graded'>): readonly string[] {
    const wrong: string[] = [];
    const worse = event.to < event.from;
    const milder = event.to > event.from;
    if (event.from !== this.tier) wrong.push(`${this.id} graded from a tier that it has not`);
    if (milder && event.at >= this.#worsenedAt && event.at - this.#worsenedAt < DOWNGRADE_AFTER_MS)
      wrong.push(`${this.id} became milder within ten minutes`);
    const mustAnew = worse && this.isAcknowledged && event.to <= 2;
    if (mustAnew && !event.needsFreshAcknowledgement)
      wrong.push(`${this.id} is worse and asks for no fresh acknowledgement`);
    this.tier = event.to;
    if (worse || milder) this.tierAt = event.at;
    if (event.needsFreshAcknowledgement) {
      this.episode += 1;
      this.#startAnew(event.at);
    } else if (worse) {
      const target = event.at + this.#targets[event.to].acknowledgeWithinMs;
      if (!this.isAcknowledged) this.acknowledgeBy = Math.min(this.acknowledgeBy, target);
      const isAgain = event.to >= this.#worst;
      this.#upgrade = { at: event.at, isAgain };
      if (!isAgain) {
        this.#worst = event.to;
        this.#stepsAt = event.at;
        this.#remindersAt = event.at;
      }
    }
    if (worse) this.#worsenedAt = event.at;
    if (milder) this.#skipPassed(event.at);
    return [...wrong, ...this.#deadline(event.acknowledgeBy)];
  }

  #stepTaken(event: Event<'clock-step-taken'>): readonly string[] {
    const { step, dueAt, at } = event;
    const isHidden = this.#world.isHidden(this, at);
    if ((event.silencedBy !== undefined) !== isHidden)
      return [`${this.id} took ${step} ${isHidden ? 'aloud in a' : 'silently without a'} silence`];
    if (step.startsWith('after-silence:')) {
      if (this.hiddenSteps === 0) return [`${this.id} took ${step} without a silence`];
      this.hiddenSteps = 0;
      return [];
    }
    if (isHidden) this.hiddenSteps += 1;
    const due = this.dues(at).find(({ name }) => name === step);
    if (this.#taken.has(step)) return [`${this.id} took ${step} twice`];
    this.#taken.add(step);
    const isLast = step.endsWith(':catch-all') && event.afterLost !== undefined;
    if (due === undefined && !isLast) return [`${this.id} took ${step}, which it does not have`];
    // Whether the step before is lost is for the checker, who knows the pages.
    if (event.afterLost !== undefined)
      return dueAt > at ? [`${this.id} took ${step} too early`] : [];
    if (dueAt !== due?.dueAt)
      return [`${this.id} took ${step} for ${dueAt}, expected ${due?.dueAt}`];
    return at < dueAt ? [`${this.id} took ${step} too early`] : [];
  }

  #acknowledged(event: Event<'incident-acknowledged'>): readonly string[] {
    const wrong = [...this.#missedBreach(event.at)];
    if (!this.isRunning) wrong.push(`${this.id} acknowledged though no clock ran`);
    this.isAcknowledged = true;
    return wrong;
  }

  #breached(event: Event<'response-breached'>): readonly string[] {
    const wrong: string[] = [];
    if (!this.isRunning) wrong.push(`${this.id} breached though no clock ran`);
    if (this.isBreached) wrong.push(`${this.id} breached twice`);
    if (event.at <= this.acknowledgeBy) wrong.push(`${this.id} breached before its deadline`);
    if (event.deadline !== this.acknowledgeBy) wrong.push(`${this.id} breached another deadline`);
    this.isBreached = true;
    return wrong;
  }

  #resolved(event: Event<'incident-resolved'>): readonly string[] {
    const wrong = this.#missedBreach(event.at);
    this.resolvedAt = event.at;
    return wrong;
  }

  #missedBreach(at: EpochMs): readonly string[] {
    if (!this.isRunning || this.isBreached || at <= this.acknowledgeBy) return [];
    return [`${this.id} ended its clock after the deadline without a recorded breach`];
  }

  #deadline(told: EpochMs): readonly string[] {
    if (told === this.acknowledgeBy) return [];
    return [`${this.id} must be acknowledged by ${told}, expected ${this.acknowledgeBy}`];
  }

  #startAnew(at: EpochMs): void {
    this.#clockAt = at;
    this.#stepsAt = at;
    this.#worsenedAt = at;
    this.#upgrade = null;
    this.#worst = this.tier;
    this.#remindersAt = at;
    this.acknowledgeBy = at + this.#targets[this.tier].acknowledgeWithinMs;
    this.isAcknowledged = false;
    this.isBreached = false;
    this.#taken.clear();
    this.hiddenSteps = 0;
  }

  #skipPassed(at: EpochMs): void {
    for (const [index, step] of this.#steps[this.tier].entries()) {
      if (this.#stepsAt + this.#afterMs(step.afterMs) <= at)
        this.#taken.add(`step:${this.tier}:${index}`);
    }
  }
}
