import { expect, it } from 'vitest';
import { pollOf, wrongThings } from '../collector/full-poll-fixtures.ts';

const CISCO_POOL = '1.3.6.1.4.1.9.9.48.1.1.1';
const JUNIPER = '1.3.6.1.4.1.2636.3.1.13.1';

it('memory that no device limit judges is judged by the standards, after ten polls, with hysteresis', async () => {
  const device = pollOf({
    [`${CISCO_POOL}.2.1`]: 'Processor',
    [`${CISCO_POOL}.5.1`]: 950,
    [`${CISCO_POOL}.6.1`]: 50,
    [`${CISCO_POOL}.2.2`]: 'Driver text',
    [`${CISCO_POOL}.5.2`]: 999,
    [`${CISCO_POOL}.6.2`]: 1,
  });
  for (let poll = 1; poll < 10; poll += 1) expect(wrongThings(await device.poll())).toEqual([]);
  const expected = ['memory:Processor memory-high warning'];
  expect(wrongThings(await device.poll())).toEqual(expected);
  device.set(`${CISCO_POOL}.5.1`, 910);
  device.set(`${CISCO_POOL}.6.1`, 90);
  expect(wrongThings(await device.poll())).toEqual(expected);
  device.set(`${CISCO_POOL}.5.1`, 890);
  device.set(`${CISCO_POOL}.6.1`, 110);
  expect(wrongThings(await device.poll())).toEqual([]);
});

it("a device's own state is a fault at once and ends at once; its words are told in both languages", async () => {
  const device = pollOf({
    '1.3.6.1.2.1.1.2.0': 'oid:1.3.6.1.4.1.2636.1.1.1.2.29',
    [`${JUNIPER}.5.2.1.0.0`]: 'PEM 0',
    [`${JUNIPER}.6.2.1.0.0`]: 6,
  });
  const poll = await device.poll();
  expect(wrongThings(poll)).toEqual(['part:PEM 0 sensor critical']);
  expect(poll.evaluation?.conditions[0]?.text).toEqual({
    en: 'PEM 0: down',
    'zh-CN': 'PEM 0：中断',
  });
  device.set(`${JUNIPER}.6.2.1.0.0`, 2);
  expect(wrongThings(await device.poll())).toEqual([]);
});

it('memory of the whole device is a part with its own name', async () => {
  const poll = await pollOf({
    '1.3.6.1.2.1.1.2.0': 'oid:1.3.6.1.4.1.12356.101.1.1',
    '1.3.6.1.4.1.12356.101.4.1.4.0': 40,
  }).poll();
  const told = poll.evaluation?.readings.find(({ metric }) => metric.endsWith('pool_used_ratio'));
  expect(told).toMatchObject({
    component: 'memory:Memory',
    labels: { pool: 'Memory' },
    value: 0.4,
  });
});

const SENSOR = '1.3.6.1.2.1.99.1.1.1';

function sensor(index: number, type: number, value: number) {
  return {
    [`1.3.6.1.2.1.47.1.1.1.1.7.${index}`]: `Sensor ${index}`,
    [`${SENSOR}.1.${index}`]: type,
    [`${SENSOR}.2.${index}`]: 9,
    [`${SENSOR}.3.${index}`]: 0,
    [`${SENSOR}.4.${index}`]: value,
    [`${SENSOR}.5.${index}`]: 1,
  };
}

it('a temperature that no device limit judges has to stay high for three polls, or to be far too high', async () => {
  const device = pollOf(sensor(1, 8, 90));
  expect(wrongThings(await device.poll())).toEqual([]);
  await device.poll();
  const warning = ['sensor:Sensor 1 temperature warning'];
  expect(wrongThings(await device.poll())).toEqual(warning);
  device.set(`${SENSOR}.4.1`, 82);
  expect(wrongThings(await device.poll())).toEqual(warning);
  device.set(`${SENSOR}.4.1`, 79);
  expect(wrongThings(await device.poll())).toEqual([]);
  device.set(`${SENSOR}.4.1`, 104);
  expect(wrongThings(await device.poll())).toEqual(['sensor:Sensor 1 temperature critical']);
});

it('a fan that stands still is a warning, all of them together are critical', async () => {
  const device = pollOf({ ...sensor(1, 10, 0), ...sensor(2, 10, 5200) });
  await device.poll();
  expect(wrongThings(await device.poll())).toEqual(['sensor:Sensor 1 fan warning']);
  device.set(`${SENSOR}.4.2`, 0);
  await device.poll();
  expect(wrongThings(await device.poll())).toContain('fanspeed:* fan critical');
});
