import { READING_CLASSES, type ReadingClass } from '../config/reading-class.ts';

const UNIT_SIGNS: Readonly<Record<string, string>> = {
  celsius: '°C',
  volts: 'V',
  amperes: 'A',
  watts: 'W',
  'volt-amperes': 'VA',
  joules: 'J',
  hertz: 'Hz',
  rpm: 'rpm',
  dbm: 'dBm',
  decibels: 'dB',
  seconds: 's',
  pascals: 'Pa',
  'cubic-meters-per-minute': 'm³/min',
};

/** `53.5 V`, `62 %`: a value in the base unit of its class, as people write it. */
export function shownIn(readingClass: ReadingClass | null, value: number): string {
  const unit = readingClass === null ? '' : READING_CLASSES[readingClass].unit;
  if (unit === 'ratio') return `${Math.round(value * 1000) / 10} %`;
  const sign = UNIT_SIGNS[unit];
  const number = String(Number(value.toFixed(2)));
  return sign === undefined ? number : `${number} ${sign}`;
}
