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
  numberNamings,
  STATE_LOOKS,
  UNKNOWN,
  worseAbove,
  worseBelow,
} from './palette.ts';
import { A_BAR_A_DAY, barsPanel, linesPanel, numberPanel, tablePanel } from './panels.ts';
import {
  CHOSEN_SITES,
  CHOSEN_WINDOW,
  floored,
  increaseByStep,
  is,
  leastByStep,
  type Matcher,
  matches,
  select,
} from './query.ts';
import type { Words } from './words/words.ts';

const { availability, budget, budgetRemaining, coverage, objective } = REPORT_METRICS;
const { siteStateSeconds, verdict, verdictOfPart } = REPORT_METRICS;

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
  return numberNamings(words.uptimeBoard.verdicts, {
    ...{ 0: GOOD, 1: GOOD, 2: UNKNOWN, 3: UNKNOWN, 4: BAD, 5: BAD },
  });
}

/** The verdict and whether it is of the known part alone, as one number: what is worse is more. */
function qualified(verdicts: string, ofPart: string): string {
  return `2 * ${verdicts} + ${ofPart}`;
}

function fleetVerdict(words: Words): Panel {
  return numberPanel(words, words.uptimeBoard.verdict, {
    width: 4,
    questions: [
      now(
        qualified(
          `max(${select(verdict, ...FLEET, CHOSEN_WINDOW)})`,
          `max(${select(verdictOfPart, ...FLEET, CHOSEN_WINDOW)})`,
        ),
      ),
    ],
    namings: verdictNamings(words),
  });
}

function fleetAvailability(words: Words): Panel {
  const { bounds } = words.uptimeBoard;
  return numberPanel(words, words.uptimeBoard.availability, {
    width: 8,
    paint: 'text',
    questions: (['low', 'best', 'high'] as const).map((bound) =>
      now(
        floored(`max(${select(availability, ...FLEET, CHOSEN_WINDOW, is('bound', bound))})`),
        bounds[bound],
      ),
    ),
    unit: 'ratio',
    decimals: 3,
    levels: [{ from: null, colour: NEUTRAL }],
  });
}

function promise(words: Words): Panel {
  return numberPanel(words, words.uptimeBoard.objective, {
    width: 3,
    paint: 'text',
    questions: [now(`max(${select(objective, ...FLEET)})`)],
    unit: 'ratio',
    decimals: 3,
  });
}

function fleetCoverage(words: Words): Panel {
  return numberPanel(words, words.uptimeBoard.coverage, {
    width: 3,
    paint: 'text',
    questions: [now(floored(`min(${select(coverage, ...FLEET, CHOSEN_WINDOW)})`))],
    unit: 'ratio',
    decimals: 3,
  });
}

function fleetBudget(words: Words): Panel {
  return numberPanel(words, words.uptimeBoard.budget, {
    width: 3,
    questions: [now(`min(${select(budgetRemaining, ...FLEET, CHOSEN_WINDOW)})`)],
    unit: 'duration',
    levels: worseBelow(600, 0),
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
  return numberPanel(words, words.uptimeBoard.burn, {
    width: 9,
    questions: [
      now(burnOver('1h'), lastHour),
      now(burnOver('6h'), lastQuarterDay),
      now(burnOver('3d'), lastThreeDays),
    ],
    decimals: 1,
    levels: worseAbove(1, 6),
    expectData: 'may-be-empty',
  });
}

function burnDown(words: Words): Panel {
  return linesPanel(words, words.uptimeBoard.burnDown, {
    width: 15,
    questions: [
      history(
        `min by (id) (${leastByStep(select(budgetRemaining, ...SITES, CHOSEN_WINDOW))})`,
        '{{id}}',
      ),
    ],
    unit: 'duration',
    isSigned: true,
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
  return tablePanel(words, words.uptimeBoard.sites, {
    width: 24,
    joinOn: 'site',
    columns: [
      labelColumn('site', columns.site, { link: siteLink(words) }),
      valueColumn(0, columns.verdict, { width: 260, namings: verdictNamings(words) }),
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
    questions: [
      now(
        qualified(
          bySite(select(verdict, ...SITES, CHOSEN_WINDOW)),
          bySite(select(verdictOfPart, ...SITES, CHOSEN_WINDOW)),
        ),
      ),
      bound('low'),
      bound('best'),
      now(floored(bySite(select(coverage, ...SITES, CHOSEN_WINDOW)))),
      now(bySite(select(budgetRemaining, ...SITES, CHOSEN_WINDOW))),
    ],
  });
}

/** What the report takes from the budget is the bad time itself, whatever Prometheus has kept of it. */
function longestOutages(words: Words): Panel {
  const ofDevices = [is('scope', 'device'), CHOSEN_WINDOW] as const;
  const used = `${select(budget, ...ofDevices)} - ${select(budgetRemaining, ...ofDevices)}`;
  const byDevice = `max by (device) (label_replace(${used} > 0, "device", "$1", "id", "(.*)"))`;
  const atSites = `and on (device) ${select(ALERTING_METRICS.deviceState, CHOSEN_SITES)}`;
  return barsPanel(words, words.uptimeBoard.worst, {
    width: 12,
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
  return linesPanel(words, words.uptimeBoard.days, {
    width: 12,
    style: 'columns',
    questions: STATES_OF_A_DAY.map((state) => {
      const { symbol, colour } = STATE_LOOKS[state];
      const seconds = select(siteStateSeconds, CHOSEN_SITES, is('state', state));
      return history(`sum(${increaseByStep(seconds)})`, `${symbol} ${words.states[state]}`, colour);
    }),
    unit: 'duration',
    step: '1h',
    mostPoints: A_BAR_A_DAY,
  });
}
