import { cleanText } from '../lib/device-text.ts';
import type { EpochMs } from '../lib/time.ts';
import { formatPpm } from './availability.ts';
import type { AvailabilityReport } from './availability-report.ts';
import { formatZoned } from './format-time.ts';
import type { ReportWords } from './report-words.ts';

/** When, by whom and from what a report was frozen. */
export interface FrozenMark {
  readonly revision: number;
  readonly frozenAt: EpochMs;
  readonly by: string;
  /** The last entry of the journal that went into it, and its hash. */
  readonly throughSequence: number;
  readonly inputsHash: string;
}

const LONGEST_NOTE = 300;
const LONGEST_NAME = 60;
const HASH_SHOWN = 16;

/** Whether the figures can still change, and if not, since when. */
export function frozenNote(
  { period }: AvailabilityReport,
  mark: FrozenMark | null,
  words: ReportWords,
): string {
  if (mark === null) return words.notFrozen;
  const { revision, frozenAt, by, inputsHash } = mark;
  const at = formatZoned(frozenAt, period.timeZone);
  const person = cleanText(by, LONGEST_NAME);
  return words.frozen(revision, at, person, inputsHash.slice(0, HASH_SHOWN));
}

/** Every correction that went into the figures: number, state, person, reason, devices and time. */
export function amendmentNotes(
  { amendments, period }: AvailabilityReport,
  words: ReportWords,
): string[] {
  const instant = (at: EpochMs) => formatZoned(at, period.timeZone);
  return amendments.map(({ number, state, by, reason, from, to, deviceIds }) => {
    const text = words.amendment(number, words.states[state], by, reason);
    const where = `${deviceIds.join(', ')}, ${instant(from)} – ${instant(to)}`;
    return `${cleanText(text, LONGEST_NOTE)} (${where})`;
  });
}

/** What was changed in the rules while the period ran; empty when nothing was. */
export function changeNotes(
  { ruleChanges, period }: AvailabilityReport,
  words: ReportWords,
): string[] {
  const notes = ruleChanges.listed.map(({ at, what, id, before, after }) => {
    const show = (value: string) =>
      what === 'objective' ? formatPpm(Number(value)) : cleanText(value, LONGEST_NAME) || '–';
    const about = id === null ? '' : ` ${id}`;
    const when = formatZoned(at, period.timeZone);
    return `${when}  ${words.changed[what]}${about}${words.colon}${show(before)} → ${show(after)}`;
  });
  const unlisted = ruleChanges.count - ruleChanges.listed.length;
  return unlisted === 0 ? notes : [...notes, words.moreChanges(unlisted)];
}
