import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DomainEvent, subjectOf } from '../../alerting/events.ts';
import type { CommandLine } from '../../app/commands/command-line.ts';
import { replayCommand } from '../../app/commands/replay.ts';
import type { ReplayView } from '../../app/commands/replay-view.ts';
import { MINUTE } from '../../lib/time.ts';
import { openJournal } from '../../storage/open-journal.ts';
import { Network, topology } from '../alerting/network.ts';

const DEVICES = `
sites: [{ id: hq, name: Head office }]
credentials: [{ id: lab, version: v2c, community: env:COMMUNITY }]
devices:
  - { id: core-1, address: 127.0.0.1, site: hq, role: core, credential: lab }
  - { id: acc-1, address: 127.0.0.1, port: 1162, site: hq, role: access, credential: lab }
`;
const ONCALL = `
people: [{ id: boss, name: The boss, contacts: [inbox] }]
channels: [{ id: inbox, kind: inbox }]
escalationPolicies:
  - id: all
    tiers:
      1: [{ after: 0s, people: [boss] }]
      2: [{ after: 0s, people: [boss] }]
      3: [{ after: 0s, people: [boss] }]
      4: [{ after: 0s, people: [boss] }]
`;
const GRADING = `
rules: [{ id: everything-counts, tier: 1, when: {} }]
`;

let root = '';

/** Runs the command; the configuration beside it is the demo. */
async function run(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const line: CommandLine = {
    ...{ args, environment: { COMMUNITY: 'a-long-enough-secret' } },
    print: (text) => void out.push(text),
    complain: (text) => void err.push(text),
  };
  const code = await replayCommand(line);
  return { code, out: out.join('\n'), err: err.join('\n') };
}

async function keep(folder: string, events: readonly DomainEvent[]) {
  const opened = openJournal<DomainEvent>(folder, { reserveBytes: 0 });
  if (!opened.ok) throw new Error(opened.problem.message);
  await opened.journal.append(
    events.map((event) => ({ at: event.at, subject: subjectOf(event), event })),
  );
  return opened.journal;
}

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'threenines-replay-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function story(): Network {
  const network = new Network(topology());
  network.run(MINUTE);
  network.silence('core-1');
  network.run(10 * MINUTE);
  network.acknowledge('inc-000001');
  network.restore('core-1');
  network.run(5 * MINUTE);
  return network;
}

describe('threenines replay', () => {
  test('reads the journal of a running service, and says the same twice', async () => {
    const data = join(root, 'running');
    using journal = await keep(data, story().events);
    const first = await run('--data', data, '--json');
    expect([first.code, first.err]).toEqual([0, '']);
    expect(await run('--data', data, '--json')).toEqual(first);
    const view = JSON.parse(first.out) as ReplayView;
    expect(view.whatIf).toBe(false);
    expect(view.incidents).toMatchObject([
      {
        ...{ deviceId: 'core-1', faultKind: 'device-down', change: 'same' },
        recorded: { id: 'inc-000001', tier: 2 },
        replayed: { id: 'inc-000001', tier: 2 },
      },
    ]);
    expect(view.totals.replayed).toEqual(view.totals.recorded);
    expect(view.totals.recorded.byPerson).toMatchObject({ first: { mail: expect.any(Number) } });
    await journal.append([]);
  });

  test('by another configuration says who would have been paged, after how many minutes', async () => {
    const data = join(root, 'past');
    (await keep(data, story().events))[Symbol.dispose]();
    const folder = mkdtempSync(join(root, 'config-'));
    writeFileSync(join(folder, 'devices.yaml'), DEVICES);
    writeFileSync(join(folder, 'oncall.yaml'), ONCALL);
    writeFileSync(join(folder, 'grading.yaml'), GRADING);
    const { code, out, err } = await run('--data', data, '--what-if', folder);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('decided anew by the other configuration');
    expect(out).toContain('inc-000001 tier 2 → inc-000001 tier 1 (worse)');
    expect(out).toContain('after 0 min: New, tier 1 → boss (inbox)');
    expect(out).toMatch(/pages to first: [1-9]\d* → 0/);
    const chinese = await run('--data', data, '--what-if', folder, '--lang', 'zh-CN');
    expect(chinese.out).toContain('0 分钟后：新事件、1 级 → boss (inbox)');
  });

  test('names what is wrong with what it was given', async () => {
    const none = await run('--data', join(root, 'nowhere'));
    expect([none.code, none.err]).toEqual([
      1,
      `threenines: there is no journal in ${join(root, 'nowhere')}`,
    ]);
    const vague = await run('--from', 'yesterday');
    expect(vague.code).toBe(2);
    expect(vague.err).toContain('--from and --to are instants such as');
    const backwards = await run('--from', '2026-11-02T00:00Z', '--to', '2026-11-01T00:00Z');
    expect([backwards.code, backwards.err]).toEqual([2, expect.stringContaining('not after')]);
    const data = join(root, 'quiet');
    (await keep(data, story().events))[Symbol.dispose]();
    const later = await run('--data', data, '--from', '2027-01-01T00:00Z');
    expect([later.code, later.err]).toEqual([1, expect.stringContaining('nothing in that time')]);
    const broken = mkdtempSync(join(root, 'broken-'));
    writeFileSync(join(broken, 'devices.yaml'), 'devices: [{ id: x }]');
    const bad = await run('--data', data, '--what-if', broken);
    expect([bad.code, bad.err]).toEqual([1, expect.stringContaining('devices.yaml:1')]);
  });
});
