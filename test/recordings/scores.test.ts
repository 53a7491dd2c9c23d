import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import {
  explainRecording,
  type RecordingExplanation,
} from '../../collector/recording/explain-recording.ts';
import { parseRecording, type Recording } from '../../collector/recording/snmprec.ts';
import { createSelfMetrics } from '../../collector/self-metrics.ts';
import { shippedProfiles } from '../../config/load.ts';
import { VirtualClock } from '../../lib/virtual-clock.ts';
import {
  knownBad,
  RECORDINGS,
  type Reference,
  readReference,
  recordedDevices,
} from './reference.ts';
import { renderScores, type Score, scoreOf, shareOf, sumOf } from './score.ts';

/** Shares of the reference's rows that were told right when this was written; never fewer. */
const FLOOR = { ports: 1, processors: 1, memory: 1, sensors: 0.989, states: 0.989 };

const profiles = shippedProfiles();

function readRecording(folder: string, name: string): Recording {
  return parseRecording(readFileSync(join(folder, `${name}.snmprec`), 'utf8'));
}

const PORT_ROW = /^1\.3\.6\.1\.2\.1\.(?:2\.2\.1|31\.1\.1\.1)\.\d+\.(\d+)$/;

/** The reference without the ports of which its recording has nothing: they were there once, elsewhere. */
function referenceOf(folder: string, name: string): Reference {
  const recorded = new Set(
    readRecording(folder, name).varbinds.map(({ oid }) => PORT_ROW.exec(oid)?.[1]),
  );
  const reference = readReference(folder, name);
  return {
    ...reference,
    ports: reference.ports.filter(({ ifIndex }) => recorded.has(String(ifIndex))),
  };
}

async function explain(folder: string, name: string): Promise<RecordingExplanation> {
  const recording = readRecording(folder, name);
  const clock = new VirtualClock(Date.UTC(2026, 0, 1));
  return explainRecording(
    { clock, selfMetrics: createSelfMetrics(new Registry()), profiles },
    recording,
  );
}

/** Names of devices of which what is missed is listed: `THREENINES_MISSED=asa,routeros` or `all`. */
const LISTED = process.env.THREENINES_MISSED?.split(',') ?? [];

describe.skipIf(RECORDINGS === null)('recordings of real devices', () => {
  const folder = RECORDINGS ?? '';

  it('are understood as well as the reference, and better than ever before', async () => {
    const scores = new Map<string, Score>();
    for (const name of recordedDevices(folder)) {
      const score = scoreOf(await explain(folder, name), referenceOf(folder, name));
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
      const { readings } = await explain(folder, name);
      const reading = readings.find((one) => one.oid === oid);
      const perUnit =
        reading?.class === 'humidity' ? 100 : reading?.class === 'runtime' ? 1 / 60 : 1;
      if (reading !== undefined && Math.abs(reading.value * perUnit - value) < 0.02 * value) {
        shown.push(`${name} ${oid} ${reading.value}`);
      }
    }
    expect(shown).toEqual([]);
  });
});
