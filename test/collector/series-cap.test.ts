import { describe, expect, it } from 'vitest';
import { sentenceOf } from '../../api/event-sentence.ts';
import { NO_TEXT } from '../../lib/local-text.ts';
import { fakeConfig } from '../api/fake-config.ts';
import { pollOf } from './full-poll-fixtures.ts';
import type { Plain } from './mib-client.ts';

const IF = '1.3.6.1.2.1.2.2.1';
const SENSOR = '1.3.6.1.2.1.99.1.1.1';
const CAP = 150;
const COUNTERS = [10, 11, 13, 14, 16, 17, 19, 20];

/** A device with so many ports, all alike, and so many sensors. */
function bigDevice(portCount: number, sensorCount: number) {
  const values: Record<string, Plain> = {};
  for (let index = 1; index <= portCount; index += 1) {
    values[`${IF}.2.${index}`] = `eth${index}`;
    values[`${IF}.7.${index}`] = 1;
    values[`${IF}.8.${index}`] = 1;
    for (const column of COUNTERS) values[`${IF}.${column}.${index}`] = 1_000 + index;
  }
  for (let index = 1; index <= sensorCount; index += 1) {
    values[`1.3.6.1.2.1.47.1.1.1.1.7.${index}`] = `sensor ${index}`;
    values[`${SENSOR}.1.${index}`] = 8;
    values[`${SENSOR}.2.${index}`] = 9;
    values[`${SENSOR}.3.${index}`] = 0;
    values[`${SENSOR}.4.${index}`] = 20 + (index % 30);
    values[`${SENSOR}.5.${index}`] = 1;
  }
  return pollOf(values, { seriesCap: CAP });
}

/** Series of a poll beside the device's information, and how many of them are of ports. */
async function seriesOf(device: ReturnType<typeof bigDevice>) {
  const poll = await device.poll();
  const { samples, leftOutCount } = poll.evaluation!;
  const ofPorts = samples.filter(({ metric }) => metric.name.startsWith('threenines_interface_'));
  return { poll, count: samples.length, leftOutCount, ofPorts: ofPorts.length };
}

describe('a device with more series than one may have', () => {
  it('has all of them as long as they fit', async () => {
    const { poll, count, ofPorts, leftOutCount } = await seriesOf(bigDevice(6, 6));
    expect(poll.detail).toEqual(NO_TEXT);
    expect(leftOutCount).toBe(0);
    expect(ofPorts % 6).toBe(0);
    expect(count).toBe(ofPorts + 6);
  });

  it.each([
    ['ports that fill it alone', 20, 4],
    ['ports and sensors that fill it together', 12, 25],
    ['sensors that fill what ports leave of it', 8, 68],
  ])('%s: is cut at one bound for all of them, and says how much', async (_, ports, sensors) => {
    const small = await seriesOf(bigDevice(1, 1));
    const device = bigDevice(ports, sensors);
    const { poll, count, ofPorts, leftOutCount } = await seriesOf(device);
    const all = ports * small.ofPorts + sensors * (small.count - small.ofPorts);
    expect(all).toBeGreaterThan(CAP);
    expect(count).toBeLessThanOrEqual(CAP);
    // Whole ports only.
    expect(count).toBeGreaterThan(CAP - small.ofPorts);
    expect(ofPorts % small.ofPorts).toBe(0);
    expect(count + leftOutCount).toBe(all);
    expect(poll.detail.en).toContain(`more than 150 series, ${leftOutCount} are left out`);
    expect(poll.detail['zh-CN']).toContain(`已略去 ${leftOutCount} 条`);
    expect(await device.count('series_left_out_total')).toBe(leftOutCount);
  });

  it('is on record in both languages', () => {
    const config = fakeConfig();
    const { id, name } = config.devices[0]!;
    expect(
      sentenceOf({ type: 'series-left-out', at: 0, deviceId: id, count: 7_300 }, config),
    ).toEqual({
      en: `${name} has more than 50000 series: 7300 are shown nowhere`,
      'zh-CN': `${name} 的序列超过 50000 条：其中 7300 条不予显示`,
    });
  });
});
