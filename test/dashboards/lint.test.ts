import { describe, expect, test } from 'vitest';
import { type BoardJson, boards, filledIn, type PanelJson, picturesOf } from './board-json.ts';
import { declaredMetric, readQuery } from './promql.ts';

/** What `$__rate_interval` is filled with: a window that nobody writes by hand. */
const RATE_INTERVAL = '8869990787ms';
const WRITTEN_BY_GRAFANA = /\[(8869990787|8869990789|8869990791)ms\]/;
/** The windows of a burn rate. */
const NAMED_WINDOW = /\[(1h|6h|3d)\]/;
/** The averages that a percentile is taken of. */
const FIVE_MINUTES = '[5m]';

/**
 * The rules of Grafana's dashboard-linter that apply here. Its rules about `job` and `instance` do
 * not: a series is told apart by its device, see dashboards/.lint.
 */
const RULES: readonly (readonly [string, (board: BoardJson) => readonly string[]])[] = [
  [
    'template-datasource: a data source variable of type prometheus, with a label',
    ({ templating }) => {
      const [first] = templating.list;
      const isRight = first?.type === 'datasource' && first.query === 'prometheus' && first.label;
      return isRight ? [] : ['the first variable is not a labelled data source'];
    },
  ],
  [
    'template-label-promql: a query variable asks for the values of a declared label',
    ({ templating }) =>
      templating.list
        .filter(({ type }) => type === 'query')
        .filter(({ query }) => {
          const [, series, label] = /^label_values\((.+), (\w+)\)$/.exec(query) ?? [];
          const { metrics, errors } = readQuery(filledIn(series ?? ''));
          const [metric] = metrics;
          return errors.length > 0 || !declaredMetric(metric ?? '')?.labels.includes(label ?? '');
        })
        .map(({ name }) => name),
  ],
  [
    'template-on-time-change-reload: a query variable follows the time range',
    ({ templating }) =>
      templating.list.filter(({ type, refresh }) => type === 'query' && refresh !== 2).map(nameOf),
  ],
  [
    'panel-datasource: every panel and query asks the chosen data source',
    (board) =>
      titlesOf(board, ({ datasource, targets }) =>
        [datasource, ...(targets ?? []).map((target) => target.datasource)].some(
          (source) => source?.uid !== '${'.concat('datasource}'),
        ),
      ),
  ],
  [
    'panel-title-description: both are there',
    (board) => titlesOf(board, ({ title, description }) => !title || !description),
  ],
  [
    'panel-units: a unit is set',
    (board) => titlesOf(board, (panel) => !panel.fieldConfig?.defaults.unit),
  ],
  [
    'panel-no-targets: something is asked',
    (board) => titlesOf(board, ({ targets }) => !targets?.length),
  ],
  [
    'target refs are A, B, C …',
    (board) =>
      titlesOf(board, ({ targets }) => {
        const refs = (targets ?? []).map(({ refId }) => refId).join('');
        return !'ABCDEFGHIJ'.startsWith(refs);
      }),
  ],
  [
    'target-promql: every query parses',
    (board) =>
      titlesOf(board, (panel) =>
        queriesOf(panel).some((expr) => readQuery(expr).errors.length > 0),
      ),
  ],
  [
    'target-rate-interval: rate and irate follow the step of the picture, or are averages of a percentile',
    (board) =>
      titlesOf(board, (panel) =>
        callsIn(panel, 'rate', 'irate').some(
          (text) => !text.includes(`[${RATE_INTERVAL}]`) && !isOfPercentile(panel, text),
        ),
      ),
  ],
  [
    'an increase covers the range, the step or the window of a burn rate',
    (board) =>
      titlesOf(board, (panel) =>
        callsIn(panel, 'increase').some(
          (text) => !WRITTEN_BY_GRAFANA.test(text) && !NAMED_WINDOW.test(text),
        ),
      ),
  ],
  [
    'target-counter-agg: a counter is only asked for its rate or increase, a gauge never',
    (board) => titlesOf(board, (panel) => queriesOf(panel).some(mixesUpCounters)),
  ],
  ['uneditable-dashboard', ({ editable, uid }) => (editable ? [uid] : [])],
];

const nameOf = ({ name }: { readonly name: string }) => name;

function titlesOf(board: BoardJson, isWrong: (panel: PanelJson) => boolean): string[] {
  return picturesOf(board)
    .filter(isWrong)
    .map(({ title }) => title);
}

function queriesOf(panel: PanelJson): string[] {
  return (panel.targets ?? []).map(({ expr }) => filledIn(expr));
}

function callsIn(panel: PanelJson, ...names: string[]): string[] {
  return queriesOf(panel)
    .flatMap((expr) => readQuery(expr).functions)
    .filter(({ name }) => names.includes(name))
    .map(({ text }) => text);
}

function isOfPercentile(panel: PanelJson, rate: string): boolean {
  const percentiles = callsIn(panel, 'quantile_over_time');
  return rate.includes(FIVE_MINUTES) && percentiles.some((text) => text.includes(rate));
}

export function mixesUpCounters(expr: string): boolean {
  const { functions, metrics } = readQuery(expr);
  const overTime = functions
    .filter(({ name }) => ['rate', 'irate', 'increase'].includes(name))
    .flatMap(({ text }) => readQuery(text).metrics);
  const isCounter = (metric: string) => /_(total|bucket|count|sum)$/.test(metric);
  const bare = [...metrics];
  for (const metric of overTime) bare.splice(bare.indexOf(metric), 1);
  return bare.some(isCounter) || overTime.some((metric) => !isCounter(metric));
}

describe.each(boards.map((board) => [board.uid, board] as const))('%s', (_uid, board) => {
  test.each(RULES)('%s', (_name, violations) => {
    expect(violations(board)).toEqual([]);
  });
});

describe('the rules themselves', () => {
  test('tell counters from gauges', () => {
    expect(mixesUpCounters('sum(a_total)')).toBe(true);
    expect(mixesUpCounters('rate(a[5m])')).toBe(true);
    expect(mixesUpCounters('rate(a_total[5m]) + b')).toBe(false);
    expect(mixesUpCounters('rate(a_total[5m]) + a_total')).toBe(true);
  });

  test('see a panel without a description', () => {
    const [, panelRule] = RULES.find(([name]) => name.startsWith('panel-title')) ?? [];
    const [first] = boards;
    const bare = { ...first, panels: [{ ...first?.panels[0], description: '' }] } as BoardJson;
    expect(panelRule?.(bare)).toEqual([first?.panels[0]?.title]);
  });
});
