import type { Language, Role } from '../config/model.ts';
import { cleanText } from '../lib/device-text.ts';
import type { DurationMs, EpochMs } from '../lib/time.ts';
import { type Availability, type Figure, formatPpm, type Ratios } from './availability.ts';
import type { AvailabilityReport } from './availability-report.ts';
import type { DeviceFigures, GroupFigures } from './figures.ts';
import { formatLost, formatSpan, formatState, formatZoned } from './format-time.ts';
import { sayKnownPart } from './known-part.ts';
import { LEDGER_STATES } from './ledger.ts';
import { missedNotes } from './missed-parts.ts';
import {
  amendmentNotes,
  type Beside,
  besideNotes,
  changeNotes,
  type FrozenMark,
  frozenNote,
  lostMoveNotes,
  NOTHING_BESIDE,
  noDevicesNote,
  serviceEndNotes,
} from './report-notes.ts';
import { REPORT_WORDS, type ReportWords } from './report-words.ts';
import { type Alignment, renderTable } from './text-table.ts';
import { sayVerdict, verdictNotes } from './verdict-words.ts';

/** Longest name shown; a longer one is cut so that the table still fits a terminal. */
const LONGEST_NAME = 32;

/** The report as plain text for a terminal, lined up for Latin and Chinese alike. */
export function renderReportText(
  report: AvailabilityReport,
  language: Language,
  frozen: FrozenMark | null = null,
  beside: Beside = NOTHING_BESIDE,
): string {
  const words = wordsFor(report, language);
  const sections =
    report.devices.length === 0
      ? [noDevicesNote(report, words)]
      : [
          renderSummary(report, words),
          renderTime(report, words),
          renderSites(report, words),
          renderGroups(report, 'roles', words),
          renderWorst(report, words),
          `${words.byDevice}\n${renderDevices(report, report.devices, words)}`,
        ];
  const mark = [frozenNote(report, frozen, words), ...besideNotes(beside, words)];
  const parts = [
    `${renderHead(report, words)}\n${mark.join('\n')}`,
    ...sections,
    renderResponses(report, words),
    ...renderNotes(report, words),
  ];
  return `${parts.join('\n\n')}\n`;
}

function renderNotes(report: AvailabilityReport, words: ReportWords): string[] {
  const amendments = amendmentNotes(report, words);
  const changes = changeNotes(report, words);
  return [
    ...(amendments.length > 0 ? [[words.amendments, ...amendments].join('\n')] : []),
    ...(changes.length > 0 ? [[words.changes, ...changes, words.changesNote].join('\n')] : []),
  ];
}

/** Of a running period a verdict is only about the time so far, and says so wherever it stands. */
function wordsFor({ isRunning }: AvailabilityReport, language: Language): ReportWords {
  const words = REPORT_WORDS[language];
  return isRunning ? { ...words, verdicts: words.verdictsSoFar } : words;
}

function renderHead(report: AvailabilityReport, words: ReportWords): string {
  const { period, countedTo, isRunning, unobservedFrom, targetPpm, devices } = report;
  const instant = (at: EpochMs) => formatZoned(at, period.timeZone);
  const isObserving = unobservedFrom === null && devices.length > 0;
  const note = isRunning
    ? words.inBrackets(isObserving ? words.provenSoFar : words.stillRunning)
    : '';
  const gap = unobservedFrom === null ? [] : [words.unobserved(instant(unobservedFrom))];
  return [
    `${words.title} ${period.name} (${period.timeZone})`,
    `${words.period}${words.colon}${instant(period.from)} – ${instant(period.to)}`,
    `${words.counted}${words.colon}${instant(countedTo)}${note}`,
    ...gap,
    `${words.objective}${words.colon}${formatPpm(targetPpm)}`,
  ].join('\n');
}

function renderSummary(report: AvailabilityReport, words: ReportWords): string {
  const { fleet, customers, known, period } = report;
  const part = sayKnownPart(known, period, words);
  const only = part === '' ? '' : ` · ${words.knownOnly(part)}`;
  const row = (label: string, figure: Figure) => [
    label,
    ...ratioCells(fleet[figure], sayVerdict(fleet, figure, known, words)),
    ...budgetCells(fleet[figure], words),
  ];
  const rows = [row(words.serviceFigure, 'service'), row(words.deviceFigure, 'device')];
  if (customers !== null) {
    const told = words.verdicts[customers.verdict];
    const verdict = known === null ? told : words.ofKnownPart(told);
    rows.push([words.customerFigure, ...ratioCells(customers, verdict), '–', '–', '–']);
  }
  const lost =
    customers === null ? [] : [words.customers(customers.customers, customers.lostCustomerMinutes)];
  return [
    `${words.summary}${words.colon}${fleet.deviceCount}${only}`,
    renderTable(figureAlignments(0), ['', ...figureHead(words)], rows),
    ...words.figureNotes,
    ...verdictNotes(report, words),
    ...(report.isRunning ? [words.soFarNote, ...prospects(fleet, words)] : []),
    ...missedNotes(report, words),
    ...serviceEndNotes(report, words),
    ...(report.siteId === null ? [] : lostMoveNotes(report, words)),
    ...whyNotProven(fleet, words),
    ...lost,
  ].join('\n');
}

/** What a figure that misses the objective so far can still come to: a budget that is left beside it needs a word. */
function prospects({ service, device, durations }: GroupFigures, words: ReportWords): string[] {
  const figures = [
    [words.serviceFigure, service],
    [words.deviceFigure, device],
  ] as const;
  return figures.flatMap(([name, { verdict, leftMs }]) => {
    if (verdict !== 'missed') return [];
    if (leftMs < 0) return [words.surelyMissed(name)];
    const spareMs = leftMs - durations.unknown;
    return spareMs < 0 ? [] : [words.stillMet(name, formatSpan(spareMs, words))];
  });
}

function whyNotProven({ service, device, durations }: GroupFigures, words: ReportWords): string[] {
  const isOpen = [service, device].some(({ verdict }) => verdict === 'not-proven');
  if (!isOpen || durations.unknown === 0) return [];
  return [words.notProven(formatLost(durations.unknown, words))];
}

function renderTime({ fleet }: AvailabilityReport, words: ReportWords): string {
  const rows = LEDGER_STATES.map((state) => [
    words.states[state],
    formatState(state, fleet.durations[state], words),
  ]);
  return renderTable(['left', 'right'], [words.state, words.time], rows);
}

/** Beside the sites' verdicts, whose outages were cut by a move; in the report of one it is beside its own. */
function renderSites(report: AvailabilityReport, words: ReportWords): string {
  const notes = report.siteId === null ? lostMoveNotes(report, words) : [];
  return [renderGroups(report, 'sites', words), ...notes].join('\n');
}

function renderGroups(
  report: AvailabilityReport,
  kind: 'sites' | 'roles',
  words: ReportWords,
): string {
  const isSites = kind === 'sites';
  const rows = report[kind].map((group) => [
    cleanText(isSites ? group.name : roleName(group.id, words), LONGEST_NAME),
    String(group.deviceCount),
    ...ratioCells(group.service, sayVerdict(group, 'service', report.known, words)),
    ...budgetCells(group.service, words),
  ]);
  const [title, column] = isSites ? [words.bySite, words.site] : [words.byRole, words.role];
  const head = [column, words.devices, ...figureHead(words)];
  return `${title}\n${renderTable(figureAlignments(1), head, rows)}`;
}

function renderWorst(report: AvailabilityReport, words: ReportWords): string {
  const { worstDevices } = report;
  const table = worstDevices.length === 0 ? words.noneDown : null;
  return `${words.worst}\n${table ?? renderDevices(report, worstDevices, words)}`;
}

function renderDevices(
  { known }: AvailabilityReport,
  devices: readonly DeviceFigures[],
  words: ReportWords,
): string {
  const states = ['down', 'unreachable', 'unknown', 'maintenance'] as const;
  const rows = devices.map(({ facts, ...pair }) => [
    cleanText(facts.name, LONGEST_NAME),
    cleanText(facts.siteName, LONGEST_NAME),
    words.roles[facts.role],
    ...ratioCells(pair.service, sayVerdict(pair, 'service', known, words)),
    ...states.map((state) => formatState(state, pair.durations[state], words)),
  ]);
  const { availability, low, high, coverage, verdict } = words;
  const head = [words.device, words.site, words.role, availability, low, high, coverage, verdict];
  const alignments: Alignment[] = [
    'left',
    'left',
    'left',
    'right',
    'right',
    'right',
    'right',
    'left',
  ];
  return renderTable(
    [...alignments, ...states.map((): Alignment => 'right')],
    [...head, ...states.map((state) => words.states[state])],
    rows,
  );
}

function renderResponses({ responses }: AvailabilityReport, words: ReportWords): string {
  const span = (ms: DurationMs | null) => (ms === null ? '–' : formatSpan(ms, words));
  const rows = responses.tiers.map((tier) => [
    words.tiers[tier.tier],
    formatPpm(tier.compliancePpm),
    String(tier.acknowledgedInTime),
    String(tier.breached),
    String(tier.resolvedFirst),
    String(tier.running),
    String(tier.neverAcknowledged ?? '–'),
    span(tier.medianAcknowledgeMs),
    span(tier.p90AcknowledgeMs),
  ]);
  const head = [words.tier, words.compliance, words.inTime, words.breached];
  const table = renderTable(
    ['left', ...Array<Alignment>(8).fill('right')],
    [...head, words.resolvedFirst, words.running, words.neverAcknowledged, words.median, words.p90],
    rows,
  );
  const title = `${words.responses} · ${words.incidents(responses.incidentCount)}`;
  return [title, table, words.responseNote].join('\n');
}

function figureHead(words: ReportWords): string[] {
  const { availability, low, high, coverage, verdict, budget, used, left } = words;
  return [availability, low, high, coverage, verdict, budget, used, left];
}

function figureAlignments(counts: number): Alignment[] {
  const figures: Alignment[] = ['right', 'right', 'right', 'right', 'left'];
  return ['left', ...Array<Alignment>(counts).fill('right'), ...figures, 'right', 'right', 'right'];
}

function ratioCells(ratios: Ratios, verdict: string): string[] {
  const { ratioPpm, lowPpm, highPpm, coveragePpm } = ratios;
  return [...[ratioPpm, lowPpm, highPpm, coveragePpm].map(formatPpm), verdict];
}

function budgetCells({ budgetMs, usedMs, leftMs }: Availability, words: ReportWords): string[] {
  return [formatSpan(budgetMs, words), formatLost(usedMs, words), formatSpan(leftMs, words)];
}

function roleName(id: string, words: ReportWords): string {
  return words.roles[id as Role];
}
