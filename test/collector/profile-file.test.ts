import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { findDeviceMetric } from '../../collector/metrics.ts';
import { formatProblem } from '../../config/problem.ts';
import type { Profile } from '../../config/profile.ts';
import { loadProfiles } from '../../config/profile-file.ts';
import { expectBothLanguages } from './chinese.ts';

const SHIPPED = fileURLToPath(new URL('../../config/profiles/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'threenines-profiles-'));
afterAll(() => rmSync(folder, { recursive: true }));

function problemsOf(text: string): string[] {
  writeFileSync(join(folder, 'mine.yaml'), text);
  return loadProfiles(folder).problems.map(formatProblem);
}

/** Every metric that a profile names, with the labels it gives. */
function metricsOf(profile: Profile): { metric: string; labels: string[] }[] {
  const entries = [
    ...profile.scalars,
    ...profile.values,
    ...profile.tables.flatMap((table) =>
      [...table.columns, ...table.values].map((entry) => ({
        ...entry,
        labels: { ...entry.labels, ...(table.rowLabel === null ? {} : { [table.rowLabel]: '' }) },
      })),
    ),
  ];
  return entries.flatMap(({ metric, labels }) =>
    metric === null ? [] : [{ metric, labels: Object.keys(labels) }],
  );
}

describe('the profiles that come with the program', () => {
  const { profiles, problems } = loadProfiles(SHIPPED);

  it('are without a problem', () => {
    expect(problems.map(formatProblem)).toEqual([]);
    const ids = profiles.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining(['system', 'if-mib', 'ups-mib', 'cisco-ios']));
  });

  it('list only modules that there are', () => {
    const ids = new Set(profiles.map(({ id }) => id));
    const missing = profiles.flatMap(({ modules }) => modules.filter((id) => !ids.has(id)));
    expect(missing).toEqual([]);
  });

  it('name metrics that are declared, with exactly their labels', () => {
    for (const { id, metric, labels } of profiles.flatMap((profile) =>
      metricsOf(profile).map((found) => ({ id: profile.id, ...found })),
    )) {
      const declared = findDeviceMetric(metric);
      expect(declared, `${id}: ${metric}`).not.toBeNull();
      expect(labels.sort(), `${id}: ${metric}`).toEqual(declared!.labels.slice(3).sort());
    }
  });
});

describe('what a shipped profile says is wrong', () => {
  const texts = loadProfiles(SHIPPED).profiles.flatMap(({ id, conditions, tables }) =>
    [...conditions, ...tables.flatMap((table) => table.conditions)].map(
      ({ kind, text }) => [`${id}: ${kind}: ${text.en}`, text] as const,
    ),
  );

  it('is something', () => {
    expect(texts.length).toBeGreaterThan(20);
  });

  it.each(texts)('%s is said in both languages', (_, text) => {
    expectBothLanguages(text);
  });
});

const HEAD = 'id: mine\ntitle: Mine\nmatch: { always: true }\n';

const condition = (text: string) =>
  `${HEAD}scalars:\n  - { name: a, oid: 1.3.6.1.4.1.1.0 }\n  - { name: charge, oid: 1.3.6.1.4.1.2.0 }\nconditions:\n  - { fault: fan, level: warning, component: fan, text: ${text}, all: [{ value: a, equals: [1] }] }\n`;

describe('a profile with a fault', () => {
  it.each([
    [
      'another id than its file',
      'id: other\ntitle: Mine\nmatch: { always: true }\n',
      'profiles/mine.yaml:1: id: "other" must be the name of the file, "mine"',
    ],
    [
      'nothing to match',
      'id: mine\ntitle: Mine\nmatch: {}\n',
      'profiles/mine.yaml:3: match: matches nothing; expected always, probe, sysObjectId or sysDescr',
    ],
    [
      'an OID that is none',
      `${HEAD}scalars:\n  - { name: a, oid: one.two }\n`,
      'profiles/mine.yaml:5: scalars[0].oid: "one.two" is not an OID; expected an OID such as 1.3.6.1.2.1.1.3.0',
    ],
    [
      'a condition on a value that nothing declares',
      `${HEAD}scalars:\n  - { name: charge, oid: 1.3.6.1.4.1.1.0 }\nconditions:\n  - fault: battery-low\n    level: warning\n    component: battery\n    text: { en: low, zh-CN: 低 }\n    all:\n      - { value: charg, atMost: 3 }\n`,
      'profiles/mine.yaml:12: conditions[0].all[0].value: "charg" is no value declared here; did you mean "charge"?',
    ],
    [
      'a test that says nothing',
      `${HEAD}scalars:\n  - { name: a, oid: 1.3.6.1.4.1.1.0 }\nconditions:\n  - { fault: fan, level: warning, component: fan, text: { en: x, zh-CN: 某 }, all: [{ value: a }] }\n`,
      'profiles/mine.yaml:7: conditions[0].all[0]: says nothing about the value; expected equals, is, atLeast, atMost or contains',
    ],
    [
      'a condition of no component',
      `${HEAD}scalars:\n  - { name: a, oid: 1.3.6.1.4.1.1.0 }\nconditions:\n  - { fault: fan, level: warning, text: { en: x, zh-CN: 某 }, all: [{ value: a, equals: [1] }] }\n`,
      'profiles/mine.yaml:7: conditions[0]: the component is missing: which part of the device is wrong?',
    ],
    [
      'a value computed in two ways',
      `${HEAD}scalars:\n  - { name: a, oid: 1.3.6.1.4.1.1.0 }\nvalues:\n  - { name: b, sum: { a: 1 }, ratio: { of: a, per: a } }\n`,
      'profiles/mine.yaml:7: values[0]: has 2 ways to compute it; expected one of max, min, mean, count, sum, first, ratio, flag or fallen',
    ],
    [
      'one name for two things',
      `${HEAD}scalars:\n  - { name: a, oid: 1.3.6.1.4.1.1.0 }\n  - { name: a, oid: 1.3.6.1.4.1.2.0 }\n`,
      'profiles/mine.yaml:6: scalars[1].name: "a" is declared twice',
    ],
    [
      'a text in one language',
      condition('{ en: low }'),
      'profiles/mine.yaml:8: conditions[0].text: "zh-CN" is missing',
    ],
    [
      'a text without a language',
      condition('low'),
      'profiles/mine.yaml:8: conditions[0].text: found a text; expected a text in en and zh-CN',
    ],
    [
      'a text that tells less in one language',
      condition("{ en: '{a} and {row}', zh-CN: '某 {a}' }"),
      'profiles/mine.yaml:8: conditions[0].text: en fills in {a} and {row}, zh-CN {a}; expected the same in both',
    ],
    [
      'a text in one language that tells nothing',
      condition("{ en: low, zh-CN: '某 {a}' }"),
      'conditions[0].text: en fills in nothing, zh-CN {a}; expected the same in both',
    ],
    [
      'a text with a value that nothing declares',
      condition("{ en: 'at {charg}', zh-CN: '某 {charg}' }"),
      'conditions[0].text: "charg" is no value declared here; did you mean "charge"?',
    ],
    [
      'a text with a row where there are none',
      condition("{ en: 'at {row}', zh-CN: '某 {row}' }"),
      'conditions[0].text: "row" is no value declared here',
    ],
    [
      'a text with a measured value and nothing measured',
      condition("{ en: 'at {percent}', zh-CN: '某 {percent}' }"),
      'conditions[0].text: {percent} is filled in from measured, which is missing',
    ],
    [
      'a character that no text begins with',
      `${HEAD}scalars:\n  - { name: a, oid: 1.3.6.1.4.1.1.0, character: 0 }\n`,
      'profiles/mine.yaml:5: scalars[0].character: 0 is too small; expected at least 1',
    ],
    [
      'a number that is a character and elsewhere',
      `${HEAD}scalars:\n  - { name: a, oid: 1.3.6.1.4.1.1.0, character: 3, pattern: '(\\d)' }\n`,
      'profiles/mine.yaml:5: scalars[0]: has both character and pattern; expected one of them',
    ],
    [
      'a character of what stays a text',
      `${HEAD}scalars:\n  - { name: a, oid: 1.3.6.1.4.1.1.0, character: 3, text: true }\n`,
      'profiles/mine.yaml:5: scalars[0]: has both character and text; expected one of them',
    ],
    [
      'a limit of a battery that chooses among several',
      `${HEAD}standards:\n  - { of: battery-charge, fault: battery-low, level: warning, atMost: 0.3, only: [rack], ofAll: true, text: { en: low, zh-CN: 低 } }\n`,
      'profiles/mine.yaml:5: standards[0]: a device has one battery-charge; only and ofAll choose nothing',
    ],
    [
      'a fault nobody knows',
      `${HEAD}scalars:\n  - { name: a, oid: 1.3.6.1.4.1.1.0 }\nconditions:\n  - { fault: fann, level: warning, component: x, text: { en: x, zh-CN: 某 }, all: [{ value: a, equals: [1] }] }\n`,
      'conditions[0].fault: "fann" is not a fault',
    ],
  ])('%s says so with file and line', (_, text, expected) => {
    const [problem, ...others] = problemsOf(text);
    expect(problem).toContain(expected);
    expect(others).toEqual([]);
  });

  it('is left out, while the others are used', () => {
    writeFileSync(join(folder, 'good.yaml'), HEAD.replace('mine', 'good'));
    writeFileSync(join(folder, 'mine.yaml'), 'id: [\n');
    const { profiles, problems } = loadProfiles(folder);
    expect(profiles.map(({ id }) => id)).toEqual(['good']);
    expect(problems.length).toBeGreaterThan(0);
    rmSync(join(folder, 'good.yaml'));
  });

  it('is none where there is no folder', () => {
    expect(loadProfiles(join(folder, 'nowhere'))).toEqual({ profiles: [], problems: [] });
  });
});
