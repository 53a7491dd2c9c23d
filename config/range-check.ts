import type { Maybe } from './draft.ts';
import type { Findings } from './findings.ts';
import type { Path } from './problem-text.ts';

type Bound = Maybe<number>;

interface RangeDraft {
  readonly atLeast?: Bound;
  readonly atMost?: Bound;
  readonly stayAtLeast?: Bound;
  readonly stayAtMost?: Bound;
}

/**
 * Bounds between which there is something, and bounds for staying that are no narrower than those for
 * entering: otherwise what begins to hold ends at once.
 */
export function checkRange(findings: Findings, path: Path, range: RangeDraft): void {
  const { atLeast, atMost, stayAtLeast, stayAtMost } = range;
  expectOrder(findings, path, ['atLeast', atLeast], ['atMost', atMost], NOTHING_FITS);
  expectOrder(findings, path, ['stayAtLeast', stayAtLeast], ['atLeast', atLeast], ENDS_AT_ONCE);
  expectOrder(findings, path, ['atMost', atMost], ['stayAtMost', stayAtMost], ENDS_AT_ONCE, 1);
  const [least, most] = [stayAtLeast ?? atLeast, stayAtMost ?? atMost];
  if (stayAtLeast === undefined && stayAtMost === undefined) return;
  expectOrder(findings, path, ['stayAtLeast', least], ['stayAtMost', most], NOTHING_FITS);
}

const NOTHING_FITS = 'no number is both';
const ENDS_AT_ONCE = 'it would end as soon as it has begun';

/** The finding stands at the first of the two, or at the one that `blamed` says. */
function expectOrder(
  findings: Findings,
  path: Path,
  low: readonly [name: string, value: Bound],
  high: readonly [name: string, value: Bound],
  why: string,
  blamed: 0 | 1 = 0,
): void {
  const [lowValue, highValue] = [low[1], high[1]];
  if (typeof lowValue !== 'number' || typeof highValue !== 'number' || lowValue <= highValue)
    return;
  const [name, value, expected] =
    blamed === 0
      ? [low[0], lowValue, `at most ${highValue}, the ${high[0]}`]
      : [high[0], highValue, `at least ${lowValue}, the ${low[0]}`];
  findings.error([...path, name], `found ${value}; expected ${expected}: ${why}`);
}
