import { ALERTING_METRICS } from '../alerting/metrics.ts';
import { deviceMetric } from '../collector/metrics.ts';
import { PROBE_METRICS } from '../collector/probes/probe-metrics.ts';
import { TIERS, type Tier } from '../config/model.ts';
import { type Board, board, history, labelColumn, now, type Panel, row } from './board.ts';
import { dataAge } from './data-age.ts';
import { incidentColumns, titleLabel } from './incident-columns.ts';
import {
  seriesDeviceAtSiteLink,
  seriesDeviceLink,
  seriesPortLink,
  seriesSiteLink,
  siteLink,
  toIncidents,
} from './links.ts';
import {
  BAD,
  colouredFromOne,
  type DeviceStateName,
  GOOD,
  NEUTRAL,
  STATE_LOOKS,
  stateNamings,
  TIER_COLOURS,
  WARNING,
  worseAbove,
  worseBelow,
} from './palette.ts';
import { barsPanel, linesPanel, numberPanel, tablePanel, timelinePanel } from './panels.ts';
import { CHOSEN_SITES, is, isNot, type Matcher, select, together } from './query.ts';
import type { Words } from './words/words.ts';

const { siteDevices, siteState, incidents, incidentInfo } = ALERTING_METRICS;
const { incidentOpened, incidentDeadline } = ALERTING_METRICS;

/** Stands for "there is nothing to count down" in answers that would otherwise look like a dead service. */
const NOTHING_TO_COUNT_SECONDS = 1e9;
/** A system that runs on battery and does not say for how long. */
const NOT_TOLD_SECONDS = -1;

/** The wall board: triage first, no interaction needed, one 1080p screen without headings. */
export function nocBoard(words: Words): Board {
  return board({
    uid: 'threenines-noc',
    title: words.noc.title,
    description: words.noc.description,
    from: 'now-6h',
    refresh: '10s',
    choices: ['sites'],
    rows: [
      row(4, [
        ...TIERS.map((tier) => openIncidentsOfTier(words, tier)),
        nextDeadline(words),
        devicesIn(words, 'down', 'down', BAD),
        devicesIn(words, 'unreachable', 'unreachable', STATE_LOOKS.unreachable.colour),
        devicesIn(words, 'unknown', 'notObserved', WARNING),
      ]),
      row(10, [openIncidents(words), siteStates(words)]),
      row(7, [onBattery(words), busiestLinks(words), slowestToAnswer(words), lossiest(words)]),
      row(5, [devicesNotUp(words), dataAge(words, 4)]),
    ],
  });
}

function openIncidentsOfTier(words: Words, tier: Tier): Panel {
  return numberPanel(words, words.noc.tier(words.tiers[tier]), {
    width: 3,
    questions: [now(openAtChosenSites(is('tier', String(tier))))],
    levels: colouredFromOne(TIER_COLOURS[tier]),
    link: toIncidents(words),
  });
}

/** A site without incidents has no series of its own: nought is shown while the service says any. */
function openAtChosenSites(tier: Matcher): string {
  const chosen = select(incidents, tier, isNot('stage', 'restored'), CHOSEN_SITES);
  return `sum(${chosen}) or sum(${select(incidents, tier)}) * 0`;
}

function nextDeadline(words: Words): Panel {
  const alive = `sum(${select(incidents)})`;
  const atChosenSites = `(${select(incidentDeadline)} and on (incident) ${select(incidentInfo, CHOSEN_SITES)})`;
  return numberPanel(words, words.noc.nextDeadline, {
    width: 3,
    questions: [
      now(`min(${atChosenSites} - time()) or ${alive} * 0 + ${NOTHING_TO_COUNT_SECONDS}`),
    ],
    unit: 'duration',
    levels: worseBelow(450, 180),
    namings: [
      {
        kind: 'range',
        from: NOTHING_TO_COUNT_SECONDS,
        to: null,
        text: words.noc.noClock,
        colour: NEUTRAL,
      },
    ],
    link: toIncidents(words),
  });
}

function devicesIn(
  words: Words,
  state: DeviceStateName,
  panelName: 'down' | 'unreachable' | 'notObserved',
  colour: string,
): Panel {
  return numberPanel(words, words.noc[panelName], {
    width: 3,
    questions: [now(countIn(state))],
    levels: colouredFromOne(colour),
  });
}

/** 0 while there are devices and none is in the state; no answer at all without the service. */
function countIn(state: DeviceStateName): string {
  return `sum(${select(siteDevices, CHOSEN_SITES, is('state', state))})`;
}

function openIncidents(words: Words): Panel {
  const { columns } = words;
  const chosen = select(incidentInfo, CHOSEN_SITES);
  return tablePanel(words, words.noc.incidents, {
    width: 16,
    joinOn: 'incident',
    columns: incidentColumns(
      words,
      labelColumn('site', columns.site, { width: 120, link: siteLink(words) }),
    ),
    sortBy: [
      { title: columns.tier, descending: false },
      { title: columns.left, descending: false },
    ],
    questions: [
      now(`max by (incident, tier, ${titleLabel(words)}, site, owner, stage) (${chosen})`),
      now(`time() - max by (incident) (${select(incidentOpened, CHOSEN_SITES)})`),
      now(`max by (incident) (${select(incidentDeadline)} and on (incident) ${chosen}) - time()`),
    ],
    noData: words.noc.noIncidents,
    expectData: 'during-incident',
  });
}

function siteStates(words: Words): Panel {
  return timelinePanel(words, words.noc.sites, {
    width: 8,
    questions: [
      history(`topk(20, max by (site) (${select(siteState, CHOSEN_SITES)}))`, '{{site}}'),
    ],
    namings: stateNamings(words),
    link: seriesSiteLink(words),
  });
}

function onBattery(words: Words): Panel {
  const onBatteryNow = `${select(deviceMetric('power_on_battery'), CHOSEN_SITES)} == 1`;
  const runtime = `max by (device) (${select(deviceMetric('power_runtime_seconds'), CHOSEN_SITES)})`;
  const known = `(${runtime} and on (device) ${onBatteryNow})`;
  const notTold = `max by (device) (${onBatteryNow}) * ${NOT_TOLD_SECONDS}`;
  const noneIs = `max(${select(deviceMetric('power_on_battery'), CHOSEN_SITES)}) == 0`;
  const allOnMains = `label_replace((${noneIs}) + ${NOTHING_TO_COUNT_SECONDS}, "device", "${words.noc.allOnMains}", "", "")`;
  return barsPanel(words, words.noc.onBattery, {
    width: 6,
    questions: [now(`sort(${known} or ${notTold} or ${allOnMains})`, '{{device}}')],
    unit: 'duration',
    levels: worseBelow(1800, 900),
    namings: [
      {
        kind: 'range',
        from: NOTHING_TO_COUNT_SECONDS,
        to: null,
        text: words.noc.onMains,
        colour: GOOD,
      },
      {
        kind: 'value',
        value: String(NOT_TOLD_SECONDS),
        text: words.noc.runtimeNotTold,
        colour: BAD,
      },
    ],
    link: seriesDeviceLink(words),
    expectData: 'may-be-empty',
  });
}

function busiestLinks(words: Words): Panel {
  const received = select(deviceMetric('interface_receive_utilization_ratio'), CHOSEN_SITES);
  const sent = select(deviceMetric('interface_transmit_utilization_ratio'), CHOSEN_SITES);
  // The eight largest of each direction hold the eight largest of both.
  const largest = together(`topk(8, ${received})`, `topk(8, ${sent})`);
  return barsPanel(words, words.noc.busiestLinks, {
    width: 6,
    max: 1,
    questions: [
      now(`topk(8, max by (device, site, if_name) (${largest}))`, '{{device}} {{if_name}}'),
    ],
    unit: 'ratio',
    levels: worseAbove(0.8, 0.95),
    link: seriesPortLink(words),
  });
}

function slowestToAnswer(words: Words): Panel {
  const roundTrip = select(deviceMetric('probe_rtt_seconds'), CHOSEN_SITES);
  return barsPanel(words, words.noc.slowest, {
    width: 6,
    questions: [
      now(`topk(8, max by (device, site) (max_over_time(${roundTrip}[5m])))`, '{{device}}'),
    ],
    unit: 'seconds',
    levels: worseAbove(0.5, 1.5),
    link: seriesDeviceAtSiteLink(words),
  });
}

function lossiest(words: Words): Panel {
  const lost = `avg_over_time(${select(PROBE_METRICS.loss, CHOSEN_SITES)}[5m])`;
  return barsPanel(words, words.noc.lossiest, {
    width: 6,
    max: 1,
    questions: [now(`topk(8, max by (device, site) (${lost}) > 0)`, '{{device}}')],
    unit: 'ratio',
    levels: worseAbove(0.01, 0.05),
    noData: words.noc.nothingLost,
    link: seriesDeviceAtSiteLink(words),
    expectData: 'may-be-empty',
  });
}

const STATES_WORTH_SHOWING = ['maintenance', 'degraded', 'unknown', 'unreachable', 'down'] as const;

function devicesNotUp(words: Words): Panel {
  return linesPanel(words, words.noc.notUp, {
    width: 20,
    style: 'stack',
    questions: STATES_WORTH_SHOWING.map((state) => {
      const { symbol, colour } = STATE_LOOKS[state];
      return history(countIn(state), `${symbol} ${words.states[state]}`, colour);
    }),
  });
}
