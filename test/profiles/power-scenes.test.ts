import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { FullPoll } from '../../collector/full-poll.ts';
import { SECOND } from '../../lib/time.ts';
import { builtInProfiles } from '../collector/collector-fixtures.ts';
import {
  type PolledInTest,
  pollOf,
  valuesOf,
  wrongThings,
} from '../collector/full-poll-fixtures.ts';
import type { Plain } from '../collector/mib-client.ts';

/**
 * Power systems as they go through mains failures, tests and bypass, as data: `power/NAME.yaml` says what
 * a system on mains answers, and for each scene what it answers instead, poll after poll a minute apart,
 * with all faults of that poll. null: it does not answer the object.
 */
const FOLDER = join(import.meta.dirname, 'power');

type Answers = Readonly<Record<string, Plain | null>>;

/** What each family of power systems has to be told apart by, and what its scenes have in common. */
const QUESTIONS = {
  'battery-test': { isOnBattery: false },
  'mains-failure': { isOnBattery: true },
  bypass: { isOnBattery: false },
  contradiction: { isOnBattery: false },
  stale: { isOnBattery: false },
} as const;

interface Scenes {
  /** The profile that is tried. */
  readonly profile: string;
  /** The scenes that answer each question, or why there can be none. */
  readonly proves: Readonly<Record<keyof typeof QUESTIONS, readonly string[] | string>>;
  readonly names: Readonly<Record<string, string>>;
  readonly sysObjectId: string;
  readonly base: Answers;
  readonly scenes: Readonly<Record<string, readonly Step[]>>;
}

interface Step {
  readonly set?: Answers;
  /** `component kind level`, all of them. */
  readonly faults: readonly string[];
  readonly onBattery?: 0 | 1;
  readonly test?: 0 | 1;
  /** With which the incident is graded. */
  readonly minutes?: number;
}

/** A poll by a clock that goes on: cards of some makers are asked little at a time, with pauses. */
async function pollGently(device: PolledInTest): Promise<FullPoll> {
  let ended = false;
  const poll = device.poll().finally(() => {
    ended = true;
  });
  while (!ended) {
    device.clock.advance(SECOND / 10);
    await nextTurn();
  }
  return poll;
}

const scenesOf = (file: string) => parse(readFileSync(join(FOLDER, file), 'utf8')) as Scenes;
const files = readdirSync(FOLDER).filter((file) => file.endsWith('.yaml'));

describe('every profile that tells whether a load is on battery', () => {
  const telling = builtInProfiles.filter(({ values }) =>
    values.some(({ metric }) => metric === 'power_on_battery'),
  );
  const tried = files.map(scenesOf);

  it('has scenes', () => {
    const ids = telling.map(({ id }) => id).sort();
    expect(ids.length).toBeGreaterThan(10);
    expect([...new Set(tried.map(({ profile }) => profile))].sort()).toEqual(ids);
  });

  it('says of a lost card that its values are old, where it can tell', () => {
    const withStale = telling.filter(({ stale }) => stale !== null).map(({ id }) => id);
    const proven = tried.filter(({ proves }) => typeof proves.stale !== 'string');
    expect([...new Set(proven.map(({ profile }) => profile))].sort()).toEqual(withStale.sort());
  });
});

describe.each(files)('the power system of %s', (file) => {
  const { names, sysObjectId, base, scenes, proves } = scenesOf(file);
  const oidOf = (name: string) => names[name] ?? name;

  it.each(Object.entries(QUESTIONS))(
    'tells what has to be told apart: %s',
    (question, { isOnBattery }) => {
      const answer = proves[question as keyof typeof QUESTIONS];
      if (typeof answer === 'string') {
        expect(answer.split(' ').length).toBeGreaterThan(3);
        return;
      }
      expect(answer.length).toBeGreaterThan(0);
      for (const name of answer) {
        const steps = scenes[name];
        if (steps === undefined) throw new Error(`${file} has no scene "${name}"`);
        expect(steps.at(-1)!.faults.some((fault) => fault.includes(' on-battery '))).toBe(
          isOnBattery,
        );
      }
    },
  );

  it.each(Object.keys(scenes))('%s', async (scene) => {
    const answers = Object.entries(base).map(([name, value]) => [oidOf(name), value]);
    const device = pollOf({
      '1.3.6.1.2.1.1.2.0': `oid:${sysObjectId}`,
      ...Object.fromEntries(answers),
    });
    for (const { set = {}, faults, onBattery, test, minutes } of scenes[scene]!) {
      for (const [name, value] of Object.entries(set)) {
        if (value === null) device.instances.delete(oidOf(name));
        else device.set(oidOf(name), value);
      }
      const poll = await pollGently(device);
      expect(wrongThings(poll).sort()).toEqual([...faults].sort());
      if (onBattery !== undefined) {
        expect(valuesOf(poll, 'power_on_battery')).toEqual({ '': onBattery });
      }
      if (test !== undefined) expect(valuesOf(poll, 'power_battery_test')).toEqual({ '': test });
      if (minutes !== undefined) {
        const [condition] = poll.evaluation!.conditions;
        expect(condition?.facts.batteryMinutes).toBeCloseTo(minutes);
      }
    }
  });
});
