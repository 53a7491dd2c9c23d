import { ALERTING_METRICS } from '../alerting/metrics.ts';
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
import { hangsBelow, hangsOn, partsNotWell, routingPeers } from './device-neighbours.ts';
import { pathPanels } from './device-paths.ts';
import { deviceInConsole, portLink, siteLink } from './links.ts';
import {
  adminNamings,
  NEUTRAL,
  operNamings,
  stateNamings,
  worseAbove,
  worseBelow,
} from './palette.ts';
import { linesPanel, numberPanel, tablePanel, timelinePanel } from './panels.ts';
import { CHOSEN_DEVICE, floored, is, select, trafficBits } from './query.ts';
import type { Words } from './words/words.ts';

/** One device: whether it answers, how loaded it is, each of its ports. */
export function deviceBoard(words: Words): Board {
  const { rows, title, description } = words.deviceBoard;
  return board({
    uid: 'threenines-device',
    title,
    description,
    from: 'now-6h',
    refresh: '30s',
    choices: ['sites', 'device'],
    console: deviceInConsole(words),
    rows: [
      row(4, [
        state(words),
        lastAnswer(words),
        agentUptime(words),
        availability(words),
        budgetLeft(words),
        dataAge(words, 3),
      ]),
      row(4, [identity(words)]),
      row(6, [stateHistory(words), roundTrip(words)], rows.reach),
      row(6, pathPanels(words)),
      row(8, [processors(words), memory(words), temperatures(words)], rows.load),
      row(11, [portTable(words)], rows.ports),
      row(8, [traffic(words), losses(words)]),
      row(7, [partsNotWell(words), routingPeers(words)], rows.parts),
      row(6, [optics(words)]),
      row(7, [chargeAndLoad(words), runtime(words)], rows.power),
      row(7, [hangsOn(words), hangsBelow(words)], rows.links),
    ],
  });
}

const mine = (name: string) => select(deviceMetric(name), CHOSEN_DEVICE);
const deviceState = select(ALERTING_METRICS.deviceState, CHOSEN_DEVICE);

function state(words: Words): Panel {
  return numberPanel(words, words.deviceBoard.state, {
    width: 4,
    questions: [now(`max(${deviceState})`)],
    namings: stateNamings(words),
  });
}

function lastAnswer(words: Words): Panel {
  return numberPanel(words, words.deviceBoard.age, {
    width: 4,
    questions: [now(`min(${mine('poll_age_seconds')})`)],
    unit: 'duration',
    levels: worseAbove(120, 300),
  });
}

function agentUptime(words: Words): Panel {
  return numberPanel(words, words.deviceBoard.uptime, {
    width: 4,
    paint: 'text',
    questions: [now(`max(${mine('device_snmp_uptime_seconds')})`)],
    unit: 'duration',
  });
}

const thisMonth = [is('scope', 'device'), is('id', '$device'), is('window', 'month')] as const;

function availability(words: Words): Panel {
  const { low, best } = words.deviceBoard;
  const bound = (name: string) =>
    floored(`max(${select(REPORT_METRICS.availability, ...thisMonth, is('bound', name))})`);
  return numberPanel(words, words.deviceBoard.availability, {
    width: 5,
    paint: 'text',
    questions: [now(bound('low'), low), now(bound('best'), best)],
    unit: 'ratio',
    decimals: 3,
    levels: [{ from: null, colour: NEUTRAL }],
  });
}

function budgetLeft(words: Words): Panel {
  return numberPanel(words, words.deviceBoard.budget, {
    width: 4,
    questions: [now(`min(${select(REPORT_METRICS.budgetRemaining, ...thisMonth)})`)],
    unit: 'duration',
    levels: worseBelow(600, 0),
  });
}

function identity(words: Words): Panel {
  const { columns } = words;
  return tablePanel(words, words.deviceBoard.identity, {
    width: 24,
    joinOn: 'device',
    columns: [
      labelColumn('device', columns.device),
      labelColumn('site', columns.site, { link: siteLink(words) }),
      labelColumn('role', columns.role),
      labelColumn('vendor', columns.vendor),
      labelColumn('model', columns.model),
      labelColumn('os', columns.os),
      labelColumn('profile', columns.profile),
    ],
    questions: [
      now(`max by (device, site, role, vendor, model, os, profile) (${mine('device_info')})`),
    ],
  });
}

function stateHistory(words: Words): Panel {
  return timelinePanel(words, words.deviceBoard.states, {
    width: 12,
    questions: [history(`max by (device) (${deviceState})`, '{{device}}')],
    namings: stateNamings(words),
  });
}

function roundTrip(words: Words): Panel {
  return linesPanel(words, words.deviceBoard.roundTrip, {
    width: 12,
    questions: [history(`max by (probe) (${mine('probe_rtt_seconds')})`, '{{probe}}')],
    unit: 'seconds',
    noData: words.deviceBoard.notProbed,
  });
}

function processors(words: Words): Panel {
  return linesPanel(words, words.deviceBoard.cpu, {
    width: 8,
    questions: [history(`max by (cpu) (${mine('cpu_utilization_ratio')})`, '{{cpu}}')],
    unit: 'ratio',
    levels: worseAbove(0.8, 0.95),
    noData: words.deviceBoard.notTold,
    expectData: 'may-be-empty',
  });
}

function memory(words: Words): Panel {
  const share = `max(${mine('memory_used_bytes')} / ${mine('memory_size_bytes')})`;
  return linesPanel(words, words.deviceBoard.memory, {
    width: 8,
    questions: [history(share, words.columns.memory)],
    unit: 'ratio',
    levels: worseAbove(0.85, 0.95),
    noData: words.deviceBoard.notTold,
    expectData: 'may-be-empty',
  });
}

function temperatures(words: Words): Panel {
  return linesPanel(words, words.deviceBoard.temperature, {
    width: 8,
    questions: [history(`max by (sensor) (${mine('sensor_celsius')})`, '{{sensor}}')],
    unit: 'celsius',
    noData: words.deviceBoard.notTold,
    expectData: 'may-be-empty',
  });
}

/** Both directions of a counter of lost packets together, a second, for each port. */
function lostPackets(kind: 'errors' | 'discards'): string {
  const rate = (direction: string) =>
    `rate(${mine(`interface_${direction}_${kind}_total`)}[$__rate_interval])`;
  return `sum by (if_name) (${rate('receive')} + ${rate('transmit')})`;
}

function portTable(words: Words): Panel {
  const { columns } = words;
  const of = (name: string) => now(`max by (if_name) (${mine(`interface_${name}`)})`);
  const use = { width: 80, unit: 'ratio', levels: worseAbove(0.8, 0.95) } as const;
  const losses = { width: 90, unit: 'packets-per-second', levels: worseAbove(0.001, 1) } as const;
  return tablePanel(words, words.deviceBoard.ports, {
    width: 24,
    joinOn: 'if_name',
    columns: [
      labelColumn('if_name', columns.port, { width: 200, link: portLink(words) }),
      labelColumn('if_alias', columns.alias),
      valueColumn(1, columns.oper, { width: 150, namings: operNamings(words) }),
      valueColumn(2, columns.admin, { width: 110, namings: adminNamings(words) }),
      valueColumn(3, columns.speed, { width: 110, unit: 'bits-per-second' }),
      valueColumn(4, columns.received, use),
      valueColumn(5, columns.sent, use),
      valueColumn(6, columns.errors, losses),
      valueColumn(7, columns.discards, losses),
    ],
    questions: [
      now(`max by (if_name, if_alias) (${mine('interface_info')})`),
      of('oper_status'),
      of('admin_status'),
      now(`max by (if_name) (${mine('interface_speed_bytes_per_second')} * 8)`),
      of('receive_utilization_ratio'),
      of('transmit_utilization_ratio'),
      now(lostPackets('errors')),
      now(lostPackets('discards')),
    ],
    expectData: 'may-be-empty',
  });
}

function traffic(words: Words): Panel {
  const { received, sent } = words.deviceBoard;
  const busiest = (direction: 'receive' | 'transmit') =>
    `topk(10, sum by (if_name) (${trafficBits(direction, CHOSEN_DEVICE)}))`;
  return linesPanel(words, words.deviceBoard.traffic, {
    width: 14,
    questions: [
      history(busiest('receive'), `{{if_name}} ${received}`),
      historyBelow(busiest('transmit'), `{{if_name}} ${sent}`),
    ],
    unit: 'bits-per-second',
  });
}

function losses(words: Words): Panel {
  const { error, discard } = words.deviceBoard;
  return linesPanel(words, words.deviceBoard.errors, {
    width: 10,
    questions: [
      history(`${lostPackets('errors')} > 0`, `{{if_name}} ${error}`),
      history(`${lostPackets('discards')} > 0`, `{{if_name}} ${discard}`),
    ],
    unit: 'packets-per-second',
    noData: words.deviceBoard.noErrors,
    expectData: 'may-be-empty',
  });
}

function optics(words: Words): Panel {
  return linesPanel(words, words.deviceBoard.optics, {
    width: 24,
    questions: [history(`max by (sensor) (${mine('sensor_dbm')})`, '{{sensor}}')],
    unit: 'dbm',
    noData: words.deviceBoard.noOptics,
    expectData: 'may-be-empty',
  });
}

function chargeAndLoad(words: Words): Panel {
  const { chargeOf, loadOf } = words.deviceBoard;
  return linesPanel(words, words.deviceBoard.charge, {
    width: 12,
    questions: [
      history(`max(${mine('power_charge_ratio')})`, chargeOf),
      history(`max by (line) (${mine('power_load_ratio')})`, `${loadOf} {{line}}`),
    ],
    unit: 'ratio',
    noData: words.deviceBoard.noPower,
    expectData: 'may-be-empty',
  });
}

function runtime(words: Words): Panel {
  return linesPanel(words, words.deviceBoard.runtime, {
    width: 12,
    questions: [history(`max(${mine('power_runtime_seconds')})`, words.columns.runtime)],
    unit: 'duration',
    noData: words.deviceBoard.noPower,
    expectData: 'may-be-empty',
  });
}
