import { down, type LedgerCase, running } from './ledger-case.ts';
import { health, inOrder, started, topology } from './story.ts';

const oneDevice = (at: number, dates: { commissionedAt?: number; retiredAt?: number }) =>
  topology(at, [{ id: 'a', ...dates }]);
const seen = [started(-600), health(-590, -595, 'up')];

/** Dates of commissioning and retirement in devices.yaml. */
export const serviceDateCases: readonly LedgerCase[] = [
  {
    // In the file from the start, in service from 1200: down [1000, 1300) counts for 100 s.
    name: 'a device commissioned in the middle of the period',
    events: inOrder(
      [started(-600), oneDevice(-600, { commissionedAt: 1200 }), health(-590, -595, 'up')],
      running,
      down(1000, 1300),
    ),
    expected: { a: { 'out-of-service': 1200, down: 100, up: 2300 } },
  },
  {
    // In service until 2400: down [2300, 3000) counts for 100 s.
    name: 'a device retired in the middle of the period',
    events: inOrder(
      [started(-600), oneDevice(-600, { retiredAt: 2400 }), health(-590, -595, 'up')],
      running,
      down(2300, 3000),
    ),
    expected: { a: { 'out-of-service': 1200, down: 100, up: 2300 } },
  },
  {
    // In service in [1200, 2400) alone.
    name: 'a device commissioned and retired in the same period',
    events: inOrder(
      [started(-600), oneDevice(-600, { commissionedAt: 1200, retiredAt: 2400 })],
      health(-590, -595, 'up'),
      running,
    ),
    expected: { a: { 'out-of-service': 2400, up: 1200 } },
  },
  {
    // Written down at 2000 that it left at 1000: the past stays, it leaves at 2000. down [1500, 2500).
    name: 'a device retired in hindsight',
    events: inOrder(
      [started(-600), topology(-600), health(-590, -595, 'up')],
      running,
      [oneDevice(2000, { retiredAt: 1000 })],
      down(1500, 2500),
    ),
    expected: { a: { up: 1500, down: 500, 'out-of-service': 1600 } },
  },
  {
    // Written down at 2000 that it begins at 3000: it has begun, and stays.
    name: 'a device commissioned anew while in service',
    events: inOrder(
      [started(-600), topology(-600), health(-590, -595, 'up')],
      running,
      oneDevice(2000, { commissionedAt: 3000 }),
    ),
    expected: { a: { up: 3600 } },
  },
  {
    // Put off at 500 from 1000 to 2000, before it began.
    name: 'a commissioning put off in time',
    events: inOrder(
      [started(-600), oneDevice(-600, { commissionedAt: 1000 }), health(-590, -595, 'up')],
      running,
      oneDevice(500, { commissionedAt: 2000 }),
    ),
    expected: { a: { 'out-of-service': 2000, up: 1600 } },
  },
  {
    // Retired at 1000, and at 2000 the date is taken out again: 1000 s are gone all the same.
    name: 'a retirement taken back after it took effect',
    events: inOrder(
      [started(-600), oneDevice(-600, { retiredAt: 1000 }), health(-590, -595, 'up')],
      running,
      topology(2000),
    ),
    expected: { a: { 'out-of-service': 1000, up: 2600 } },
  },
  {
    // Retired at 1000; an outage that is confirmed at 1020 began at 990.
    name: 'an outage confirmed after the retirement',
    events: inOrder(
      [...seen.slice(0, 1), oneDevice(-600, { retiredAt: 1000 }), ...seen.slice(1)],
      running,
      health(1020, 990, 'down'),
    ),
    expected: { a: { up: 990, down: 10, 'out-of-service': 2600 } },
  },
  {
    name: 'a device commissioned after the period',
    events: inOrder(
      [started(-600), topology(-600, ['b', { id: 'a', commissionedAt: 5000 }])],
      running,
    ),
    expected: { b: { unknown: 3600 } },
  },
];
