import type { LocalText } from './api-types.ts';
import { formatBitRate, formatMilliseconds } from './format.ts';
import { local } from './language.ts';
import { punctuation } from './punctuation.ts';
import { KIND_NAMES, READING_NAMES, VALUE_NAMES } from './reading-names.ts';
import { measure } from './readings.ts';

/** A series of the history: its metric without the product's prefix, its labels as `key=value,key=value`. */
export interface SeriesId {
  readonly metric: string;
  readonly labels: string;
}

const SECOND = 1000;

const PROCESSOR_USE: LocalText = { en: 'utilisation', 'zh-CN': '使用率' };
const PROCESSOR: LocalText = { en: 'processor', 'zh-CN': '处理器' };
const LINE: LocalText = { en: 'line', 'zh-CN': '线路' };

/** Series that are kept beside the readings of a device. */
const NAMES_BESIDE: Readonly<Record<string, LocalText>> = {
  cpu_utilization_ratio: PROCESSOR_USE,
  port_receive_bps: { en: 'received', 'zh-CN': '接收速率' },
  port_transmit_bps: { en: 'sent', 'zh-CN': '发送速率' },
  round_trip_seconds: { en: 'round trip', 'zh-CN': '往返时延' },
};

/** Labels that name the part a series is of, the first that is there; others only tell how it was read. */
const PART_LABELS = ['port', 'cpu', 'storage', 'pool', 'sensor', 'component', 'line', 'kind'];

/** `Processor 1 utilisation`, `Gi0/3: received`, `Memory in use`; `all` are the series of the device. */
export function seriesTitle(series: SeriesId, all: readonly SeriesId[]): string {
  const { metric } = series;
  const known = NAMES_BESIDE[metric] ?? READING_NAMES[metric];
  const name = known === undefined ? metric.replaceAll('_', ' ') : local(known);
  const part = partOf(series, all);
  if (part === '') return capitalized(name);
  const joint = metric === 'cpu_utilization_ratio' ? ' ' : punctuation.value.colon;
  return `${capitalized(part)}${joint}${name}`;
}

/** A number at the axis, in the unit of its metric; empty between the words of a state. */
export function seriesTick(metric: string, value: number): string {
  const words = VALUE_NAMES[metric];
  if (words !== undefined) {
    const word = words[value];
    return word === undefined ? '' : local(word);
  }
  if (metric.endsWith('_bps')) return formatBitRate(value);
  if (metric === 'round_trip_seconds') return formatMilliseconds(value * SECOND);
  return measure(metric, value);
}

function partOf({ metric, labels }: SeriesId, all: readonly SeriesId[]): string {
  const values = labelsOf(labels);
  const key = PART_LABELS.find((each) => values.has(each));
  if (key === undefined) return '';
  const value = values.get(key)!;
  if (key === 'kind') return KIND_NAMES[value] === undefined ? value : local(KIND_NAMES[value]);
  if (key === 'line') return `${local(LINE)} ${value}`;
  return key === 'cpu' ? `${local(PROCESSOR)} ${processorNumber(metric, value, all)}` : value;
}

/** Agents number processors as devices among others (196608 and on); people count them from 1. */
function processorNumber(metric: string, cpu: string, all: readonly SeriesId[]): string {
  const cpus = all
    .filter((each) => each.metric === metric)
    .map(({ labels }) => labelsOf(labels).get('cpu') ?? '');
  if (!cpus.every((each) => /^\d+$/.test(each))) return cpu;
  const inOrder = cpus.map(Number).toSorted((left, right) => left - right);
  return String(inOrder.indexOf(Number(cpu)) + 1);
}

/** Values may hold commas; a key is a word before an equals sign. */
function labelsOf(labels: string): ReadonlyMap<string, string> {
  const pairs = labels.split(/,\s?(?=[a-z_]+=)/).filter((pair) => pair.includes('='));
  return new Map(
    pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
