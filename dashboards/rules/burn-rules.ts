import { ALERTING_METRICS } from '../../alerting/metrics.ts';
import { REPORT_METRICS } from '../../reports/metrics.ts';
import { is, matches, select } from '../query.ts';
import type { AlertRule, RecordingRule } from './rule.ts';

const { objective, siteStateSeconds } = REPORT_METRICS;
const { siteOutageTold } = ALERTING_METRICS;

const WINDOWS = ['5m', '30m', '1h', '6h'] as const;
type Window = (typeof WINDOWS)[number];

/** Share of the device time of a site that was bad in the window; the unknown and maintenance are left out. */
const record = (window: Window) => `site:threenines_bad_time:ratio_${window}`;

function badShare(window: Window): string {
  const increase = (states: string) =>
    `sum by (site) (increase(${select(siteStateSeconds, matches('state', states))}[${window}]))`;
  return `${increase('down|unreachable')} / (${increase('up|degraded|down|unreachable')} > 0)`;
}

export const BURN_RECORDINGS: readonly RecordingRule[] = WINDOWS.map((window) => ({
  record: record(window),
  expr: badShare(window),
}));

const ALLOWED = `(1 - max(${select(objective, is('scope', 'fleet'))}))`;

/** So many ends and beginnings of trouble: at least three outages, which nobody takes for one. */
const SEVERAL = 5;

/**
 * Both windows must burn: the long one so that it matters, the short one so that it is still so. An
 * outage or two that an incident has told in that time is no news: whoever was paged for it is not
 * paged again for the budget that it took, even when it is over.
 */
function burning(factor: number, long: Window, short: Window): string {
  const burns = [long, short]
    .map((window) => `${record(window)} > on () group_left () (${factor} * ${ALLOWED})`)
    .join(' and on (site) ');
  const told = `${select(siteOutageTold)}[${long}]`;
  return `(${burns}) unless on (site) (max_over_time(${told}) == 1 and changes(${told}) < ${SEVERAL})`;
}

/**
 * Error budget of a site that goes too fast: the two usual pairs of windows. Device by device they
 * would say little: at 99.9 % a device that is down at all burns a thousand times too fast. They tell
 * what no single incident does, many short outages or none that was graded, and wake nobody: what
 * must is paged by its own incident.
 */
export const BURN_ALERTS: readonly AlertRule[] = [
  {
    alert: 'BudgetBurnsFast',
    expr: burning(14.4, '1h', '5m'),
    for: '2m',
    labels: { severity: 'warning' },
    annotations: {
      summary: 'Site {{ $labels.site }} uses its error budget over 14 times too fast.',
      description:
        'In the last hour {{ $value | humanizePercentage }} of its device time was down. At this pace a month’s budget is gone in two days.',
    },
  },
  {
    alert: 'BudgetBurnsSteadily',
    expr: burning(6, '6h', '30m'),
    for: '15m',
    labels: { severity: 'warning' },
    annotations: {
      summary: 'Site {{ $labels.site }} uses its error budget over 6 times too fast.',
      description:
        'In the last six hours {{ $value | humanizePercentage }} of its device time was down. At this pace a month’s budget is gone in five days.',
    },
  },
];
