import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { allQueries, fillVariables } from './board-json.ts';
import { hasTool, promtool } from './prometheus-tools.ts';

const committedRules = fileURLToPath(new URL('../../dashboards/out/rules.yml', import.meta.url));

describe.skipIf(!hasTool('promtool'))('promtool', () => {
  const folder = mkdtempSync(join(tmpdir(), 'threenines-rules-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  function written(name: string, content: unknown): string {
    const path = join(folder, name);
    writeFileSync(path, stringify(content));
    return path;
  }

  function recording(exprs: readonly string[]) {
    const rules = exprs.map((expr, index) => ({ record: `query:${index}`, expr }));
    return { groups: [{ name: 'queries', rules }] };
  }

  test('accepts the type of every query on every board', () => {
    const exprs = [...new Set(allQueries().map(({ expr }) => fillVariables(expr)))];
    const { isOk, output } = promtool(['check', 'rules', written('queries.yml', recording(exprs))]);
    expect(output).toContain(`${exprs.length} rules found`);
    expect(isOk, output).toBe(true);
  });

  test('refuses a query of the wrong type, so that the check above means something', () => {
    expect(promtool(['check', 'rules', written('wrong.yml', recording(['rate(a)']))]).isOk).toBe(
      false,
    );
  });

  test('accepts the shipped rules', () => {
    const { isOk, output } = promtool(['check', 'rules', committedRules]);
    expect(output).toContain('4 rules found');
    expect(isOk, output).toBe(true);
  });

  test('fires the shipped rules when they should, and not before', () => {
    const { isOk, output } = promtool(['test', 'rules', written('story.yml', STORY)]);
    expect(isOk, output).toBe(true);
  });
});

const alertAt = (evalTime: string, alertname: string, firing: readonly object[]) => ({
  eval_time: evalTime,
  alertname,
  exp_alerts: firing,
});

function firing(severity: string, summary: string, description: string) {
  return { exp_labels: { severity }, exp_annotations: { summary, description } };
}

const ABSENT = firing(
  'critical',
  'Threenines has not been seen for two minutes.',
  'Prometheus cannot read /metrics of Threenines. Nobody is watching the network; no page will be sent.',
);

const STALLED = (since: string) =>
  firing(
    'critical',
    `The Threenines engine has not finished a step for ${since}.`,
    'The process answers, but incidents are not decided and pages are not sent. Look at its log, then restart it: it continues from its journal.',
  );

const REFUSED = firing(
  'warning',
  'Threenines refused its new configuration.',
  'The configuration before it stays in force. Run "threenines check" to see every problem with its file and line.',
);

/** Half a minute between values: ten healthy minutes, then the service goes away or its engine stops. */
const STORY = {
  rule_files: [committedRules],
  evaluation_interval: '30s',
  tests: [
    {
      name: 'the service goes away after ten minutes',
      interval: '30s',
      input_series: [
        { series: 'threenines_build_info{version="1"}', values: '1x20 stale' },
        { series: 'threenines_engine_tick_timestamp_seconds', values: '0+30x20 stale' },
      ],
      alert_rule_test: [
        alertAt('10m', 'ThreeninesAbsent', []),
        alertAt('12m', 'ThreeninesAbsent', []),
        alertAt('13m', 'ThreeninesAbsent', [ABSENT]),
        alertAt('10m', 'EngineStalled', []),
      ],
    },
    {
      name: 'the engine stops while the process still answers',
      interval: '30s',
      input_series: [
        { series: 'threenines_build_info{version="1"}', values: '1x40' },
        { series: 'threenines_engine_tick_timestamp_seconds', values: '0 30 60x38' },
        { series: 'threenines_config_last_reload_successful', values: '1x9 0x30' },
      ],
      alert_rule_test: [
        alertAt('2m', 'EngineStalled', []),
        alertAt('5m', 'EngineStalled', [STALLED('4m 0s')]),
        alertAt('5m', 'ThreeninesAbsent', []),
        alertAt('4m', 'ConfigReloadFailed', []),
        alertAt('8m', 'ConfigReloadFailed', [REFUSED]),
      ],
    },
  ],
};
