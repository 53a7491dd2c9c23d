import { stringify } from 'yaml';

/** An alerting rule of Prometheus. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: { readonly severity: 'none' | 'warning' | 'critical' };
  readonly annotations: { readonly summary: string; readonly description: string };
}

/** A recording rule: what others ask for often, asked once. */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
}

export interface RuleGroup {
  readonly name: string;
  readonly rules: readonly (AlertRule | RecordingRule)[];
}

/** A rule file for Prometheus, byte for byte the same each time; `source` is where it is changed. */
export function renderRuleFile(source: string, groups: readonly RuleGroup[]): string {
  const head = `# Written by "threenines dashboards" from ${source}; change it there.\n`;
  return head + stringify({ groups }, { lineWidth: 0 });
}
