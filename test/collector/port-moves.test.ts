import { describe, expect, it } from 'vitest';
import {
  type PolledInTest,
  pollOf,
  SYS_UP_TIME,
  valuesOf,
  wrongThings,
} from './full-poll-fixtures.ts';
import type { Plain } from './mib-client.ts';

const IF = '1.3.6.1.2.1.2.2.1';
const IFX = '1.3.6.1.2.1.31.1.1.1';
/** Octets in a minute at 1 Mb/s. */
const MEGABIT_MINUTE = 7_500_000n;

interface Port {
  readonly name: string;
  readonly mac?: number;
  received: bigint;
  oper: number;
}

function rowOf(index: number, { name, mac, received, oper }: Port): Record<string, Plain> {
  return {
    [`${IF}.2.${index}`]: `Ethernet ${name}`,
    [`${IF}.3.${index}`]: 6,
    [`${IF}.5.${index}`]: 1_000_000_000,
    [`${IF}.6.${index}`]: mac === undefined ? '' : `\0\0^\0S${String.fromCharCode(mac)}`,
    [`${IF}.7.${index}`]: 1,
    [`${IF}.8.${index}`]: oper,
    [`${IFX}.1.${index}`]: name,
    [`${IFX}.6.${index}`]: received,
    [`${IFX}.10.${index}`]: 0n,
    [`${IFX}.15.${index}`]: 1000,
  };
}

/** A switch that never tells when its rows change. */
class Switch {
  readonly ports: Map<number, Port>;
  readonly device: PolledInTest;

  constructor(ports: Readonly<Record<number, Port>>) {
    this.ports = new Map(Object.entries(ports).map(([index, port]) => [Number(index), port]));
    this.device = pollOf(this.#rows());
  }

  #rows(): Record<string, Plain> {
    return Object.assign({}, ...[...this.ports].map(([index, port]) => rowOf(index, port)));
  }

  /** A minute with this much for every port, then a poll: Mb/s by port. */
  async minute(octets = MEGABIT_MINUTE): Promise<Record<string, number | null>> {
    for (const port of this.ports.values()) port.received += octets;
    return this.poll();
  }

  async poll(): Promise<Record<string, number | null>> {
    const gone = [...this.device.instances.keys()].filter(
      (oid) => oid.startsWith(IF) || oid.startsWith(IFX),
    );
    for (const oid of gone) this.device.instances.delete(oid);
    for (const [oid, value] of Object.entries(this.#rows())) this.device.set(oid, value);
    const { evaluation } = await this.device.poll();
    return Object.fromEntries(
      (evaluation?.ports ?? []).map(({ name, receiveBps }) => [
        name,
        receiveBps === null ? null : receiveBps / 1e6,
      ]),
    );
  }

  swap(one: number, other: number): void {
    const [a, b] = [this.ports.get(one)!, this.ports.get(other)!];
    this.ports.set(one, b);
    this.ports.set(other, a);
  }
}

const port = (name: string, received: bigint, mac?: number): Port => ({
  name,
  received,
  oper: 1,
  ...(mac === undefined ? {} : { mac }),
});

describe('ports whose ifIndex changes without a word', () => {
  it('keep their counters and their series when two change places', async () => {
    const box = new Switch({ 1: port('A', 1_000_000_000n), 2: port('B', 5_000_000_000n) });
    await box.minute();
    expect(await box.minute()).toEqual({ A: 1, B: 1 });
    box.swap(1, 2);
    expect(await box.minute()).toEqual({ A: null, B: null });
    expect(await box.minute()).toEqual({ A: 1, B: 1 });
    const { evaluation } = await box.device.poll();
    expect(evaluation?.ports.map(({ name, index }) => [name, index])).toEqual([
      ['B', 1],
      ['A', 2],
    ]);
    expect(await box.device.count('port_rates_withheld_total', { reason: 'renumbered' })).toBe(4);
  });

  it('export totals in which nothing ever falls or leaps', async () => {
    const box = new Switch({ 1: port('A', 1_000_000_000n), 2: port('B', 5_000_000_000n) });
    await box.poll();
    const seen: Record<string, number>[] = [];
    for (let minute = 0; minute < 8; minute += 1) {
      if (minute % 3 === 2) box.swap(1, 2);
      for (const one of box.ports.values()) one.received += MEGABIT_MINUTE;
      await box.poll();
      seen.push(valuesOf(await box.device.poll(), 'interface_receive_bytes_total'));
    }
    for (const name of ['A', 'B']) {
      const rises = seen.slice(1).map((totals, at) => totals[name]! - seen[at]![name]!);
      expect(rises.every((rise) => rise >= 0 && rise <= 2 * Number(MEGABIT_MINUTE))).toBe(true);
    }
  });

  it('keep what was known of them when a card is put in before them', async () => {
    const box = new Switch({ 1: port('A', 1_000_000_000n), 2: port('B', 9_000_000_000n) });
    await box.minute();
    await box.minute();
    const [a, b] = [box.ports.get(1)!, box.ports.get(2)!];
    box.ports.set(1, port('New', 0n)).set(2, a).set(3, b);
    b.oper = 2;
    expect(await box.minute()).toEqual({ New: null, A: null, B: null });
    expect(wrongThings(await box.device.poll())).toEqual(['port:B port-down warning']);
    expect(await box.minute()).toEqual({ New: 1, A: 1, B: 1 });
  });

  it('do not pass a fault on to the port that gets their index', async () => {
    const box = new Switch({ 1: port('A', 1_000_000_000n), 2: port('B', 9_000_000_000n) });
    await box.minute();
    box.ports.get(2)!.oper = 2;
    await box.minute();
    box.ports.set(2, { ...port('Z', 0n), oper: 2 });
    await box.minute();
    expect(wrongThings(await box.device.poll())).toEqual([]);
  });
});

describe('a port that is renamed', () => {
  it('takes its fault with it', async () => {
    const box = new Switch({ 1: port('eth0', 1_000n, 65), 2: port('eth1', 9_000n, 66) });
    await box.minute();
    box.ports.get(1)!.oper = 2;
    await box.minute();
    box.ports.set(1, { ...box.ports.get(1)!, name: 'lan0' });
    box.device.set(SYS_UP_TIME, 100);
    await box.minute();
    expect(wrongThings(await box.device.poll())).toEqual(['port:lan0 port-down warning']);
  });
});

describe('counters that somebody clears', () => {
  it('cost the port one rate, and no other port any', async () => {
    const box = new Switch({ 1: port('A', 1_000_000_000n), 2: port('B', 5_000_000_000n) });
    await box.minute();
    await box.minute();
    box.ports.get(2)!.received = 1000n;
    expect(await box.minute()).toEqual({ A: 1, B: null });
    expect(await box.minute()).toEqual({ A: 1, B: 1 });
    expect(await box.device.count('port_rates_withheld_total', { reason: 'decreased' })).toBe(1);
  });
});
