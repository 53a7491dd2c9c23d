import type { Clock } from '../../lib/clock.ts';
import { SECOND } from '../../lib/time.ts';
import type { Answer, Question } from './messages.ts';
import type { ThreadMetrics } from './thread-metrics.ts';

/** Asked at once of a thread: showing devices takes turns with polling them. */
const MOST_UNDER_WAY = 2;
/** Further ones wait; beyond it the answer is null at once. */
const MOST_WAITING = 256;
/** Whoever asks waits no longer than this. */
export const ANSWER_WITHIN_MS = 5 * SECOND;

export interface QuestionsDeps {
  readonly clock: Clock;
  readonly metrics: Pick<ThreadMetrics, 'questionUnanswered'>;
  readonly post: (id: number, question: Question) => void;
}

interface Asked {
  id: number | null;
  readonly question: Question;
  readonly settle: (answer: Answer) => void;
}

/** What one thread is asked: bounded in number and in time, and null when there is no answer. */
export class Questions {
  readonly #deps: QuestionsDeps;
  readonly #settlers = new Map<number, (answer: Answer) => void>();
  readonly #underWay = new Set<number>();
  /** Those of them that were not answered in time, and may still be. */
  readonly #overdue = new Set<number>();
  #waiting: Asked[] = [];
  #lastId = 0;

  constructor(deps: QuestionsDeps) {
    this.#deps = deps;
  }

  /** The thread owes an answer: until it gives one, nobody else waits in vain. */
  get isOverdue(): boolean {
    return this.#overdue.size > 0;
  }

  /** What is shown of a device; null at once while an answer is overdue. */
  ask(question: Question): Promise<Answer> {
    const { clock, metrics } = this.#deps;
    if (this.isOverdue) {
      metrics.questionUnanswered('too-late');
      return Promise.resolve(null);
    }
    if (this.#waiting.length >= MOST_WAITING) {
      metrics.questionUnanswered('too-many');
      return Promise.resolve(null);
    }
    return new Promise((resolve) => {
      const cancel = clock.after(ANSWER_WITHIN_MS, () => {
        this.#waiting = this.#waiting.filter((each) => each !== asked);
        if (asked.id !== null) this.#overdue.add(asked.id);
        metrics.questionUnanswered('too-late');
        resolve(null);
      });
      const settle = (answer: Answer) => {
        cancel();
        resolve(answer);
      };
      const asked: Asked = { id: null, question, settle };
      this.#waiting.push(asked);
      this.#askNext();
    });
  }

  /** A poll takes its time, which the poller bounds; it waits behind no question. */
  poll(deviceId: string): Promise<Answer> {
    return new Promise((resolve) => {
      this.#post({ kind: 'poll', deviceId }, resolve);
    });
  }

  /** The thread has answered. */
  settle(id: number, answer: Answer): void {
    const settle = this.#settlers.get(id);
    this.#settlers.delete(id);
    this.#underWay.delete(id);
    this.#overdue.delete(id);
    settle?.(answer);
    this.#askNext();
  }

  /** The thread has ended; nothing that was asked will be answered. */
  abandon(): void {
    const settlers = [...this.#settlers.values(), ...this.#waiting.map(({ settle }) => settle)];
    this.#settlers.clear();
    this.#underWay.clear();
    this.#overdue.clear();
    this.#waiting = [];
    for (const settle of settlers) settle(null);
  }

  #askNext(): void {
    while (this.#underWay.size < MOST_UNDER_WAY) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      next.id = this.#post(next.question, next.settle);
      this.#underWay.add(next.id);
    }
  }

  #post(question: Question, settle: (answer: Answer) => void): number {
    this.#lastId += 1;
    this.#settlers.set(this.#lastId, settle);
    this.#deps.post(this.#lastId, question);
    return this.#lastId;
  }
}
