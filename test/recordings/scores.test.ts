import { describe, expect, it } from 'vitest';
import { shippedProfiles } from '../../config/shipped-profiles.ts';
import { explain, referenceOf } from './recorded.ts';
import { knownBad, RECORDINGS, recordedDevices } from './reference.ts';
import { renderScores, type Score, scoreOf, shareOf, sumOf } from './score.ts';

/** Shares of the reference's rows that were told right when this was written; never fewer. */
const FLOOR = { ports: 1, processors: 1, memory: 1, sensors: 0.989, states: 0.989 };

const profiles = shippedProfiles();

/** Names of devices of which what is missed is listed: `THREENINES_MISSED=asa,routeros` or `all`. */
const LISTED = process.env.THREENINES_MISSED?.split(',') ?? [];

describe.skipIf(RECORDINGS === null)('recordings of real devices', () => {
  const folder = RECORDINGS ?? '';

  it('are understood as well as the reference, and better than ever before', async () => {
    const scores = new Map<string, Score>();
    for (const name of recordedDevices(folder)) {
      const score = scoreOf(await explain(folder, name, profiles), referenceOf(folder, name));
      scores.set(name, score);
      if (!LISTED.includes(name) && !LISTED.includes('all')) continue;
      for (const [part, { missed }] of Object.entries(score)) {
        for (const one of missed) console.log(`${name} ${part}: ${one}`);
      }
    }
    console.log(renderScores(scores));
    const total = sumOf([...scores.values()]);
    for (const part of Object.keys(FLOOR) as (keyof typeof FLOOR)[]) {
      expect.soft(shareOf(total[part]), part).toBeGreaterThanOrEqual(FLOOR[part]);
    }
  }, 120_000);

  it('never show a value that is impossible', async () => {
    const shown: string[] = [];
    for (const [key, value] of knownBad(folder)) {
      const [name, oid] = key.split(' ') as [string, string];
      const { readings } = await explain(folder, name, profiles);
      const reading = readings.find((one) => one.oid === oid);
      const perUnit =
        reading?.class === 'humidity' ? 100 : reading?.class === 'runtime' ? 1 / 60 : 1;
      if (reading !== undefined && isNear(reading.value * perUnit, value)) {
        shown.push(`${name} ${oid} ${reading.value}`);
      }
    }
    expect(shown).toEqual([]);
  });
});

/** Within two hundredths, whatever the sign. */
function isNear(value: number, bad: number): boolean {
  return Math.abs(value - bad) <= 0.02 * Math.abs(bad);
}
