import type { Figure, StateDurations } from './availability.ts';
import type { AvailabilityReport } from './availability-report.ts';
import type { AvailabilityPair } from './figures.ts';
import { isLittleMeasured, type KnownPart } from './known-part.ts';
import type { ReportWords } from './report-words.ts';

/** The verdict of a row, qualified where little of its own time is known: no table says more than the headline. */
export function sayVerdict(
  pair: AvailabilityPair,
  figure: Figure,
  known: KnownPart | null,
  words: ReportWords,
): string {
  const verdict = words.verdicts[pair[figure].verdict];
  return isOfPart(pair.durations, known) ? words.ofKnownPart(verdict) : verdict;
}

/** What the qualification means; nothing where no verdict has it. */
export function verdictNotes(
  { known, devices, sites, roles }: AvailabilityReport,
  words: ReportWords,
): string[] {
  const isAny =
    known !== null ||
    [...devices, ...sites, ...roles].some(({ durations }) => isOfPart(durations, known));
  return isAny ? [words.ofKnownPartNote] : [];
}

/** Where all that was known began late, that goes for every device. */
function isOfPart(durations: Readonly<StateDurations>, known: KnownPart | null): boolean {
  return (known !== null && known.since !== null) || isLittleMeasured(durations);
}
