import { expect, test } from 'vitest';
import { parseLabCommand } from '../../lab/command.ts';
import { DEVICES } from './demo-network.ts';

const parse = (line: string) => parseLabCommand(line.split(' ').filter(Boolean), DEVICES);

test.each([
  ['status', { kind: 'status' }],
  ['story', { kind: 'story' }],
  ['fail core-1', { kind: 'act', action: { verb: 'fail', deviceId: 'core-1', part: null } }],
  [
    'fail core-1 Te1/3',
    { kind: 'act', action: { verb: 'fail', deviceId: 'core-1', part: 'Te1/3' } },
  ],
  [
    'restore ups-hq mains',
    { kind: 'act', action: { verb: 'restore', deviceId: 'ups-hq', part: 'mains' } },
  ],
])('lab %s', (line, command) => {
  expect(parse(line)).toEqual({ ok: true, command });
});

test.each([
  ['', 'no command given; usage: lab fail|restore DEVICE [PORT|mains] | lab status | lab story'],
  ['break core-1', 'unknown command "break"'],
  ['status core-1', '"lab status" takes no further words'],
  ['fail', '"lab fail" needs a device: core-1, core-2, agg-north'],
  ['fail core-7', 'no device "core-7"; the lab has core-1, core-2'],
  ['fail srv-hq eth9', 'device "srv-hq" has no port "eth9"; it has lo, eth0'],
  [
    'fail srv-hq mains',
    'device "srv-hq" has no mains of its own; only a UPS has: ups-hq, ups-north',
  ],
  ['fail core-1 Te1/3 now', 'too many words after "Te1/3"'],
])('lab %s is refused', (line, text) => {
  const parsed = parse(line);
  expect(parsed.ok).toBe(false);
  expect(parsed.ok ? '' : parsed.problem).toContain(text);
});
