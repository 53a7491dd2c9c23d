import { expect, test } from 'vitest';
import { readReply, replyCode } from '../../alerting/reply-code.ts';

test.each([
  ['inc-000198', 1, '198'],
  ['inc-000198', 2, '198-2'],
  ['inc-1000198', 11, '1000198-11'],
])('the code of %s in episode %i is %s, and it is read back', (incidentId, episode, code) => {
  expect(replyCode({ incidentId, episode })).toBe(code);
  for (const text of [`ack ${code}`, `确认 ${code}`, `OK #inc-${code}.`])
    expect(readReply(text)).toEqual({ takesOver: false, meant: { incidentId, episode } });
  for (const text of [`take ${code}`, `Take over ${code}`, `接手${code}`])
    expect(readReply(text)).toEqual({ takesOver: true, meant: { incidentId, episode } });
});

test.each(['ack', ' OK! ', '收到', '确认。'])('%j names nothing', (text) => {
  expect(readReply(text)).toEqual({ takesOver: false, meant: null });
});

test.each(['', 'stop', '198', 'back 198', 'ack 198 199', 'ack 198-2-3', 'taken 198'])(
  '%j is no reply of ours',
  (text) => {
    expect(readReply(text)).toBeNull();
  },
);
