import { ALERTING_METRICS, DEVICE_STATE_VALUES } from '../alerting/metrics.ts';
import { deviceMetric } from '../collector/metrics.ts';
import { REPORT_METRICS } from '../reports/metrics.ts';
import {
  type Board,
  board,
  history,
  historyBelow,
  labelColumn,
  now,
  type Panel,
  row,
  valueColumn,
} from './board.ts';
import { dataAge } from './data-age.ts';
import { incidentColumns, titleLabel } from './incident-columns.ts';
import { deviceBoardLink, SITE_OF_BOARD, toIncidents } from './links.ts';
import {
  BAD,
  colouredFromOne,
  GOOD,
  NEUTRAL,
  stateNamings,
  WARNING,
  worseAbove,
  worseBelow,
} from './palette.ts';
import { linesPanel, numberPanel, tablePanel, timelinePanel } from './panels.ts';
import { CHOSEN_SITE, floored, is, select, trafficBits } from './query.ts';
import { topology, worstPaths } from './site-paths.ts';
import type { Words } from './words/words.ts';

const { deviceState, incidentInfo, incidentOpened, incidentDeadline } = ALERTING_METRICS;
const { incidentAffects } = ALERTING_METRICS;
const THIS_MONTH = is('window', 'month');

/** One site: what is not up, how its devices are, what is left of its month. */
export function siteBoard(words: Words): Board {
  const { rows, title, description } = words.siteBoard;
  return board({
    uid: 'threenines-site',
    title,
    description,
    from: 'now-6h',
    refresh: '30s',
    choices: ['site'],
    rows: [
      row(4, [
        devicesUp(words),
        devicesNotUp(words),
        availability(words),
        budgetLeft(words),
        openHere(words),
        mains(words),
        dataAge(words, 3),
      ]),
      row(10, [deviceTable(words), deviceStates(words)], rows.devices),
      row(8, [busiestPorts(words), warmest(words)], rows.traffic),
      row(9, [topology(words), worstPaths(words)], rows.paths),
      row(7, [incidentTable(words)], rows.incidents),
    ],
  });
}

const here = select(deviceState, CHOSEN_SITE);

function devicesUp(words: Words): Panel {
  return numberPanel(words, words.siteBoard.up, {
    width: 4,
    paint: 'text',
    questions: [now(`sum(${here} == bool ${DEVICE_STATE_VALUES.up})`)],
    levels: [{ from: null, colour: GOOD }],
  });
}

function devicesNotUp(words: Words): Panel {
  return numberPanel(words, words.siteBoard.notUp, {
    width: 3,
    questions: [now(`sum(${here} >= bool ${DEVICE_STATE_VALUES.degraded})`)],
    levels: colouredFromOne(BAD),
  });
}

const ofSite = [is('scope', 'site'), is('id', '$site'), THIS_MONTH] as const;

function availability(words: Words): Panel {
  const low = select(REPORT_METRICS.availability, ...ofSite, is('bound', 'low'));
  return numberPanel(words, words.siteBoard.availability, {
    width: 4,
    paint: 'text',
    questions: [now(floored(`max(${low})`))],
    unit: 'ratio',
    decimals: 3,
    levels: [{ from: null, colour: NEUTRAL }],
  });
}

function budgetLeft(words: Words): Panel {
  return numberPanel(words, words.siteBoard.budget, {
    width: 4,
    questions: [now(`min(${select(REPORT_METRICS.budgetRemaining, ...ofSite)})`)],
    unit: 'duration',
    levels: worseBelow(600, 0),
  });
}

function openHere(words: Words): Panel {
  return numberPanel(words, words.siteBoard.open, {
    width: 3,
    questions: [now(`count(${openHereOrFeltHere()}) or sum(${here}) * 0`)],
    levels: colouredFromOne(WARNING),
    link: toIncidents(words),
  });
}

/** Open incidents whose cause is at the site, and those that have it elsewhere and are felt here. */
function openHereOrFeltHere(): string {
  const felt = `${select(incidentInfo)} and on (incident) ${select(incidentAffects, CHOSEN_SITE)}`;
  return `${select(incidentInfo, CHOSEN_SITE)} or ${felt}`;
}

function mains(words: Words): Panel {
  const { onMains, onBattery, noPower, battery } = words.siteBoard;
  return numberPanel(words, battery, {
    width: 3,
    questions: [now(`max(${select(deviceMetric('power_on_battery'), CHOSEN_SITE)})`)],
    namings: [
      { kind: 'value', value: '0', text: onMains, colour: GOOD },
      { kind: 'value', value: '1', text: onBattery, colour: BAD },
      { kind: 'nothing', text: noPower, colour: NEUTRAL },
    ],
    noData: noPower,
    expectData: 'may-be-empty',
  });
}

function deviceTable(words: Words): Panel {
  const { columns } = words;
  const of = (name: string) => select(deviceMetric(name), CHOSEN_SITE);
  return tablePanel(words, words.siteBoard.devices, {
    width: 15,
    joinOn: 'device',
    columns: [
      labelColumn('device', columns.device, {
        link: deviceBoardLink(words, 'device', SITE_OF_BOARD),
      }),
      labelColumn('role', columns.role, { width: 110 }),
      valueColumn(0, columns.state, { width: 130, namings: stateNamings(words) }),
      valueColumn(1, columns.lastAnswer, {
        width: 110,
        unit: 'duration',
        levels: worseAbove(120, 300),
      }),
      valueColumn(2, columns.cpu, { width: 95, unit: 'ratio', levels: worseAbove(0.8, 0.95) }),
      valueColumn(3, columns.memory, {
        width: 95,
        unit: 'ratio',
        levels: worseAbove(0.85, 0.95),
      }),
      valueColumn(4, columns.celsius, { width: 95, unit: 'celsius' }),
      valueColumn(5, columns.roundTrip, { width: 110, unit: 'seconds' }),
    ],
    sortBy: [{ title: columns.state, descending: true }],
    questions: [
      now(`max by (device, role) (${here})`),
      now(`max by (device) (${of('poll_age_seconds')})`),
      now(`max by (device) (${of('cpu_utilization_ratio')})`),
      now(`max by (device) (${of('memory_used_bytes')} / ${of('memory_size_bytes')})`),
      now(`max by (device) (${of('sensor_celsius')})`),
      now(`max by (device) (${of('probe_rtt_seconds')})`),
    ],
    expectData: 'may-be-empty',
  });
}

function deviceStates(words: Words): Panel {
  return timelinePanel(words, words.siteBoard.states, {
    width: 9,
    questions: [history(`max by (device) (${here})`, '{{device}}')],
    namings: stateNamings(words),
  });
}

function busiestPorts(words: Words): Panel {
  const { busiest, received, sent } = words.siteBoard;
  return linesPanel(words, busiest, {
    width: 14,
    questions: [
      history(
        `topk(5, sum by (device, if_name) (${trafficBits('receive', CHOSEN_SITE)}))`,
        `{{device}} {{if_name}} ${received}`,
      ),
      historyBelow(
        `topk(5, sum by (device, if_name) (${trafficBits('transmit', CHOSEN_SITE)}))`,
        `{{device}} {{if_name}} ${sent}`,
      ),
    ],
    unit: 'bits-per-second',
    expectData: 'may-be-empty',
  });
}

function warmest(words: Words): Panel {
  const celsius = select(deviceMetric('sensor_celsius'), CHOSEN_SITE);
  return linesPanel(words, words.siteBoard.temperature, {
    width: 10,
    questions: [history(`max by (device) (${celsius})`, '{{device}}')],
    unit: 'celsius',
    noData: words.siteBoard.noSensor,
    expectData: 'may-be-empty',
  });
}

function incidentTable(words: Words): Panel {
  const { columns } = words;
  const chosen = openHereOrFeltHere();
  const inTable = `and on (incident) (${chosen})`;
  return tablePanel(words, words.siteBoard.incidents, {
    width: 24,
    joinOn: 'incident',
    columns: incidentColumns(
      words,
      labelColumn('device', columns.device, { width: 140, link: deviceBoardLink(words) }),
    ),
    sortBy: [{ title: columns.tier, descending: false }],
    questions: [
      now(`max by (incident, tier, ${titleLabel(words)}, device, owner, stage) (${chosen})`),
      now(`time() - max by (incident) (${select(incidentOpened)} ${inTable})`),
      now(`max by (incident) (${select(incidentDeadline)} ${inTable}) - time()`),
    ],
    noData: words.noc.noIncidents,
    expectData: 'may-be-empty',
  });
}
