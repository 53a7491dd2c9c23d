import { formatInstant } from '../../lib/time.ts';
import type { AvailabilityReport } from '../availability-report.ts';
import type { AvailabilityPair } from '../figures.ts';
import { LEDGER_STATES } from '../ledger.ts';

/** The rows of a report that a spreadsheet can have: one table to a file. */
export const CSV_TABLES = ['devices', 'groups', 'outages', 'incidents', 'responses'] as const;
export type CsvTable = (typeof CSV_TABLES)[number];

type Cell = string | number | null;

/**
 * A table of a report as CSV (RFC 4180, CR LF, UTF-8 with a byte order mark, so that spreadsheets
 * read names right). Column names are English and stable; figures are the integers of the JSON form:
 * milliseconds and parts per million; instants RFC 3339 in UTC. Text that a spreadsheet would take
 * for a formula gets an apostrophe before it; numbers stay numbers.
 */
export function renderCsv(report: AvailabilityReport, table: CsvTable): string {
  const rows = TABLES[table](report);
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
];

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
  ];
}

const TABLES: Readonly<Record<CsvTable, (report: AvailabilityReport) => Cell[][]>> = {
  devices: ({ period, devices }) => [
    ['period', 'device', 'name', 'site', 'site_name', 'role', 'customers', ...PAIR_COLUMNS],
    ...devices.map(({ facts, ...pair }) => [
      period.name,
      facts.id,
      facts.name,
      facts.siteId,
      facts.siteName,
      facts.role,
      facts.customers,
      ...pairCells(pair),
    ]),
  ],
  groups: (report) => {
    const kinds = [
      ['fleet', [report.fleet]],
      ['site', report.sites],
      ['role', report.roles],
      ['tag', report.tags],
      ['power-feed', report.powerFeeds],
    ] as const;
    const rows = kinds.flatMap(([kind, groups]) =>
      groups.map(({ id, name, deviceCount, ...pair }) => {
        return [report.period.name, kind, id, name, deviceCount, ...pairCells(pair)];
      }),
    );
    const pairs = report.redundancyGroups.map(({ id, name, deviceIds, ...pair }) => {
      return [report.period.name, 'redundancy', id, name, deviceIds.length, ...pairCells(pair)];
    });
    return [['period', 'kind', 'id', 'name', 'devices', ...PAIR_COLUMNS], ...rows, ...pairs];
  },
  outages: ({ outages }) => [
    ['device', 'state', 'from', 'to', 'duration_ms'],
    ...outages.longest.map(({ deviceId, state, from, to }) => {
      return [deviceId, state, formatInstant(from), formatInstant(to), to - from];
    }),
  ],
  incidents: ({ incidents }) => {
    const instant = (at: number | null) => (at === null ? null : formatInstant(at));
    return [
      [
        ...['incident', 'tier', 'device', 'fault', 'because', 'started', 'opened'],
        ...['acknowledged', 'resolved', 'times_open', 'breaches'],
        ...['pages', 'pages_sent', 'pages_failed'],
      ],
      ...incidents.records.map((record) => [
        record.id,
        record.tier,
        record.deviceId,
        record.faultKind,
        record.because.en,
        instant(record.startedAt),
        instant(record.openedAt),
        instant(record.acknowledgedAt),
        instant(record.resolvedAt),
        record.openCount,
        record.breachCount,
        record.pagesQueued,
        record.pagesSent,
        record.pagesFailed,
      ]),
    ];
  },
  responses: ({ responses }) => [
    [
      ...['tier', 'in_time', 'breached', 'never_acknowledged', 'running', 'compliance_ppm'],
      ...['median_acknowledge_ms', 'p90_acknowledge_ms'],
    ],
    ...responses.tiers.map((tier) => [
      tier.tier,
      tier.acknowledgedInTime,
      tier.breached,
      tier.neverAcknowledged,
      tier.running,
      tier.compliancePpm,
      tier.medianAcknowledgeMs,
      tier.p90AcknowledgeMs,
    ]),
  ],
};

/** What spreadsheets begin a formula with, their full-width forms included, also behind white space. */
const FORMULA = /^\s*[=+\-@\t\r|%\uff1d\uff0b\uff0d\uff20]/;

/** One cell: numbers bare, text quoted where needed and made harmless. */
export function renderCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const harmless = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
