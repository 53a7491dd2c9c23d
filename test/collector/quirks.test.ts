import { expect, it } from 'vitest';
import { quirksOf } from '../../collector/agent-habits.ts';
import type { Quirks } from '../../config/profile.ts';
import { builtInProfiles } from './collector-fixtures.ts';
import { pollOf } from './full-poll-fixtures.ts';

const IF = '1.3.6.1.2.1.2.2.1';

/** A switch of eight ports, whose profile says this of its agent. */
function switchWith(quirks: Quirks) {
  const values: Record<string, number | string> = {};
  for (let port = 1; port <= 8; port += 1) {
    values[`${IF}.2.${port}`] = `Port ${port}`;
    for (const column of [7, 8, 10, 14, 16, 20]) values[`${IF}.${column}.${port}`] = port;
  }
  const profiles = builtInProfiles.map((profile) =>
    profile.id === 'if-mib' ? { ...profile, quirks } : profile,
  );
  return pollOf(values, { profiles });
}

it('an agent is asked as its profile says that it bears', async () => {
  const usual = switchWith({ noBulk: false, mostVarbinds: null, gentle: false });
  const asked = askedOfPorts(usual);
  await usual.poll();
  expect(Math.max(...asked.map(({ repetitions }) => repetitions))).toBeGreaterThan(1);
  const weak = switchWith({ noBulk: true, mostVarbinds: 5, gentle: false });
  const gently = askedOfPorts(weak);
  const polls = [await weak.poll(), await weak.poll()];
  expect(gently.length).toBeGreaterThan(asked.length);
  expect(new Set(gently.map(({ repetitions }) => repetitions))).toEqual(new Set([1]));
  expect(Math.max(...gently.map(({ objects }) => objects))).toBe(5);
  expect(weak.memory.habits.refusesBulk).toBe(false);
  for (const poll of polls) expect(poll.evaluation!.ports).toHaveLength(8);
});

it('of several profiles the most careful counts', () => {
  const profile = (noBulk: boolean, mostVarbinds: number | null, gentle = false) => ({
    quirks: { noBulk, mostVarbinds, gentle },
  });
  const all = [profile(false, 20), profile(true, null, true), profile(false, 16)];
  expect(quirksOf(all)).toEqual({ noBulk: true, mostVarbinds: 16, gentle: true });
  const one = [profile(false, null)];
  expect(quirksOf(one)).toEqual({ noBulk: false, mostVarbinds: null, gentle: false });
});

/** Requests for objects of ports, as they come. */
function askedOfPorts({ client }: ReturnType<typeof pollOf>) {
  const asked: { objects: number; repetitions: number }[] = [];
  client.fail = (_operation, oids, count) => {
    const isOfPorts = oids.some((oid) => oid.startsWith(`${IF}.`));
    if (isOfPorts) asked.push({ objects: oids.length, repetitions: count / oids.length });
    return null;
  };
  return asked;
}
