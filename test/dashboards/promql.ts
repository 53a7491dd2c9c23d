import { parser } from '@prometheus-io/lezer-promql';
import { ALL_METRICS, RUNTIME_METRICS } from '../../dashboards/metrics.ts';
import type { MetricDef } from '../../lib/metric-def.ts';

type Node = ReturnType<typeof parser.parse>['topNode'];

export interface ReadQuery {
  readonly errors: readonly string[];
  readonly metrics: readonly string[];
  /** Labels in matchers, with the metric they are asked of. */
  readonly matched: readonly { readonly metric: string; readonly label: string }[];
  /** Labels in `by`, `without`, `on` and `ignoring`. */
  readonly grouped: readonly string[];
  readonly functions: readonly { readonly name: string; readonly text: string }[];
}

function walk(node: Node, visit: (node: Node) => void): void {
  visit(node);
  for (let child = node.firstChild; child !== null; child = child.nextSibling) walk(child, visit);
}

function descendants(node: Node, type: string): Node[] {
  const found: Node[] = [];
  walk(node, (child) => {
    if (child.type.name === type) found.push(child);
  });
  return found;
}

/** What a query names, from its syntax tree; `errors` holds the text at each place that does not parse. */
export function readQuery(expr: string): ReadQuery {
  const textOf = (node: Node) => expr.slice(node.from, node.to);
  const top = parser.parse(expr).topNode;
  const errors: string[] = [];
  walk(top, (node) => {
    if (node.type.isError) errors.push(expr.slice(Math.max(0, node.from - 10), node.to + 20));
  });
  const selectors = descendants(top, 'VectorSelector').map((node) => ({
    metric: textOf(node.getChild('Identifier') ?? node),
    labels: descendants(node, 'LabelName').map(textOf),
  }));
  return {
    errors,
    metrics: selectors.map(({ metric }) => metric),
    matched: selectors.flatMap(({ metric, labels }) => labels.map((label) => ({ metric, label }))),
    grouped: descendants(top, 'GroupingLabels').flatMap((node) =>
      descendants(node, 'LabelName').map(textOf),
    ),
    functions: descendants(top, 'FunctionCall').map((node) => ({
      name: textOf(node.firstChild as Node),
      text: textOf(node),
    })),
  };
}

const BY_NAME = new Map<string, MetricDef>(
  [...ALL_METRICS, ...Object.values(RUNTIME_METRICS)].map((metric) => [metric.name, metric]),
);

/** The declared metric that a series name belongs to; the parts of a histogram belong to it. */
export function declaredMetric(series: string): MetricDef | null {
  const whole = BY_NAME.get(series);
  if (whole !== undefined) return whole.type === 'histogram' ? null : whole;
  const [, base] = /^(.+)_(bucket|sum|count)$/.exec(series) ?? [];
  const histogram = base === undefined ? undefined : BY_NAME.get(base);
  return histogram?.type === 'histogram'
    ? { ...histogram, labels: [...histogram.labels, ...(series.endsWith('_bucket') ? ['le'] : [])] }
    : null;
}
