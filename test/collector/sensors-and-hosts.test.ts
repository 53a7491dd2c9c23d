import { describe, expect, it } from 'vitest';
import { pollOf, valuesOf, wrongThings } from './full-poll-fixtures.ts';
import type { Plain } from './mib-client.ts';

const SENSOR = '1.3.6.1.2.1.99.1.1.1';
const ENTITY = '1.3.6.1.2.1.47.1.1.1.1';
const HOST = '1.3.6.1.2.1.25';

interface SensorParts {
  readonly name: string;
  readonly type: number;
  readonly value: number;
  readonly scale?: number;
  readonly precision?: number;
  readonly status?: number;
}

function sensor(index: number, parts: SensorParts): Record<string, Plain> {
  return {
    [`${SENSOR}.1.${index}`]: parts.type,
    [`${SENSOR}.2.${index}`]: parts.scale ?? 9,
    [`${SENSOR}.3.${index}`]: parts.precision ?? 0,
    [`${SENSOR}.4.${index}`]: parts.value,
    [`${SENSOR}.5.${index}`]: parts.status ?? 1,
    [`${ENTITY}.7.${index}`]: parts.name,
  };
}

describe('sensors', () => {
  it('are in the base unit, by scale and precision', async () => {
    const poll = await pollOf({
      ...sensor(1, { name: 'Inlet', type: 8, value: 235, precision: 1 }),
      ...sensor(2, { name: 'Rail', type: 4, value: 11_900, scale: 8 }),
      ...sensor(3, { name: 'Input', type: 3, value: 231 }),
      ...sensor(4, { name: 'Room', type: 9, value: 45 }),
      ...sensor(5, { name: 'Fan 1', type: 10, value: 5400 }),
      ...sensor(6, { name: 'Door', type: 12, value: 2 }),
    }).poll();
    expect(valuesOf(poll, 'sensor_celsius')).toEqual({ Inlet: 23.5 });
    expect(valuesOf(poll, 'sensor_volts')).toEqual({ 'Rail/dc': 11.9, 'Input/ac': 231 });
    expect(valuesOf(poll, 'sensor_humidity_ratio')).toEqual({ Room: 0.45 });
    expect(valuesOf(poll, 'sensor_rpm')).toEqual({ 'Fan 1': 5400 });
    expect(valuesOf(poll, 'sensor_truth')).toEqual({ Door: 0 });
  });

  it('that are empty, broken or impossible have no value', async () => {
    const device = pollOf({
      ...sensor(1, { name: 'Empty slot', type: 8, value: -1_000_000_000 }),
      ...sensor(2, { name: 'Unavailable', type: 8, value: 20, status: 2 }),
      ...sensor(3, { name: 'Nonsense', type: 8, value: -32_768, precision: 1 }),
      ...sensor(4, { name: 'Other', type: 1, value: 7 }),
      ...sensor(5, { name: 'Wild precision', type: 8, value: 7, precision: 1_615_384_784 }),
    });
    expect(valuesOf(await device.poll(), 'sensor_celsius')).toEqual({});
    expect(await device.count('poll_values_rejected_total', { reason: 'out-of-range' })).toBe(1);
    expect(await device.count('poll_values_rejected_total', { reason: 'absent' })).toBe(2);
  });

  it('judge the air that goes in, with room between rise and fall, and no chip', async () => {
    const device = pollOf({
      ...sensor(1, { name: 'Inlet temp', type: 8, value: 39 }),
      ...sensor(2, { name: 'CPU', type: 8, value: 85 }),
    });
    expect(wrongThings(await device.poll())).toEqual([]);
    device.set(`${SENSOR}.4.1`, 41);
    expect(wrongThings(await device.poll())).toEqual(['sensor:Inlet temp temperature warning']);
    device.set(`${SENSOR}.4.1`, 39);
    expect(wrongThings(await device.poll())).toEqual(['sensor:Inlet temp temperature warning']);
    device.set(`${SENSOR}.4.1`, 51);
    const poll = await device.poll();
    expect(wrongThings(poll)).toEqual(['sensor:Inlet temp temperature critical']);
    expect(poll.evaluation?.conditions[0]?.text).toEqual({
      en: 'Inlet temp is at 51 °C',
      'zh-CN': 'Inlet temp 温度 51 °C',
    });
    device.set(`${SENSOR}.4.1`, 37);
    expect(wrongThings(await device.poll())).toEqual([]);
  });
});

describe('hosts', () => {
  const storage = (index: number, kind: number, name: string, size: number, used: number) => ({
    [`${HOST}.2.3.1.2.${index}`]: `oid:${HOST}.2.1.${kind}`,
    [`${HOST}.2.3.1.3.${index}`]: name,
    [`${HOST}.2.3.1.4.${index}`]: 4096,
    [`${HOST}.2.3.1.5.${index}`]: size,
    [`${HOST}.2.3.1.6.${index}`]: used,
  });

  it('have disks and memory in bytes; pseudo file systems are left out', async () => {
    const poll = await pollOf({
      ...storage(1, 2, 'Physical memory', 1000, 400),
      ...storage(31, 4, '/', 2000, 500),
      ...storage(32, 4, '/run/lock', 10, 10),
      ...storage(33, 10, '/mnt/net', 10, 10),
      ...storage(34, 4, '/empty', 0, 0),
    }).poll();
    expect(valuesOf(poll, 'storage_size_bytes')).toEqual({ '/': 2000 * 4096 });
    expect(valuesOf(poll, 'memory_size_bytes')).toEqual({ '': 1000 * 4096 });
    expect(valuesOf(poll, 'memory_used_bytes')).toEqual({ '': 400 * 4096 });
    expect(wrongThings(poll)).toEqual([]);
  });

  it('with sizes above 2^31 that wrapped are understood', async () => {
    const device = pollOf(storage(1, 4, '/big', 1, 500));
    device.instances.set(`${HOST}.2.3.1.5.1`, {
      oid: `${HOST}.2.3.1.5.1`,
      type: 'integer',
      value: -1,
    });
    const poll = await device.poll();
    expect(valuesOf(poll, 'storage_size_bytes')).toEqual({ '/big': (2 ** 32 - 1) * 4096 });
  });

  it.each([
    [899, []],
    [900, ['storage:/ storage-full warning']],
    [950, ['storage:/ storage-full critical']],
  ])('with %i of 1000 blocks used: %s', async (used, expected) => {
    expect(wrongThings(await pollOf(storage(1, 4, '/', 1000, used)).poll())).toEqual(expected);
  });

  it('prefer memory without caches where the agent tells', async () => {
    const UCD = '1.3.6.1.4.1.2021.4';
    const poll = await pollOf({
      ...storage(1, 2, 'Physical memory', 1000, 900),
      [`${UCD}.5.0`]: 4000,
      [`${UCD}.6.0`]: 500,
      [`${UCD}.14.0`]: 100,
      [`${UCD}.15.0`]: 2400,
    }).poll();
    expect(valuesOf(poll, 'memory_used_bytes')).toEqual({ '': 1000 * 1024 });
    expect(valuesOf(poll, 'memory_size_bytes')).toEqual({ '': 4000 * 1024 });
  });

  it('are busy only after several polls in a row', async () => {
    const device = pollOf({ [`${HOST}.3.3.1.2.1`]: 100, [`${HOST}.3.3.1.2.2`]: 90 });
    for (let polls = 1; polls < 5; polls += 1) expect(wrongThings(await device.poll())).toEqual([]);
    const poll = await device.poll();
    expect(wrongThings(poll)).toEqual(['cpu cpu-high warning']);
    expect(poll.evaluation?.conditions[0]?.text).toEqual({
      en: 'processors are 95 % busy',
      'zh-CN': '处理器负载 95 %',
    });
    device.set(`${HOST}.3.3.1.2.1`, 82);
    expect(wrongThings(await device.poll())).toEqual(['cpu cpu-high warning']);
    device.set(`${HOST}.3.3.1.2.2`, 40);
    expect(wrongThings(await device.poll())).toEqual([]);
  });
});

describe('the light of an optic', () => {
  const PORTS = '1.3.6.1.2.1.2.2.1';
  const SENSORS = '1.3.6.1.2.1.99.1.1.1';
  /** ENTITY-SENSOR-MIB in watts, as Arista tells it: a receiver that sees no light, and its limits. */
  const dark = {
    '1.3.6.1.2.1.1.2.0': 'oid:1.3.6.1.4.1.30065.1.3011.7050',
    [`${PORTS}.1.1`]: 1,
    [`${PORTS}.2.1`]: 'Ethernet1',
    [`${PORTS}.7.1`]: 1,
    [`${PORTS}.8.1`]: 2,
    '1.3.6.1.2.1.47.1.1.1.1.7.4': 'DOM RX Power Sensor for Ethernet1',
    [`${SENSORS}.1.4`]: 6,
    [`${SENSORS}.2.4`]: 6,
    [`${SENSORS}.3.4`]: 0,
    [`${SENSORS}.4.4`]: 0,
    [`${SENSORS}.5.4`]: 1,
    '1.3.6.1.4.1.30065.3.12.1.1.1.1.4': 1000,
    '1.3.6.1.4.1.30065.3.12.1.1.1.2.4': 500,
  };
  const DARK = 'sensor:DOM RX Power Sensor for Ethernet1 sensor critical';

  it('is missed in no port that was never up, however long', async () => {
    const device = pollOf(dark);
    for (let poll = 0; poll < 4; poll += 1) {
      expect(wrongThings(await device.poll())).not.toContain(DARK);
    }
    expect(valuesOf(await device.poll(), 'sensor_dbm')).toEqual({
      'DOM RX Power Sensor for Ethernet1': -40,
    });
  });

  it('is missed in one that was up, until an operator shuts it', async () => {
    const device = pollOf({ ...dark, [`${PORTS}.8.1`]: 1, [`${SENSORS}.4.4`]: 501_187 });
    expect(wrongThings(await device.poll())).not.toContain(DARK);
    device.set(`${PORTS}.8.1`, 2);
    device.set(`${SENSORS}.4.4`, 0);
    expect(wrongThings(await device.poll())).toContain(DARK);
    device.set(`${PORTS}.7.1`, 2);
    expect(wrongThings(await device.poll())).not.toContain(DARK);
  });

  it('is missed in one that the configuration names', async () => {
    const device = pollOf(dark, { namedPorts: ['Ethernet1'] });
    expect(wrongThings(await device.poll())).toContain(DARK);
  });
});
