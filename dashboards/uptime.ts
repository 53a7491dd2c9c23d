import { ALERTING_METRICS } from '../alerting/metrics.ts';
import { REPORT_METRICS } from '../reports/metrics.ts';
import type { Naming } from './board.ts';
import {
  type Board,
  board,
  history,
  labelColumn,
  now,
  type Panel,
  panel,
  row,
  valueColumn,
} from './board.ts';
import { dataAge } from './data-age.ts';
import { seriesDeviceLink, siteLink } from './links.ts';
import {
  BAD,
  type DeviceStateName,
  GOOD,
  NEUTRAL,
  noDataNaming,
  numberNamings,
  STATE_LOOKS,
  UNKNOWN,
  worseAbove,
  worseBelow,
} from './palette.ts';
import {
  CHOSEN_SITES,
  CHOSEN_WINDOW,
  floored,
  is,
  type Matcher,
  matches,
  select,
} from './query.ts';
import type { Words } from './words/words.ts';

const { availability, budget, budgetRemaining, coverage, objective } = REPORT_METRICS;
const { siteStateSeconds, verdict } = REPORT_METRICS;

/** Whether the promise is kept in the running window; the figures are those of the report. */
export function uptimeBoard(words: Words): Board {
  const { rows, title, description } = words.uptimeBoard;
  return board({
    uid: 'threenines-uptime',
    title,
    description,
    from: 'now/M',
    refresh: '5m',
    choices: ['sites', 'window'],
    rows: [
      row(
        5,
        [
          fleetVerdict(words),
          fleetAvailability(words),
          promise(words),
          fleetCoverage(words),
          fleetBudget(words),
          dataAge(words, 3),
        ],
        rows.fleet,
      ),
      row(8, [burnRate(words), burnDown(words)]),
      row(9, [siteTable(words)], rows.sites),
      row(10, [longestOutages(words), stateTimePerDay(words)], rows.devices),
    ],
  });
}

const FLEET: readonly Matcher[] = [is('scope', 'fleet'), is('id', 'all')];
const SITES: readonly Matcher[] = [is('scope', 'site'), matches('id', '$site')];

function verdictNamings(words: Words): Naming[] {
  return numberNamings(words.uptimeBoard.verdicts, { 0: GOOD, 1: UNKNOWN, 2: BAD });
}

function fleetVerdict(words: Words): Panel {
  return panel(words.uptimeBoard.verdict, {
    width: 4,
    view: { kind: 'number', paint: 'background' },
    questions: [now(`max(${select(verdict, ...FLEET, CHOSEN_WINDOW)})`)],
    namings: [...verdictNamings(words), noDataNaming(words)],
    noData: words.noData,
    expectData: 'always',
  });
}

function fleetAvailability(words: Words): Panel {
  const { bounds } = words.uptimeBoard;
  return panel(words.uptimeBoard.availability, {
    width: 8,
    view: { kind: 'number', paint: 'text' },
    questions: (['low', 'best', 'high'] as const).map((bound) =>
      now(
        floored(`max(${select(availability, ...FLEET, CHOSEN_WINDOW, is('bound', bound))})`),
        bounds[bound],
      ),
    ),
    unit: 'ratio',
    decimals: 3,
    levels: [{ from: null, colour: NEUTRAL }],
    namings: [noDataNaming(words)],
    noData: words.noData,
    expectData: 'always',
  });
}

function promise(words: Words): Panel {
  return panel(words.uptimeBoard.objective, {
    width: 3,
    view: { kind: 'number', paint: 'text' },
    questions: [now(`max(${select(objective, ...FLEET)})`)],
    unit: 'ratio',
    decimals: 3,
    namings: [noDataNaming(words)],
    noData: words.noData,
    expectData: 'always',
  });
}

function fleetCoverage(words: Words): Panel {
  return panel(words.uptimeBoard.coverage, {
    width: 3,
    view: { kind: 'number', paint: 'text' },
    questions: [now(floored(`min(${select(coverage, ...FLEET, CHOSEN_WINDOW)})`))],
    unit: 'ratio',
    decimals: 3,
    namings: [noDataNaming(words)],
    noData: words.noData,
    expectData: 'always',
  });
}

function fleetBudget(words: Words): Panel {
  return panel(words.uptimeBoard.budget, {
    width: 3,
    view: { kind: 'number', paint: 'background' },
    questions: [now(`min(${select(budgetRemaining, ...FLEET, CHOSEN_WINDOW)})`)],
    unit: 'duration',
    levels: worseBelow(600, 0),
    namings: [noDataNaming(words)],
    noData: words.noData,
    expectData: 'always',
  });
}

/** How many times faster than allowed the budget of the chosen sites was used in the last `window`. */
function burnOver(window: string): string {
  const increase = (states: string) =>
    `sum(increase(${select(siteStateSeconds, CHOSEN_SITES, matches('state', states))}[${window}]))`;
  const badShare = `${increase('down|unreachable')} / (${increase('up|degraded|down|unreachable')} > 0)`;
  return `(${badShare}) / (1 - max(${select(objective, ...FLEET)}))`;
}

function burnRate(words: Words): Panel {
  const { lastHour, lastQuarterDay, lastThreeDays } = words.uptimeBoard;
  return panel(words.uptimeBoard.burn, {
    width: 9,
    view: { kind: 'number', paint: 'background' },
    questions: [
      now(burnOver('1h'), lastHour),
      now(burnOver('6h'), lastQuarterDay),
      now(burnOver('3d'), lastThreeDays),
    ],
    decimals: 1,
    levels: worseAbove(1, 6),
    namings: [noDataNaming(words)],
    noData: words.noData,
    expectData: 'may-be-empty',
  });
}

function burnDown(words: Words): Panel {
  return panel(words.uptimeBoard.burnDown, {
    width: 15,
    view: { kind: 'lines', style: 'line' },
    questions: [
      history(`min by (id) (${select(budgetRemaining, ...SITES, CHOSEN_WINDOW)})`, '{{id}}'),
    ],
    unit: 'duration',
    noData: words.noData,
    expectData: 'always',
  });
}

function siteTable(words: Words): Panel {
  const { columns } = words;
  // The column that is joined on is called site, so that its link finds it.
  const bySite = (series: string) =>
    `max by (site) (label_replace(${series}, "site", "$1", "id", "(.*)"))`;
  const bound = (name: string) =>
    now(floored(bySite(select(availability, ...SITES, CHOSEN_WINDOW, is('bound', name)))));
  const exact = { width: 140, unit: 'ratio', decimals: 3 } as const;
  return panel(words.uptimeBoard.sites, {
    width: 24,
    view: {
      kind: 'table',
      joinOn: 'site',
      columns: [
        labelColumn('site', columns.site, { link: siteLink(words) }),
        valueColumn(0, columns.verdict, { width: 160, namings: verdictNamings(words) }),
        valueColumn(1, columns.low, exact),
        valueColumn(2, columns.best, exact),
        valueColumn(3, columns.coverage, exact),
        valueColumn(4, columns.budget, {
          width: 160,
          unit: 'duration',
          levels: worseBelow(600, 0),
        }),
      ],
      sortBy: [{ title: columns.verdict, descending: true }],
    },
    questions: [
      now(bySite(select(verdict, ...SITES, CHOSEN_WINDOW))),
      bound('low'),
      bound('best'),
      now(floored(bySite(select(coverage, ...SITES, CHOSEN_WINDOW)))),
      now(bySite(select(budgetRemaining, ...SITES, CHOSEN_WINDOW))),
    ],
    noData: words.noData,
    expectData: 'always',
  });
}

/** What the report takes from the budget is the bad time itself, whatever Prometheus has kept of it. */
function longestOutages(words: Words): Panel {
  const ofDevices = [is('scope', 'device'), CHOSEN_WINDOW] as const;
  const used = `${select(budget, ...ofDevices)} - ${select(budgetRemaining, ...ofDevices)}`;
  const byDevice = `max by (device) (label_replace(${used} > 0, "device", "$1", "id", "(.*)"))`;
  const atSites = `and on (device) ${select(ALERTING_METRICS.deviceState, CHOSEN_SITES)}`;
  return panel(words.uptimeBoard.worst, {
    width: 12,
    view: { kind: 'bars', max: null },
    questions: [now(`topk(20, ${byDevice} ${atSites})`, '{{device}}')],
    unit: 'duration',
    levels: [{ from: null, colour: BAD }],
    noData: words.uptimeBoard.noOutage,
    link: seriesDeviceLink(words),
    expectData: 'may-be-empty',
  });
}

const STATES_OF_A_DAY: readonly DeviceStateName[] = [
  'up',
  'degraded',
  'maintenance',
  'unknown',
  'unreachable',
  'down',
];

function stateTimePerDay(words: Words): Panel {
  return panel(words.uptimeBoard.days, {
    width: 12,
    view: { kind: 'lines', style: 'columns' },
    questions: STATES_OF_A_DAY.map((state) => {
      const { symbol, colour } = STATE_LOOKS[state];
      const seconds = select(siteStateSeconds, CHOSEN_SITES, is('state', state));
      return history(`sum(increase(${seconds}[1d]))`, `${symbol} ${words.states[state]}`, colour);
    }),
    unit: 'duration',
    step: '1d',
    noData: words.noData,
    expectData: 'may-be-empty',
  });
}
