import { describe, expect, it } from 'vitest';
import { awaitHeldPorts, type HeldTotals, noteHeldPorts } from '../../collector/held-ports.ts';
import { storedHeldTotals } from '../../collector/held-totals-store.ts';
import { silentLogger } from '../../lib/logger.ts';
import { HOUR, MINUTE } from '../../lib/time.ts';
import { VirtualClock } from '../../lib/virtual-clock.ts';
import { type PolledInTest, pollOf, SYS_UP_TIME, valuesOf } from './full-poll-fixtures.ts';
import type { Plain } from './mib-client.ts';

const IF = '1.3.6.1.2.1.2.2.1';
const IFX = '1.3.6.1.2.1.31.1.1.1';
/** Octets that a port of 1 Gb/s carries in a minute. */
const MOST_A_MINUTE = 7_500_000_000;
const JUMP = 1_000_000_000_000n;

const rowOf = (index: number, name: string, received: bigint): Record<string, Plain> => ({
  [`${IF}.2.${index}`]: name,
  [`${IF}.3.${index}`]: 6,
  [`${IF}.5.${index}`]: 1_000_000_000,
  [`${IF}.7.${index}`]: 1,
  [`${IF}.8.${index}`]: 1,
  [`${IFX}.1.${index}`]: name,
  [`${IFX}.6.${index}`]: received,
  [`${IFX}.10.${index}`]: 0n,
  [`${IFX}.15.${index}`]: 1000,
});

/** A device that outlives the services that poll it, and the disk of their machine. */
class Watched {
  readonly clock = new VirtualClock(Date.UTC(2026, 0, 1));
  saved: string | null = null;
  uptimeTicks = 1_000_000;
  index = 1;
  received = 5_000_000_000n;
  #device!: PolledInTest;
  #held!: HeldTotals;

  constructor() {
    this.start();
  }

  /** Another service begins: whatever the one before had in its memory is gone. */
  start(): void {
    const store = {
      load: () => this.saved,
      save: (text: string) => {
        this.saved = text;
      },
    };
    this.#held = storedHeldTotals(store, this.clock, silentLogger);
    this.#device = pollOf(
      { ...rowOf(this.index, 'Gi0/1', this.received), [SYS_UP_TIME]: this.uptimeTicks },
      { clock: this.clock },
    );
    awaitHeldPorts(this.#device.memory.ports, this.#held.of('device-1'), this.clock);
  }

  pass(ms: number, octets = 0n): void {
    this.clock.advance(ms);
    this.uptimeTicks += ms / 10;
    this.received += octets;
  }

  /** A poll, then a minute; what is exported as received. */
  async poll(octets = 6000n): Promise<number | undefined> {
    const { instances } = this.#device;
    for (const [oid, value] of Object.entries(rowOf(this.index, 'Gi0/1', this.received)))
      this.#device.set(oid, value);
    instances.delete(SYS_UP_TIME);
    this.#device.set(SYS_UP_TIME, this.uptimeTicks);
    const { ports } = this.#device.memory;
    const poll = await this.#device.poll();
    noteHeldPorts(this.#held, 'device-1', ports, this.clock);
    ports.rest();
    this.uptimeTicks += 6000;
    this.received += octets;
    return Object.values(valuesOf(poll, 'interface_receive_bytes_total'))[0];
  }
}

/** Has jumped by what no line carries, and been held. */
async function afterJump(): Promise<Watched> {
  const watched = new Watched();
  await watched.poll();
  watched.received += JUMP;
  expect(await watched.poll()).toBe(5_000_000_000);
  expect(await watched.poll()).toBe(5_000_006_000);
  return watched;
}

describe('a total that was held', () => {
  it('goes on after a restart, and after the next one, which comes before any poll', async () => {
    const watched = await afterJump();
    watched.start();
    expect(await watched.poll()).toBe(5_000_012_000);
    watched.start();
    watched.start();
    expect(await watched.poll()).toBe(5_000_018_000);
    expect(await watched.poll()).toBe(5_000_024_000);
  });

  it('goes on over an hour without a service: nothing is lost', async () => {
    const watched = await afterJump();
    watched.pass(HOUR, 60_000_000n);
    watched.start();
    expect(await watched.poll()).toBe(5_060_012_000);
  });

  it('is on the disk as soon as the poll is over: a kill finds it there', async () => {
    const watched = new Watched();
    await watched.poll();
    watched.received += JUMP;
    const before = watched.saved;
    await watched.poll();
    expect(watched.saved).not.toBe(before);
    expect(watched.saved).toContain('Gi0/1');
  });

  it('stays where it is when the counter jumped once more while nothing ran', async () => {
    const watched = await afterJump();
    watched.pass(MINUTE, JUMP);
    watched.start();
    const total = await watched.poll();
    expect(total).toBeGreaterThanOrEqual(5_000_006_000);
    expect(total).toBeLessThanOrEqual(5_000_012_000);
    expect(await watched.poll()).toBe((total ?? 0) + 6000);
  });

  it('begins anew with what was counted since the device started meanwhile', async () => {
    const watched = await afterJump();
    watched.pass(MINUTE);
    watched.uptimeTicks = 3000;
    watched.received = 1_000_000n;
    watched.start();
    expect(await watched.poll()).toBe(1_000_000);
    expect(JSON.parse(watched.saved!).devices).toEqual({});
  });

  it('follows its port to another ifIndex', async () => {
    const watched = await afterJump();
    watched.index = 7;
    watched.start();
    const total = await watched.poll();
    expect(total).toBeGreaterThanOrEqual(5_000_006_000);
    expect(total).toBeLessThanOrEqual(5_000_012_000);
  });

  it('never leaps, whatever text is found in its place', async () => {
    for (const text of [
      '',
      '{',
      '{"form":"collector-held-totals-1","devices":{"device-1":[{}]}}',
    ]) {
      const watched = new Watched();
      watched.saved = text;
      watched.start();
      const first = await watched.poll();
      expect(first).toBe(5_000_000_000);
      expect(((await watched.poll()) ?? 0) - (first ?? 0)).toBeLessThanOrEqual(MOST_A_MINUTE);
    }
  });

  it('that is the counter again needs no keeping', async () => {
    const watched = new Watched();
    await watched.poll();
    await watched.poll();
    expect(watched.saved).toBeNull();
  });
});
