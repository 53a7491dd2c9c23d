import { expect, test } from 'vitest';
import { sentenceOf } from '../../api/event-sentence.ts';
import { fakeConfig } from '../api/fake-config.ts';
import { LINK_DOWN, UNKNOWN } from './trap-messages.ts';
import { START } from './trap-rig.ts';

const config = fakeConfig();
const [device] = config.devices;
const event = {
  type: 'notification-received',
  at: START,
  deviceId: device!.id,
  sourceAddress: '192.0.2.1',
  kind: 'linkDown',
  oid: LINK_DOWN,
  isInform: false,
  count: 1,
  firstAt: START,
  lastAt: START,
  reportedAddress: null,
  values: [],
} as const;

test('a trap says who claims what', () => {
  expect(sentenceOf(event, config)).toEqual({
    en: `${device!.name} reported: a port has lost its link (linkDown)`,
    'zh-CN': `${device!.name} 上报：端口链路断开（linkDown）`,
  });
});

test('a summary says how often and when', () => {
  const summary = { ...event, count: 812, lastAt: START + 9_000 };
  expect(sentenceOf(summary, config)).toEqual({
    en: `${device!.name} reported 812 times from 2026-10-14 17:30:00 GMT+8 to 2026-10-14 17:30:09 GMT+8: a port has lost its link (linkDown)`,
    'zh-CN': `${device!.name} 于 2026-10-14 17:30:00 GMT+8 至 2026-10-14 17:30:09 GMT+8 上报 812 次：端口链路断开（linkDown）`,
  });
});

test('an unknown trap of one of several devices names the address and the OID', () => {
  const unknown = { ...event, deviceId: null, kind: 'other', oid: UNKNOWN };
  expect(sentenceOf(unknown, config)).toEqual({
    en: `A device at 192.0.2.1 reported: a trap that is not known here, ${UNKNOWN} (other)`,
    'zh-CN': `位于 192.0.2.1 的某台设备 上报：未知类型的 Trap ${UNKNOWN}（other）`,
  });
});
