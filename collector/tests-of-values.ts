import type { Test, Tests } from '../config/profile.ts';
import type { Value } from './reading.ts';

/** The value of that name, or undefined when it is absent. */
export type Lookup = (name: string) => Value | undefined;

/** Whether the tests hold. `standing`: they held before, so the wider `stay…` bounds count. */
export function holds({ all, any, none }: Tests, lookup: Lookup, standing: boolean): boolean {
  // Loops, for this is asked of every port at every poll.
  for (const test of all) if (!testHolds(test, lookup(test.value), standing)) return false;
  for (const test of none) if (testHolds(test, lookup(test.value), standing)) return false;
  if (any.length === 0) return true;
  for (const test of any) if (testHolds(test, lookup(test.value), standing)) return true;
  return false;
}

/** Every value the tests look at. */
export function namesIn(tests: Tests): string[] {
  return [...tests.all, ...tests.any, ...tests.none].map((test) => test.value);
}

function testHolds(test: Test, value: Value | undefined, standing: boolean): boolean {
  if (value === undefined) return false;
  if (typeof value === 'string') {
    if (test.is !== null && !test.is.includes(value)) return false;
    const lower = value.toLowerCase();
    if (test.contains !== null && !test.contains.some((part) => lower.includes(part.toLowerCase())))
      return false;
    return test.is !== null || test.contains !== null;
  }
  const atLeast = standing ? (test.stayAtLeast ?? test.atLeast) : test.atLeast;
  const atMost = standing ? (test.stayAtMost ?? test.atMost) : test.atMost;
  if (test.is !== null || test.contains !== null) return false;
  if (test.equals !== null && !test.equals.includes(value)) return false;
  return !(atLeast !== null && value < atLeast) && !(atMost !== null && value > atMost);
}
