import { describe, expect, it } from 'vitest';
import { BAD_DEVICES } from './bad-devices.ts';
import { BAD_GRADING } from './bad-grading.ts';
import { BAD_ONCALL } from './bad-oncall.ts';
import { BAD_SCHEDULES } from './bad-schedules.ts';
import { BAD_SERVICE } from './bad-service.ts';
import { load, problemsOf } from './config-fixture.ts';

const TABLES = {
  'threenines.yaml': BAD_SERVICE,
  'devices.yaml': BAD_DEVICES,
  'oncall.yaml': BAD_ONCALL,
  'schedules in oncall.yaml': BAD_SCHEDULES,
  'grading.yaml and maintenance.yaml': BAD_GRADING,
};

describe('the base configuration of these tests', () => {
  it('has no problem', () => {
    expect(problemsOf({})).toEqual([]);
  });
});

describe.each(Object.entries(TABLES))('%s', (_file, table) => {
  it.each(table.map((bad) => [bad.fault, bad] as const))('%s', (_fault, bad) => {
    const isFatal = bad.expected.some((line) => !line.includes(': warning: '));
    expect(problemsOf(bad.files)).toEqual(bad.expected);
    expect(load(bad.files).config === null).toBe(isFatal);
  });
});
