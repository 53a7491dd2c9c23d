import { formatInstant } from '../../lib/time.ts';
import type { AvailabilityReport } from '../availability-report.ts';
import type { AvailabilityPair } from '../figures.ts';
import { LEDGER_STATES } from '../ledger.ts';
import type { FrozenMark } from '../report-notes.ts';
import { type Cell, renderCell } from './csv-cell.ts';
import { MORE_TABLES } from './csv-tables.ts';
import { namesOfSubjects } from './subject-names.ts';

/** The rows of a report that a spreadsheet can have: one table to a file. */
export const CSV_TABLES = [
  'devices',
  'groups',
  'outages',
  'incidents',
  'responses',
  'timelines',
  'burn',
  'amendments',
  'changes',
  'about',
] as const;
export type CsvTable = (typeof CSV_TABLES)[number];

/**
 * A table of a report as CSV (RFC 4180, CR LF, UTF-8 with a byte order mark, so that spreadsheets
 * read names right). Column names are English and stable; figures are the integers of the JSON form:
 * milliseconds and parts per million; instants RFC 3339 in UTC. Text that a spreadsheet would take
 * for a formula gets an apostrophe before it; numbers stay numbers. `about` tells what the report is
 * of and when, by whom and from what it was frozen; tables of figures carry the revision and the
 * numbers of the amendments that went into them.
 */
export function renderCsv(
  report: AvailabilityReport,
  table: CsvTable,
  frozen: FrozenMark | null = null,
): string {
  const rows = TABLES[table](report, frozen);
  return `\ufeff${rows.map((row) => `${row.map(renderCell).join(',')}\r\n`).join('')}`;
}

const PAIR_COLUMNS = [
  'service_ppm',
  'service_low_ppm',
  'service_high_ppm',
  'coverage_ppm',
  'service_verdict',
  'device_ppm',
  'device_verdict',
  'agreed_ms',
  'budget_ms',
  'used_ms',
  'left_ms',
  ...LEDGER_STATES.map((state) => `${state.replaceAll('-', '_')}_ms`),
  'proven_unknown_ms',
  'proven_unreachable_ms',
  'projected_used_ms',
];

/** At the end of every row of figures: which revision, and what was corrected in it. */
const MARK_COLUMNS = ['frozen_revision', 'amendments'];

function markCells({ amendments }: AvailabilityReport, frozen: FrozenMark | null): Cell[] {
  return [frozen?.revision ?? null, amendments.map(({ number }) => number).join(' ')];
}

function pairCells({ durations, proven, service, device }: AvailabilityPair): Cell[] {
  return [
    service.ratioPpm,
    service.lowPpm,
    service.highPpm,
    service.coveragePpm,
    service.verdict,
    device.ratioPpm,
    device.verdict,
    service.agreedMs,
    service.budgetMs,
    service.usedMs,
    service.leftMs,
    ...LEDGER_STATES.map((state) => durations[state]),
    proven.unknown,
    proven.unreachable,
    service.projectedUsedMs,
  ];
}

type Render = (report: AvailabilityReport, frozen: FrozenMark | null) => Cell[][];

const TABLES: Readonly<Record<CsvTable, Render>> = {
  ...MORE_TABLES,
  devices: (report, frozen) => [
    [
      ...['period', 'device', 'name', 'site', 'site_name', 'role', 'customers'],
      ...PAIR_COLUMNS,
      ...MARK_COLUMNS,
    ],
    ...report.devices.map(({ facts, ...pair }) => [
      report.period.name,
      facts.id,
      facts.name,
      facts.siteId,
      facts.siteName,
      facts.role,
      facts.customers,
      ...pairCells(pair),
      ...markCells(report, frozen),
    ]),
  ],
  groups: (report, frozen) => {
    const mark = markCells(report, frozen);
    const kinds = [
      ['fleet', [report.fleet]],
      ['site', report.sites],
      ['role', report.roles],
      ['tag', report.tags],
      ['power-feed', report.powerFeeds],
    ] as const;
    const rows = kinds.flatMap(([kind, groups]) =>
      groups.map(({ id, name, deviceCount, ...pair }) => {
        return [report.period.name, kind, id, name, deviceCount, ...pairCells(pair), ...mark];
      }),
    );
    const pairs = report.redundancyGroups.map(({ id, name, deviceIds, sharedSiteIds, ...pair }) => {
      const kind = sharedSiteIds.length === 0 ? 'redundancy' : 'shared-redundancy';
      const head = [report.period.name, kind, id, name, deviceIds.length];
      return [...head, ...pairCells(pair), ...mark];
    });
    return [
      ['period', 'kind', 'id', 'name', 'devices', ...PAIR_COLUMNS, ...MARK_COLUMNS],
      ...rows,
      ...pairs,
    ];
  },
  outages: ({ outages }) => [
    ['device', 'state', 'from', 'to', 'duration_ms'],
    ...outages.listed.map(({ deviceId, state, from, to }) => {
      return [deviceId, state, formatInstant(from), formatInstant(to), to - from];
    }),
    ...leftOut(outages.count - outages.listed.length),
  ],
  incidents: (report) => {
    const nameOf = namesOfSubjects(report);
    const instant = (at: number | null) => (at === null ? null : formatInstant(at));
    return [
      [
        ...['incident', 'tier', 'device', 'fault', 'because', 'started', 'opened'],
        ...['acknowledged', 'resolved', 'times_open', 'breaches'],
        ...['pages', 'pages_sent', 'pages_failed', 'breached_tiers'],
        ...['device_name', 'cause_elsewhere', 'cause_site', 'restored_ms'],
        ...['no_longer_watched', 'episode_tiers'],
      ],
      ...report.incidents.records.map((record) => [
        record.id,
        record.tier,
        record.deviceId,
        record.faultKind,
        record.because.en,
        instant(record.startedAt),
        instant(record.openedAt),
        instant(record.acknowledgedAt),
        record.isRemoved ? null : instant(record.resolvedAt),
        record.openCount,
        record.breachCount,
        record.pagesQueued,
        record.pagesSent,
        record.pagesFailed,
        record.breachedTiers.join(' '),
        nameOf(record.deviceId),
        record.rootElsewhere === undefined ? null : 'yes',
        record.rootElsewhere?.siteName ?? null,
        record.restoredMs ?? null,
        record.isRemoved ? instant(record.resolvedAt) : null,
        record.episodeTiers?.join(' ') ?? null,
      ]),
    ];
  },
  responses: ({ responses }) => [
    [
      ...['tier', 'in_time', 'breached', 'resolved_first', 'running', 'compliance_ppm'],
      ...['median_acknowledge_ms', 'p90_acknowledge_ms', 'never_acknowledged'],
    ],
    ...responses.tiers.map((tier) => [
      tier.tier,
      tier.acknowledgedInTime,
      tier.breached,
      tier.resolvedFirst,
      tier.running,
      tier.compliancePpm,
      tier.medianAcknowledgeMs,
      tier.p90AcknowledgeMs,
      tier.neverAcknowledged,
    ]),
  ],
};

/** The last row of a table that is not complete says so. */
function leftOut(count: number): Cell[][] {
  return count === 0 ? [] : [[`(${count} shorter ones are not listed)`, null, null, null, null]];
}
