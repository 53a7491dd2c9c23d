import type { DomainEvent } from '../../alerting/events.ts';
import { type DurationMs, type EpochMs, HOUR, SECOND } from '../../lib/time.ts';

const ACCURACY_MS = 2 * SECOND;
const CLOCKS = { respond: HOUR, answer: 24 * HOUR } as const;

interface Told {
  at: EpochMs;
  readonly done: Map<'respond' | 'answer', EpochMs>;
  readonly breached: Set<'respond' | 'answer'>;
  hasIncident: boolean;
}

/** The clocks of what customers report, from the events alone. */
export class ReportModel {
  readonly #reports = new Map<string, Told>();

  get waitingIds(): readonly string[] {
    return [...this.#reports].flatMap(([id, { done }]) => (done.has('answer') ? [] : [id]));
  }

  take(event: DomainEvent): readonly string[] {
    if (event.type === 'customer-report-received') {
      const told = {
        at: event.at,
        done: new Map(),
        breached: new Set<never>(),
        hasIncident: false,
      };
      this.#reports.set(event.report.id, told);
      return [];
    }
    if (!('reportId' in event)) return [];
    const report = this.#reports.get(event.reportId)!;
    switch (event.type) {
      case 'customer-report-joined':
        report.hasIncident = true;
        return [];
      case 'customer-report-responded':
        return this.#done(event.reportId, 'respond', event.at);
      case 'customer-report-answered':
        return this.#done(event.reportId, 'answer', event.at);
      case 'customer-report-breached': {
        const isDue = event.at > report.at + CLOCKS[event.clock];
        const isNew = !report.breached.has(event.clock) && !report.done.has(event.clock);
        report.breached.add(event.clock);
        return isDue && isNew ? [] : [`${event.reportId} breached ${event.clock} for no reason`];
      }
      default:
        return [];
    }
  }

  /** The wall clock was set: whatever runs, runs on in elapsed time. */
  shift(byMs: DurationMs): void {
    for (const report of this.#reports.values()) report.at += byMs;
  }

  /** What is overdue although the service had time to see it. */
  overdue(now: EpochMs): readonly string[] {
    const wrong: string[] = [];
    for (const [id, { at, done, breached, hasIncident }] of this.#reports) {
      if (done.has('answer')) continue;
      if (!hasIncident && now - at > ACCURACY_MS) wrong.push(`${id} belongs to no incident`);
      for (const clock of ['respond', 'answer'] as const) {
        const isOver = now > at + CLOCKS[clock] + ACCURACY_MS;
        if (isOver && !done.has(clock) && !breached.has(clock))
          wrong.push(`${id} missed its ${clock} deadline without a breach`);
      }
    }
    return wrong;
  }

  nextAt(now: EpochMs): EpochMs {
    let next = Number.POSITIVE_INFINITY;
    for (const { at, done } of this.#reports.values())
      for (const clock of ['respond', 'answer'] as const) {
        const dueAt = at + CLOCKS[clock] + 1;
        if (!done.has(clock) && !done.has('answer') && dueAt > now) next = Math.min(next, dueAt);
      }
    return next;
  }

  #done(id: string, clock: 'respond' | 'answer', at: EpochMs): readonly string[] {
    const report = this.#reports.get(id)!;
    const isLate = at > report.at + CLOCKS[clock];
    const isRecorded = report.breached.has(clock) || report.done.has(clock);
    const isTwice = report.done.has(clock);
    report.done.set(clock, at);
    if (isTwice) return [`${id} ${clock} twice`];
    return isLate && !isRecorded ? [`${id} ${clock} came late without a breach`] : [];
  }
}
