import { describe, expect, it } from 'vitest';
import {
  FAST_ETHERNET,
  GIGABIT,
  polledPort,
  TEN_GIGABIT,
  TICKS_PER_SECOND,
  upFor,
  WRAP_32,
} from './rate-timeline.ts';

describe('the rate of a counter', () => {
  it('is what was counted by the time between', () => {
    const port = polledPort();
    expect(port.poll(0, 500).receive).toBe('first');
    expect(port.poll(60, 60_500)).toMatchObject({ receive: 1000, span: 60, total: 60_500 });
  });

  it('is taken in the time of the device: a reply that was long on its way is no less traffic', () => {
    const port = polledPort();
    port.poll(0, 0);
    expect(port.poll(67, 60_000, upFor(1060)).receive).toBe(1000);
    expect(port.poll(120, 120_000).receive).toBe(1000);
  });

  it('is right when the poll was late', () => {
    const port = polledPort();
    port.poll(0, 0);
    expect(port.poll(300, 300_000)).toMatchObject({ receive: 1000, span: 300 });
  });

  it('is the average over an hour in which the device was silent', () => {
    const port = polledPort(GIGABIT);
    port.poll(0, 0);
    expect(port.poll(3600, 3600 * 90_000_000)).toMatchObject({ receive: 90_000_000, span: 3600 });
  });

  it('keeps what a number could not hold exactly', () => {
    const port = polledPort();
    port.poll(0, 2n ** 63n);
    expect(port.poll(1, 2n ** 63n + 3n)).toMatchObject({ receive: 3, total: 2n ** 63n + 3n });
  });

  it('goes over all bits of a counter, the sign bit of others as well', () => {
    const port = polledPort();
    port.poll(0, 2n ** 63n - 60n);
    expect(port.poll(60, 2n ** 63n + 60n).receive).toBe(2);
  });

  it('is none when two polls are too close, and loses nothing', () => {
    const port = polledPort();
    port.poll(0, 0);
    expect(port.poll(0.1, 5000).receive).toBe('too-soon');
    expect(port.poll(60, 60_000)).toMatchObject({ receive: 1000, span: 60 });
  });

  it('is none when the counter was not read, and afterwards the average over both', () => {
    const port = polledPort();
    port.poll(0, 0);
    expect(port.poll(60, null)).toMatchObject({ receive: 'unread', total: 0 });
    expect(port.poll(120, 120_000)).toMatchObject({ receive: 1000, span: 120 });
  });

  it('needs no sysUpTime', () => {
    const port = polledPort();
    const silent = { uptimeTicks: Number.NaN };
    port.poll(0, 0, silent);
    expect(port.poll(60, 60_000, silent).receive).toBe(1000);
    expect(port.poll(120, 10_000, silent).receive).toBe('decreased');
  });
});

describe('a 32-bit counter', () => {
  it('goes over its wrap, and is exported as one that begins anew', () => {
    const port = polledPort(FAST_ETHERNET, 32);
    port.poll(0, WRAP_32 - 1000);
    expect(port.poll(60, 5000)).toMatchObject({ receive: 100, total: 5000 });
  });

  it('that was cleared has not wrapped: the line could not carry that', () => {
    const port = polledPort(FAST_ETHERNET, 32);
    port.poll(0, 3_000_000_000);
    expect(port.poll(60, 10)).toMatchObject({ receive: 'decreased', total: 10 });
  });

  it('of a fast line may have wrapped any number of times', () => {
    const port = polledPort(TEN_GIGABIT, 32);
    port.poll(0, 0);
    expect(port.poll(60, 9).receive).toBe('ambiguous');
  });

  it('may have wrapped any number of times in a long silence', () => {
    const port = polledPort(FAST_ETHERNET, 32);
    port.poll(0, 0);
    expect(port.poll(600, 9).receive).toBe('ambiguous');
    expect(port.poll(660, 6009).receive).toBe(100);
  });

  it('without a speed does not wrap, and is believed for minutes only', () => {
    const port = polledPort(null, 32);
    port.poll(0, WRAP_32 - 1);
    expect(port.poll(60, 1).receive).toBe('decreased');
    expect(port.poll(120, 6001).receive).toBe(100);
    expect(port.poll(720, 6002).receive).toBe('ambiguous');
  });

  it('that steps back a little has not wrapped', () => {
    const port = polledPort(FAST_ETHERNET, 32);
    port.poll(0, 50_000_000);
    expect(port.poll(60, 49_999_000).receive).toBe('stepped-back');
    expect(port.poll(120, 50_012_000)).toMatchObject({ receive: 100, span: 120 });
  });

  it('takes over from a 64-bit one, and the other way round, without a step', () => {
    const port = polledPort(GIGABIT);
    port.poll(0, 7_000_000_000);
    const narrow = { receiveBits: 32 as const, receiveHigh: 0, receiveLow: 400 };
    expect(port.poll(60, null, narrow)).toMatchObject({
      receive: 'other-counter',
      total: 7_000_000_000,
    });
    expect(port.poll(90, null, { ...narrow, receiveLow: 3400 })).toMatchObject({
      receive: 100,
      total: 7_000_003_000,
    });
    expect(port.poll(120, 7_000_010_000)).toMatchObject({
      receive: 'other-counter',
      total: 7_000_003_000,
    });
  });
});

describe('a counter that went back', () => {
  it('was cleared: none, and then from there on', () => {
    const port = polledPort();
    port.poll(0, 9_000_000);
    expect(port.poll(60, 1000)).toMatchObject({ receive: 'decreased', total: 1000 });
    expect(port.poll(120, 7000)).toMatchObject({ receive: 100, span: 60, total: 7000 });
  });

  it('was cleared, and the agent says so', () => {
    const port = polledPort();
    port.poll(0, 9_000_000);
    const cleared = { discontinuityTicks: 1030 * TICKS_PER_SECOND };
    expect(port.poll(60, 1000, cleared)).toMatchObject({ receive: 'discontinuity', total: 1000 });
    expect(port.poll(120, 7000, cleared).receive).toBe(100);
  });

  it('by a little is waited for, and nothing is counted twice', () => {
    const port = polledPort();
    port.poll(0, 1_000_000);
    expect(port.poll(60, 999_997)).toMatchObject({ receive: 'stepped-back', total: 1_000_000 });
    expect(port.poll(120, 1_012_000)).toMatchObject({ receive: 100, span: 120, total: 1_012_000 });
  });

  it('by a little, and stays there, is believed after a while, but not exported', () => {
    const port = polledPort();
    port.poll(0, 1_000_000);
    const told = [60, 120, 180, 240, 300].map((at) => port.poll(at, 999_997).receive);
    expect(told).toEqual(['stepped-back', 'stepped-back', 'stepped-back', 'decreased', 0]);
    expect(port.poll(360, 1_000_003)).toMatchObject({ receive: 0.1, total: 1_000_006 });
  });

  it('to 0 for a moment gives no spike when it is back', () => {
    const port = polledPort(GIGABIT);
    port.poll(0, 3_000_000_000);
    expect(port.poll(60, 0)).toMatchObject({ receive: 'fell-to-zero', total: 3_000_000_000 });
    expect(port.poll(120, 3_000_012_000)).toMatchObject({ receive: 100, span: 120 });
  });

  it('to 0 and stays there was cleared', () => {
    const port = polledPort(GIGABIT);
    port.poll(0, 3_000_000_000);
    const told = [60, 120, 180, 240, 300].map((at) => port.poll(at, 0));
    expect(told.map(({ receive }) => receive)).toEqual([
      'fell-to-zero',
      'fell-to-zero',
      'fell-to-zero',
      'decreased',
      0,
    ]);
    expect(told.at(-1)?.total).toBe(0);
    expect(port.poll(360, 6000).receive).toBe(100);
  });

  it('to more than it can have counted since is no new beginning for what is exported', () => {
    const port = polledPort(GIGABIT);
    port.poll(0, 9_000_000_000_000);
    expect(port.poll(60, 5_000_000_000_000)).toMatchObject({
      receive: 'decreased',
      total: 9_000_000_000_000,
    });
    expect(port.poll(120, 5_000_000_006_000)).toMatchObject({
      receive: 100,
      total: 9_000_000_006_000,
    });
  });
});

describe('a restart of the agent', () => {
  it('gives no rate, although the counter went on', () => {
    const port = polledPort();
    port.poll(0, 10);
    expect(port.poll(60, 100_000, upFor(20)).receive).toBe('agent-restarted');
    expect(port.poll(120, 106_000, upFor(80)).receive).toBe(100);
  });

  it('is seen although a late poll hides it', () => {
    const port = polledPort();
    port.poll(0, 10, upFor(5));
    expect(port.poll(3600, 90_000, upFor(1800)).receive).toBe('agent-restarted');
  });

  it('between two rows of one poll is seen by the row that came after it', () => {
    const port = polledPort();
    port.poll(0, 9_000_000);
    port.clock.ticks = 1060 * TICKS_PER_SECOND;
    port.clock.readAtMs = 60_000;
    expect(port.poll(60.2, 300, upFor(1)).receive).toBe('agent-restarted');
  });

  it('is none when sysUpTime wraps after 497 days', () => {
    const port = polledPort();
    port.poll(0, 0, { uptimeTicks: WRAP_32 - 3000 });
    expect(port.poll(60, 6000, { uptimeTicks: 3000 }).receive).toBe(100);
  });

  it('at the time of that wrap is told from it', () => {
    const port = polledPort();
    port.poll(0, 0, { uptimeTicks: WRAP_32 - 3000 });
    expect(port.poll(60, 6000, { uptimeTicks: 500 }).receive).toBe('agent-restarted');
  });

  it('of a device that had been up for 300 days', () => {
    const port = polledPort();
    port.poll(0, 9_000_000, { uptimeTicks: 300 * 86_400 * TICKS_PER_SECOND });
    expect(port.poll(60, 100, upFor(10)).receive).toBe('agent-restarted');
  });
});

describe('a clock of the device', () => {
  it('that jumps costs one rate', () => {
    const port = polledPort();
    port.poll(0, 0);
    expect(port.poll(60, 6000, upFor(50_000)).receive).toBe('uptime-jumped');
    expect(port.poll(120, 12_000, upFor(50_060)).receive).toBe(100);
  });

  it('that tells seconds for hundredths costs three, and then ours is taken', () => {
    const port = polledPort();
    const told = [0, 60, 120, 180, 240, 300].map(
      (at) => port.poll(at, at * 100, { uptimeTicks: 500_000 + at }).receive,
    );
    expect(told).toEqual(['first', 'uptime-jumped', 'uptime-jumped', 100, 100, 100]);
    expect(port.poll(360, 36_000, { uptimeTicks: 12 }).receive).toBe('agent-restarted');
  });

  it('that does not run costs nothing while there is traffic', () => {
    const port = polledPort();
    port.poll(0, 0, upFor(7));
    expect(port.poll(60, 6000, upFor(7)).receive).toBe(100);
    expect(port.poll(120, 6000, upFor(7)).receive).toBe(0);
  });

  it('that does not run is told from a cache in five minutes on an idle port', () => {
    const port = polledPort();
    port.poll(0, 500, upFor(7));
    const told = [60, 120, 240, 300].map((at) => port.poll(at, 500, upFor(7)).receive);
    expect(told).toEqual(['repeated', 'repeated', 'repeated', 0]);
  });
});

describe('an agent with a cache', () => {
  it('that sends the same reply twice tells nothing new, and nothing is lost', () => {
    const port = polledPort();
    port.poll(0, 0);
    expect(port.poll(30, 0, upFor(1000)).receive).toBe('repeated');
    expect(port.poll(60, 6000)).toMatchObject({ receive: 100, span: 60 });
  });

  it('that refreshes its counters late seems above the line, and nothing is lost', () => {
    const port = polledPort(GIGABIT);
    port.poll(0, 0);
    expect(port.poll(15, 25 * GIGABIT).receive).toBe('ahead');
    expect(port.poll(30, 25 * GIGABIT)).toMatchObject({ receive: (25 / 30) * GIGABIT, span: 30 });
  });
});

describe('ifCounterDiscontinuityTime', () => {
  it('that moves ends the life of a counter, although it went on', () => {
    const port = polledPort();
    port.poll(0, 10);
    expect(port.poll(60, 100, { discontinuityTicks: 101_000 }).receive).toBe('discontinuity');
  });

  it('that moved while the counter could not be read is not forgotten', () => {
    const port = polledPort();
    port.poll(0, 10);
    const moved = { discontinuityTicks: 101_000 };
    expect(port.poll(60, null, moved).receive).toBe('unread');
    expect(port.poll(120, 90_000, moved).receive).toBe('discontinuity');
  });

  it('that was not told once has not moved', () => {
    const port = polledPort();
    port.poll(0, 0);
    expect(port.poll(60, 6000, { discontinuityTicks: Number.NaN }).receive).toBe(100);
    expect(port.poll(120, 12_000).receive).toBe(100);
  });

  it('of an agent that sends its uptime in its place is soon ignored', () => {
    const port = polledPort();
    const told = [0, 60, 120, 180, 240].map((at) => {
      const ticks = (1000 + at) * TICKS_PER_SECOND;
      return port.poll(at, at * 100, { discontinuityTicks: ticks }).receive;
    });
    expect(told).toEqual(['first', 'discontinuity', 'discontinuity', 100, 100]);
  });
});

describe('more than the line carries', () => {
  it('is no rate and is not exported', () => {
    const port = polledPort(GIGABIT);
    port.poll(0, 1000);
    expect(port.poll(60, 900_000_000_000)).toMatchObject({ receive: 'implausible', total: 1000 });
    expect(port.poll(120, 900_000_006_000)).toMatchObject({ receive: 100, total: 7000 });
  });

  it('is no rate without a speed either, beyond 400 Gb/s', () => {
    const port = polledPort(null);
    port.poll(0, 0);
    expect(port.poll(60, 60 * 49_000_000_000).receive).toBe(49_000_000_000);
    expect(port.poll(120, 2n ** 62n).receive).toBe('implausible');
  });

  it('was counted before the link came back slower', () => {
    const port = polledPort(GIGABIT);
    port.poll(0, 0);
    const slower = { octetsPerSecond: FAST_ETHERNET };
    expect(port.poll(60, 60 * 100_000_000, slower).receive).toBe(100_000_000);
    expect(port.poll(120, 120 * 100_000_000, slower).receive).toBe('implausible');
  });

  it('was counted before the link came back slower, and is told after it was held back', () => {
    const port = polledPort(GIGABIT);
    port.poll(0, 3_000_000_000);
    const slower = { octetsPerSecond: FAST_ETHERNET };
    expect(port.poll(60, 0).receive).toBe('fell-to-zero');
    expect(port.poll(120, 0, slower).receive).toBe('fell-to-zero');
    expect(port.poll(180, 12_000_000_000, slower)).toMatchObject({
      receive: 50_000_000,
      span: 180,
    });
  });

  it('again and again disproves the speed, not the counter', () => {
    const port = polledPort(1_250_000);
    const told = [0, 60, 120, 180, 240, 300].map((at) => port.poll(at, at * 5_000_000).receive);
    expect(told).toEqual([
      'first',
      'implausible',
      'implausible',
      'implausible',
      5_000_000,
      5_000_000,
    ]);
  });
});

describe('the two directions of a port', () => {
  it('do not disturb each other', () => {
    const port = polledPort(GIGABIT);
    const sent = (low: number) => ({
      transmitBits: 64 as const,
      transmitHigh: 0,
      transmitLow: low,
    });
    port.poll(0, 5_000_000, sent(1_000_000));
    expect(port.poll(60, 0, sent(1_006_000))).toMatchObject({
      receive: 'fell-to-zero',
      transmit: 100,
    });
    expect(port.poll(120, 5_012_000)).toMatchObject({ receive: 100, transmit: 'unread' });
    expect(port.poll(180, 5_018_000, sent(1_018_000))).toMatchObject({
      receive: 100,
      transmit: 100,
    });
  });
});
