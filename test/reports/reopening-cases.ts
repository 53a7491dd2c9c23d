import type { DomainEvent } from '../../alerting/events.ts';
import type { Tier } from '../../config/model.ts';
import { incident } from './incident-story.ts';

// Incidents that come back, in the hour [0, 3600). Seconds; a clock of tier 1 or 2 runs for 900.

export interface ReopeningCase {
  readonly name: string;
  readonly events: readonly DomainEvent[];
  /** How long each resolved incident was open, in all. */
  readonly openFor: readonly number[];
  /** Clocks that ended with the incident resolved and nobody having acknowledged. */
  readonly neverAcknowledged: number;
  /** Per tier: in time, breached, resolved first, running; tiers without a clock are left out. */
  readonly tiers: Partial<Record<Tier, readonly [number, number, number, number]>>;
}

const one = incident('inc-1');
const two = incident('inc-2');

export const reopeningCases: readonly ReopeningCase[] = [
  {
    // Open [0, 600) and [1800, 2400): 1200 of 2400 s. The first clock is answered, the second not.
    name: 'answered, and not when it came back',
    events: [
      one.opened(0, 1),
      one.acknowledged(300),
      one.resolved(600),
      one.reopened(1800, 1),
      one.resolved(2400),
    ],
    openFor: [1200],
    neverAcknowledged: 1,
    tiers: { 1: [1, 0, 1, 0] },
  },
  {
    // Open [0, 600) and [1800, 2400), and nobody answered either time.
    name: 'never answered, twice',
    events: [one.opened(0, 1), one.resolved(600), one.reopened(1800, 1), one.resolved(2400)],
    openFor: [1200],
    neverAcknowledged: 2,
    tiers: { 1: [0, 0, 2, 0] },
  },
  {
    // Open [0, 100), [200, 400) and [1000, 1700): 100 + 200 + 700.
    name: 'back twice, answered the last time',
    events: [
      one.opened(0, 2),
      one.resolved(100),
      one.reopened(200, 2),
      one.resolved(400),
      one.reopened(1000, 2, 3),
      one.acknowledged(1100),
      one.resolved(1700),
    ],
    openFor: [1000],
    neverAcknowledged: 2,
    tiers: { 2: [1, 0, 2, 0] },
  },
  {
    // The clock ran out at 900; it is a breach, and it was never answered.
    name: 'resolved after a breach, never answered',
    events: [one.opened(0, 1), one.breached(900), one.resolved(1000)],
    openFor: [1000],
    neverAcknowledged: 1,
    tiers: { 1: [0, 1, 0, 0] },
  },
  {
    name: 'answered after a breach',
    events: [one.opened(0, 1), one.breached(900), one.acknowledged(950), one.resolved(1000)],
    openFor: [1000],
    neverAcknowledged: 0,
    tiers: { 1: [0, 1, 0, 0] },
  },
  {
    // Answered as tier 2; the fresh clock of tier 1 from 600 on is not.
    name: 'graded up after the answer, resolved before the next',
    events: [
      one.opened(0, 2),
      one.acknowledged(300),
      one.graded(600, 2, 1, true),
      one.resolved(700),
    ],
    openFor: [700],
    neverAcknowledged: 1,
    tiers: { 1: [0, 0, 1, 0], 2: [1, 0, 0, 0] },
  },
  {
    // One is open again since 3000 and has no time to resolve yet; the other was open for 50 s.
    name: 'open again, beside another',
    events: [
      one.opened(0, 1),
      one.acknowledged(100),
      one.resolved(600),
      two.opened(700, 2),
      two.acknowledged(710),
      two.resolved(750),
      one.reopened(3000, 1),
    ],
    openFor: [50],
    neverAcknowledged: 0,
    tiers: { 1: [1, 0, 0, 1], 2: [1, 0, 0, 0] },
  },
];
