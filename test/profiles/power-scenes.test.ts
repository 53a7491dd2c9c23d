import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { FullPoll } from '../../collector/full-poll.ts';
import { SECOND } from '../../lib/time.ts';
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

interface Scenes {
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

const files = readdirSync(FOLDER).filter((file) => file.endsWith('.yaml'));

describe.each(files)('the power system of %s', (file) => {
  const { names, sysObjectId, base, scenes } = parse(
    readFileSync(join(FOLDER, file), 'utf8'),
  ) as Scenes;
  const oidOf = (name: string) => names[name] ?? name;

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
