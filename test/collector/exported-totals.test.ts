import { describe, expect, it } from 'vitest';
import { GIGABIT, polledPort, TICKS_PER_SECOND } from './rate-timeline.ts';

describe('a device whose clock is slow', () => {
  it.each([
    [10, 5],
    [10, 10],
    [20, 5],
    [20, 10],
  ])('by %i times is measured by ours, polled every %i s', (slowness, every) => {
    const port = polledPort(GIGABIT);
    const polls = Array.from({ length: 60 }, (_, poll) => {
      const uptimeTicks = 100_000 + Math.floor((poll * every * TICKS_PER_SECOND) / slowness);
      return port.poll(poll * every, poll * every * 1_000_000, { uptimeTicks });
    });
    expect(new Set(polls.slice(1).map(({ receive }) => receive))).toEqual(new Set([1_000_000]));
    expect(polls.at(-1)?.total).toBe(59 * every * 1_000_000);
  });

  it('by a tenth is found out in two minutes, though every interval looks well', () => {
    const port = polledPort(GIGABIT);
    const rates = Array.from({ length: 40 }, (_, poll) => {
      const uptimeTicks = 100_000 + poll * 450;
      return port.poll(poll * 5, poll * 5_000_000, { uptimeTicks }).receive;
    });
    expect(rates.slice(26)).toEqual(new Array(14).fill(1_000_000));
  });
});

describe('a device whose clock is right', () => {
  it('is measured by it even where replies are on their way for most of an interval', () => {
    const port = polledPort(GIGABIT);
    for (let at = 0; at <= 120; at += 10) port.poll(at, at * 1000);
    expect(port.poll(137, 130_000, { uptimeTicks: 113_000 }).receive).toBe(1000);
    expect(port.poll(140, 140_000).receive).toBe(1000);
  });
});

describe('what is exported', () => {
  const cleared = (seconds: number) => ({ discontinuityTicks: seconds * TICKS_PER_SECOND });

  it.each([10, 60])(
    'stands still over a discontinuity that is told, polled every %i s',
    (every) => {
      const port = polledPort(GIGABIT);
      port.poll(0, 5_000_000_000);
      const leapt = 8_000_000_000 + every * 1000;
      expect(port.poll(every, leapt, cleared(1000 + every / 2))).toMatchObject({
        receive: 'discontinuity',
        total: 5_000_000_000,
      });
      const after = port.poll(2 * every, leapt + 6000, cleared(1000 + every / 2));
      expect(after).toMatchObject({ receive: 6000 / every, total: 5_000_006_000 });
    },
  );

  it('begins anew after a discontinuity with what the line can have carried since, no more', () => {
    const port = polledPort(GIGABIT);
    port.poll(0, 9_000_000_000);
    // Ten seconds ago: 1.25 GB at most.
    expect(port.poll(60, 1_200_000_000, cleared(1050)).total).toBe(1_200_000_000);
    const other = polledPort(GIGABIT);
    other.poll(0, 9_000_000_000);
    expect(other.poll(60, 3_000_000_000, cleared(1050)).total).toBe(9_000_000_000);
  });

  it('takes an unannounced fall for a beginning only when the line can have carried that', () => {
    const port = polledPort(GIGABIT);
    port.poll(0, 9_000_000_000);
    expect(port.poll(10, 4_000_000_000)).toMatchObject({
      receive: 'decreased',
      total: 9_000_000_000,
    });
  });

  it('grows by no more than the line carries after polls in which it stood', () => {
    const port = polledPort(GIGABIT);
    port.poll(0, 1_000_000_000);
    expect(port.poll(60, 0).total).toBe(1_000_000_000);
    const most = 1.1 * 60 * GIGABIT;
    const held = port.poll(120, 13_000_000_000);
    expect(held).toMatchObject({ receive: 100_000_000, span: 120, total: 1_000_000_000 + most });
    expect(port.poll(180, 13_000_000_000).total).toBe(13_000_000_000);
    expect(port.poll(240, 13_000_006_000).total).toBe(13_000_006_000);
  });
});
