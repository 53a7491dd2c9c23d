import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { explainRecording } from '../../collector/recording/explain-recording.ts';
import { parseRecording } from '../../collector/recording/snmprec.ts';
import { createSelfMetrics } from '../../collector/self-metrics.ts';
import { shippedProfiles } from '../../config/shipped-profiles.ts';
import { VirtualClock } from '../../lib/virtual-clock.ts';

/**
 * Profile tests as data: `recordings/NAME.snmprec` is what a device answers, `NAME.yaml` beside it what
 * must be understood of it. Only what is written is compared; `absent` must not be there.
 */
const FOLDER = join(import.meta.dirname, 'recordings');

type Fields = Readonly<Record<string, unknown>>;
interface Expected {
  readonly profile: string;
  readonly readings?: readonly Fields[];
  readonly absent?: readonly Fields[];
  readonly processors?: readonly Fields[];
  readonly memory?: readonly Fields[];
  readonly storage?: readonly Fields[];
  readonly ports?: readonly Fields[];
  readonly refused?: readonly Fields[];
  readonly unknown?: readonly Fields[];
  /** `component kind level`, all of them. */
  readonly faults?: readonly string[];
}

const LISTS = [
  'readings',
  'processors',
  'memory',
  'storage',
  'ports',
  'refused',
  'unknown',
] as const;

const profiles = shippedProfiles();
const names = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => file.slice(0, -'.yaml'.length));

async function explain(name: string) {
  const clock = new VirtualClock(Date.UTC(2026, 0, 1));
  const selfMetrics = createSelfMetrics(new Registry());
  const recording = parseRecording(readFileSync(join(FOLDER, `${name}.snmprec`), 'utf8'));
  return explainRecording({ clock, selfMetrics, profiles }, recording);
}

describe.each(names)('the recording %s', (name) => {
  const expected = parse(readFileSync(join(FOLDER, `${name}.yaml`), 'utf8')) as Expected;

  it('is understood', async () => {
    const told = await explain(name);
    expect(told.profile).toBe(expected.profile);
    expect(told.counts.unreadableLines).toBe(0);
    for (const list of LISTS) {
      for (const fields of expected[list] ?? []) {
        const wanted = Object.fromEntries(
          Object.entries(fields).map(([key, value]) => [
            key,
            typeof value === 'number' ? expect.closeTo(value, 6) : value,
          ]),
        );
        expect(told[list], list).toContainEqual(expect.objectContaining(wanted));
      }
    }
    for (const fields of expected.absent ?? []) {
      expect(told.readings).not.toContainEqual(expect.objectContaining(fields));
    }
  });

  it('has exactly its faults', async () => {
    const told = await explain(name);
    const faults = told.faults.map(({ component, kind, level }) => `${component} ${kind} ${level}`);
    expect(faults.sort()).toEqual([...(expected.faults ?? [])].sort());
  });
});
