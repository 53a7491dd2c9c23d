import { describe, expect, test } from 'vitest';
import type { GradingInputs } from '../../alerting/events.ts';
import { gradeBy } from '../../alerting/grading.ts';
import { HOUR, MINUTE } from '../../lib/time.ts';
import { defaultRules } from '../config/default-rules.ts';

/** One access device down at a larger access site: tier 4 by itself. */
const BASE: GradingInputs = {
  faultKind: 'device-down',
  level: 'critical',
  rootDeviceId: 'acc-1',
  role: 'access',
  redundancy: 'none',
  siteId: 'north',
  siteRole: 'access',
  devicesDown: 1,
  coreDevicesDown: 0,
  domainDevicesDown: 1,
  siteDevices: 12,
  sitePercent: 8,
  sitesDown: 0,
  sitesPercent: 0,
  customers: 0,
  customersPercent: 0,
  keyCustomers: 0,
  unknownPercent: 0,
  generator: 'none',
  batteryMinutes: null,
  flapping: false,
  currentTier: null,
  durationMs: 0,
};

type Case = readonly [rule: string, forMs: number, facts: Partial<GradingInputs>];

/** Part of a device that works. */
const PART = { devicesDown: 0, domainDevicesDown: 0, sitePercent: 0, redundancy: 'full' } as const;
const BATTERY = { ...PART, faultKind: 'on-battery', role: 'power' } as const;

const CASES: readonly Case[] = [
  ['s1-1', MINUTE, { role: 'core', redundancy: 'none' }],
  ['s1-2', 2 * MINUTE, { role: 'core', redundancy: 'degraded', coreDevicesDown: 2 }],
  ['s1-3', 5 * MINUTE, { sitesDown: 10 }],
  ['s1-3', 5 * MINUTE, { sitesDown: 5, sitesPercent: 25 }],
  ['s1-4', 15 * MINUTE, { customersPercent: 20 }],
  ['s1-4', 15 * MINUTE, { customers: 50_000 }],
  ['s1-6', 0, { ...BATTERY, siteRole: 'core', batteryMinutes: 15 }],
  ['s1-6', 0, { ...BATTERY, siteRole: 'core', batteryMinutes: 15, generator: 'off' }],
  ['s1-6', 0, { ...BATTERY, siteRole: 'core', faultKind: 'battery-low', batteryMinutes: 60 }],
  ['s2-1', 2 * MINUTE, { role: 'core', redundancy: 'degraded', coreDevicesDown: 1 }],
  ['s2-2', 3 * MINUTE, { role: 'aggregation', redundancy: 'none' }],
  ['s2-3', 5 * MINUTE, { sitesDown: 3 }],
  ['s2-3', 5 * MINUTE, { sitesDown: 2, sitesPercent: 10 }],
  ['s2-4', 5 * MINUTE, { siteRole: 'aggregation', sitePercent: 50 }],
  ['s2-5', 15 * MINUTE, { customersPercent: 5 }],
  ['s2-5', 15 * MINUTE, { customers: 10_000 }],
  ['s2-6', 5 * MINUTE, { keyCustomers: 1 }],
  ['s2-7', 0, { ...BATTERY, siteRole: 'core', batteryMinutes: 16 }],
  ['s2-7', 0, { ...BATTERY, siteRole: 'core', batteryMinutes: 15, generator: 'running' }],
  ['s2-7', 0, { ...BATTERY, siteRole: 'aggregation', batteryMinutes: 15 }],
  ['s2-8', 5 * MINUTE, { devicesDown: 20, domainDevicesDown: 20 }],
  ['s3-1', 3 * MINUTE, { role: 'aggregation', redundancy: 'degraded' }],
  ['s3-2', 5 * MINUTE, { sitesDown: 1 }],
  ['s3-2', 5 * MINUTE, { sitePercent: 20 }],
  ['s3-3', 5 * MINUTE, { devicesDown: 5, domainDevicesDown: 5 }],
  ['s3-3', 5 * MINUTE, { devicesDown: 19, domainDevicesDown: 19 }],
  ['s3-4', 15 * MINUTE, { customersPercent: 1 }],
  ['s3-4', 15 * MINUTE, { customers: 500 }],
  ['s3-5', 5 * MINUTE, { ...PART, role: 'core', faultKind: 'port-down', redundancy: 'degraded' }],
  ['s3-5', 5 * MINUTE, { ...PART, role: 'aggregation', faultKind: 'power-supply' }],
  ['s3-5', 5 * MINUTE, { ...PART, role: 'core', faultKind: 'switched-over' }],
  ['s3-6', 0, { ...BATTERY, siteRole: 'aggregation', batteryMinutes: 16 }],
  ['s3-6', 0, { ...BATTERY, batteryMinutes: 30 }],
  ['s3-7', 0, { ...PART, role: 'core', faultKind: 'port-down', flapping: true }],
  ['s3-8', 3 * MINUTE, { ...PART, faultKind: 'monitoring-blind', unknownPercent: 20 }],
  ['s3-11', 5 * MINUTE, { ...PART, faultKind: 'path-quality', sitePathsPercent: 100 }],
  ['s4-1', 5 * MINUTE, {}],
  ['s4-2', 2 * MINUTE, { ...BATTERY, batteryMinutes: 31 }],
  ['s4-3', 10 * MINUTE, { ...PART, faultKind: 'cpu-high', level: 'warning' }],
  ['s4-4', 10 * MINUTE, { ...PART, faultKind: 'power-supply' }],
  ['s4-4', 10 * MINUTE, { ...PART, faultKind: 'port-down' }],
  ['s4-5', 10 * MINUTE, { ...PART, faultKind: 'monitoring-blind', unknownPercent: 19 }],
  ['s4-8', 10 * MINUTE, { ...PART, faultKind: 'path-quality', sitePathsPercent: 99 }],
  ['s4-7', 10 * MINUTE, { ...PART, faultKind: 'alert', flapping: true }],
];

/** The rule that decides once the condition has held for `heldMs`. */
function ruleAfter(facts: Partial<GradingInputs>, heldMs: number): string | null {
  const grade = gradeBy(defaultRules(), { ...BASE, ...facts }, heldMs, (_, holds) =>
    holds ? 0 : heldMs,
  );
  return grade?.ruleId ?? null;
}

describe('the shipped grading', () => {
  test.each(CASES)('%s after its time %d, with %o', (rule, forMs, facts) => {
    expect(ruleAfter(facts, forMs)).toMatch(new RegExp(`^${rule}-`));
    if (forMs > 0) expect(ruleAfter(facts, forMs - 1) ?? '').not.toMatch(new RegExp(`^${rule}-`));
  });

  test.each([
    ['s1-7', 2, 120 * MINUTE, 1],
    ['s2-9', 3, 240 * MINUTE, 2],
    ['s3-9', 4, 24 * HOUR, 3],
  ] as const)('%s: a tier %d incident not restored in time is raised', (id, current, forMs, to) => {
    const found = defaultRules().find((rule) => rule.id.startsWith(`${id}-`));
    expect(found).toMatchObject({ tier: to, forMs, when: { currentTier: current } });
  });

  test('half a million customers are tier 1 after an hour, whatever the rule for fewer says', () => {
    const rules = defaultRules().filter((rule) => !rule.id.startsWith('s1-4'));
    const grade = gradeBy(rules, { ...BASE, customers: 500_000 }, 60 * MINUTE, () => 0);
    expect(grade).toMatchObject({ tier: 1, ruleId: 's1-5-half-a-million-customers' });
  });

  test('of rules that meet all are named, the first decides', () => {
    const facts = { ...BASE, role: 'core', redundancy: 'none', keyCustomers: 3 } as const;
    const grade = gradeBy(defaultRules(), facts, 5 * MINUTE, () => 0);
    expect(grade!.tier).toBe(1);
    expect(grade!.matchedRuleIds).toEqual(
      expect.arrayContaining(['s1-1-core-cut-off', 's2-6-key-customers']),
    );
  });
});
