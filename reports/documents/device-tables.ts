import { cleanText } from '../../lib/device-text.ts';
import { formatPpm } from '../availability.ts';
import type { AvailabilityReport } from '../availability-report.ts';
import type { DeviceFigures } from '../figures.ts';
import { formatLost, formatSpan, formatState, formatZoned } from '../format-time.ts';
import { LEDGER_STATES } from '../ledger.ts';
import { sayVerdict } from '../verdict-words.ts';
import { type Block, numberColumn, textColumn } from './content.ts';
import type { DocumentWords } from './words.ts';

const LONGEST_NAME = 40;
/** Rows of the table of outages. */
export const MOST_OUTAGES = 40;

/** Time of all devices by state. */
export function timeTable({ fleet }: AvailabilityReport, words: DocumentWords): Block {
  const { durations, proven } = fleet;
  const ran = { unknown: proven.unknown, unreachable: proven.unreachable };
  return {
    kind: 'table',
    columns: [textColumn(words.state), numberColumn(words.time), numberColumn(words.ran)],
    rows: LEDGER_STATES.map((state) => [
      words.states[state],
      formatState(state, durations[state], words),
      state === 'unknown' || state === 'unreachable' ? formatSpan(ran[state], words) : '',
    ]),
  };
}

/** Devices with both figures and the time that cost them. */
export function deviceTable(
  { known }: AvailabilityReport,
  devices: readonly DeviceFigures[],
  words: DocumentWords,
): Block {
  const states = ['down', 'unreachable', 'unknown', 'maintenance', 'out-of-service'] as const;
  return {
    kind: 'table',
    columns: [
      textColumn(words.device, 2.4),
      textColumn(words.site, 1.8),
      numberColumn(words.serviceFigure, 1.3),
      textColumn(words.verdict, 1.3),
      numberColumn(words.deviceFigure, 1.3),
      ...states.map((state) => numberColumn(words.states[state], 1.3)),
    ],
    rows: devices.map(({ facts, ...pair }) => [
      cleanText(facts.name, LONGEST_NAME),
      cleanText(facts.siteName, LONGEST_NAME),
      formatPpm(pair.service.ratioPpm),
      sayVerdict(pair, 'service', known, words),
      formatPpm(pair.device.ratioPpm),
      ...states.map((state) => formatState(state, pair.durations[state], words)),
    ]),
  };
}

/** The longest outages. */
export function outageTable(report: AvailabilityReport, words: DocumentWords): Block {
  const names = new Map(report.devices.map(({ facts }) => [facts.id, facts.name]));
  return {
    kind: 'table',
    columns: [
      textColumn(words.device),
      textColumn(words.state, 1),
      textColumn(words.from, 2),
      numberColumn(words.duration, 1.2),
    ],
    rows: report.outages.listed
      .slice(0, MOST_OUTAGES)
      .map(({ deviceId, state, from, to }) => [
        cleanText(names.get(deviceId) ?? deviceId, LONGEST_NAME),
        words.states[state],
        formatZoned(from, report.period.timeZone),
        formatLost(to - from, words),
      ]),
  };
}
