import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CounterReading, hasRestarted, rateBetween } from '../../collector/rates.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';

const TICKS_PER_SECOND = 100;
const WRAP_32 = 2n ** 32n;
/** Octets per second of a 100 Mb/s line. */
const FAST_ETHERNET = 12_500_000;
const TEN_GIGABIT = 1_250_000_000;

/** A reading `seconds` after the first one, of an agent that has been up since 1000 s before it. */
function reading(
  seconds: number,
  value: bigint,
  changes: Partial<CounterReading> = {},
): CounterReading {
  return {
    value,
    bits: 64,
    readAtMs: seconds * SECOND,
    sysUpTimeTicks: (1000 + seconds) * TICKS_PER_SECOND,
    discontinuityTicks: 0,
    ...changes,
  };
}

describe('the rate of a counter', () => {
  it('is what was counted by the time between', () => {
    const rate = rateBetween(reading(0, 0n), reading(60, 60_000n), TEN_GIGABIT);
    expect(rate).toEqual({ perSecond: 1000, reason: null });
  });

  it('needs two readings', () => {
    expect(rateBetween(null, reading(0, 5n), null).reason).toBe('first');
  });

  it('goes over the wrap of a 32-bit counter', () => {
    const before = reading(0, WRAP_32 - 1000n, { bits: 32 });
    const rate = rateBetween(before, reading(60, 5000n, { bits: 32 }), FAST_ETHERNET);
    expect(rate.perSecond).toBe(100);
  });

  it('does not take a reset of a 32-bit counter for a wrap: the line could not carry that', () => {
    const before = reading(0, 3_000_000_000n, { bits: 32 });
    const rate = rateBetween(before, reading(60, 10n, { bits: 32 }), FAST_ETHERNET);
    expect(rate.reason).toBe('decreased');
  });

  it('does not guess how often a fast 32-bit counter wrapped', () => {
    const before = reading(0, 0n, { bits: 32 });
    expect(rateBetween(before, reading(60, 9n, { bits: 32 }), TEN_GIGABIT).reason).toBe(
      'ambiguous',
    );
    const late = reading(600, 9n, { bits: 32 });
    expect(rateBetween(before, late, FAST_ETHERNET).reason).toBe('ambiguous');
  });

  it('does not know a wrap without a speed', () => {
    const before = reading(0, WRAP_32 - 1n, { bits: 32 });
    expect(rateBetween(before, reading(60, 1n, { bits: 32 }), null).reason).toBe('decreased');
  });

  it('takes a 64-bit counter that went back for cleared', () => {
    expect(rateBetween(reading(0, 900n), reading(60, 100n), TEN_GIGABIT).reason).toBe('decreased');
    expect(rateBetween(reading(0, 900n), reading(60, 899n), null).reason).toBe('decreased');
  });

  it('is none across a restart of the agent, although the counter went on', () => {
    const after = reading(60, 100_000n, { sysUpTimeTicks: 20 * TICKS_PER_SECOND });
    expect(rateBetween(reading(0, 10n), after, TEN_GIGABIT).reason).toBe('agent-restarted');
  });

  it('is none across a restart that only a late poll hides', () => {
    const before = reading(0, 10n, { sysUpTimeTicks: 5 * TICKS_PER_SECOND });
    const late = reading(3600, 90_000n, { sysUpTimeTicks: 1800 * TICKS_PER_SECOND });
    expect(rateBetween(before, late, TEN_GIGABIT).reason).toBe('agent-restarted');
  });

  it('goes on over the wrap of sysUpTime after 497 days', () => {
    const before = reading(0, 0n, { sysUpTimeTicks: 2 ** 32 - 3000 });
    const after = reading(60, 6000n, { sysUpTimeTicks: 3000 });
    expect(rateBetween(before, after, TEN_GIGABIT).perSecond).toBe(100);
  });

  it('is none across a discontinuity of the port', () => {
    const after = reading(60, 100n, { discontinuityTicks: 101_000 });
    expect(rateBetween(reading(0, 10n), after, TEN_GIGABIT).reason).toBe('discontinuity');
  });

  it('is right when the poll was late', () => {
    expect(rateBetween(reading(0, 0n), reading(300, 300_000n), TEN_GIGABIT).perSecond).toBe(1000);
  });

  it('is none when two polls are too close', () => {
    expect(rateBetween(reading(0, 0n), reading(0.1, 100n), null).reason).toBe('too-soon');
  });

  it('is none when the counter is another one', () => {
    const narrow = reading(60, 100n, { bits: 32 });
    expect(rateBetween(reading(0, 0n), narrow, null).reason).toBe('other-counter');
  });

  it('is none above what the line can carry: renumbered ports swap their counters', () => {
    const rate = rateBetween(reading(0, 1000n), reading(60, 900_000_000_000n), TEN_GIGABIT);
    expect(rate.reason).toBe('implausible');
  });

  it('keeps what a number could not hold exactly', () => {
    const before = reading(0, 2n ** 63n);
    expect(rateBetween(before, reading(1, 2n ** 63n + 3n), null).perSecond).toBe(3);
  });

  it('is never negative and never above 1.1 × the speed, whatever the device says', () => {
    const readings = fc.record({
      value: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      bits: fc.constantFrom(32 as const, 64 as const),
      readAtMs: fc.nat(10 * MINUTE),
      sysUpTimeTicks: fc.option(fc.nat(2 ** 31)),
      discontinuityTicks: fc.option(fc.nat(5)),
    });
    fc.assert(
      fc.property(readings, readings, fc.option(fc.nat(TEN_GIGABIT)), (before, now, speed) => {
        const rate = rateBetween(before, now, speed);
        if (rate.perSecond === null) return;
        expect(rate.perSecond).toBeGreaterThanOrEqual(0);
        if (speed !== null) expect(rate.perSecond).toBeLessThanOrEqual(speed * 1.1);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a restart of the agent', () => {
  it('is seen by the uptime, but not where the clock stands still or drifts a little', () => {
    expect(hasRestarted(100_000, 500, MINUTE)).toBe(true);
    expect(hasRestarted(100_000, 106_000, MINUTE)).toBe(false);
    expect(hasRestarted(100_000, 105_700, MINUTE)).toBe(false);
    expect(hasRestarted(100_000, 100_000, MINUTE)).toBe(false);
    expect(hasRestarted(null, 500, MINUTE)).toBe(false);
  });
});
