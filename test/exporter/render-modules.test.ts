import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rawModules } from '../../collector/exporter/raw-poll.ts';
import { renderModules } from '../../collector/exporter/render-modules.ts';
import type { FullPoll } from '../../collector/full-poll.ts';
import { pollOf } from '../collector/full-poll-fixtures.ts';
import type { Plain } from '../collector/mib-client.ts';
import { readStrictly } from './strict-exposition.ts';

const IF = '1.3.6.1.2.1.2.2.1';
const IFX = '1.3.6.1.2.1.31.1.1.1';
const TIMEOUT = { failure: 'timeout', detail: { en: 'no answer', 'zh-CN': '无应答' } } as const;

function port(index: number, more: Readonly<Record<string, Plain>> = {}): Record<string, Plain> {
  return {
    [`${IF}.1.${index}`]: index,
    [`${IF}.2.${index}`]: `GigabitEthernet0/${index}`,
    [`${IF}.3.${index}`]: 6,
    [`${IF}.7.${index}`]: 1,
    [`${IF}.8.${index}`]: 1,
    [`${IF}.10.${index}`]: 705_032_704,
    [`${IFX}.1.${index}`]: `Gi0/${index}`,
    [`${IFX}.6.${index}`]: 5_000_000_000n,
    [`${IFX}.18.${index}`]: `port ${index}`,
    ...more,
  };
}

function textOf(poll: FullPoll, modules: readonly string[] = ['if_mib'], isOld = false): string {
  return [...renderModules(rawModules(poll.raw!, modules), isOld)].join('');
}

function seriesOf(poll: FullPoll, modules?: readonly string[]): Record<string, number> {
  return Object.fromEntries(readStrictly(textOf(poll, modules)).series);
}

/** The names of the series that begin so. */
function keys(series: Record<string, number>, begin: string): string[] {
  return Object.keys(series).filter((key) => key.startsWith(begin));
}

const GI_1 = 'ifAlias="port 1",ifDescr="GigabitEthernet0/1",ifIndex="1",ifName="Gi0/1"';

describe('the text of a module', () => {
  it('has the labels and types of snmp_exporter', async () => {
    const series = seriesOf(await pollOf(port(1)).poll());
    expect(series[`ifHCInOctets{${GI_1}}`]).toBe(5_000_000_000);
    expect(series[`ifType_info{${GI_1},ifType="ethernetCsmacd"}`]).toBe(1);
    expect(series['sysUpTime{}']).toBe(1_000_000);
    expect(series['snmp_scrape_pdus_returned{module="if_mib"}']).toBe(10);
    expect(series['snmp_scrape_packets_sent{module="if_mib"}']).toBeGreaterThan(2);
    expect(keys(series, 'snmp_error')).toEqual([]);
  });

  it('shows a number that has no name as the number', async () => {
    const series = seriesOf(await pollOf(port(1, { [`${IF}.3.1`]: 9999 })).poll());
    expect(series[`ifType_info{${GI_1},ifType="9999"}`]).toBe(1);
  });

  it('keeps 64-bit counters below 2^53, as snmp_exporter does', async () => {
    const values = { [`${IFX}.6.1`]: 2n ** 53n + 7n, [`${IF}.10.1`]: 7 };
    expect(seriesOf(await pollOf(port(1, values)).poll())[`ifHCInOctets{${GI_1}}`]).toBe(7);
  });

  it('tells a series of two modules once, and what it took for each', async () => {
    const series = seriesOf(await pollOf(port(1)).poll(), ['if_mib', 'system']);
    expect(keys(series, 'sysUpTime')).toEqual(['sysUpTime{}']);
    expect(series['sysName{sysName="device-1"}']).toBe(1);
    expect(keys(series, 'snmp_scrape_duration_seconds')).toHaveLength(2);
  });

  it('of a device that has nothing of it tells only what it took', async () => {
    const series = seriesOf(await pollOf(port(1)).poll(), ['ups_mib']);
    expect(Object.keys(series).every((key) => key.startsWith('snmp_scrape_'))).toBe(true);
    expect(series['snmp_scrape_pdus_returned{module="ups_mib"}']).toBe(0);
  });

  it('marks what could not be read, and what is from an older poll', async () => {
    const device = pollOf(port(1));
    device.client.fail = (_, oids) => (oids.some((oid) => oid.startsWith(IFX)) ? TIMEOUT : null);
    const poll = await device.poll();
    const series = seriesOf(poll, ['if_mib', 'system']);
    expect(keys(series, 'snmp_error')).toEqual(['snmp_error{module="if_mib"}']);
    expect(textOf(poll, ['system'], true)).toContain('snmp_error{module="system"} 1\n');
  });

  it('leaves out what is no row or no number of the MIB', async () => {
    const odd = {
      [`${IF}.4.1`]: 'many',
      [`${IF}.5.1`]: '1000',
      [`${IF}.8.2.7`]: 1,
      [`${IF}.8.99999999999`]: 1,
    };
    const series = seriesOf(await pollOf(port(1, odd)).poll());
    expect(keys(series, 'ifMtu')).toEqual([]);
    expect(series[`ifSpeed{${GI_1}}`]).toBe(1000);
    expect(keys(series, 'ifOperStatus')).toEqual([`ifOperStatus{${GI_1}}`]);
  });
});

describe('text that a device sends', () => {
  it.each([
    ['say "hi"', 'say \\"hi\\"'],
    ['C:\\up\\', 'C:\\\\up\\\\'],
    ['two\nlines', 'two\\nlines'],
    ['"} 1\nup{job="all"} 0\n#', '\\"} 1\\nup{job=\\"all\\"} 0\\n#'],
    ['\u0000null\u001b[31mred\u007f', 'null[31mred'],
    ['\u202egnp.exe', 'gnp.exe'],
    ['路由器 7 🚀', '路由器 7 🚀'],
    ['  spaced  out ', '  spaced  out '],
  ])('%j is one label', async (alias, label) => {
    const series = seriesOf(await pollOf(port(1, { [`${IFX}.18.1`]: alias })).poll());
    expect(keys(series, 'ifOperStatus')).toEqual([
      `ifOperStatus{${GI_1.replace('port 1', () => label)}}`,
    ]);
  });

  it('is read strictly whatever it is', async () => {
    const device = pollOf(port(1));
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        fc.uint8Array({ maxLength: 300 }),
        async (alias, address) => {
          device.memory.plan = null;
          const put = (oid: string, value: Uint8Array) =>
            device.instances.set(oid, { oid, type: 'octet-string', value });
          put(`${IFX}.18.1`, alias);
          put(`${IF}.6.1`, address);
          put('1.3.6.1.2.1.1.5.0', alias);
          const text = textOf(await device.poll(), ['if_mib', 'system']);
          const series = Object.fromEntries(readStrictly(text).series);
          expect(keys(series, 'ifOperStatus')).toHaveLength(1);
          expect(keys(series, 'ifPhysAddress')[0]).toMatch(/ifPhysAddress="(..:){5}.."/);
          expect(text).not.toMatch(/[\0\u001b\u007f\u009b\u202e]/u);
        },
      ),
      { seed: 1, numRuns: 300 },
    );
  });
});

describe('a 32-bit counter beside a 64-bit one', () => {
  async function askedAfterFirst(more: Readonly<Record<string, Plain>>) {
    const device = pollOf(port(1, more));
    await device.poll();
    const asked = new Set<string>();
    device.client.fail = (_, oids) => {
      for (const oid of oids) asked.add(oid);
      return null;
    };
    return { device, asked };
  }

  it('is not asked for while it is the low half, and told from it', async () => {
    const { device, asked } = await askedAfterFirst({});
    device.set(`${IFX}.6.1`, 2n ** 32n * 3n + 17n);
    device.set(`${IF}.10.1`, 17);
    const series = seriesOf(await device.poll());
    expect(asked.has(`${IF}.10.1`)).toBe(false);
    expect(series[`ifInOctets{${GI_1}}`]).toBe(17);
    expect(series['snmp_scrape_pdus_returned{module="if_mib"}']).toBe(10);
  });

  it.each<[string, Record<string, Plain>]>([
    ['counts something else', { [`${IF}.10.1`]: 400_000_000 }],
    ['goes on where the other stands at 0', { [`${IF}.10.1`]: 400, [`${IFX}.6.1`]: 0n }],
    ['has a row that the other lacks', { [`${IF}.10.2`]: 5 }],
  ])('is asked for when it %s', async (_, more) => {
    const { device, asked } = await askedAfterFirst(more);
    const series = seriesOf(await device.poll());
    expect(asked.has(`${IF}.10.1`)).toBe(true);
    expect(series[`ifInOctets{${GI_1}}`]).toBe(more[`${IF}.10.1`] ?? 705_032_704);
  });
});

describe('a poll for all of it', () => {
  it('needs no more requests than the columns that change fill', async () => {
    const columns = Object.assign(
      {},
      ...Array.from({ length: 12 }, (_, place) => {
        const index = place + 1;
        const more: Record<string, Plain> = {};
        for (const column of [4, 5, 9, 11, 13, 14, 15, 16, 17, 19, 20])
          more[`${IF}.${column}.${index}`] = 0;
        for (const column of [2, 3, 4, 5, 14, 15, 16, 17, 19])
          more[`${IFX}.${column}.${index}`] = 0;
        for (const column of [7, 8, 9, 10, 11, 12, 13]) more[`${IFX}.${column}.${index}`] = 0n;
        return port(index, more);
      }),
    );
    const device = pollOf(columns);
    await device.poll();
    device.client.requests.length = 0;
    await device.poll();
    // 20 columns of 12 rows, sysUpTime before them, a few scalars, and some names in their turn: 60 to a frame.
    expect(device.client.requests.length).toBeLessThanOrEqual(Math.ceil((20 * 12 + 40) / 60));
  });
});
