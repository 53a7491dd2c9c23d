import { DAY, type DurationMs, MINUTE, SECOND } from '../lib/time.ts';
import type { AuthorityDuty } from './authority-duty.ts';
import { type Draft, entriesOf, type Maybe } from './draft.ts';
import {
  checkDuration,
  checkUniqueIds,
  durationOf,
  type Findings,
  percentToPpm,
} from './findings.ts';
import type { AuthorityEntry, Targets } from './grading-schema.ts';
import { TIERS, type Tier } from './model.ts';
import type { Path } from './problem-text.ts';
import type { ReviewRule } from './review-rule.ts';

const WITHIN_BOUNDS = { least: MINUTE, most: 30 * DAY };
const REVIEW_BOUNDS = { least: SECOND, most: 366 * DAY };

type ReviewEntry = NonNullable<Targets['review']>;

/** Checks the review of a tier beyond its schema. */
export function checkReview(findings: Findings, path: Path, entry: Draft<ReviewEntry>): void {
  for (const key of ['ifLongerThan', 'ifRepeatedWithin'] as const) {
    const text = entry[key];
    if (text !== undefined && text !== 'never')
      checkDuration(findings, [...path, key], text, REVIEW_BOUNDS);
  }
}

/** The review of a tier of a grading.yaml without errors. */
export function deriveReview(entry: ReviewEntry): ReviewRule {
  const { always, ifBreached, ifLongerThan, ifRepeatedWithin, withinWorkingDays, approval } = entry;
  return {
    ...{ always, ifBreached, withinWorkingDays, needsApproval: approval },
    ifLongerThanMs: durationOrNull(ifLongerThan),
    ifRepeatedWithinMs: durationOrNull(ifRepeatedWithin),
  };
}

/** Checks what authorities are to be told beyond its schema. */
export function checkAuthorities(
  findings: Findings,
  path: Path,
  entries: Maybe<readonly (Draft<AuthorityEntry> | null)[]>,
): void {
  checkUniqueIds(findings, path, entries);
  for (const [index, entry] of entriesOf(entries)) {
    const place = [...path, index];
    for (const tier of TIERS) {
      const text = entry.within?.[`${tier}`];
      if (text !== undefined && text !== 'never')
        checkDuration(findings, [...place, 'within', `${tier}`], text, WITHIN_BOUNDS);
    }
    checkReminders(findings, [...place, 'reminders'], entry.reminders);
  }
}

/** Shares of a time at which people are reminded: between its ends, ascending. */
export function checkReminders(
  findings: Findings,
  path: Path,
  reminders: Draft<Targets>['reminders'],
): void {
  let before = 0;
  for (const [index, text] of entriesOf(reminders)) {
    const place = [...path, index];
    const ppm = percentToPpm(text);
    if (ppm <= 0 || ppm >= 1_000_000) {
      findings.error(place, `${text} is no reminder; expected between 0% and 100%`);
      continue;
    }
    if (ppm <= before) findings.error(place, `${text} is not above the reminder before it`);
    before = ppm;
  }
}

/** What authorities are to be told by a grading.yaml without errors. */
export function deriveAuthorities(entries: readonly AuthorityEntry[]): readonly AuthorityDuty[] {
  return entries.map(({ id, name, within, from, reminders }) => {
    const withinMs = (tier: Tier) => durationOrNull(within[`${tier}`]);
    return {
      ...{ id, name, from },
      withinMs: { 1: withinMs(1), 2: withinMs(2), 3: withinMs(3), 4: withinMs(4) },
      reminderRatios: reminders.map((text) => percentToPpm(text) / 1_000_000),
    };
  });
}

function durationOrNull(text: string | undefined): DurationMs | null {
  return text === undefined || text === 'never' ? null : durationOf(text);
}
