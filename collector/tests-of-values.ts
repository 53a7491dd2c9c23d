import type { Test, Tests } from '../config/profile.ts';
import type { Value } from './reading.ts';

/** The value of that name, or undefined when it is absent. */
export type Lookup = (name: string) => Value | undefined;

/** Whether the tests hold. `standing`: they held before, so the wider `stay…` bounds count. */
export function holds(tests: Tests, lookup: Lookup, standing: boolean): boolean {
  const test = (one: Test) => testHolds(one, lookup(one.value), standing);
  return (
    tests.all.every(test) &&
    (tests.any.length === 0 || tests.any.some(test)) &&
    !tests.none.some(test)
  );
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
