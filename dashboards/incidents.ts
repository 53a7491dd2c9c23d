import { ALERTING_METRICS, ALERTING_SELF_METRICS, INCIDENT_STAGES } from '../alerting/metrics.ts';
import { SENDER_METRICS } from '../alerting/sender-metrics.ts';
import { TIERS } from '../config/model.ts';
import type { MetricDef } from '../lib/metric-def.ts';
import {
  type Board,
  board,
  history,
  labelColumn,
  type Naming,
  now,
  type Panel,
  type Question,
  row,
  valueColumn,
} from './board.ts';
import { dataAge } from './data-age.ts';
import { titleLabel } from './incident-columns.ts';
import { deviceBoardLink, incidentLink, SITE_OF_ROW, siteLink } from './links.ts';
import {
  BAD,
  GOOD,
  NEUTRAL,
  noDataNaming,
  TIER_COLOURS,
  tierNamings,
  worseAbove,
  worseBelow,
} from './palette.ts';
import { A_BAR_A_DAY, barsPanel, linesPanel, numberPanel, tablePanel } from './panels.ts';
import {
  CHOSEN_SITES,
  increaseByStep,
  inWords,
  is,
  isNot,
  type Matcher,
  mostByStep,
  NOTHING_MEASURED,
  quantile,
  select,
  share,
} from './query.ts';
import type { Words } from './words/words.ts';

const { incidents, incidentInfo, incidentClockStart, incidentDeadline } = ALERTING_METRICS;
const { outboxPages, outboxOldestAge } = ALERTING_METRICS;
const { responses, ackDuration, restoreDuration } = ALERTING_SELF_METRICS;
const { pages, deliveryDuration } = SENDER_METRICS;

/** Whether incidents are answered in time and pages arrive. */
export function incidentsBoard(words: Words): Board {
  const { rows } = words.incidents;
  return board({
    uid: 'threenines-incidents',
    title: words.incidents.title,
    description: words.incidents.description,
    from: 'now-7d',
    refresh: '30s',
    choices: ['sites'],
    rows: [
      row(8, [runningClocks(words), incidentsByStage(words), dataAge(words, 3)], rows.now),
      row(6, [answeredInTime(words), breachesPerDay(words)], rows.response),
      row(7, [
        duration(words, 'timeToAcknowledge', ackDuration),
        duration(words, 'timeToRestore', restoreDuration),
      ]),
      row(7, [openOverTime(words), bySite(words), byRule(words)], rows.where),
      row(
        6,
        [oldestPage(words), pagesByState(words), pagesByResult(words), deliveryTime(words)],
        rows.pages,
      ),
    ],
  });
}

function runningClocks(words: Words): Panel {
  const { columns } = words;
  const chosen = select(incidentInfo, CHOSEN_SITES);
  const started = `max by (incident) (${select(incidentClockStart)} and on (incident) ${chosen})`;
  const deadline = `max by (incident) (${select(incidentDeadline)} and on (incident) ${chosen})`;
  const labels = `incident, tier, ${titleLabel(words)}, site, device, rule`;
  return tablePanel(words, words.incidents.clocks, {
    width: 16,
    joinOn: 'incident',
    columns: [
      labelColumn('tier', columns.tier, { width: 130, namings: tierNamings(words) }),
      valueColumn(1, columns.left, {
        width: 140,
        unit: 'duration',
        levels: worseBelow(450, 180),
      }),
      valueColumn(2, columns.used, {
        width: 110,
        unit: 'ratio',
        levels: worseAbove(0.5, 0.8),
      }),
      labelColumn(titleLabel(words), columns.title),
      labelColumn('site', columns.site, { width: 110, link: siteLink(words) }),
      labelColumn('device', columns.device, {
        width: 110,
        link: deviceBoardLink(words, 'device', SITE_OF_ROW),
      }),
      labelColumn('rule', columns.rule, { width: 150 }),
      labelColumn('incident', columns.incident, { width: 110, link: incidentLink(words) }),
    ],
    sortBy: [{ title: columns.left, descending: false }],
    questions: [
      now(`max by (${labels}) (${chosen} and on (incident) ${select(incidentDeadline)})`),
      now(`${deadline} - time()`),
      now(`(time() - ${started}) / (${deadline} - ${started})`),
    ],
    noData: words.incidents.noClocks,
    expectData: 'during-incident',
  });
}

function incidentsByStage(words: Words): Panel {
  return barsPanel(words, words.incidents.stages, {
    width: 5,
    questions: INCIDENT_STAGES.map((stage) =>
      now(countAtChosenSites(is('stage', stage)), words.stages[stage]),
    ),
    levels: [{ from: null, colour: NEUTRAL }],
  });
}

/** A site without incidents has no series of its own: nought is shown while the service says any. */
function countAtChosenSites(...which: readonly Matcher[]): string {
  const all = `sum(${select(incidents, ...which)}) * 0`;
  return `sum(${select(incidents, ...which, CHOSEN_SITES)}) or ${all}`;
}

function answeredInTime(words: Words): Panel {
  return numberPanel(words, words.incidents.compliance, {
    width: 10,
    questions: TIERS.map((tier) => {
      const ended = select(responses, is('tier', String(tier)));
      const inTime = select(responses, is('tier', String(tier)), is('result', 'met'));
      return now(
        share(`sum(increase(${inTime}[$__range]))`, `sum(increase(${ended}[$__range]))`),
        words.tiers[tier],
      );
    }),
    unit: 'ratio',
    levels: [
      { from: null, colour: BAD },
      { from: 1, colour: GOOD },
    ],
    namings: [nothingMeasured(words.incidents.nothingToAnswer)],
  });
}

function nothingMeasured(text: string): Naming {
  return { kind: 'value', value: String(NOTHING_MEASURED), text, colour: NEUTRAL };
}

function breachesPerDay(words: Words): Panel {
  return linesPanel(words, words.incidents.breaches, {
    width: 14,
    style: 'columns',
    questions: eachTier(words, (tier) => {
      const breached = select(responses, is('tier', tier), is('result', 'breached'));
      return `sum(${increaseByStep(breached)})`;
    }),
    step: '1h',
    mostPoints: A_BAR_A_DAY,
  });
}

/** One question over the range for each tier, in the tier's colour. */
function eachTier(words: Words, ask: (tier: string) => string): Question[] {
  return TIERS.map((tier) => history(ask(String(tier)), words.tiers[tier], TIER_COLOURS[tier]));
}

function duration(
  words: Words,
  name: 'timeToAcknowledge' | 'timeToRestore',
  metric: MetricDef,
): Panel {
  return barsPanel(words, words.incidents[name], {
    width: 12,
    questions: [
      now(quantile(0.5, metric, 'tier', '$__range'), `{{tier}} · ${words.incidents.half}`),
      now(quantile(0.9, metric, 'tier', '$__range'), `{{tier}} · ${words.incidents.ninth}`),
    ],
    unit: 'duration',
    levels: [{ from: null, colour: NEUTRAL }],
    namings: [nothingMeasured(words.incidents.nothingToAnswer), noDataNaming(words)],
  });
}

function openOverTime(words: Words): Panel {
  return linesPanel(words, words.incidents.overTime, {
    width: 10,
    style: 'stack',
    questions: eachTier(words, (tier) =>
      mostByStep(countAtChosenSites(is('tier', tier), isNot('stage', 'restored'))),
    ),
  });
}

function bySite(words: Words): Panel {
  return barsPanel(words, words.incidents.bySite, {
    width: 7,
    questions: [
      now(`topk(10, count by (site) (${select(incidentInfo, CHOSEN_SITES)}))`, '{{site}}'),
    ],
    levels: [{ from: null, colour: NEUTRAL }],
    noData: words.noc.noIncidents,
    expectData: 'during-incident',
  });
}

function byRule(words: Words): Panel {
  return barsPanel(words, words.incidents.byRule, {
    width: 7,
    questions: [
      now(`topk(10, count by (rule) (${select(incidentInfo, CHOSEN_SITES)}))`, '{{rule}}'),
    ],
    levels: [{ from: null, colour: NEUTRAL }],
    noData: words.noc.noIncidents,
    expectData: 'during-incident',
  });
}

function oldestPage(words: Words): Panel {
  return numberPanel(words, words.incidents.outboxAge, {
    width: 4,
    questions: [now(`max(${select(outboxOldestAge)})`)],
    unit: 'duration',
    levels: worseAbove(15, 60),
  });
}

function pagesByState(words: Words): Panel {
  return barsPanel(words, words.incidents.outbox, {
    width: 6,
    questions: [
      now(
        inWords(`sum by (state) (${select(outboxPages)})`, 'state', words.legends.pageStates),
        '{{state}}',
      ),
    ],
    levels: [{ from: null, colour: NEUTRAL }],
  });
}

function pagesByResult(words: Words): Panel {
  return linesPanel(words, words.incidents.delivery, {
    width: 8,
    style: 'columns',
    questions: [
      history(
        inWords(
          `sum by (channel, result) (${increaseByStep(select(pages))})`,
          'result',
          words.legends.pageResults,
        ),
        '{{channel}} · {{result}}',
      ),
    ],
    step: '5m',
    expectData: 'during-incident',
  });
}

function deliveryTime(words: Words): Panel {
  return barsPanel(words, words.incidents.deliveryTime, {
    width: 6,
    questions: [now(quantile(0.95, deliveryDuration, 'channel', '$__range'), '{{channel}}')],
    unit: 'duration',
    levels: worseAbove(30, 60),
    namings: [nothingMeasured(words.incidents.nothingSent), noDataNaming(words)],
    expectData: 'may-be-empty',
  });
}
