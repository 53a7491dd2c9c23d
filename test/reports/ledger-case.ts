import type { DomainEvent } from '../../alerting/events.ts';
import type { LedgerState } from '../../reports/ledger.ts';
import { health, leases, started, topology, window } from './story.ts';

// Every case is an hour, [0, 3600), seen at 3660 unless it says otherwise. All numbers are seconds;
// the ledger counts milliseconds. The service starts at -600 and renews its lease every 10 s; an
// interval of more than 30 s without a lease is a gap.

type Seconds = Partial<Record<LedgerState, number>>;

export interface LedgerCase {
  readonly name: string;
  readonly events: readonly DomainEvent[];
  /** Per device; the states not named are 0. A device not named must not be in the report. */
  readonly expected: Readonly<Record<string, Seconds>>;
  /** Of the unknown and unreachable time, that in which the device is proven to have run; none when left out. */
  readonly proven?: Readonly<Record<string, { unknown?: number; unreachable?: number }>>;
  readonly period?: readonly [from: number, to: number];
  readonly now?: number;
  /** Where counting ends when that is neither `now` nor the end of the period. */
  readonly countedTo?: number;
}

/** Device a, up since -595. */
export const base = [started(-600), topology(-600), health(-590, -595, 'up')];
export const withWindow = (startsAt: number, endsAt: number) => [
  started(-600),
  topology(-600, ['a'], [window('w', startsAt, endsAt)]),
  health(-590, -595, 'up'),
];
export const running = leases(-600, 3660);
export const down = (since: number, until: number) => [
  health(since + 30, since, 'down'),
  health(until + 5, until, 'up'),
];
