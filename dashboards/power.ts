import { ALERTING_METRICS } from '../alerting/metrics.ts';
import { deviceMetric } from '../collector/metrics.ts';
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
import { deviceBoardLink, seriesDeviceLink } from './links.ts';
import {
  BAD,
  colouredFromOne,
  GOOD,
  NEUTRAL,
  numberNamings,
  stateNamings,
  WARNING,
  worseAbove,
  worseBelow,
} from './palette.ts';
import { linesPanel, numberPanel, tablePanel, timelinePanel } from './panels.ts';
import { CHOSEN_SITES, renamed, select } from './query.ts';
import type { Words } from './words/words.ts';

/** Every power system: what runs on battery, for how long still, what goes dark then. */
export function powerBoard(words: Words): Board {
  const { rows, title, description } = words.powerBoard;
  return board({
    uid: 'threenines-power',
    title,
    description,
    from: 'now-6h',
    refresh: '30s',
    choices: ['sites'],
    rows: [
      row(4, [
        onBattery(words),
        firstToGoDark(words),
        highestLoad(words),
        toReplace(words),
        ownAlarms(words),
        dataAge(words, 4),
      ]),
      row(9, [systems(words), whatGoesDark(words)], rows.systems),
      row(8, [charge(words), load(words), temperature(words)], rows.trends),
      row(7, [inputVolts(words), supplyHistory(words)]),
    ],
  });
}

const of = (name: string) => select(deviceMetric(name), CHOSEN_SITES);
const batteryNow = `${of('power_on_battery')} == 1`;
/** Time left of the systems that run on battery and tell it. */
const leftOnBattery = `max by (device) (${of('power_runtime_seconds')} and on (device) ${batteryNow})`;

/** Stands for the time of a system that runs on battery and does not tell for how long. */
const NOT_TOLD_SECONDS = -1;
/** Time left of all systems that run on battery, NOT_TOLD_SECONDS where it is not told. */
const leftOrNotTold = `(${leftOnBattery} or max by (device) (${batteryNow}) * ${NOT_TOLD_SECONDS})`;

function notToldNaming(words: Words): Naming {
  const value = String(NOT_TOLD_SECONDS);
  return { kind: 'value', value, text: words.noc.runtimeNotTold, colour: BAD };
}

/** What a number reads where no power system is watched: that is no failure of ours. */
function noPowerNaming(words: Words): Naming {
  return { kind: 'nothing', text: words.powerBoard.noPower, colour: NEUTRAL };
}

function supplyNamings(words: Words): Naming[] {
  return numberNamings(words.powerBoard.supply, { 0: GOOD, 1: BAD });
}

function onBattery(words: Words): Panel {
  return numberPanel(words, words.powerBoard.onBattery, {
    width: 4,
    questions: [now(`sum(${of('power_on_battery')})`)],
    levels: colouredFromOne(BAD),
    namings: [noPowerNaming(words)],
    noData: words.powerBoard.noPower,
  });
}

/** Stands for "there is nothing to count down". */
const NOTHING_TO_COUNT_SECONDS = 1e9;

function firstToGoDark(words: Words): Panel {
  const allOnMains = `(max(${of('power_on_battery')}) == 0) + ${NOTHING_TO_COUNT_SECONDS}`;
  return numberPanel(words, words.powerBoard.leastRuntime, {
    width: 4,
    questions: [now(`min(${leftOnBattery}) or min(${leftOrNotTold}) or ${allOnMains}`)],
    unit: 'duration',
    levels: worseBelow(1800, 900),
    namings: [
      {
        kind: 'range',
        from: NOTHING_TO_COUNT_SECONDS,
        to: null,
        text: words.powerBoard.allOnMains,
        colour: GOOD,
      },
      notToldNaming(words),
      noPowerNaming(words),
    ],
    noData: words.powerBoard.noPower,
    expectData: 'may-be-empty',
  });
}

function highestLoad(words: Words): Panel {
  return numberPanel(words, words.powerBoard.highestLoad, {
    width: 4,
    questions: [now(`max(${of('power_load_ratio')})`)],
    unit: 'ratio',
    levels: worseAbove(0.8, 0.95),
    namings: [noPowerNaming(words)],
    noData: words.powerBoard.noPower,
  });
}

function toReplace(words: Words): Panel {
  return numberPanel(words, words.powerBoard.replace, {
    width: 4,
    questions: [now(`sum(${of('power_needs_battery')}) or sum(${of('power_on_battery')}) * 0`)],
    levels: colouredFromOne(WARNING),
    namings: [noPowerNaming(words)],
    noData: words.powerBoard.noPower,
  });
}

function ownAlarms(words: Words): Panel {
  return numberPanel(words, words.powerBoard.alarms, {
    width: 4,
    questions: [now(`sum(${of('power_alarms')}) or sum(${of('power_on_battery')}) * 0`)],
    levels: colouredFromOne(WARNING),
    namings: [noPowerNaming(words)],
    noData: words.powerBoard.noPower,
  });
}

function systems(words: Words): Panel {
  const { columns } = words;
  const byDevice = (name: string) => now(`max by (device) (${of(name)})`);
  const isPower = `and on (device) ${of('power_on_battery')}`;
  return tablePanel(words, words.powerBoard.systems, {
    width: 14,
    joinOn: 'device',
    columns: [
      labelColumn('device', columns.device, { link: deviceBoardLink(words) }),
      labelColumn('site', columns.site, { width: 110 }),
      valueColumn(0, columns.state, { width: 130, namings: stateNamings(words) }),
      valueColumn(1, columns.supply, { width: 130, namings: supplyNamings(words) }),
      valueColumn(2, columns.charge, { width: 90, unit: 'ratio', levels: worseBelow(0.8, 0.4) }),
      valueColumn(3, columns.load, { width: 90, unit: 'ratio', levels: worseAbove(0.8, 0.95) }),
      valueColumn(4, columns.runtime, {
        width: 110,
        unit: 'duration',
        levels: worseBelow(1800, 900),
      }),
      valueColumn(5, columns.battery, { width: 90, unit: 'celsius', levels: worseAbove(30, 40) }),
    ],
    sortBy: [{ title: columns.charge, descending: false }],
    questions: [
      now(
        `max by (device, site) (${select(ALERTING_METRICS.deviceState, CHOSEN_SITES)} ${isPower})`,
      ),
      byDevice('power_on_battery'),
      byDevice('power_charge_ratio'),
      byDevice('power_load_ratio'),
      byDevice('power_runtime_seconds'),
      byDevice('power_battery_celsius'),
    ],
    noData: words.powerBoard.noPower,
  });
}

function whatGoesDark(words: Words): Panel {
  const { columns } = words;
  const paths = renamed(select(ALERTING_METRICS.powerPath, CHOSEN_SITES), 'device', 'target');
  const left = renamed(leftOrNotTold, 'source', 'device');
  const fed = `${paths} * on (source) group_left () ${left}`;
  // A device below two batteries is two lines, so that the device alone does not tell them apart.
  const state = `${fed} * 0 + on (device) group_left (role) ${select(ALERTING_METRICS.deviceState)}`;
  const named = (series: string) => `label_join(${series}, "link", " ", "source", "device")`;
  return tablePanel(words, words.powerBoard.feeds, {
    width: 10,
    joinOn: 'link',
    columns: [
      labelColumn('device', columns.device, { link: deviceBoardLink(words) }),
      valueColumn(0, columns.left, {
        width: 110,
        unit: 'duration',
        levels: worseBelow(1800, 900),
        namings: [notToldNaming(words)],
      }),
      labelColumn('source', columns.feed, { width: 120 }),
      labelColumn('role', columns.role, { width: 110 }),
      valueColumn(1, columns.state, { width: 120, namings: stateNamings(words) }),
    ],
    sortBy: [{ title: columns.left, descending: false }],
    questions: [
      now(`sort(min by (link, device, source) (${named(fed)}))`),
      now(`max by (link, role) (${named(state)})`),
    ],
    noData: words.powerBoard.nothingFed,
    expectData: 'may-be-empty',
  });
}

function charge(words: Words): Panel {
  return linesPanel(words, words.powerBoard.charge, {
    width: 8,
    questions: [history(`max by (device) (${of('power_charge_ratio')})`, '{{device}}')],
    unit: 'ratio',
    noData: words.powerBoard.notTold,
    link: seriesDeviceLink(words),
  });
}

function load(words: Words): Panel {
  return linesPanel(words, words.powerBoard.load, {
    width: 8,
    questions: [
      history(`max by (device, line) (${of('power_load_ratio')})`, '{{device}} {{line}}'),
    ],
    unit: 'ratio',
    levels: worseAbove(0.8, 0.95),
    noData: words.powerBoard.notTold,
    link: seriesDeviceLink(words),
  });
}

function temperature(words: Words): Panel {
  return linesPanel(words, words.powerBoard.temperature, {
    width: 8,
    questions: [history(`max by (device) (${of('power_battery_celsius')})`, '{{device}}')],
    unit: 'celsius',
    levels: worseAbove(30, 40),
    noData: words.powerBoard.notTold,
    link: seriesDeviceLink(words),
  });
}

function inputVolts(words: Words): Panel {
  return linesPanel(words, words.powerBoard.input, {
    width: 12,
    questions: [
      history(`max by (device, line) (${of('power_input_volts')})`, '{{device}} {{line}}'),
    ],
    unit: 'volts',
    noData: words.powerBoard.notTold,
    link: seriesDeviceLink(words),
  });
}

function supplyHistory(words: Words): Panel {
  return timelinePanel(words, words.powerBoard.history, {
    width: 12,
    questions: [history(`max by (device) (${of('power_on_battery')})`, '{{device}}')],
    namings: supplyNamings(words),
    noData: words.powerBoard.noPower,
  });
}
