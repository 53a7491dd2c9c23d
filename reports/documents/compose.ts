import type { Language } from '../../config/model.ts';
import { cleanText } from '../../lib/device-text.ts';
import type { EpochMs } from '../../lib/time.ts';
import { formatPpm, PPM } from '../availability.ts';
import type { AvailabilityReport } from '../availability-report.ts';
import { formatLost, formatSpan, formatZoned } from '../format-time.ts';
import { sayKnownPart } from '../known-part.ts';
import { missedNotes } from '../missed-parts.ts';
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
} from '../report-notes.ts';
import { sayVerdict, verdictNotes } from '../verdict-words.ts';
import {
  budgetChart,
  heatMapChart,
  type Layout,
  NARROW,
  outageChart,
  responseChart,
  WIDE,
} from './charts.ts';
import type { Block, Content } from './content.ts';
import { deviceTable, MOST_OUTAGES, outageTable, timeTable } from './device-tables.ts';
import type { Drawing } from './drawing.ts';
import { groupTables } from './group-tables.ts';
import { incidentBlocks } from './incident-tables.ts';
import { trendTable } from './trend-table.ts';
import { type DocumentWords, documentWords } from './words.ts';

const LONGEST_NAME = 60;
const CAUSES = 3;

/**
 * A report as a document: one page that answers whether the promise was kept, and if not, why; then
 * the evidence. `frozen` null: the figures can still change, and the document says so.
 */
export function composeDocument(
  report: AvailabilityReport,
  language: Language,
  frozen: FrozenMark | null,
  beside: Beside = NOTHING_BESIDE,
): Content {
  const words = documentWords(language, report.isRunning);
  const { period, siteId } = report;
  const scope = siteId === null ? '' : ` · ${report.sites[0]?.name ?? siteId}`;
  const instant = (at: EpochMs) => formatZoned(at, period.timeZone);
  return {
    title: cleanText(`${words.title} ${period.name}${scope}`, LONGEST_NAME),
    subtitle: `${instant(period.from)} – ${instant(period.to)} (${period.timeZone}) · ${words.counted}${words.colon}${instant(report.countedTo)}`,
    language,
    footer: frozenNote(report, frozen, words),
    createdAt: frozen?.frozenAt ?? report.countedTo,
    blocks: [
      ...answer(report, words),
      ...besideNotes(beside, words).map((text) => ({ kind: 'paragraph', text }) as const),
      { kind: 'page-break' },
      ...evidence(report, words),
    ],
  };
}

function answer(report: AvailabilityReport, words: DocumentWords): Block[] {
  const { fleet, customers, targetPpm } = report;
  if (report.devices.length === 0)
    return [{ kind: 'paragraph', text: noDevicesNote(report, words) }];
  const { service, device } = fleet;
  const target = formatPpm(targetPpm);
  const part = sayKnownPart(report.known, report.period, words);
  const headline =
    service.ratioPpm === null
      ? words.nothingMeasured(target)
      : words.headline(formatPpm(service.ratioPpm), target, part)[service.verdict];
  const items = [
    { label: words.serviceFigure, value: formatPpm(service.ratioPpm) },
    { label: words.bounds, value: `${formatPpm(service.lowPpm)} – ${formatPpm(service.highPpm)}` },
    { label: words.coverage, value: formatPpm(service.coveragePpm) },
    {
      label: words.budgetUsed,
      value: words.budgetOf(formatLost(service.usedMs, words), formatSpan(service.budgetMs, words)),
    },
    { label: words.deviceFigure, value: formatPpm(device.ratioPpm) },
  ];
  if (customers !== null) {
    items.push({ label: words.customerFigure, value: formatPpm(customers.ratioPpm) });
  }
  if (report.isRunning) {
    items.push({ label: words.projected, value: formatLost(service.projectedUsedMs, words) });
  }
  return [
    {
      kind: 'verdict',
      verdict: service.verdict,
      headline,
      sentences: [
        `${words.serviceFigure}${words.colon}${sayVerdict(fleet, 'service', report.known, words)} · ${words.deviceFigure}${words.colon}${sayVerdict(fleet, 'device', report.known, words)}`,
        ...missedNotes(report, words),
        ...(report.isRunning ? [words.soFarNote] : []),
        ...serviceEndNotes(report, words),
        ...(report.siteId === null ? [] : lostMoveNotes(report, words)),
      ],
    },
    { kind: 'figures', items },
    { kind: 'heading', text: words.why },
    { kind: 'list', items: causes(report, words) },
    ...picture(words.budgetChart, (layout) => budgetChart(report, words, layout)),
    ...picture(words.responseChart, (layout) => responseChart(report, words, layout)),
  ];
}

function picture(title: string, draw: (layout: Layout) => Drawing | null): Block[] {
  const [drawing, narrow] = [draw(WIDE), draw(NARROW)];
  return drawing === null || narrow === null ? [] : [{ kind: 'drawing', title, drawing, narrow }];
}

function causes(report: AvailabilityReport, words: DocumentWords): string[] {
  const { fleet, worstDevices, responses, customers } = report;
  const lostMs = fleet.service.usedMs;
  const share = (ms: number) => formatPpm(Math.floor((ms * PPM) / Math.max(1, lostMs)));
  const found = worstDevices
    .slice(0, CAUSES)
    .map(({ facts, service: { usedMs } }) =>
      words.causeDevice(
        cleanText(facts.name, LONGEST_NAME),
        formatLost(usedMs, words),
        share(usedMs),
      ),
    );
  if (found.length === 0) found.push(words.nothingLost);
  const { unknown } = fleet.durations;
  if (unknown > 0) {
    const proven = formatSpan(fleet.proven.unknown, words);
    found.push(words.causeUnknown(formatLost(unknown, words), proven));
  }
  if (customers !== null) {
    found.push(words.customers(customers.customers, customers.lostCustomerMinutes));
  }
  const breached = responses.tiers.reduce((sum, tier) => sum + tier.breached, 0);
  found.push(words.causeIncidents(responses.incidentCount, breached));
  return found;
}

function evidence(report: AvailabilityReport, words: DocumentWords): Block[] {
  if (report.devices.length === 0) return [];
  const blocks: Block[] = [
    { kind: 'heading', text: words.time },
    timeTable(report, words),
    ...groupTables(report, words),
    { kind: 'heading', text: words.trend },
    trendTable(report, words),
    ...incidentBlocks(report, words),
    { kind: 'heading', text: words.worst },
    deviceTable(report, report.worstDevices, words),
    { kind: 'page-break' },
    { kind: 'heading', text: words.heatMap },
    ...picture(words.heatMapNote, (layout) => heatMapChart(report, words, layout)),
  ];
  const { listed, count } = report.outages;
  if (count > 0) {
    const shown = Math.min(MOST_OUTAGES, count);
    const unlisted = listed.length - shown;
    blocks.push(
      { kind: 'heading', text: words.outages(shown, count) },
      // A document that an earlier version froze has none.
      ...picture('', (layout) => outageChart(report, words, layout)),
      outageTable(report, words),
      ...(unlisted > 0 ? [{ kind: 'paragraph', text: words.moreRows(unlisted) } as const] : []),
    );
  }
  return [...blocks, ...noteBlocks(report, words), ...everyDevice(report, words)];
}

const MOST_DEVICES = 400;

/** Those that lost time first: they are the ones somebody looks for. */
function everyDevice(report: AvailabilityReport, words: DocumentWords): Block[] {
  const sorted = report.devices.toSorted((a, b) => b.service.usedMs - a.service.usedMs);
  const unlisted = sorted.length - MOST_DEVICES;
  const notes = [
    ...words.figureNotes,
    ...verdictNotes(report, words),
    ...(unlisted > 0 ? [words.moreRows(unlisted)] : []),
  ];
  return [
    { kind: 'page-break' },
    { kind: 'heading', text: words.byDevice },
    deviceTable(report, sorted.slice(0, MOST_DEVICES), words),
    { kind: 'list', items: notes },
  ];
}

function noteBlocks(report: AvailabilityReport, words: DocumentWords): Block[] {
  const amendments = amendmentNotes(report, words);
  const changes = changeNotes(report, words);
  const blocks: Block[] = [];
  if (amendments.length > 0) {
    blocks.push({ kind: 'heading', text: words.amendments }, { kind: 'list', items: amendments });
  }
  if (changes.length > 0) {
    blocks.push(
      { kind: 'heading', text: words.changes },
      { kind: 'paragraph', text: words.changesNote },
      { kind: 'list', items: changes },
    );
  }
  return blocks;
}
