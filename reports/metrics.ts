import type { MetricDef } from '../lib/metric-def.ts';
import type { Verdict } from './availability.ts';

const SCOPE = ['scope', 'id'] as const;
const WINDOW = [...SCOPE, 'window'] as const;

/**
 * The promise as metrics. `scope` is fleet (id `all`), site or device; `window` the running calendar
 * month, quarter or year in the service's zone. All are the service figure of the report: time
 * behind a dead parent counts as down. Amendments are in reports alone, and a device that moved counts
 * with all its time at the site where it is now.
 */
export const REPORT_METRICS = {
  availability: {
    name: 'threenines_availability_ratio',
    type: 'gauge',
    help: 'Good time divided by measured time in the running calendar window; bound low counts unknown time as down, high as up, best leaves it out. Before amendments, which only reports count.',
    labels: [...WINDOW, 'bound'],
  },
  coverage: {
    name: 'threenines_coverage_ratio',
    type: 'gauge',
    help: 'Share of the agreed service time in the window that was measured.',
    labels: WINDOW,
  },
  objective: {
    name: 'threenines_objective_ratio',
    type: 'gauge',
    help: 'Availability that is promised.',
    labels: SCOPE,
  },
  budget: {
    name: 'threenines_error_budget_seconds',
    type: 'gauge',
    help: 'Bad time that the objective allows in the whole window, maintenance so far taken out.',
    labels: WINDOW,
  },
  budgetRemaining: {
    name: 'threenines_error_budget_remaining_seconds',
    type: 'gauge',
    help: 'Bad time still allowed in the window; negative when overdrawn.',
    labels: WINDOW,
  },
  verdict: {
    name: 'threenines_objective_verdict',
    type: 'gauge',
    help: 'Verdict on the window so far: 0 met, 1 not proven, 2 missed.',
    labels: WINDOW,
  },
  verdictOfPart: {
    name: 'threenines_objective_verdict_of_known_part',
    type: 'gauge',
    help: '1 where the verdict is of the known part alone: less than half of the window so far was measured, or less than 95 % of what was there to be; else 0.',
    labels: WINDOW,
  },
  stateSeconds: {
    name: 'threenines_state_seconds_total',
    type: 'counter',
    help: 'Time booked per state since the service started; runs five minutes behind.',
    labels: ['device', 'site', 'role', 'state'],
  },
  siteStateSeconds: {
    name: 'threenines_site_state_seconds_total',
    type: 'counter',
    help: 'Time of all devices of the site together, booked per state since the service started; runs five minutes behind.',
    labels: ['site', 'state'],
  },
} as const satisfies Record<string, MetricDef>;

/** What becomes of reports that are mailed by themselves, since the last start. */
export const DELIVERY_METRICS = {
  deliveries: {
    name: 'threenines_report_deliveries_total',
    type: 'counter',
    help: 'Tries to mail a report to one recipient and how they ended: accepted, temporary (tried again) or permanent (left to a person).',
    labels: ['result'],
  },
  undelivered: {
    name: 'threenines_report_recipients_undelivered',
    type: 'gauge',
    help: 'Recipients whom a report does not reach without a person: refused for good, given up, or nobody got it for an hour.',
    labels: [],
  },
} as const satisfies Record<string, MetricDef>;

/** How verdicts are written in `objective_verdict`; higher is worse, so that `max` over scopes is right. */
export const VERDICT_VALUES: Readonly<Record<Verdict, number>> = {
  met: 0,
  'not-proven': 1,
  missed: 2,
};
