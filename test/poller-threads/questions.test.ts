import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import type { Question } from '../../collector/poller-threads/messages.ts';
import { ANSWER_WITHIN_MS, Questions } from '../../collector/poller-threads/questions.ts';
import { createThreadMetrics } from '../../collector/poller-threads/thread-metrics.ts';
import { VirtualClock } from '../../lib/virtual-clock.ts';

const UNANSWERED = 'threenines_poller_questions_unanswered_total';
const detail = (deviceId: string): Question => ({ kind: 'detail', deviceId });
const answer = (text: string) => new TextEncoder().encode(text);

function open() {
  const clock = new VirtualClock(0);
  const registry = new Registry();
  const posted: { id: number; question: Question }[] = [];
  const questions = new Questions({
    clock,
    metrics: createThreadMetrics(registry),
    post: (id, question) => posted.push({ id, question }),
  });
  const unanswered = async (reason: string) => {
    const { values } = (await registry.getSingleMetric(UNANSWERED)!.get()) as {
      values: { labels: Record<string, unknown>; value: number }[];
    };
    return values.find(({ labels }) => labels.reason === reason)!.value;
  };
  return { clock, questions, posted, unanswered };
}

describe('questions to a poller thread', () => {
  it('are asked a few at a time, each answered by its own answer', async () => {
    const { questions, posted } = open();
    const asked = Array.from({ length: 5 }, (_, at) => questions.ask(detail(`d${at}`)));
    expect(posted).toHaveLength(2);
    questions.settle(posted[1]!.id, answer('one'));
    questions.settle(posted[0]!.id, answer('zero'));
    expect(posted.map(({ question }) => question.deviceId)).toEqual(['d0', 'd1', 'd2', 'd3']);
    expect(await asked[0]).toEqual(answer('zero'));
    expect(await asked[1]).toEqual(answer('one'));
  });

  it('are answered with nothing at once while an answer is overdue, until it comes', async () => {
    const { clock, questions, posted, unanswered } = open();
    const first = questions.ask(detail('first'));
    clock.advance(ANSWER_WITHIN_MS);
    expect(await first).toBeNull();
    expect(questions.isOverdue).toBe(true);
    expect(await questions.ask(detail('second'))).toBeNull();
    expect(posted).toHaveLength(1);
    expect(await unanswered('too-late')).toBe(2);
    questions.settle(posted[0]!.id, answer('late'));
    expect(questions.isOverdue).toBe(false);
    const third = questions.ask(detail('third'));
    questions.settle(posted[1]!.id, answer('third'));
    expect(await third).toEqual(answer('third'));
  });

  it('never keep a poll waiting', () => {
    const { questions, posted } = open();
    for (let at = 0; at < 50; at += 1) void questions.ask(detail(`d${at}`));
    void questions.poll('core-1');
    expect(posted.at(-1)!.question).toEqual({ kind: 'poll', deviceId: 'core-1' });
  });

  it('are given up after a while, and nothing is asked for those who wait no more', async () => {
    const { clock, questions, posted, unanswered } = open();
    const asked = Array.from({ length: 5 }, (_, at) => questions.ask(detail(`d${at}`)));
    clock.advance(ANSWER_WITHIN_MS);
    expect(await Promise.all(asked)).toEqual([null, null, null, null, null]);
    expect(await unanswered('too-late')).toBe(5);
    questions.settle(posted[0]!.id, answer('late'));
    expect(posted).toHaveLength(2);
    questions.settle(posted[1]!.id, answer('late as well'));
    void questions.ask(detail('next'));
    expect(posted).toHaveLength(3);
  });

  it('are refused at once when too many wait', async () => {
    const { questions, posted, unanswered } = open();
    for (let at = 0; at < 1000; at += 1) void questions.ask(detail(`d${at}`));
    expect(await questions.ask(detail('last'))).toBeNull();
    expect(await unanswered('too-many')).toBeGreaterThan(0);
    expect(posted).toHaveLength(2);
  });

  it('are all answered with nothing when the thread ends, polls too', async () => {
    const { questions, posted } = open();
    const asked = [...Array(5)].map((_, at) => questions.ask(detail(`d${at}`)));
    const polled = questions.poll('core-1');
    questions.abandon();
    expect(await Promise.all([...asked, polled])).toEqual(Array(6).fill(null));
    const before = posted.length;
    void questions.ask(detail('after'));
    expect(posted).toHaveLength(before + 1);
  });
});
