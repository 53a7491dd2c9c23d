import { deviceMetric } from '../collector/metrics.ts';
import {
  type Board,
  board,
  history,
  historyBelow,
  labelColumn,
  now,
  type Panel,
  type Question,
  row,
} from './board.ts';
import { dataAge } from './data-age.ts';
import { deviceInConsole, deviceOfPort } from './links.ts';
import { colouredFromOne, NEUTRAL, operNamings, WARNING, worseAbove } from './palette.ts';
import { linesPanel, numberPanel, tablePanel, timelinePanel } from './panels.ts';
import {
  CHOSEN_DEVICE,
  CHOSEN_PORT,
  fiveMinuteBits,
  OF_CHOSEN_PORT,
  select,
  trafficBits,
} from './query.ts';
import type { Words } from './words/words.ts';

/** One port of one device: its state, what it carries, what it loses. */
export function portBoard(words: Words): Board {
  const { rows, title, description } = words.portBoard;
  return board({
    uid: 'threenines-port',
    title,
    description,
    from: 'now-6h',
    refresh: '30s',
    choices: ['sites', 'device', 'port'],
    console: deviceInConsole(words),
    above: [deviceOfPort(words)],
    rows: [
      row(4, [
        oper(words),
        speed(words),
        percentile(words, 'p95In', 'receive'),
        percentile(words, 'p95Out', 'transmit'),
        changes(words),
        dataAge(words, 4),
      ]),
      row(9, [traffic(words), utilisation(words)], rows.traffic),
      row(9, [packets(words), losses(words)], rows.quality),
      row(7, [optics(words)]),
      row(5, [stateHistory(words), names(words)], rows.state),
    ],
  });
}

const mine = (name: string) =>
  select(deviceMetric(`interface_${name}`), CHOSEN_DEVICE, CHOSEN_PORT);
const rateOf = (name: string) => `rate(${mine(name)}[$__rate_interval])`;

function oper(words: Words): Panel {
  return numberPanel(words, words.portBoard.oper, {
    width: 4,
    questions: [now(`max(${mine('oper_status')})`)],
    namings: operNamings(words),
  });
}

function speed(words: Words): Panel {
  return numberPanel(words, words.portBoard.speed, {
    width: 4,
    paint: 'text',
    questions: [now(`max(${mine('speed_bytes_per_second')}) * 8`)],
    unit: 'bits-per-second',
    namings: [{ kind: 'nothing', text: words.portBoard.notTold, colour: NEUTRAL }],
    noData: words.portBoard.notTold,
  });
}

function percentile(
  words: Words,
  name: 'p95In' | 'p95Out',
  direction: 'receive' | 'transmit',
): Panel {
  const bits = `sum(${fiveMinuteBits(direction, CHOSEN_DEVICE, CHOSEN_PORT)})`;
  const over = (steps: string) => `quantile_over_time(0.95, (${bits})[${steps}])`;
  // The steps of a subquery lie at whole five minutes of the clock; before the first of them, or in a
  // range that holds none, the averages of the last five minutes stand in.
  return numberPanel(words, words.portBoard[name], {
    width: 4,
    paint: 'text',
    questions: [now(`${over('$__range:5m')} or ${over('5m:15s')}`)],
    unit: 'bits-per-second',
  });
}

function changes(words: Words): Panel {
  return numberPanel(words, words.portBoard.changes, {
    width: 4,
    questions: [now(`max(changes(${mine('oper_status')}[$__range]))`)],
    levels: colouredFromOne(WARNING),
  });
}

function traffic(words: Words): Panel {
  const { received, sent } = words.portBoard;
  const bits = (direction: 'receive' | 'transmit') =>
    `sum(${trafficBits(direction, CHOSEN_DEVICE, CHOSEN_PORT)})`;
  return linesPanel(words, words.portBoard.traffic, {
    width: 12,
    questions: [history(bits('receive'), received), historyBelow(bits('transmit'), sent)],
    unit: 'bits-per-second',
  });
}

function utilisation(words: Words): Panel {
  const { received, sent } = words.portBoard;
  return linesPanel(words, words.portBoard.utilisation, {
    width: 12,
    questions: [
      history(`max(${mine('receive_utilization_ratio')})`, received),
      history(`max(${mine('transmit_utilization_ratio')})`, sent),
    ],
    unit: 'ratio',
    levels: worseAbove(0.8, 0.95),
    noData: words.portBoard.notTold,
  });
}

function packets(words: Words): Panel {
  const { received, sent } = words.portBoard;
  const byCast = (direction: 'receive' | 'transmit') =>
    `sum by (cast) (${rateOf(`${direction}_packets_total`)})`;
  return linesPanel(words, words.portBoard.packets, {
    width: 12,
    questions: [
      history(byCast('receive'), `{{cast}} ${received}`),
      historyBelow(byCast('transmit'), `{{cast}} ${sent}`),
    ],
    unit: 'packets-per-second',
  });
}

function losses(words: Words): Panel {
  const { errorsIn, errorsOut, discardsIn, discardsOut } = words.portBoard;
  const lost = (name: string, legend: string): Question =>
    history(`sum(${rateOf(`${name}_total`)})`, legend);
  return linesPanel(words, words.portBoard.losses, {
    width: 12,
    questions: [
      lost('receive_errors', errorsIn),
      lost('transmit_errors', errorsOut),
      lost('receive_discards', discardsIn),
      lost('transmit_discards', discardsOut),
    ],
    unit: 'packets-per-second',
  });
}

function optics(words: Words): Panel {
  const power = select(deviceMetric('sensor_dbm'), CHOSEN_DEVICE, OF_CHOSEN_PORT);
  return linesPanel(words, words.portBoard.optics, {
    width: 24,
    questions: [history(`max by (sensor) (${power})`, '{{sensor}}')],
    unit: 'dbm',
    noData: words.portBoard.noOptics,
    expectData: 'may-be-empty',
  });
}

function stateHistory(words: Words): Panel {
  return timelinePanel(words, words.portBoard.states, {
    width: 12,
    questions: [history(`max by (if_name) (${mine('oper_status')})`, '{{if_name}}')],
    namings: operNamings(words),
  });
}

function names(words: Words): Panel {
  const { columns } = words;
  return tablePanel(words, words.portBoard.names, {
    width: 12,
    joinOn: 'if_name',
    columns: [
      labelColumn('if_name', columns.port),
      labelColumn('if_alias', columns.alias),
      labelColumn('if_index', columns.index),
    ],
    questions: [now(`max by (if_name, if_alias, if_index) (${mine('info')})`)],
  });
}
