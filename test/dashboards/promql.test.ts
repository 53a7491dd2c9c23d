import { describe, expect, test } from 'vitest';
import { ALL_METRICS } from '../../dashboards/metrics.ts';
import { bucketsOf, is, select, together } from '../../dashboards/query.ts';
import { allQueries, filledIn } from './board-json.ts';
import { declaredMetric, readQuery } from './promql.ts';

const queries = allQueries().map(({ place, expr }) => ({ place, expr: filledIn(expr) }));

/** What `label_replace` copies a label by; no variable of Grafana's. */
const WHOLE_MATCH = '"$1"';
/** The label that a `label_replace` writes: `label_replace(…, "site", "$1", "id", "(.*)")`. */
const RENAMED_LABEL = /, "(\w+)", "\$1", "\w+", "\(\.\*\)"\)/g;
/** And the one that a `label_join` writes: `label_join(…, "link", " ", "target", "source")`. */
const JOINED_LABEL = /, "(\w+)", " ", "\w+"/g;

describe('every query', () => {
  test.each(queries)('$place parses', ({ expr }) => {
    expect(readQuery(expr).errors).toEqual([]);
    expect(expr.replaceAll(WHOLE_MATCH, '')).not.toContain('$');
  });

  test.each(queries)('$place asks for declared metrics and labels only', ({ expr }) => {
    const { metrics, matched, grouped } = readQuery(expr);
    expect(metrics.length).toBeGreaterThan(0);
    expect(metrics.filter((metric) => declaredMetric(metric) === null)).toEqual([]);
    const strangers = matched.filter(
      ({ metric, label }) => !declaredMetric(metric)?.labels.includes(label),
    );
    expect(strangers).toEqual([]);
    const known = new Set([
      ...metrics.flatMap((metric) => declaredMetric(metric)?.labels ?? []),
      ...[RENAMED_LABEL, JOINED_LABEL].flatMap((written) =>
        [...expr.matchAll(written)].map(([, label]) => label as string),
      ),
    ]);
    expect(grouped.filter((label) => !known.has(label))).toEqual([]);
  });
});

describe('the metric tables', () => {
  test('name each metric once', () => {
    const names = ALL_METRICS.map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  test('say what each metric is in a sentence', () => {
    const wrong = ALL_METRICS.filter(({ help }) => !/^[A-Z0-9].*\.$/.test(help));
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });
});

describe('the query words', () => {
  const gauge = { name: 'a', type: 'gauge', help: '', labels: ['site'] } as const;
  const histogram = { name: 'h_seconds', type: 'histogram', help: '', labels: ['tier'] } as const;

  test('escape a value and refuse a label that the metric does not have', () => {
    expect(select(gauge, is('site', 'a"b\\c'))).toBe('a{site="a\\"b\\\\c"}');
    expect(() => select(gauge, is('sight', 'x'))).toThrow('a has a label sight');
  });

  test('read a histogram through its buckets only', () => {
    expect(bucketsOf(histogram)).toBe('h_seconds_bucket');
    expect(() => select(histogram)).toThrow('bucketsOf');
    expect(() => bucketsOf(gauge)).toThrow('is a histogram');
  });

  test('of two families together none hides the other', () => {
    expect(together('a', 'b')).toBe('(a or label_replace(b, "side", "second", "", ""))');
  });
});

describe('the reader of queries', () => {
  test('sees what does not parse', () => {
    expect(readQuery('sum(rate(a[5m])').errors.length).toBeGreaterThan(0);
  });

  test('sees metrics, matchers, groupings and functions', () => {
    const read = readQuery('sum by (x, le) (rate(a_bucket{b="1"}[5m])) / on (y) c');
    expect(read.metrics).toEqual(['a_bucket', 'c']);
    expect(read.matched).toEqual([{ metric: 'a_bucket', label: 'b' }]);
    expect(read.grouped).toEqual(['x', 'le', 'y']);
    expect(read.functions.map(({ name }) => name)).toEqual(['rate']);
  });
});
