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

/** The service shows the section of docs/runbooks.md that has the name of the alert. */
function withRunbook(rule: AlertRule | RecordingRule, consoleUrl: string) {
  if (!('alert' in rule)) return rule;
  const runbook_url = `${consoleUrl}/runbooks/${rule.alert.toLowerCase()}`;
  return { ...rule, annotations: { ...rule.annotations, runbook_url } };
}

export interface RuleGroup {
  readonly name: string;
  readonly rules: readonly (AlertRule | RecordingRule)[];
}

/**
 * A rule file for Prometheus, each alert with its runbook under `consoleUrl`, byte for byte the same each
 * time; `source` is where it is changed.
 */
export function renderRuleFile(
  source: string,
  groups: readonly RuleGroup[],
  consoleUrl: string,
): string {
  const head = `# Written by "threenines dashboards" from ${source}; change it there.\n`;
  const complete = groups.map(({ name, rules }) => ({
    name,
    rules: rules.map((rule) => withRunbook(rule, consoleUrl)),
  }));
  return head + stringify({ groups: complete }, { lineWidth: 0 });
}
