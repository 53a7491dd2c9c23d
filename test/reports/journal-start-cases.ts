import type { LedgerCase } from './ledger-case.ts';
import { health, inOrder, leases, started, topology } from './story.ts';

interface Dates {
  readonly commissionedAt?: number;
  readonly retiredAt?: number;
}

/** The journal begins at 1200; the device is first seen up, since 1205. */
const begun = (dates: Dates, ranSince?: number) =>
  inOrder(started(1200), topology(1200, [{ id: 'a', ...dates }]), leases(1200, 3660), [
    health(1210, 1205, 'up', 'a', ranSince),
  ]);

/** Time before the journal of an installation begins. */
export const journalStartCases: readonly LedgerCase[] = [
  {
    // In service throughout; [0, 1200) is before the journal, [1200, 1205) before the first answer.
    name: 'a device commissioned long before the journal begins',
    events: begun({ commissionedAt: -50_000 }),
    expected: { a: { unknown: 1205, up: 2395 } },
  },
  {
    // In service from 600: 600 s of nobody looking, and 5 s until it is seen.
    name: 'a device commissioned in the period, before the journal begins',
    events: begun({ commissionedAt: 600 }),
    expected: { a: { 'out-of-service': 600, unknown: 605, up: 2395 } },
  },
  {
    // No date: it is in service from when it is in the configuration.
    name: 'a device without a date when the journal begins',
    events: begun({}),
    expected: { a: { 'out-of-service': 1200, unknown: 5, up: 2395 } },
  },
  {
    // By its own uptime it has run since -200, through all of [0, 1205).
    name: 'a device that proves to have run before the journal began',
    events: begun({ commissionedAt: -50_000 }, -200),
    expected: { a: { unknown: 1205, up: 2395 } },
    proven: { a: { unknown: 1205 } },
  },
  {
    // It has run since 900: of the 1205 s the last 305.
    name: 'a device that proves to have run in the last minutes before the journal began',
    events: begun({ commissionedAt: -50_000 }, 900),
    expected: { a: { unknown: 1205, up: 2395 } },
    proven: { a: { unknown: 305 } },
  },
  {
    // In service until 900, and nobody looked.
    name: 'a device retired before the journal begins',
    events: begun({ commissionedAt: -50_000, retiredAt: 900 }),
    expected: { a: { unknown: 900, 'out-of-service': 2700 } },
  },
  {
    // b comes at 2000 and is first seen at 2010; that it was there before is told too late to count.
    name: 'a device added later, with a commissioning long ago',
    events: inOrder(
      begun({ commissionedAt: -50_000 }),
      topology(2000, [
        { id: 'a', commissionedAt: -50_000 },
        { id: 'b', commissionedAt: -50_000 },
      ]),
      health(2015, 2010, 'up', 'b'),
    ),
    expected: {
      a: { unknown: 1205, up: 2395 },
      b: { 'out-of-service': 2000, unknown: 10, up: 1590 },
    },
  },
];
