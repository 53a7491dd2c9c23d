import { expect, it } from 'vitest';
import { tellsStandby } from '../../collector/observation.ts';
import { pollOf, wrongThings } from './full-poll-fixtures.ts';

const HSRP = '1.3.6.1.4.1.9.9.106.1.2.1.1.15.5.10';
const VRRP = '1.3.6.1.2.1.68.1.3.1.3.7.20';
const FIREWALL = '1.3.6.1.4.1.9.9.147.1.2.1.1.1';

it('a router tells in which groups it stands by', async () => {
  const device = pollOf({ [HSRP]: 6, [VRRP]: 2 });
  expect(wrongThings(await device.poll())).toEqual(['standby:VRRP 7.20 switched-over warning']);
  device.set(HSRP, 5);
  device.set(VRRP, 3);
  const poll = await device.poll();
  expect(wrongThings(poll)).toEqual(['standby:HSRP 5.10 switched-over warning']);
  expect(poll.evaluation!.conditions.map(tellsStandby)).toEqual([true]);
  expect(poll.evaluation!.conditions[0]!.text).toEqual({
    en: 'HSRP 5.10 stands by',
    'zh-CN': 'HSRP 5.10 处于备用',
  });
});

it('a pair of firewalls tells that the unit meant to be primary stands by, for itself', async () => {
  const device = pollOf({
    '1.3.6.1.2.1.1.2.0': 'oid:1.3.6.1.4.1.9.1.2114',
    [`${FIREWALL}.2.6`]: 'Primary unit',
    [`${FIREWALL}.2.7`]: 'Secondary unit (this device)',
    [`${FIREWALL}.3.6`]: 9,
    [`${FIREWALL}.3.7`]: 10,
    [`${FIREWALL}.4.6`]: 'Active unit',
    [`${FIREWALL}.4.7`]: 'Standby unit',
  });
  expect(wrongThings(await device.poll())).toEqual([]);
  device.set(`${FIREWALL}.3.6`, 10);
  device.set(`${FIREWALL}.3.7`, 9);
  const poll = await device.poll();
  expect(wrongThings(poll)).toEqual(['firewall-unit:Primary unit switched-over warning']);
  expect(poll.evaluation!.conditions.map(tellsStandby)).toEqual([false]);
});
