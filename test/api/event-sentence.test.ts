import { expect, test } from 'vitest';
import type { DomainEvent } from '../../alerting/events.ts';
import { sentenceOf } from '../../api/event-sentence.ts';
import { fakeConfig } from './fake-config.ts';

const config = fakeConfig();
const about = { at: 0, incidentId: 'inc-000001' } as const;

function stepTaken(step: string, late = false): DomainEvent {
  return { type: 'clock-step-taken', ...about, episode: 1, step, dueAt: 0, late };
}

test.each([
  ['step:2:0', 'Escalation step 1', '第 1 级升级'],
  ['step:4:2', 'Escalation step 3', '第 3 级升级'],
  ['reminder:0.5', 'Reminder at 50 % of the response time', '响应时限 50 % 提醒'],
  ['repeat:2:3', 'Paged again', '再次通知'],
  ['breach', 'The response time ran out', '响应时限已到'],
])('a step of the clock is named by what it is: %s', (step, en, zh) => {
  expect(sentenceOf(stepTaken(step), config)).toEqual({ en, 'zh-CN': zh });
});

test('a late step says so in both languages', () => {
  expect(sentenceOf(stepTaken('step:2:0', true), config)).toEqual({
    en: 'Escalation step 1, late',
    'zh-CN': '第 1 级升级（延迟执行）',
  });
});

test('a step that met another says whom the page of the other told', () => {
  const page = {
    channelId: 'mail',
    pageId: 'f00d/inc-000001/e1/step:2:2/shift-lead/mail/escalated',
  };
  const toldBy = ['shift-lead', 'someone-gone'].map((personId) => ({ ...page, personId }));
  const step = { ...stepTaken('reminder:0.8'), toldBy: [...toldBy, toldBy[0]!] } as DomainEvent;
  const lead = config.people.find(({ id }) => id === 'shift-lead')!.name;
  expect(sentenceOf(step, config)).toEqual({
    en: `Reminder at 80 % of the response time: ${lead}, someone-gone told by another page of the same moment`,
    'zh-CN': `响应时限 80 % 提醒：${lead}、someone-gone 已由同一时刻的另一条通知告知`,
  });
});

test('a missed deadline is told in the time zone of the service, which is named', () => {
  const deadline = Date.UTC(2026, 10, 22, 23, 36, 29, 98);
  const breached = { type: 'response-breached', ...about, episode: 1, deadline } as const;
  expect(sentenceOf(breached, config)).toEqual({
    en: 'Nobody acknowledged by 2026-11-23 07:36:29 GMT+8: the response time is over',
    'zh-CN': '截至 2026-11-23 07:36:29 GMT+8 无人确认：响应超时',
  });
});

test.each([
  [3, 2, /^Raised from .* to .* because agg-1 has/, /上调/],
  [2, 3, /^Lowered from .* to .* because agg-1 has/, /下调/],
  [2, 2, /^Still .*, now because agg-1 has/, /^仍为/],
] as const)('a grade from tier %i to %i', (from, to, en, zh) => {
  const event = {
    type: 'incident-graded',
    ...about,
    from,
    to,
    evidence: { sentence: { en: 'agg-1 has no redundant path', 'zh-CN': 'agg-1 无冗余路径' } },
  } as unknown as DomainEvent;
  const sentence = sentenceOf(event, config);
  expect(sentence.en).toMatch(en);
  expect(sentence['zh-CN']).toMatch(zh);
});

test.each([
  ['HTTP 503', 'HTTP 503', 'HTTP 503'],
  [{ en: 'connection refused', 'zh-CN': '连接被拒绝' }, 'connection refused', '连接被拒绝'],
])('why a page failed, as journals hold it: %j', (reason, en, zh) => {
  const pageId = 'inc-000001/1/step:0/duty/mail/opened';
  const event = { type: 'page-abandoned', ...about, pageId, reason } as const;
  const sentence = sentenceOf(event, config);
  expect(sentence.en).toMatch(new RegExp(`given up: ${en}$`));
  expect(sentence['zh-CN']).toMatch(new RegExp(`：${zh}$`));
});
