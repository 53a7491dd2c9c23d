import { cleanText } from '../../lib/device-text.ts';
import type { DurationMs, EpochMs } from '../../lib/time.ts';
import { formatPpm } from '../availability.ts';
import type { AvailabilityReport } from '../availability-report.ts';
import { formatLost, formatSpan, formatZoned } from '../format-time.ts';
import { openMs } from '../incident-episodes.ts';
import type { IncidentRecord } from '../incident-records.ts';
import type { TimeFigures } from '../time-figures.ts';
import { type Block, numberColumn, textColumn } from './content.ts';
import { causeOf, namesOfSubjects } from './subject-names.ts';
import type { DocumentWords } from './words.ts';

const MOST_BREACHES = 30;
const MOST_INCIDENTS = 60;
const LONGEST_TEXT = 160;

/** Response per tier, times, pages, each breach with its timeline, incidents, repeat offenders. */
export function incidentBlocks(report: AvailabilityReport, words: DocumentWords): Block[] {
  const { incidents } = report;
  const { queued, sent, failed, cancelled, perIncidentCenti } = incidents.pages;
  const pages = [words.pageLine(queued, sent, failed, cancelled)];
  if (perIncidentCenti !== null) pages.push(words.perIncident((perIncidentCenti / 100).toFixed(2)));
  return [
    { kind: 'heading', text: words.responses },
    responseTable(report, words),
    { kind: 'paragraph', text: words.responseNote },
    timesTable(report, words),
    { kind: 'heading', text: words.pages },
    { kind: 'paragraph', text: pages.join(' ') },
    ...breaches(report, words),
    ...offenders(report, words),
    ...incidentTable(report, words),
  ];
}

function responseTable({ responses }: AvailabilityReport, words: DocumentWords): Block {
  const span = (ms: DurationMs | null) => (ms === null ? '–' : formatSpan(ms, words));
  return {
    kind: 'table',
    columns: [
      textColumn(words.tier),
      numberColumn(words.compliance),
      numberColumn(words.inTime),
      numberColumn(words.breached),
      numberColumn(words.resolvedFirst, 1.2),
      numberColumn(words.running),
      numberColumn(words.neverAcknowledged, 1.4),
      numberColumn(words.median),
      numberColumn(words.p90),
    ],
    rows: responses.tiers.map((tier) => [
      words.tiers[tier.tier],
      formatPpm(tier.compliancePpm),
      String(tier.acknowledgedInTime),
      String(tier.breached),
      String(tier.resolvedFirst),
      String(tier.running),
      String(tier.neverAcknowledged ?? '–'),
      span(tier.medianAcknowledgeMs),
      span(tier.p90AcknowledgeMs),
    ]),
  };
}

function timesTable({ incidents }: AvailabilityReport, words: DocumentWords): Block {
  const span = (ms: DurationMs | null) => (ms === null ? '–' : formatSpan(ms, words));
  const row = (label: string, { count, meanMs, medianMs, p90Ms }: TimeFigures) => [
    label,
    String(count),
    ...[meanMs, medianMs, p90Ms].map(span),
  ];
  return {
    kind: 'table',
    columns: [
      textColumn(words.times, 3),
      numberColumn(words.count, 0.8),
      numberColumn(words.mean),
      numberColumn(words.median),
      numberColumn(words.p90),
    ],
    rows: [
      row(words.toAcknowledge, incidents.acknowledge),
      row(words.toResolve, incidents.resolve),
      [words.clocksNeverAcknowledged, String(incidents.neverAcknowledgedCount), '', '', ''],
    ],
  };
}

function breaches(report: AvailabilityReport, words: DocumentWords): Block[] {
  const { incidents, period } = report;
  const breached = incidents.records.filter(({ breachCount }) => breachCount > 0);
  const nameOf = namesOfSubjects(report);
  const shown = breached
    .toSorted((a, b) => a.tier - b.tier || a.openedAt - b.openedAt)
    .slice(0, MOST_BREACHES);
  const heading: Block = { kind: 'heading', text: `${words.breaches} (${breached.length})` };
  if (shown.length === 0) return [heading, { kind: 'paragraph', text: words.noBreach }];
  const unlisted = breached.length - shown.length;
  return [
    heading,
    ...shown.flatMap((record): Block[] => [
      { kind: 'paragraph', text: describe(record, nameOf, words) },
      { kind: 'list', items: timelineOf(record, period.timeZone, words) },
    ]),
    ...(unlisted > 0 ? [{ kind: 'paragraph', text: words.moreRows(unlisted) } as const] : []),
  ];
}

function describe(
  record: IncidentRecord,
  nameOf: (subjectId: string) => string,
  words: DocumentWords,
): string {
  const { id, because } = record;
  const cause = causeOf(record, nameOf, words);
  const text = `${id} · ${tierOf(record, words)} · ${cause}${words.colon}${because[words.language]}`;
  return cleanText(text, LONGEST_TEXT);
}

/** The tier, and of an incident that came back with others that of each time. */
function tierOf({ tier, episodeTiers = [] }: IncidentRecord, words: DocumentWords): string {
  const name = words.tiers[tier];
  return episodeTiers.every((each) => each === tier)
    ? name
    : name + words.inBrackets(words.eachTime(episodeTiers.join(' → ')));
}

function timelineOf(
  { timeline }: IncidentRecord,
  timeZone: string,
  words: DocumentWords,
): string[] {
  return (timeline ?? []).map(({ at, what, detail }) =>
    cleanText(`${formatZoned(at, timeZone)}  ${words.timeline[what]} ${detail}`, LONGEST_TEXT),
  );
}

function offenders(report: AvailabilityReport, words: DocumentWords): Block[] {
  const { incidents, devices } = report;
  const nameOf = namesOfSubjects(report);
  if (incidents.repeatOffenders.length === 0) return [];
  const known = new Map(devices.map((device) => [device.facts.id, device]));
  return [
    {
      kind: 'heading',
      text: words.offendersOf(incidents.repeatOffenders.length, incidents.repeatOffenderCount),
    },
    {
      kind: 'table',
      columns: [
        textColumn(words.device),
        numberColumn(words.incidentCount),
        numberColumn(words.breached),
        numberColumn(words.lost),
      ],
      rows: incidents.repeatOffenders.map(({ deviceId, incidentCount, breachCount }) => {
        const device = known.get(deviceId);
        return [
          cleanText(nameOf(deviceId), LONGEST_TEXT),
          String(incidentCount),
          String(breachCount),
          device === undefined ? '–' : formatLost(device.service.usedMs, words),
        ];
      }),
    },
  ];
}

function incidentTable(report: AvailabilityReport, words: DocumentWords): Block[] {
  const { incidents, period } = report;
  const nameOf = namesOfSubjects(report);
  const instant = (at: EpochMs | null) => (at === null ? '–' : formatZoned(at, period.timeZone));
  const after = (at: EpochMs | null, from: EpochMs) =>
    at === null ? '–' : formatSpan(Math.max(0, at - from), words);
  const shown = incidents.records
    .toSorted((a, b) => a.tier - b.tier || a.openedAt - b.openedAt)
    .slice(0, MOST_INCIDENTS);
  if (shown.length === 0) return [];
  const unlisted = incidents.records.length - shown.length;
  return [
    { kind: 'heading', text: words.incidentList },
    {
      kind: 'table',
      columns: [
        textColumn('№', 1.1),
        textColumn(words.tier, 1.1),
        textColumn(words.device, 1.6),
        textColumn(words.cause, 3),
        textColumn(words.opened, 1.9),
        numberColumn(words.acknowledged, 1.1),
        numberColumn(words.resolved, 1.1),
      ],
      rows: shown.map((record) => [
        record.id,
        tierOf(record, words),
        causeOf(record, nameOf, words),
        cleanText(record.because[words.language], LONGEST_TEXT),
        instant(record.openedAt),
        after(record.acknowledgedAt, record.openedAt),
        record.isRemoved ? words.notWatched : after(openMs(record), 0),
      ]),
    },
    ...(unlisted > 0 ? [{ kind: 'paragraph', text: words.moreRows(unlisted) } as const] : []),
  ];
}
