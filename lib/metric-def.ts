/** One exported metric, declared once; the exposition, the boards, the rules and the docs all read it from here. */
export interface MetricDef {
  /** Full name with prefix, base unit and, for counters, `_total`. */
  readonly name: string;
  readonly type: 'gauge' | 'counter' | 'histogram';
  /** A sentence. */
  readonly help: string;
  readonly labels: readonly string[];
}

/** Escapes a label value: Prometheus text format 0.0.4, `\` `"` and line feed. */
export function escapeLabelValue(value: string): string {
  return value.replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`));
}

/** `# HELP` and `# TYPE` lines of a metric. */
export function renderMetricHead(metric: MetricDef): string {
  const help = metric.help.replace(/[\\\n]/g, (character) => (character === '\n' ? '\\n' : '\\\\'));
  return `# HELP ${metric.name} ${help}\n# TYPE ${metric.name} ${metric.type}\n`;
}

/** One sample line. Labels are given in the order of the definition. */
export function renderSample(
  metric: MetricDef,
  labelValues: readonly string[],
  value: number,
): string {
  const labels = metric.labels
    .map((label, index) => `${label}="${escapeLabelValue(labelValues[index] ?? '')}"`)
    .join(',');
  return `${metric.name}${labels === '' ? '' : `{${labels}}`} ${renderValue(value)}\n`;
}

/** Prometheus writes the three non-finite numbers its own way. */
export function renderValue(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}
