import { expect, it } from 'vitest';
import { load, problemsOf } from './config-fixture.ts';

it('what nobody has written of the polling gives way to a full poll that is shorter', () => {
  const { config } = load({ 'threenines.yaml': 'polling: { fullPoll: 10s }\n' });
  expect(config?.polling).toMatchObject({
    ...{ fullPollMs: 10_000, deadlineMs: 10_000, heartbeatMs: 10_000 },
  });
});

it('the name of a database is refused with what it may be made of', () => {
  const files = {
    'threenines.yaml': 'influx: { url: http://192.0.2.1:8086, database: "三nines" }\n',
  };
  expect(problemsOf(files).join('\n')).toContain(
    'influx.database: found "三nines"; expected up to 64 letters (A-Z, a-z), digits, _ and -',
  );
});

const profile = (scalar: string) => `id: own
title: Own
match: { always: true }
scalars: [{ name: own, oid: 1.3.6.1.4.1.99999.1.0, class: count, ${scalar} }]
`;

it('a profile is told that a factor is a number, and that bounds leave nothing between them', () => {
  const told = (scalar: string) => problemsOf({ 'profiles/own.yaml': profile(scalar) }).join('\n');
  expect(told('scale: ten')).toContain('expected a number');
  expect(told('atLeast: 100, atMost: 0')).toContain('nothing is both at least 100 and at most 0');
});
