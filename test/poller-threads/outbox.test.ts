import { describe, expect, it } from 'vitest';
import { renderDeviceExposition, type ShownDevice } from '../../collector/exposition.ts';
import type { Observation } from '../../collector/observation.ts';
import type { FromThread, Turn } from '../../collector/poller-threads/messages.ts';
import { ALIVE_EVERY_MS, Outbox } from '../../collector/poller-threads/outbox.ts';
import { makeSample } from '../../collector/sample.ts';
import { NO_TEXT } from '../../lib/local-text.ts';
import { MINUTE } from '../../lib/time.ts';
import { VirtualClock } from '../../lib/virtual-clock.ts';

function open() {
  const clock = new VirtualClock(0);
  const turns: Turn[] = [];
  const others: FromThread[] = [];
  const outbox = new Outbox((message, transfer) => {
    // As a port does: what is handed over is gone on this side.
    const there = structuredClone(message, { transfer: [...transfer] });
    if (there.kind === 'turn') turns.push(there);
    else others.push(there);
  }, clock);
  return { clock, outbox, turns, others };
}

function observation(number: number): Observation {
  return {
    deviceId: `d${number % 3}`,
    kind: 'heartbeat',
    outcome: 'ok',
    detail: NO_TEXT,
    startedAt: number,
    finishedAt: number,
    rttMs: 1,
    sysUpTimeTicks: null,
    conditions: null,
    unreadComponents: [],
  };
}

const exposition = (value: number) =>
  renderDeviceExposition([makeSample('device_up', {}, value)!], 'device="a"');

function shown(readings: ShownDevice['readings'], answeredMs = 0): ShownDevice {
  return {
    baseLabels: 'device="a"',
    isUp: true,
    rttMs: 1,
    uptimeSeconds: null,
    readings,
    readingsUntilMs: 0,
    answeredMs,
    engineId: null,
    engineTime: null,
  };
}

describe('what a poller thread tells', () => {
  it('goes over together, in order, within milliseconds', () => {
    const { clock, outbox, turns } = open();
    for (let number = 0; number < 20; number += 1) outbox.observed(observation(number));
    outbox.answered(7, null);
    expect(turns).toHaveLength(0);
    clock.advance(10);
    expect(turns).toHaveLength(1);
    expect(turns[0]!.observations.map(({ startedAt }) => startedAt)).toEqual(
      Array.from({ length: 20 }, (_, number) => number),
    );
    expect(turns[0]!.answers).toEqual([{ id: 7, answer: null }]);
    clock.advance(10);
    expect(turns).toHaveLength(1);
  });

  it('goes over when nothing happens too: the thread is alive', () => {
    const { clock, outbox, turns } = open();
    for (let second = 0; second < 10; second += 1) {
      clock.advance(ALIVE_EVERY_MS);
      outbox.taken();
    }
    expect(turns).toHaveLength(10);
    expect(turns.at(-1)!.sentMs).toBe(clock.monotonicMs());
  });

  it('hands readings over once, and then says that they are the same', () => {
    const { clock, outbox, turns } = open();
    const first = exposition(1);
    outbox.shows('a', shown(first));
    clock.advance(10);
    outbox.shows('a', shown(first, 15));
    clock.advance(10);
    outbox.shows('a', shown(exposition(2), 15));
    clock.advance(10);
    outbox.shows('a', shown(null));
    clock.advance(10);
    outbox.shows('a', null);
    clock.advance(10);
    const readings = turns.map(({ shown: [update] }) => update!.shown?.readings);
    expect(readings.map((each) => (typeof each === 'object' && each ? 'new' : each))).toEqual([
      'new',
      'same',
      'new',
      null,
      undefined,
    ]);
    expect(first.octets).toHaveLength(0);
    expect(turns[1]!.shown[0]!.shown).toMatchObject({ answeredMs: 15, isUp: true });
  });

  it('waits in bounded memory while the main thread takes nothing in', () => {
    const { clock, outbox, turns } = open();
    const count = 120_000;
    for (let number = 0; number < count; number += 1) {
      outbox.observed(observation(number));
      outbox.shows('a', shown(exposition(number % 2), number));
      if (number % 1000 === 0) clock.advance(10);
    }
    clock.advance(MINUTE);
    const sent = turns.length;
    expect(sent).toBeLessThanOrEqual(32);
    for (let turn = 0; turn < sent; turn += 1) outbox.taken();
    clock.advance(10);
    const told = turns.flatMap(({ observations }) => observations);
    const dropped = turns.reduce((sum, turn) => sum + turn.droppedObservations, 0);
    expect(dropped).toBeGreaterThan(0);
    expect(told.length + dropped).toBe(count);
    const instants = told.map(({ startedAt }) => startedAt);
    expect(instants).toEqual(instants.toSorted((a, b) => a - b));
    expect(instants.at(-1)).toBe(count - 1);
    expect(turns[sent]!.shown).toHaveLength(1);
    expect(turns[sent]!.shown[0]!.shown).toMatchObject({ answeredMs: count - 1 });
  });

  it('drops log lines beyond a bound, and says how many', () => {
    const { clock, outbox, turns } = open();
    for (let line = 0; line < 500; line += 1) outbox.said(`{"line":${line}}`);
    clock.advance(10);
    expect(turns[0]!.logLines.length + turns[0]!.droppedLogLines).toBe(500);
    expect(turns[0]!.droppedLogLines).toBeGreaterThan(0);
    outbox.said('{}');
    clock.advance(10);
    expect(turns[1]!).toMatchObject({ logLines: ['{}'], droppedLogLines: 0 });
  });

  it('is told to the end when the thread stops', () => {
    const { outbox, turns, others } = open();
    outbox.learned('all of it');
    outbox.observed(observation(1));
    outbox.close();
    expect(turns[0]).toMatchObject({ learned: 'all of it', observations: [{ startedAt: 1 }] });
    expect(others).toEqual([{ kind: 'stopped' }]);
  });
});
