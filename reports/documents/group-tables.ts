import type { Role } from '../../config/model.ts';
import { cleanText } from '../../lib/device-text.ts';
import { formatPpm } from '../availability.ts';
import type { AvailabilityReport } from '../availability-report.ts';
import type { AvailabilityPair, GroupFigures } from '../figures.ts';
import { formatLost, formatSpan } from '../format-time.ts';
import type { KnownPart } from '../known-part.ts';
import type { RedundancyFigures } from '../redundancy.ts';
import { lostMoveNotes } from '../report-notes.ts';
import { sayVerdict } from '../verdict-words.ts';
import { type Block, numberColumn, textColumn } from './content.ts';
import type { DocumentWords } from './words.ts';

const LONGEST_NAME = 40;
const MOST_ROWS = 60;

/** Sites, roles, tags, power feeds, redundancy groups and burn rates; what there is none of is left out. */
export function groupTables(report: AvailabilityReport, words: DocumentWords): Block[] {
  const byName = ({ name }: GroupFigures) => name;
  return [
    ...groupTable(report, [words.bySite, words.site], report.sites, words, byName),
    ...moveParagraphs(report, words),
    ...groupTable(report, [words.byRole, words.role], report.roles, words, ({ id }) => {
      return words.roles[id as Role];
    }),
    ...groupTable(report, [words.byTag, words.tag], report.tags, words, ({ id }) => id),
    ...groupTable(report, [words.byFeed, words.feed], report.powerFeeds, words, byName),
    ...redundancyTable(report, words),
    ...burnTable(report, words),
  ];
}

/** Whose outage is in the figures of two sites; in the report of one it is beside its verdict. */
function moveParagraphs(report: AvailabilityReport, words: DocumentWords): Block[] {
  const notes = report.siteId === null ? lostMoveNotes(report, words) : [];
  return notes.map((text) => ({ kind: 'paragraph', text }));
}

function groupTable(
  { known }: AvailabilityReport,
  [title, column]: readonly [title: string, column: string],
  groups: readonly GroupFigures[],
  words: DocumentWords,
  nameOf: (group: GroupFigures) => string,
): Block[] {
  if (groups.length === 0) return [];
  const shown = groups.toSorted((a, b) => b.service.usedMs - a.service.usedMs).slice(0, MOST_ROWS);
  const unlisted = groups.length - shown.length;
  return [
    { kind: 'heading', text: title },
    {
      kind: 'table',
      columns: [textColumn(column), numberColumn(words.devices, 0.8), ...figureColumns(words)],
      rows: shown.map((group) => [
        cleanText(nameOf(group), LONGEST_NAME),
        String(group.deviceCount),
        ...figureCells(group, known, words),
      ]),
    },
    ...(unlisted > 0 ? [{ kind: 'paragraph', text: words.moreRows(unlisted) } as const] : []),
  ];
}

function figureColumns(words: DocumentWords, leftWeight = 1.4) {
  return [
    numberColumn(words.availability, 1.1),
    numberColumn(words.low, 1.1),
    numberColumn(words.high, 1.1),
    textColumn(words.verdict, 1.2),
    numberColumn(words.used, 1.3),
    numberColumn(words.left, leftWeight),
  ];
}

function figureCells(
  pair: AvailabilityPair,
  known: KnownPart | null,
  words: DocumentWords,
): string[] {
  const { service } = pair;
  return [
    formatPpm(service.ratioPpm),
    formatPpm(service.lowPpm),
    formatPpm(service.highPpm),
    sayVerdict(pair, 'service', known, words),
    formatLost(service.usedMs, words),
    formatSpan(service.leftMs, words),
  ];
}

function redundancyTable(report: AvailabilityReport, words: DocumentWords): Block[] {
  if (report.redundancyGroups.length === 0) return [];
  return [
    { kind: 'heading', text: words.groups },
    {
      kind: 'table',
      columns: [
        textColumn(words.group, 1.5),
        numberColumn(words.need, 1),
        ...figureColumns(words, 1.7),
        numberColumn(words.deviceFigure, 1.1),
        numberColumn(words.redundancyLost, 1.2),
      ],
      rows: report.redundancyGroups
        .slice(0, MOST_ROWS)
        .map((group) => [
          nameOfGroup(group, words),
          `${group.need} / ${group.deviceIds.length}`,
          ...figureCells(group, report.known, words),
          formatPpm(group.device.ratioPpm),
          formatLost(group.redundancyLostMs, words),
        ]),
    },
  ];
}

/** One that is of several sites is one thing in the report of each of them. */
function nameOfGroup({ name, sharedSiteIds }: RedundancyFigures, words: DocumentWords): string {
  const own = cleanText(name, LONGEST_NAME);
  if (sharedSiteIds.length === 0) return own;
  return words.sharedWith(own, cleanText(sharedSiteIds.join(', '), LONGEST_NAME));
}

function burnTable({ burnRates }: AvailabilityReport, words: DocumentWords): Block[] {
  const windows = burnRates[0]!.windows;
  const rate = (milli: number | null) => (milli === null ? '–' : (milli / 1000).toFixed(1));
  return [
    { kind: 'heading', text: words.burnRates },
    {
      kind: 'table',
      columns: [
        textColumn(words.site),
        ...windows.map(({ windowMs, countedMs }) => {
          const [whole, counted] = [windowMs, countedMs].map((ms) => formatSpan(ms, words));
          return numberColumn(windowMs === countedMs ? whole! : words.cutWindow(whole!, counted!));
        }),
      ],
      rows: burnRates
        .slice(0, MOST_ROWS)
        .map(({ id, name, windows: rates }) => [
          id === 'all' ? words.allDevices : cleanText(name, LONGEST_NAME),
          ...rates.map(({ rateMilli }) => rate(rateMilli)),
        ]),
    },
    { kind: 'paragraph', text: words.burnNote },
  ];
}
