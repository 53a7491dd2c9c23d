import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createWave, waveAt, waveTotal } from '../../lab/wave.ts';
import { seededRandom } from '../../lib/random.ts';
import { DAY, HOUR, SECOND } from '../../lib/time.ts';
import { START } from './demo-network.ts';

const instants = fc.integer({ min: START - 400 * DAY, max: START + 400 * DAY });
const lengths = fc.integer({ min: 0, max: 200 * DAY });

test('a total never shrinks as time goes on', () => {
  const wave = createWave(1.25e9, 1, seededRandom(3));
  fc.assert(
    fc.property(instants, lengths, fc.integer({ min: 1, max: 60 * SECOND }), (from, ms, more) => {
      const total = waveTotal(wave, from, from + ms);
      expect(total).toBeGreaterThanOrEqual(0);
      expect(waveTotal(wave, from, from + ms + more)).toBeGreaterThan(total);
    }),
  );
});

test('the total is the sum of the values', () => {
  const wave = createWave(1000, 1, seededRandom(4));
  let sum = 0;
  for (let at = START; at < START + HOUR; at += SECOND) sum += waveAt(wave, at + SECOND / 2);
  expect(waveTotal(wave, START, START + HOUR) / sum).toBeCloseTo(1, 6);
});

test('it lives: the afternoon is busier than the night, and a minute is not like the next', () => {
  const wave = createWave(1000, 1, seededRandom(5));
  const midnight = Math.floor(START / DAY) * DAY;
  const hourly = (hour: number) =>
    waveTotal(wave, midnight + hour * HOUR, midnight + (hour + 1) * HOUR);
  expect(hourly(14)).toBeGreaterThan(1.5 * hourly(2));
  const values = new Set([0, 5, 10, 15].map((s) => Math.round(waveAt(wave, START + s * SECOND))));
  expect(values.size).toBe(4);
});

test('the same seed gives the same wave', () => {
  expect(createWave(5, 1, seededRandom(9))).toEqual(createWave(5, 1, seededRandom(9)));
});
