import { DAY, type DurationMs, SECOND } from '../lib/time.ts';
import type { AuthorityDuty } from './authority-duty.ts';
import { type Draft, entriesOf } from './draft.ts';
import {
  checkDuration,
  checkUniqueIds,
  durationOf,
  type Findings,
  percentToPpm,
} from './findings.ts';
import {
  checkAuthorities,
  checkReminders,
  checkReview,
  deriveAuthorities,
  deriveReview,
} from './grading-extras.ts';
import type {
  Condition,
  GradingFile,
  InnerCondition,
  RuleEntry,
  Targets,
} from './grading-schema.ts';
import {
  type GradingCondition,
  type GradingRule,
  type NumberRange,
  TIERS,
  type Tier,
  type TierTargets,
} from './model.ts';
import { type Path, show } from './problem-text.ts';

const FOR_BOUNDS = { least: 0, most: 30 * DAY };
const ACKNOWLEDGE_BOUNDS = { least: 10 * SECOND, most: 30 * DAY };
const REPEAT_BOUNDS = { least: 10 * SECOND, most: 7 * DAY };
const RANGE_KEYS = [
  'devicesDown',
  'coreDevicesDown',
  'domainDevicesDown',
  'sitePercent',
  'sitesDown',
  'sitesPercent',
  'customers',
  'customersPercent',
  'keyCustomers',
  'unknownPercent',
  'membersLeft',
  'sitePathsPercent',
  'batteryMinutes',
] as const;

/** Checks grading.yaml beyond its schema. */
export function checkGradingFile(findings: Findings, file: Draft<GradingFile>): void {
  for (const tier of TIERS) {
    const entry = file.tiers?.[`${tier}`];
    if (entry) checkTargets(findings, ['tiers', `${tier}`], entry);
  }
  checkAuthorities(findings, ['authorities'], file.authorities);
  checkUniqueIds(findings, ['rules'], file.rules);
  const rules = entriesOf(file.rules);
  for (const [index, { when, tier, for: text, warnAfter }] of rules) {
    const path = ['rules', index];
    if (when !== null) checkCondition(findings, [...path, 'when'], when, tier);
    checkDuration(findings, [...path, 'for'], text, FOR_BOUNDS);
    if (warnAfter !== undefined) checkWarning(findings, [...path, 'warnAfter'], warnAfter, text);
  }
  checkReached(findings, rules);
}

function checkTargets(findings: Findings, path: Path, entry: Draft<Targets>): void {
  const { acknowledgeWithin, repeatEvery } = entry;
  checkDuration(findings, [...path, 'acknowledgeWithin'], acknowledgeWithin, ACKNOWLEDGE_BOUNDS);
  if (repeatEvery !== 'never') {
    checkDuration(findings, [...path, 'repeatEvery'], repeatEvery, REPEAT_BOUNDS);
  }
  for (const key of [
    'repeatAfterBreach',
    'updateEvery',
    'noticeWithin',
    'keyNoticeWithin',
  ] as const) {
    const text = entry[key];
    if (text !== undefined && text !== 'never')
      checkDuration(findings, [...path, key], text, REPEAT_BOUNDS);
  }
  if (entry.updateGrace !== undefined)
    checkDuration(findings, [...path, 'updateGrace'], entry.updateGrace, REPEAT_BOUNDS);
  checkReminders(findings, [...path, 'reminders'], entry.reminders);
  if (entry.review) checkReview(findings, [...path, 'review'], entry.review);
}

function checkCondition(
  findings: Findings,
  path: Path,
  entry: Draft<Condition | InnerCondition>,
  tier: Tier | null,
): void {
  for (const key of RANGE_KEYS) {
    const range = entry[key];
    if (range) checkRange(findings, [...path, key], range);
  }
  const { currentTier } = entry;
  if (currentTier && tier !== null && currentTier <= tier) {
    const message = `an incident of tier ${currentTier} is not raised by a rule for tier ${tier}; expected ${tier === 4 ? 'no currentTier' : `a tier above ${tier}`}`;
    findings.error([...path, 'currentTier'], message);
  }
  const inner = 'anyOf' in entry ? entry.anyOf : undefined;
  for (const [index, part] of entriesOf(inner)) {
    checkCondition(findings, [...path, 'anyOf', index], part, tier);
  }
}

function checkRange(
  findings: Findings,
  path: Path,
  range: Draft<{ atLeast?: number; atMost?: number }>,
): void {
  const { atLeast, atMost } = range;
  if (atLeast === undefined && atMost === undefined) {
    findings.error(path, 'has no bound; expected atLeast, atMost or both');
  } else if ((atLeast ?? 0) > (atMost ?? Number.POSITIVE_INFINITY)) {
    findings.error(path, `atLeast ${atLeast} is above atMost ${atMost}: no number fits`);
  }
}

function checkWarning(
  findings: Findings,
  path: Path,
  text: string | null,
  ruleText: string | null,
): void {
  checkDuration(findings, path, text, FOR_BOUNDS);
  if (text === null || ruleText === null || durationOf(text) < durationOf(ruleText)) return;
  findings.error(path, `${text} warns of nothing; expected less than for: ${ruleText}`);
}

/** A rule below one that always holds at once never decides anything. */
function checkReached(findings: Findings, rules: readonly [number, Draft<RuleEntry>][]): void {
  const always = rules.find(
    ([, { when, for: text }]) =>
      when !== null && Object.keys(when).length === 0 && text !== null && durationOf(text) === 0,
  );
  if (always === undefined) return;
  const [index, { id }] = always;
  const next = rules.find(([later]) => later > index);
  if (next === undefined) return;
  const name = id === null ? 'a rule' : show(id);
  findings.warning(['rules', next[0]], `never decides: ${name} above it always matches`);
}

export interface GradingPart {
  /** Null where the file leaves the default in force. */
  readonly tiers: Readonly<Record<Tier, TierTargets | null>>;
  readonly authorities: readonly AuthorityDuty[];
  readonly rules: readonly GradingRule[] | null;
}

/** The part of the configuration that a grading.yaml without errors gives. */
export function deriveGrading(file: GradingFile): GradingPart {
  const targets = (tier: Tier): TierTargets | null => {
    const entry = file.tiers?.[`${tier}`];
    return entry === undefined ? null : deriveTargets(entry);
  };
  return {
    tiers: { 1: targets(1), 2: targets(2), 3: targets(3), 4: targets(4) },
    authorities: deriveAuthorities(file.authorities),
    rules:
      file.rules?.map(({ id, tier, when, for: text, warnAfter }) => ({
        id,
        tier,
        when: deriveCondition(when),
        forMs: durationOf(text),
        ...(warnAfter === undefined ? {} : { warnAfterMs: durationOf(warnAfter) }),
      })) ?? null,
  };
}

function deriveTargets(entry: Targets): TierTargets {
  const { acknowledgeWithin, reminders, repeatEvery } = entry;
  const { repeatAfterBreach, updateEvery, updateGrace, noticeWithin } = entry;
  const { keyNoticeWithin, repeatBy, review } = entry;
  return {
    acknowledgeWithinMs: durationOf(acknowledgeWithin),
    reminderRatios: reminders.map((text) => percentToPpm(text) / 1_000_000),
    repeatEveryMs: durationOrNever(repeatEvery),
    ...(repeatAfterBreach === undefined
      ? {}
      : { repeatAfterBreachMs: durationOrNever(repeatAfterBreach) }),
    ...(updateEvery === undefined ? {} : { updateEveryMs: durationOrNever(updateEvery) }),
    ...(updateGrace === undefined ? {} : { updateGraceMs: durationOf(updateGrace) }),
    ...(noticeWithin === undefined ? {} : { noticeWithinMs: durationOrNever(noticeWithin) }),
    ...(keyNoticeWithin === undefined
      ? {}
      : { keyNoticeWithinMs: durationOrNever(keyNoticeWithin) }),
    ...(review === undefined ? {} : { review: deriveReview(review) }),
    ...(repeatBy === undefined ? {} : { rotatesChannels: repeatBy === 'rotating-channels' }),
  };
}

function durationOrNever(text: string): DurationMs | null {
  return text === 'never' ? null : durationOf(text);
}

function deriveCondition(entry: Condition | InnerCondition): GradingCondition {
  const ranges = Object.fromEntries(RANGE_KEYS.map((key) => [key, rangeOf(entry[key])])) as Record<
    (typeof RANGE_KEYS)[number],
    NumberRange | null
  >;
  const inner = 'anyOf' in entry ? entry.anyOf : undefined;
  return {
    faultKinds: entry.faultKinds ?? null,
    levels: entry.levels ?? null,
    roles: entry.roles ?? null,
    redundancy: entry.redundancy ?? null,
    siteRoles: entry.siteRoles ?? null,
    ...ranges,
    generator: entry.generator ?? null,
    switchedOver: entry.switchedOver ?? null,
    flapping: entry.flapping ?? null,
    ...(entry.alertSeverities === undefined ? {} : { alertSeverities: entry.alertSeverities }),
    ...(entry.exceptSeverities === undefined ? {} : { exceptSeverities: entry.exceptSeverities }),
    currentTier: entry.currentTier ?? null,
    anyOf: inner?.map(deriveCondition) ?? null,
  };
}

function rangeOf(range: { atLeast?: number; atMost?: number } | undefined): NumberRange | null {
  return range === undefined
    ? null
    : { atLeast: range.atLeast ?? null, atMost: range.atMost ?? null };
}
