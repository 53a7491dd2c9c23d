import { describe, expect, it } from 'vitest';
import { identifyPorts, type PortFacts } from '../../collector/port-identity.ts';
import {
  emptyPortsMemory,
  moveComponents,
  moveNames,
  type PortsMemory,
  settlePorts,
} from '../../collector/ports-memory.ts';
import { drainWithheld, type NoRateReason, whyNoRate } from '../../collector/rate-memory.ts';
import { breakAllPorts, emptyPortReading, stepPort } from '../../collector/rates.ts';
import { MINUTE } from '../../lib/time.ts';

const facts = (index: string, name: string): PortFacts => ({
  index,
  name,
  descr: '',
  mac: '',
  alias: '',
  type: 6,
});

/** A poll of the counters of every known port; what each was told. */
function poll(memory: PortsMemory, polls: number, octets: readonly number[]) {
  return octets.map((low, slot) => {
    const reading = {
      ...emptyPortReading(),
      readAtMs: polls * MINUTE,
      uptimeTicks: 1_000_000 + polls * 6000,
      octetsPerSecond: 1e9,
      receiveBits: 64 as const,
      receiveLow: low,
    };
    stepPort(memory.rates, slot, reading, memory.clock);
    return whyNoRate(memory.rates, slot * 2) ?? memory.rates.rate[slot * 2]!;
  });
}

describe('what is kept of ports', () => {
  it('begins anew for ports that only their index tells apart, when a counter went back', () => {
    const memory = emptyPortsMemory();
    const { matches } = identifyPorts(
      memory.registry,
      [facts('1', 'lan'), facts('2', 'lan'), facts('3', 'wan')],
      0,
      true,
    );
    settlePorts(memory, matches, false);
    poll(memory, 0, [9000, 1000, 0]);
    settlePorts(memory, null, false);
    expect(poll(memory, 1, [15_000, 7000, 6000])).toEqual([100, 100, 100]);
    settlePorts(memory, null, true);
    expect(poll(memory, 2, [7000, 15_000, 12_000])).toEqual(['renumbered', 'renumbered', 100]);
    settlePorts(memory, null, false);
    expect(poll(memory, 3, [13_000, 21_000, 18_000])).toEqual([100, 100, 100]);
  });

  it('begins anew for all when another device answers', () => {
    const memory = emptyPortsMemory();
    poll(memory, 0, [0, 0]);
    breakAllPorts(memory.rates, 'other-device');
    expect(poll(memory, 1, [6000, 6000])).toEqual(['other-device', 'other-device']);
    expect(poll(memory, 2, [12_000, 12_000])).toEqual([100, 100]);
  });

  it('counts the rates that were withheld, by reason', () => {
    const memory = emptyPortsMemory();
    poll(memory, 0, [9000, 9000]);
    poll(memory, 1, [9000, 10]);
    const counts: [NoRateReason, number][] = [];
    drainWithheld(memory.rates, (reason, count) => counts.push([reason, count]));
    drainWithheld(memory.rates, (reason, count) => counts.push([reason, count]));
    expect(counts).toEqual([
      ['first', 2],
      ['unread', 4],
      ['decreased', 1],
    ]);
  });
});

describe('names that have changed', () => {
  const relabelled = new Map([
    ['a', 'b'],
    ['b', 'a'],
    ['eth0', 'lan0'],
  ]);

  it('change places in what was seen up', () => {
    const seenUp = new Set(['a', 'eth0', 'z']);
    moveNames(seenUp, relabelled);
    expect([...seenUp].sort()).toEqual(['b', 'lan0', 'z']);
  });

  it('take standing conditions with them, and how long they have held', () => {
    const standing = new Set(['if-mib/ifTable/1/port:a', 'if-mib/ifTable/0/port:Gi0/1']);
    const heldPolls = new Map([
      ['if-mib/ifTable/1/port:a', 4],
      ['if-mib/ifTable/1/port:b', 1],
    ]);
    const components = new Map([
      ['port:a', 'port:b'],
      ['port:b', 'port:a'],
      ['port:Gi0/1', 'port:Te0/1'],
    ]);
    moveComponents({ standing, heldPolls }, components);
    expect([...standing].sort()).toEqual([
      'if-mib/ifTable/0/port:Te0/1',
      'if-mib/ifTable/1/port:b',
    ]);
    expect(Object.fromEntries(heldPolls)).toEqual({
      'if-mib/ifTable/1/port:b': 4,
      'if-mib/ifTable/1/port:a': 1,
    });
  });
});
