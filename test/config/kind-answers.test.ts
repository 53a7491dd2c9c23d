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
  expect(told('atLeast: 100, atMost: 0')).toContain(
    'profiles/own.yaml:4: scalars[0].atLeast: found 100; expected at most 0, the atMost: no number is both',
  );
});

const TEXT = 'text: { en: bad, zh-CN: 坏 }';

it.each([
  [
    'atLeast: 0.9, atMost: 0.5',
    'atLeast: found 0.9; expected at most 0.5, the atMost: no number is both',
  ],
  [
    'atLeast: 50, stayAtLeast: 60',
    'stayAtLeast: found 60; expected at most 50, the atLeast: it would end as soon as it has begun',
  ],
  [
    'atMost: 10, stayAtMost: 5',
    'stayAtMost: found 5; expected at least 10, the atMost: it would end as soon as it has begun',
  ],
  [
    'atLeast: 1, atMost: 9, stayAtLeast: 0, stayAtMost: -1',
    'stayAtLeast: found 0; expected at most -1, the stayAtMost: no number is both',
  ],
])(
  'a standard and a condition between whose bounds nothing is are refused: %s',
  (bounds, message) => {
    const file = `id: own
title: Own
match: { always: true }
scalars: [{ name: own, oid: 1.3.6.1.4.1.99999.1.0 }]
conditions:
  - fault: sensor
    level: warning
    component: all
    all:
      - { value: own, ${bounds} }
    ${TEXT}
standards:
  - { of: temperature, fault: temperature, level: warning, ${bounds}, ${TEXT} }
`;
    const problems = problemsOf({ 'profiles/own.yaml': file });
    expect(problems).toContain(`profiles/own.yaml:10: conditions[0].all[0].${message}`);
    expect(problems).toContain(`profiles/own.yaml:13: standards[0].${message}`);
  },
);

it('bounds that meet, or stand alone, are fine', () => {
  for (const bounds of ['atLeast: 5, atMost: 5', 'atMost: -3', 'atLeast: 3']) {
    expect(problemsOf({ 'profiles/own.yaml': profile(bounds) })).toEqual([]);
  }
});
