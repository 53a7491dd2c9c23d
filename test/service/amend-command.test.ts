import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { amendCommand } from '../../app/commands/amend.ts';
import type { CommandLine } from '../../app/commands/command-line.ts';
import { verifyCommand } from '../../app/commands/verify.ts';
import { systemClock } from '../../lib/clock.ts';
import { DAY, formatInstant, HOUR, SECOND } from '../../lib/time.ts';
import { appendToArchive, type FrozenReport, readArchive } from '../../storage/report-archive.ts';
import { STORY_START, topology } from '../reports/story.ts';
import { temporaryFolder } from '../storage/journal-folder.ts';
import { append, falsify, unwrap } from '../storage/report-story.ts';

const DEVICES = `
credentials: [{ id: c, version: v2c, community: "plain:public" }]
sites: [{ id: hq, name: HQ }]
devices: [{ id: a, address: 127.0.0.1, site: hq, role: core, credential: c }]
`;
const now = systemClock.now();
const hoursAgo = (hours: number) => formatInstant(now - hours * HOUR);
const OLD = { id: 'old', retiredAt: (now - 6 * HOUR - STORY_START) / SECOND };
let folder = '';
let data = '';

/** What a command said, and its exit code. */
async function run(command: (line: CommandLine) => Promise<number>, ...args: string[]) {
  const said: string[] = [];
  const say = (text: string) => void said.push(text);
  const where = ['--config', folder, '--data', data];
  const line = { args: [...args, ...where], environment: {}, print: say, complain: say };
  return { code: await command(line), text: said.join('\n') };
}

/** An amendment of two hours that is in order, but for what is given. */
function amendment(changed: Record<string, string> = {}) {
  const options = {
    ...{ devices: 'a', from: hoursAgo(5), to: hoursAgo(3), state: 'maintenance' },
    ...{ reason: 'approved by telephone', by: 'duty manager' },
    ...changed,
  };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  return run(amendCommand, ...args);
}

// Device `gone` leaves four hours ago, `new` comes then. `old` is retired 6 hours ago, which is
// written down 9 hours ago; `late` 6 hours ago too, which is written down 4 hours ago.
beforeEach(async () => {
  folder = temporaryFolder();
  data = join(folder, 'data');
  mkdirSync(data);
  writeFileSync(join(folder, 'threenines.yaml'), 'timeZone: UTC\n');
  writeFileSync(join(folder, 'devices.yaml'), DEVICES);
  await append(data, [
    { type: 'service-started', at: now - DAY, version: '1' },
    { ...topology(0, ['a', 'gone', 'old', 'late']), at: now - DAY },
    { ...topology(0, ['a', 'gone', OLD, 'late']), at: now - 9 * HOUR },
    { ...topology(0, ['a', 'new', OLD, { ...OLD, id: 'late' }]), at: now - 4 * HOUR },
  ]);
});

describe('threenines amend of time that is frozen', () => {
  it('says which reports it is not in yet, and how their next revision is made', async () => {
    const period = formatInstant(now - 4 * HOUR).slice(0, 7);
    const frozen = {
      ...{ type: 'report-frozen', at: now, period, timeZone: 'UTC', siteId: null, revision: 0 },
      ...{ throughSequence: 3, inputsHash: '', judgedAt: now, throughAmendment: 0 },
      ...{ documentHash: '', by: 'operator' },
    } as FrozenReport;
    unwrap(await appendToArchive(data, frozen));
    unwrap(await appendToArchive(data, { ...frozen, period: '2001-01' }));
    const made = await amendment({ from: hoursAgo(4.5), to: hoursAgo(4) });
    expect(made.code).toBe(0);
    expect(made.text).toContain(
      `not yet in the frozen report of ${period} (revision 0); make the next revision: threenines report --period ${period} --freeze`,
    );
    expect(made.text).not.toContain('2001-01');
  });
});

describe('threenines amend', () => {
  it('writes down what is in order, each device once, without blanks around', async () => {
    const to = hoursAgo(4);
    const made = await amendment({ devices: ' a, gone ,a', to, by: ' duty manager ' });
    expect(made).toMatchObject({ code: 0 });
    expect(unwrap(readArchive(data)).amendments).toMatchObject([
      { number: 1, deviceIds: ['a', 'gone'], by: 'duty manager' },
    ]);
  });

  it('takes the time of a retired device up to its retirement, or to when that was told', async () => {
    expect(await amendment({ devices: 'old', from: hoursAgo(8), to: hoursAgo(6) })).toMatchObject({
      code: 0,
    });
    expect(await amendment({ devices: 'late', to: hoursAgo(4) })).toMatchObject({ code: 0 });
  });

  it.each([
    ['a device that never was', { devices: 'a,nobody' }, 1, 'in that time: nobody'],
    ['one that was retired', { devices: 'old' }, 1, 'not in service in that time: old'],
    [
      ...(['one that is retired in it', { devices: 'a,old', from: hoursAgo(7) }, 1] as const),
      `old was out of service from ${hoursAgo(6)} to ${hoursAgo(3)}`,
    ],
    [
      ...(['one retired in hindsight', { devices: 'late' }, 1] as const),
      `late was out of service from ${hoursAgo(4)} to ${hoursAgo(3)}`,
    ],
    [
      'one that came in it',
      { devices: 'new' },
      1,
      `new was out of service from ${hoursAgo(5)} to ${hoursAgo(4)}`,
    ],
    ['one that came later', { devices: 'new', to: hoursAgo(4.5) }, 1, 'in that time: new'],
    ['one that had left', { devices: 'gone', from: hoursAgo(3.5) }, 1, 'in that time: gone'],
    ['a blank in the list', { devices: 'a,,new' }, 2, 'a blank between its commas'],
    ['blanks for a person', { by: '   ' }, 2, 'an amendment needs --by'],
    ['time to come', { to: formatInstant(now + DAY) }, 2, 'time that has passed'],
    ['a reason that would be cut', { reason: 'x'.repeat(1_001) }, 2, 'at most 1000 characters'],
  ])('refuses %s', async (_, changed, code, message) => {
    const made = await amendment(changed as Record<string, string>);
    expect(made.code).toBe(code);
    expect(made.text).toContain(message);
    expect(unwrap(readArchive(data)).amendments).toEqual([]);
  });
});

describe('threenines verify', () => {
  it('says that all is whole, and at which entry it is not', async () => {
    await amendment();
    const whole = await run(verifyCommand);
    expect(whole.code).toBe(0);
    expect(whole.text).toMatch(
      /^journal: whole, 4 entries; last hash [0-9a-f]{64}\nreport archive/,
    );
    falsify(data, "UPDATE entries SET event = replace(event, 'gone', 'gine') WHERE sequence = 2");
    const broken = await run(verifyCommand);
    expect(broken.code).toBe(1);
    expect(broken.text).toContain('journal: NOT to be trusted from entry 2 on');
    expect(JSON.parse((await run(verifyCommand, '--json')).text)).toMatchObject({
      ...{ ok: false, journal: { sequence: 2 }, archive: { ok: true, entries: 1 } },
    });
  });
});
