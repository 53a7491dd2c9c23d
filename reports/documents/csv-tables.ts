import { formatInstant } from '../../lib/time.ts';
import type { AvailabilityReport } from '../availability-report.ts';
import type { FrozenMark } from '../report-notes.ts';
import type { Cell } from './csv-cell.ts';

type Render = (report: AvailabilityReport, frozen: FrozenMark | null) => Cell[][];

/** The tables beside those of devices, groups, outages, incidents and responses. */
export const MORE_TABLES = { timelines, burn, amendments, changes, about } satisfies Record<
  string,
  Render
>;

/** What happened in every incident whose timeline is kept, breaches among it. */
function timelines({ incidents }: AvailabilityReport): Cell[][] {
  return [
    ['incident', 'at', 'what', 'detail'],
    ...incidents.records.flatMap(({ id, timeline }) =>
      (timeline ?? []).map(({ at, what, detail }) => [id, formatInstant(at), what, detail]),
    ),
  ];
}

function burn({ burnRates }: AvailabilityReport): Cell[][] {
  return [
    ['scope', 'name', 'window_ms', 'counted_ms', 'rate_milli'],
    ...burnRates.flatMap(({ id, name, windows }) =>
      windows.map(({ windowMs, countedMs, rateMilli }) => {
        return [id, name, windowMs, countedMs, rateMilli];
      }),
    ),
  ];
}

function amendments(report: AvailabilityReport): Cell[][] {
  return [
    ['number', 'at', 'by', 'reason', 'devices', 'from', 'to', 'state'],
    ...report.amendments.map(({ number, at, by, reason, deviceIds, from, to, state }) => [
      ...[number, formatInstant(at), by, reason, deviceIds.join(' ')],
      ...[formatInstant(from), formatInstant(to), state],
    ]),
  ];
}

function changes({ ruleChanges }: AvailabilityReport): Cell[][] {
  const unlisted = ruleChanges.count - ruleChanges.listed.length;
  return [
    ['at', 'what', 'id', 'before', 'after', 'while_in'],
    ...ruleChanges.listed.map(({ at, what, id, before, after, whileIn }) => {
      return [formatInstant(at), what, id, before, after, whileIn ?? ''];
    }),
    ...(unlisted === 0
      ? []
      : [[`(${unlisted} later ones are not listed)`, null, null, null, null, null]]),
  ];
}

/** One row: what the report is of, the figure weighted by customers, and how it was frozen. */
function about(report: AvailabilityReport, frozen: FrozenMark | null): Cell[][] {
  const { period, customers } = report;
  return [
    [
      ...['period', 'time_zone', 'from', 'to', 'counted_to', 'site', 'target_ppm'],
      ...['customers', 'customers_ppm', 'customers_low_ppm', 'customers_high_ppm'],
      ...['customers_coverage_ppm', 'customers_verdict', 'lost_customer_minutes'],
      ...[
        'frozen_revision',
        'frozen_at',
        'frozen_by',
        'through_entry',
        'inputs_hash',
        'amendments',
      ],
      ...['known_since', 'measured_ms', 'whole_ms'],
    ],
    [
      ...[period.name, period.timeZone, formatInstant(period.from), formatInstant(period.to)],
      ...[formatInstant(report.countedTo), report.siteId, report.targetPpm],
      ...[customers?.customers ?? null, customers?.ratioPpm ?? null, customers?.lowPpm ?? null],
      ...[customers?.highPpm ?? null, customers?.coveragePpm ?? null, customers?.verdict ?? null],
      customers?.lostCustomerMinutes ?? null,
      ...[frozen?.revision ?? null, frozen === null ? null : formatInstant(frozen.frozenAt)],
      ...[frozen?.by ?? null, frozen?.throughSequence ?? null, frozen?.inputsHash ?? null],
      report.amendments.map(({ number }) => number).join(' '),
      ...knownCells(report),
    ],
  ];
}

/** Empty where the period is known as good as whole. */
function knownCells({ known }: AvailabilityReport): Cell[] {
  if (known === null) return [null, null, null];
  const { since, measuredMs, wholeMs } = known;
  return [since === null ? null : formatInstant(since), measuredMs, wholeMs];
}
