import { describe, expect, test } from 'vitest';
import { TABLE_ROW_CAP } from '../../collector/bulk-rows.ts';
import { SERIES_CAP } from '../../collector/series-room.ts';
import { expectNothing, expectTruth } from './expectations.ts';
import { startRig } from './rig.ts';

/** What a full poll of the honest device may cost, in any state of what was learned. */
const MOST_HONEST_PDUS = 44;
/** Beyond the fault. */
const A_HANDFUL = 10;
const MIB = 1024 * 1024;

describe.concurrent('15: objects are known by their names', () => {
  test('objects in place of those asked for are a bad response', async () => {
    await using rig = await startRig('other-objects');
    expectNothing(rig, await rig.full(), 'bad-response');
    expect(rig.agent.askCount).toBeLessThanOrEqual(A_HANDFUL);
  });

  test('a missing one is an error, and no value takes its place', async () => {
    await using rig = await startRig('fewer-objects');
    const full = await rig.full();
    const isWhole = full.outcome === 'ok' && rig.detail.lastDetail.en === '';
    expect(isWhole).toBe(false);
    expect(rig.detail.lastDetail.en).not.toBe('');
    for (const { name } of rig.detail.ports) expect(name).toMatch(/^Gi0\/[1-4]$/);
  });

  test('and the others count, in the walk and in the polls that know what there is', async () => {
    await using rig = await startRig('fewer-objects');
    for (let poll = 0; poll < 3; poll += 1) {
      expect((await rig.full()).outcome).toBe('ok');
      expect(rig.detail).toMatchObject({ sysName: 'honest', sysDescr: 'a switch that is asked' });
      expect(rig.detail.ports).toHaveLength(4);
      expect(rig.detail.lastDetail.en).toContain('the reply does not fit the request');
    }
  });

  test.each(['more-objects', 'swapped-objects'])('%s: everything is read', async (mode) => {
    await using rig = await startRig(mode);
    for (let poll = 0; poll < 3; poll += 1) expectTruth(rig, await rig.full());
    for (const { name, alias } of rig.detail.ports) expect(alias).toBe(`to ${name}`);
    expect(rig.shown).not.toContain('nobody asked');
    const unasked = await rig.metric('poll_values_rejected_total', { reason: 'not-asked' });
    expect(unasked > 0).toBe(mode === 'more-objects');
  });
});

describe.concurrent('16: a walk that goes in circles', () => {
  test.each(['loop', 'cycle', 'step-back'])('%s ends, and is said to be partial', async (mode) => {
    await using honest = await startRig('duplicate');
    await honest.full();
    await using rig = await startRig(mode);
    const full = await rig.full();
    expect(full.outcome).toBe('ok');
    expect(rig.detail.lastDetail.en).toContain('ifTable: the device repeats itself');
    expect(rig.agent.askCount).toBeLessThanOrEqual(honest.agent.askCount + A_HANDFUL);
    expect(rig.detail.ports.length).toBeLessThanOrEqual(4);
    expect(await rig.metric('snmp_tables_cut_total', { reason: 'not-increasing' })).toBeGreaterThan(
      0,
    );
  });
});

describe.concurrent('17: without end', () => {
  test('a table that never ends is cut, and what is kept of it stays within bounds', async () => {
    await using rig = await startRig('endless', { polling: { deadlineMs: 4_000 } });
    const before = process.memoryUsage();
    await rig.full();
    const first = process.memoryUsage();
    expect(rig.detail.lastDetail.en).toMatch(
      /ifTable: (the table has more|the poll took too long)/,
    );
    expect(rig.exposition().series.size).toBeLessThanOrEqual(SERIES_CAP + A_HANDFUL);
    expect(rig.detail.ports.length).toBeLessThanOrEqual(TABLE_ROW_CAP);
    expect(first.heapUsed - before.heapUsed).toBeLessThan(512 * MIB);
  });

  test('20,000 ports are 10,000, and that is said', async () => {
    await using rig = await startRig('many-ports');
    const full = await rig.full();
    expect(full.outcome).toBe('ok');
    expect(rig.detail.lastDetail.en).toContain('ifTable: the table has more than 10000 rows');
    expect(rig.detail.ports.length).toBe(TABLE_ROW_CAP);
    expect(rig.exposition().series.size).toBeLessThanOrEqual(SERIES_CAP + A_HANDFUL);
    expect(await rig.metric('snmp_tables_cut_total', { reason: 'row-cap' })).toBeGreaterThan(0);
  });

  test('more rows than asked for are rows all the same', async () => {
    await using rig = await startRig('limit-ignored');
    expectTruth(rig, await rig.full());
  });
});

describe.concurrent('18: the end of the MIB, and NULL', () => {
  test('the end for ever ends every column at once', async () => {
    await using rig = await startRig('end-for-ever');
    expect((await rig.full()).outcome).toBe('ok');
    expect(rig.agent.askCount).toBeLessThanOrEqual(MOST_HONEST_PDUS);
    expect(rig.detail.ports).toEqual([]);
  });

  test('the end in the middle ends its column and no other', async () => {
    await using rig = await startRig('end-in-the-middle');
    expect((await rig.full()).outcome).toBe('ok');
    expect(rig.detail.ports.map(({ name }) => name)).toEqual(['Gi0/1', 'Gi0/2', 'Gi0/3', 'Gi0/4']);
    expect(Object.keys(rig.series('interface_receive_bytes_total'))).toHaveLength(4);
    expect(rig.series('interface_receive_errors_total')).not.toHaveProperty('if_name="Gi0/2"');
    expect(rig.agent.askCount).toBeLessThanOrEqual(MOST_HONEST_PDUS);
  });

  test('NULL is no reading', async () => {
    await using rig = await startRig('null-tail');
    expect(await rig.full()).toMatchObject({ outcome: 'ok', conditions: [] });
    expect(rig.series('interface_receive_errors_total')).toEqual({});
    expect(rig.series('power_charge_ratio')).toEqual({});
    expect(rig.detail.ports).toHaveLength(4);
  });
});

describe.concurrent('19: too big', () => {
  test('for ever: it is given up with the reason', async () => {
    await using rig = await startRig('too-big-always');
    const full = await rig.full();
    expect(full.outcome).toBe('ok');
    expect(rig.detail.lastDetail.en).toContain('the answer would not fit a datagram');
    expect(rig.agent.askCount).toBeLessThanOrEqual(MOST_HONEST_PDUS);
  });

  test('above 8 objects: less is asked for, and that is remembered', async () => {
    await using rig = await startRig('too-big-above-8');
    expectTruth(rig, await rig.full());
    const reductions = await rig.metric('snmp_batch_reductions_total');
    expect(reductions).toBeGreaterThan(0);
    expectTruth(rig, await rig.full());
    expect(await rig.metric('snmp_batch_reductions_total')).toBe(reductions);
  });

  test('large answers that vanish: less is asked for, and that is remembered', async () => {
    await using rig = await startRig('big-answers-vanish', { polling: { timeoutMs: 400 } });
    expectTruth(rig, await rig.full());
    const reductions = await rig.metric('snmp_batch_reductions_total');
    expect(reductions).toBeGreaterThan(0);
    expectTruth(rig, await rig.full());
    expect(await rig.metric('snmp_batch_reductions_total')).toBe(reductions);
  });
});

describe.concurrent('an object that the device has and cannot give', () => {
  test.each([
    ['19', 'big-cell', 'the answer would not fit a datagram'],
    ['20', 'broken-cell', 'the device answered genErr'],
  ])('%s: %s is missing alone, in every poll, and that is said', async (_, mode, why) => {
    await using rig = await startRig(mode);
    // A walk may list it all the same.
    if (mode === 'broken-cell') expectTruth(rig, await rig.full());
    else await rig.full();
    for (let poll = 0; poll < 8; poll += 1) {
      const before = rig.agent.askCount;
      expect((await rig.full()).outcome).toBe('ok');
      expect(rig.detail.lastDetail.en).toContain(`ifTable: ${why}`);
      expect(Object.keys(rig.series('interface_receive_errors_total'))).toEqual(
        [1, 2, 4].map((port) => `if_name="Gi0/${port}"`),
      );
      expect(Object.keys(rig.series('interface_receive_bytes_total'))).toHaveLength(4);
      // It is not searched for in every poll.
      if (poll > 0) expect(rig.agent.askCount - before).toBeLessThanOrEqual(A_HANDFUL);
    }
    expect(await rig.metric('snmp_batch_reductions_total')).toBe(0);
  });
});

describe.concurrent('20: an object that cannot be read', () => {
  test.each(['broken-column', 'error-index-99', 'error-index-negative'])(
    '%s costs its cells and no others, and that is said',
    async (mode) => {
      await using rig = await startRig(mode);
      for (let poll = 0; poll < 3; poll += 1) {
        const full = await rig.full();
        expect(full.outcome).toBe('ok');
        expect(rig.detail.lastDetail.en).toContain('ifTable: the device answered genErr');
        expect(rig.series('interface_receive_errors_total')).toEqual({});
        expect(rig.series('power_charge_ratio')).toEqual({ '': 0.97 });
        expect(rig.detail.ports).toHaveLength(4);
        expect(Object.keys(rig.series('interface_receive_bytes_total'))).toHaveLength(4);
        expect(rig.agent.askCount).toBeLessThanOrEqual(2 * MOST_HONEST_PDUS + poll * A_HANDFUL);
      }
    },
  );

  test('noSuchName in v2c leaves out what is not there', async () => {
    await using rig = await startRig('no-such-name-in-v2c');
    expectTruth(rig, await rig.full());
    expectTruth(rig, await rig.full());
  });
});

describe.concurrent('21: no GETBULK', () => {
  test.each(['bulk-refused', 'bulk-ignored'])(
    '%s falls back to GETNEXT, and that is remembered',
    async (mode) => {
      await using rig = await startRig(mode, { polling: { timeoutMs: 400, retries: 1 } });
      expectTruth(rig, await rig.full());
      const before = rig.agent.asks.length;
      expectTruth(rig, await rig.full());
      const later = rig.agent.asks.slice(before);
      expect(later.filter(({ question }) => question?.operation === 'get-bulk')).toEqual([]);
    },
  );
});
