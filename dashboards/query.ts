import { deviceMetric } from '../collector/metrics.ts';
import { assert } from '../lib/assert.ts';
import { escapeLabelValue, type MetricDef } from '../lib/metric-def.ts';
import { variable } from './variable.ts';

/** A condition on one label. Values may hold Grafana variables (`$site`). */
export interface Matcher {
  readonly label: string;
  readonly operator: '=' | '!=' | '=~' | '!~';
  readonly value: string;
  /**
   * Stands between backticks, in which PromQL knows no escapes: what a variable is filled with may
   * hold quotes and backslashes. Grafana has no format that is safe between quotes: `doublequote` leaves
   * backslashes alone, and its own way of Prometheus leaves alone what looks like a matcher.
   */
  readonly isRaw?: boolean;
}

/** The label has exactly this value. */
export const is = (label: string, value: string): Matcher => ({ label, operator: '=', value });
/** The label has any value but this, or is not there. */
export const isNot = (label: string, value: string): Matcher => ({ label, operator: '!=', value });
/** The label as a whole matches none of the alternatives of the regular expression, or is not there. */
export const isNoneOf = (label: string, value: string): Matcher => ({
  label,
  operator: '!~',
  value,
});
/** The label matches the regular expression (RE2, anchored at both ends) as a whole. */
export const matches = (label: string, value: string): Matcher => ({
  label,
  operator: '=~',
  value,
});

/** The sites that the reader chose on the board: any number of them, or the one. */
export const CHOSEN_SITES = matches('site', '$site');
export const CHOSEN_SITE = is('site', '$site');
export const CHOSEN_DEVICE = is('device', '$device');
/** What a device calls its port may hold anything but a backtick, which no series shows. */
export const CHOSEN_PORT: Matcher = {
  ...is('if_name', variable('if_name:raw')),
  isRaw: true,
};
/** Sensors that are named after the chosen port: its name, and no longer one that holds it. */
export const OF_CHOSEN_PORT: Matcher = {
  ...matches('sensor', `(.*[^0-9A-Za-z/.:-])?${variable('if_name:regex')}([^0-9/.:-].*)?`),
  isRaw: true,
};
export const CHOSEN_WINDOW = is('window', '$window');

function selector(metric: MetricDef, suffix: string, matchers: readonly Matcher[]): string {
  for (const { label } of matchers) {
    assert(metric.labels.includes(label), `${metric.name} has a label ${label}`);
  }
  const conditions = matchers.map(
    ({ label, operator, value, isRaw }) =>
      label + operator + (isRaw ? `\`${value}\`` : `"${escapeLabelValue(value)}"`),
  );
  return `${metric.name}${suffix}${conditions.length === 0 ? '' : `{${conditions.join(',')}}`}`;
}

/** PromQL text of the series of a gauge or counter. A label that the metric does not declare is a bug. */
export function select(metric: MetricDef, ...matchers: readonly Matcher[]): string {
  assert(metric.type !== 'histogram', `${metric.name} is read through bucketsOf`);
  return selector(metric, '', matchers);
}

/** PromQL text of the buckets of a histogram. */
export function bucketsOf(metric: MetricDef, ...matchers: readonly Matcher[]): string {
  assert(metric.type === 'histogram', `${metric.name} is a histogram`);
  return selector(metric, '_bucket', matchers);
}

/** Stands for "nothing to measure in this time" where a quotient of noughts would be no number at all. */
export const NOTHING_MEASURED = -1;

/**
 * The quantile (0..1) of a histogram over `window`, one series for each value of `label`;
 * NOTHING_MEASURED where nothing was observed, and no answer without the service.
 */
export function quantile(ratio: number, metric: MetricDef, label: string, window: string): string {
  assert(metric.type === 'histogram', `${metric.name} is a histogram`);
  assert(metric.labels.includes(label), `${metric.name} has a label ${label}`);
  const buckets = `sum by (${label}, le) (increase(${bucketsOf(metric)}[${window}]))`;
  const count = `sum by (${label}) (increase(${selector(metric, '_count', [])}[${window}]))`;
  return `histogram_quantile(${ratio}, ${buckets}) >= 0 or ${count} * 0 + ${NOTHING_MEASURED}`;
}

/** `part` of `whole`, 0..1; NOTHING_MEASURED where the whole is nought, and no answer without the service. */
export function share(part: string, whole: string): string {
  return `${part} / (${whole} > 0) or ${whole} * 0 + ${NOTHING_MEASURED}`;
}

/**
 * Two families of series side by side, the second told apart by a label of its own: `a or b` alone
 * would leave out each of `b` that has the labels of one of `a`, for names do not count.
 */
export function together(a: string, b: string): string {
  return `(${a} or label_replace(${b}, "side", "second", "", ""))`;
}

/** Bits a second that ports move in one direction. */
export function trafficBits(
  direction: 'receive' | 'transmit',
  ...matchers: readonly Matcher[]
): string {
  return bitsOver('$__rate_interval', direction, matchers);
}

/** The same, each point the average of the five minutes before it: what lines are billed by. */
export function fiveMinuteBits(
  direction: 'receive' | 'transmit',
  ...matchers: readonly Matcher[]
): string {
  return bitsOver('5m', direction, matchers);
}

function bitsOver(
  window: string,
  direction: 'receive' | 'transmit',
  matchers: readonly Matcher[],
): string {
  const octets = select(deviceMetric(`interface_${direction}_bytes_total`), ...matchers);
  return `rate(${octets}[${window}]) * ${BITS_PER_OCTET}`;
}

/**
 * What a counter grew by in each step of the picture. Each point stands at the beginning of its step:
 * Grafana rounds the end of the range down to a whole step, so that a point that stood at the end of
 * its step would leave the running one, today, out.
 */
export function increaseByStep(counter: string): string {
  return `increase(${counter}[$__interval] offset -$__interval)`;
}

/**
 * The least that each series came to in each step of the picture, standing at the beginning of its step
 * for the same reason.
 */
export function leastByStep(series: string): string {
  return `min_over_time(${series}[$__interval] offset -$__interval)`;
}

/**
 * The most that an expression came to in each step of the picture, looked at once a minute, standing at
 * the beginning of its step for the same reason. Steps are a minute or more.
 */
export function mostByStep(expression: string): string {
  return `max_over_time((${expression})[$__interval:1m] offset -$__interval)`;
}

const BITS_PER_OCTET = 8;

/**
 * A ratio cut, not rounded, after the third digit of its percentage, so that 99.8996 % never reads
 * 99.900 %. The little added first undoes what binary fractions lose (0.999 × 100,000 must stay 99,900).
 */
export function floored(ratio: string): string {
  return `floor(${ratio} * 100000 + 0.0001) / 100000`;
}

/** The values of a label in the words of the reader; one that has none stays as it is. */
export function inWords(
  series: string,
  label: string,
  words: Readonly<Record<string, string>>,
): string {
  return Object.entries(words)
    .filter(([value, word]) => word !== value)
    .reduce(
      (named, [value, word]) =>
        `label_replace(${named}, "${label}", "${word}", "${label}", "${value}")`,
      series,
    );
}

/** A label of each series under another name, so that it matches that of another family. */
export function renamed(series: string, to: string, from: string): string {
  return `label_replace(${series}, "${to}", "$1", "${from}", "(.*)")`;
}
