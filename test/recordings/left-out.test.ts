import { describe, expect, it } from 'vitest';
import { shippedProfiles } from '../../config/shipped-profiles.ts';
import { type NaiveTable, naiveTable, naiveTally } from './naive-table.ts';
import { ownEnterprises, profilesWithout } from './own-profiles.ts';
import { explain, readRecording, referenceOf } from './recorded.ts';
import { RECORDINGS, recordedDevices } from './reference.ts';
import { type Score, scoreOf, shareOf, sumOf, type Tally } from './score.ts';

/**
 * How much is understood of a device whose maker nobody has heard of: every recording is read without
 * the profiles of its own maker. It is the lower end of what to expect of recordings that nobody has
 * seen; the scores with all profiles are the upper end.
 */
const FLOOR = 0.63;

interface LeftOut {
  readonly name: string;
  readonly whole: Score;
  readonly without: Score;
  readonly naive: Tally;
  readonly naiveWithout: Tally;
}

const profiles = shippedProfiles();

async function leaveOut(folder: string, name: string, table: NaiveTable): Promise<LeftOut> {
  const reference = referenceOf(folder, name);
  const recording = readRecording(folder, name);
  const own = ownEnterprises(recording);
  const others = profilesWithout(profiles, own);
  const ofOthers = new Map(
    [...table].filter(([oid]) => ![...own].some((each) => oid.startsWith(enterprise(each)))),
  );
  return {
    name,
    whole: scoreOf(await explain(folder, name, profiles), reference),
    without: scoreOf(await explain(folder, name, others), reference),
    naive: naiveTally(recording, table, reference.sensors),
    naiveWithout: naiveTally(recording, ofOthers, reference.sensors),
  };
}

function enterprise(number: string): string {
  return `1.3.6.1.4.1.${number}.`;
}

function line(name: string, tallies: readonly Tally[]): string {
  const cells = tallies.map(({ right, all }) => `${right}/${all}`.padStart(11));
  return [name.padEnd(28), ...cells].join(' ');
}

function render(all: readonly LeftOut[], total: readonly Tally[]): string {
  const heads = ['all', 'without own', 'naive', 'naive w/o', 'states', 'states w/o'];
  return [
    ['sensors read by'.padEnd(28), ...heads.map((head) => head.padStart(11))].join(' '),
    ...all.map((one) => line(one.name, talliesOf(one))),
    line('all', total),
    ['mean of the devices'.padEnd(28), ...heads.map((_, at) => meanOf(all, at).padStart(11))].join(
      ' ',
    ),
  ].join('\n');
}

function talliesOf({ whole, without, naive, naiveWithout }: LeftOut): readonly Tally[] {
  return [whole.sensors, without.sensors, naive, naiveWithout, whole.states, without.states];
}

/** Every device counts the same, however many sensors it has. */
function meanOf(all: readonly LeftOut[], column: number): string {
  const told = all.map((one) => talliesOf(one)[column]!).filter((tally) => tally.all > 0);
  const mean = told.reduce((sum, tally) => sum + shareOf(tally), 0) / told.length;
  return `${(mean * 100).toFixed(0)} %`;
}

function add(tallies: readonly Tally[]): Tally {
  return {
    right: tallies.reduce((sum, { right }) => sum + right, 0),
    all: tallies.reduce((sum, { all }) => sum + all, 0),
    missed: [],
  };
}

const table = RECORDINGS === null ? null : naiveTable(RECORDINGS);

describe.skipIf(RECORDINGS === null || table === null)('recordings without their maker', () => {
  const folder = RECORDINGS ?? '';

  it('are understood better than by a plain table of objects', async () => {
    const all: LeftOut[] = [];
    for (const name of recordedDevices(folder)) all.push(await leaveOut(folder, name, table!));
    const naive = add(all.map((one) => one.naive));
    const naiveWithout = add(all.map((one) => one.naiveWithout));
    const whole = sumOf(all.map((one) => one.whole));
    const without = sumOf(all.map((one) => one.without));
    const total = talliesOf({ name: 'all', whole, without, naive, naiveWithout });
    console.log(render(all, total));

    expect(without.ports.right, 'ports need nobody').toBe(whole.ports.right);
    expect(shareOf(without.sensors)).toBeGreaterThan(shareOf(naiveWithout));
    expect(shareOf(whole.sensors)).toBeGreaterThan(shareOf(naive));
    expect(shareOf(without.sensors)).toBeGreaterThanOrEqual(FLOOR);
  }, 120_000);
});
