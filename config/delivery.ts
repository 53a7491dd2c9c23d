import type { Static } from 'typebox';
import { type DurationMs, HOUR, MINUTE, SECOND } from '../lib/time.ts';
import type { Draft } from './draft.ts';
import { checkDuration, durationOf, type Findings } from './findings.ts';
import { count, duration, section } from './schema-terms.ts';

/** How pages are carried out, whoever they are for. */
export interface DeliveryConfig {
  /** A page that has not gone out by then goes out on the next channel of its person, too. */
  readonly fallbackAfterMs: DurationMs;
  /** Pages to one person within `mostPagesWithinMs`; more wait. First pages of tiers 1 and 2 never do. */
  readonly mostPages: number;
  readonly mostPagesWithinMs: DurationMs;
}

export const DEFAULT_DELIVERY: DeliveryConfig = {
  fallbackAfterMs: 30 * SECOND,
  mostPages: 30,
  mostPagesWithinMs: 10 * MINUTE,
};

export const DeliveryEntry = section(
  {
    fallbackAfter: duration(
      'A page that has not gone out by then goes out on the next contact of its person, too.',
      { default: '30s' },
    ),
    mostPages: count(
      'Pages to one person within that time; more wait. First pages of tiers 1 and 2 never do.',
      { minimum: 1, maximum: 10_000, default: 30 },
    ),
    within: duration('The time in which those pages are counted.', { default: '10m' }),
  },
  { description: 'How pages are carried out.', default: {} },
);
export type DeliveryEntry = Static<typeof DeliveryEntry>;

/** Checks the section beyond its schema. */
export function checkDelivery(findings: Findings, entry: Draft<DeliveryEntry>): void {
  const path = ['delivery'];
  const { fallbackAfter, within } = entry;
  checkDuration(findings, [...path, 'fallbackAfter'], fallbackAfter, {
    ...{ least: 5 * SECOND, most: HOUR },
  });
  checkDuration(findings, [...path, 'within'], within, { least: MINUTE, most: HOUR });
}

/** The section without errors. */
export function deriveDelivery(entry: DeliveryEntry): DeliveryConfig {
  return {
    fallbackAfterMs: durationOf(entry.fallbackAfter),
    mostPages: entry.mostPages,
    mostPagesWithinMs: durationOf(entry.within),
  };
}
