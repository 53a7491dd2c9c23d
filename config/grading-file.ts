import { DAY, SECOND } from '../lib/time.ts';
import { checkUniqueIds, type Findings, percentToPpm, readDuration } from './findings.ts';
import type { Condition, GradingFile, InnerCondition, Targets } from './grading-schema.ts';
import {
  type GradingCondition,
  type GradingRule,
  type NumberRange,
  TIERS,
  type Tier,
  type TierTargets,
} from './model.ts';
import { type Path, show } from './problem-text.ts';

export interface GradingPart {
  /** Null where the file leaves the default in force. */
  readonly tiers: Readonly<Record<Tier, TierTargets | null>>;
  readonly rules: readonly GradingRule[] | null;
}

/** Checks grading.yaml beyond its schema and gives its part of the configuration. */
export function readGradingFile(findings: Findings, file: GradingFile): GradingPart {
  const targets = TIERS.map((tier) => {
    const entry = file.tiers?.[`${tier}`];
    return entry === undefined ? null : readTargets(findings, ['tiers', `${tier}`], entry);
  });
  const [one = null, two = null, three = null, four = null] = targets;
  const tiers = { 1: one, 2: two, 3: three, 4: four };
  if (file.rules === undefined) return { tiers, rules: null };
  checkUniqueIds(findings, ['rules'], file.rules);
  const rules = file.rules.map((entry, index): GradingRule => {
    const path = ['rules', index];
    const when = readCondition(findings, [...path, 'when'], entry.when, entry.tier);
    const bounds = { least: 0, most: 30 * DAY };
    const forMs = readDuration(findings, [...path, 'for'], entry.for, bounds);
    return { id: entry.id, tier: entry.tier, when, forMs };
  });
  checkReached(findings, rules);
  return { tiers, rules };
}

function readTargets(findings: Findings, path: Path, entry: Targets): TierTargets {
  const acknowledgeWithinMs = readDuration(
    findings,
    [...path, 'acknowledgeWithin'],
    entry.acknowledgeWithin,
    { least: 10 * SECOND, most: 30 * DAY },
  );
  const reminders = entry.reminders.map((text) => percentToPpm(text) ?? 0);
  reminders.forEach((ppm, index) => {
    const place = [...path, 'reminders', index];
    if (ppm <= 0 || ppm >= 1_000_000) {
      findings.error(
        place,
        `${entry.reminders[index]} is no reminder; expected between 0% and 100%`,
      );
    } else if (index > 0 && ppm <= reminders[index - 1]!) {
      findings.error(place, `${entry.reminders[index]} is not above the reminder before it`);
    }
  });
  const repeatPath = [...path, 'repeatEvery'];
  const repeatBounds = { least: 10 * SECOND, most: 7 * DAY };
  return {
    acknowledgeWithinMs,
    reminderRatios: reminders.map((ppm) => ppm / 1_000_000),
    repeatEveryMs:
      entry.repeatEvery === 'never'
        ? null
        : readDuration(findings, repeatPath, entry.repeatEvery, repeatBounds),
  };
}

const RANGE_KEYS = [
  'devicesDown',
  'coreDevicesDown',
  'sitePercent',
  'sitesDown',
  'sitesPercent',
  'customers',
  'customersPercent',
  'batteryMinutes',
] as const;

function readCondition(
  findings: Findings,
  path: Path,
  entry: Condition | InnerCondition,
  tier: Tier,
): GradingCondition {
  const ranges = Object.fromEntries(
    RANGE_KEYS.map((key) => [key, readRange(findings, [...path, key], entry[key])]),
  ) as Record<(typeof RANGE_KEYS)[number], NumberRange | null>;
  const { currentTier = null } = entry;
  if (currentTier !== null && currentTier <= tier) {
    const message = `an incident of tier ${currentTier} is not raised by a rule for tier ${tier}; expected ${tier === 4 ? 'no currentTier' : `a tier above ${tier}`}`;
    findings.error([...path, 'currentTier'], message);
  }
  const inner = 'anyOf' in entry ? entry.anyOf : undefined;
  return {
    faultKinds: entry.faultKinds ?? null,
    levels: entry.levels ?? null,
    roles: entry.roles ?? null,
    redundancy: entry.redundancy ?? null,
    siteRoles: entry.siteRoles ?? null,
    ...ranges,
    flapping: entry.flapping ?? null,
    currentTier,
    anyOf:
      inner?.map((part, index) => readCondition(findings, [...path, 'anyOf', index], part, tier)) ??
      null,
  };
}

function readRange(
  findings: Findings,
  path: Path,
  range: { atLeast?: number; atMost?: number } | undefined,
): NumberRange | null {
  if (range === undefined) return null;
  const { atLeast = null, atMost = null } = range;
  if (atLeast === null && atMost === null) {
    findings.error(path, 'has no bound; expected atLeast, atMost or both');
  } else if (atLeast !== null && atMost !== null && atLeast > atMost) {
    findings.error(path, `atLeast ${atLeast} is above atMost ${atMost}: no number fits`);
  }
  return { atLeast, atMost };
}

/** A rule below one that always holds at once never decides anything. */
function checkReached(findings: Findings, rules: readonly GradingRule[]): void {
  const always = rules.findIndex(
    (rule) => rule.forMs === 0 && Object.values(rule.when).every((part) => part === null),
  );
  if (always < 0 || always === rules.length - 1) return;
  const message = `never decides: ${show(rules[always]!.id)} above it always matches`;
  findings.warning(['rules', always + 1], message);
}
