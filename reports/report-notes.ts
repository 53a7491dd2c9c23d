import { cleanText } from '../lib/device-text.ts';
import type { EpochMs } from '../lib/time.ts';
import { formatPpm } from './availability.ts';
import type { AvailabilityReport } from './availability-report.ts';
import { formatLost, formatZoned } from './format-time.ts';
import type { LostMove } from './lost-moves.ts';
import type { LostDetails } from './lost-runs.ts';
import { periodAt } from './period.ts';
import type { ReportWords } from './report-words.ts';
import type { RuleChange } from './roster-history.ts';

/** When, by whom and from what a report was frozen. */
export interface FrozenMark {
  readonly revision: number;
  readonly frozenAt: EpochMs;
  readonly by: string;
  /** The last entry of the journal that went into it, and its hash. */
  readonly throughSequence: number;
  readonly inputsHash: string;
}

/** What is said beside the figures of a frozen report. */
export interface Beside {
  /** The frozen figures stand, and this program comes to others. */
  readonly isOtherwise: boolean;
  /** Amendments that were made since, and that its next revision takes in. */
  readonly missingAmendments: readonly number[];
}

export const NOTHING_BESIDE: Beside = { isOtherwise: false, missingAmendments: [] };

/** One note for each thing there is to say; empty for a report that stands as it is. */
export function besideNotes(
  { isOtherwise, missingAmendments }: Beside,
  words: ReportWords,
): string[] {
  return [
    ...(missingAmendments.length > 0 ? [words.notYetIn(missingAmendments)] : []),
    ...(isOtherwise ? [words.otherwise] : []),
  ];
}

const LONGEST_NOTE = 300;
const LONGEST_NAME = 60;
const HASH_SHOWN = 16;
/** Beside a verdict. */
const MOST_ENDS = 3;

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

/** Why there are no figures: which period that is, and where there is something to report. */
export function noDevicesNote(report: AvailabilityReport, words: ReportWords): string {
  const { period, firstInServiceAt = null } = report;
  const note = (where: string) => words.noDevices(period.name, period.timeZone, where);
  if (firstInServiceAt === null || firstInServiceAt < period.from) return note('');
  const instant = `${formatZoned(firstInServiceAt, period.timeZone)} (${period.timeZone})`;
  const other = periodAt(period.kind, firstInServiceAt, period.timeZone).name;
  return note(
    other === period.name ? words.notJudgedYet(instant) : words.dataBegin(instant, other),
  );
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

/** Beside the verdict: which devices went out of service while they were down, and for how long. */
export function serviceEndNotes(
  { serviceEnds: { listed, count }, devices, period }: AvailabilityReport,
  words: ReportWords,
): string[] {
  const names = new Map(devices.map(({ facts }) => [facts.id, facts.name]));
  const notes = listed
    .slice(0, MOST_ENDS)
    .map(({ deviceId, state, lostSince, at, backAt, ...details }) =>
      words.wentWhileLost(
        cleanText(names.get(deviceId) ?? deviceId, LONGEST_NAME),
        lostState({ state, lostSince, ...details }, period.timeZone, words),
        formatZoned(at, period.timeZone),
        formatLost(at - lostSince, words),
        backAt === null ? null : formatLost(backAt - at, words),
      ),
    );
  return count > notes.length ? [...notes, words.moreWent(count - notes.length)] : notes;
}

/** The state it was in, and where that is not the whole of its outage, what else it was. */
function lostState(
  {
    state,
    lostSince,
    stateSince,
    hasMaintenance,
  }: LostDetails & Pick<LostMove, 'state' | 'lostSince'>,
  timeZone: string,
  words: ReportWords,
): string {
  const since =
    stateSince === undefined ? '' : words.notAnsweringSince(formatZoned(lostSince, timeZone));
  return `${words.states[state]}${since}${hasMaintenance ? words.partlyPlanned : ''}`;
}

/** Which devices came to another site while they were down: the outage is in the figures of both. */
export function lostMoveNotes(
  { lostMoves: { listed, count }, devices, period }: AvailabilityReport,
  words: ReportWords,
): string[] {
  const names = new Map(devices.map(({ facts }) => [facts.id, facts.name]));
  const clean = (name: string) => cleanText(name, LONGEST_NAME);
  const notes = listed.slice(0, MOST_ENDS).map((move) => {
    const { deviceId, lostSince, at, until, fromSiteName, toSiteName } = move;
    return words.movedWhileLost(
      clean(names.get(deviceId) ?? deviceId),
      [clean(fromSiteName), clean(toSiteName)],
      lostState(move, period.timeZone, words),
      formatZoned(at, period.timeZone),
      formatLost(at - lostSince, words),
      until === null ? null : formatLost(until - at, words),
    );
  });
  return count > notes.length ? [...notes, words.moreMoved(count - notes.length)] : notes;
}

/** What was changed in the rules while the period ran; empty when nothing was. */
export function changeNotes(
  { ruleChanges, period }: AvailabilityReport,
  words: ReportWords,
): string[] {
  const notes = ruleChanges.listed.map((change) => {
    const when = formatZoned(change.at, period.timeZone);
    return `${when}  ${changeNote(change, period.timeZone, words)}`;
  });
  const unlisted = ruleChanges.count - ruleChanges.listed.length;
  return unlisted === 0 ? notes : [...notes, words.moreChanges(unlisted)];
}

/** Said with the device alone: there is no value before and after. */
const BARE_CHANGES: ReadonlySet<RuleChange['what']> = new Set([
  'added',
  'removed',
  'in-service',
  'out-of-service',
]);

function changeNote(
  { what, id, before, after, whileIn }: RuleChange,
  timeZone: string,
  words: ReportWords,
): string {
  const about = id === null ? '' : ` ${id}`;
  const state = whileIn === undefined ? '' : words.whileIn(words.states[whileIn]);
  if (BARE_CHANGES.has(what)) {
    return `${words.changed[what]}${words.colon}${id}${state}`;
  }
  const longest = what === 'maintenance' ? LONGEST_NOTE : LONGEST_NAME;
  const show = (value: string) => {
    if (what === 'objective') return formatPpm(Number(value));
    if (value !== '' && (what === 'commissioned' || what === 'retired')) {
      return formatZoned(Temporal.Instant.from(value).epochMilliseconds, timeZone);
    }
    return cleanText(value, longest) || '–';
  };
  return `${words.changed[what]}${about}${words.colon}${show(before)} → ${show(after)}${state}`;
}
