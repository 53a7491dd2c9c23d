import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { allQueries, filledIn } from './board-json.ts';
import { BURN_STORIES, firingAt, WELL } from './burn-stories.ts';
import { hasTool, promtool } from './prometheus-tools.ts';

const repositoryFile = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const committed = (name: string) => repositoryFile(`dashboards/out/${name}`);
const committedRules = committed('rules.yml');
const committedFaultRules = committed('fault-rules.yml');

interface Alert {
  readonly alert: string;
  readonly annotations: Readonly<Record<string, string>>;
}

const ALERTS = [committedRules, committedFaultRules].flatMap((path) => {
  const { groups } = parse(readFileSync(path, 'utf8')) as { groups: { rules: object[] }[] };
  return groups.flatMap(({ rules }) => rules).filter((rule): rule is Alert => 'alert' in rule);
});

test('every alert has a section in the runbooks, and names it', () => {
  expect(ALERTS.length).toBeGreaterThan(18);
  const wrong = ALERTS.filter(({ alert, annotations: { runbook_url = '' } }) => {
    const [, name] = runbook_url.split('/runbooks/');
    const sections = readFileSync(repositoryFile('docs/runbooks.md'), 'utf8').matchAll(
      /^## (.+)$/gm,
    );
    const isThere = [...sections].some(([, title]) => title === alert);
    return !isThere || name !== alert.toLowerCase();
  });
  expect(wrong.map(({ alert }) => alert)).toEqual([]);
});

interface StoryTest {
  readonly promql_expr_test?: readonly { readonly exp_samples: readonly { labels: string }[] }[];
  readonly alert_rule_test?: readonly {
    readonly alertname: string;
    readonly exp_alerts: readonly object[];
  }[];
}

/** Whether the alert fires, at each instant at which a story says so. */
function instantsOf({ promql_expr_test = [], alert_rule_test = [] }: StoryTest, alert: string) {
  return [
    ...promql_expr_test.map(({ exp_samples }) =>
      exp_samples.some(({ labels }) => labels.includes(`alertname="${alert}"`)),
    ),
    ...alert_rule_test
      .filter(({ alertname }) => alertname === alert)
      .map(({ exp_alerts }) => exp_alerts.length > 0),
  ];
}

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
    const exprs = [...new Set(allQueries().map(({ expr }) => filledIn(expr)))];
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
    for (const [path, count] of [
      [committedRules, 15],
      [committedFaultRules, 9],
    ] as const) {
      const { isOk, output } = promtool(['check', 'rules', path]);
      expect(output).toContain(`${count} rules found`);
      expect(isOk, output).toBe(true);
    }
  });

  test('fires those about the service and the budget when they should, and not before', () => {
    const { isOk, output } = promtool(['test', 'rules', written('rules.yml', RULE_STORIES)]);
    expect(isOk, output).toBe(true);
  });

  test('fires the rules about faults when they should, and not before', () => {
    const { isOk, output } = promtool(['test', 'rules', written('faults.yml', FAULT_STORY)]);
    expect(isOk, output).toBe(true);
  });

  test.each(ALERTS)(
    'tells a story in which $alert fires and one in which it does not',
    ({ alert }) => {
      const stories = [RULE_STORIES, STORY, FAULT_STORY].flatMap(
        ({ tests }) => tests as StoryTest[],
      );
      const told = stories.flatMap((story) => instantsOf(story, alert));
      expect(told).toContain(true);
      expect(told).toContain(false);
    },
  );

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

function firing(alert: string, severity: string, summary: string, description: string) {
  const runbook_url = `http://127.0.0.1:9909/runbooks/${alert.toLowerCase()}`;
  return { exp_labels: { severity }, exp_annotations: { summary, description, runbook_url } };
}

const WATCHDOG = firing(
  'Watchdog',
  'none',
  'Prometheus evaluates rules and its alerts arrive.',
  'Always firing. Send it to a dead man’s switch: when it stops, the path from Prometheus to people is broken.',
);

const ABSENT = firing(
  'ThreeninesAbsent',
  'critical',
  'Threenines has not been seen for two minutes.',
  'Prometheus cannot read /metrics of Threenines. Nobody is watching the network; no page will be sent.',
);

const STALLED = (since: string) =>
  firing(
    'EngineStalled',
    'critical',
    `The Threenines engine has not finished a step for ${since}.`,
    'The process answers, but incidents are not decided and pages are not sent. Look at its log, then restart it: it continues from its journal.',
  );

const REFUSED = firing(
  'ConfigReloadFailed',
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
        alertAt('10m', 'Watchdog', [WATCHDOG]),
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

/** Histogram buckets: `count` observations a minute, all of them between the two bounds. */
function observed(name: string, labels: string, above: string, below: string, minutes: number) {
  const series = (le: string) => `${name}_bucket{${labels}le="${le}"}`;
  return [
    { series: series(above), values: `0x${minutes}` },
    { series: series(below), values: `0+60x${minutes}` },
    { series: series('+Inf'), values: `0+60x${minutes}` },
  ];
}

const RULE_STORIES = {
  rule_files: [committedRules],
  evaluation_interval: '1m',
  tests: [
    {
      name: 'polls that begin late for ten minutes',
      interval: '1m',
      input_series: [
        ...WELL,
        ...observed('threenines_poll_lateness_seconds', 'kind="full",', '5', '15', 60),
        ...observed('threenines_poll_lateness_seconds', 'kind="heartbeat",', '0.5', '1', 60),
      ],
      promql_expr_test: [
        firingAt('9m', 'kind'),
        firingAt('30m', 'kind', '{alertname="PollsLate",kind="full"}'),
      ],
    },
    {
      name: 'two of three devices are not observed',
      interval: '1m',
      input_series: [
        ...WELL,
        { series: 'threenines_site_devices{site="x",state="unknown"}', values: '1x10 2x50' },
        { series: 'threenines_site_devices{site="x",state="up"}', values: '2x10 1x50' },
      ],
      promql_expr_test: [
        firingAt('10m', 'site'),
        firingAt('15m', 'site', '{alertname="CollectorBlind"}'),
      ],
    },
    {
      name: 'no page goes out by mail while the other channel works',
      interval: '1m',
      input_series: [
        ...WELL,
        { series: 'threenines_outbox_oldest_age_seconds', values: '0x10 60+60x50' },
        { series: 'threenines_pages_total{channel="mail",result="failed"}', values: '0x10 0+1x50' },
        { series: 'threenines_pages_total{channel="mail",result="sent"}', values: '5x60' },
        { series: 'threenines_pages_total{channel="hook",result="failed"}', values: '0x10 0+1x50' },
        { series: 'threenines_pages_total{channel="hook",result="sent"}', values: '5x10 5+1x50' },
      ],
      promql_expr_test: [
        firingAt('11m', 'channel'),
        firingAt(
          '20m',
          'channel',
          '{alertname="OutboxStuck"}',
          '{alertname="PageDeliveryFailing",channel="mail"}',
        ),
      ],
    },
    {
      name: 'a slow disk',
      interval: '1m',
      input_series: [
        ...WELL,
        ...observed('threenines_journal_append_duration_seconds', '', '1', '2.5', 60),
      ],
      promql_expr_test: [
        firingAt('9m', 'site'),
        firingAt('30m', 'site', '{alertname="JournalSlow"}'),
      ],
    },
    ...BURN_STORIES,
  ],
};

const AT = 'site="x",role="core"';

const FAULT_STORY = {
  rule_files: [committedFaultRules],
  evaluation_interval: '1m',
  tests: [
    {
      name: 'faults of a device and of a power system, at ten minutes and later',
      interval: '1m',
      input_series: [
        { series: `threenines_device_state{device="a",${AT}}`, values: '0x4 6x60' },
        { series: `threenines_device_state{device="b",${AT}}`, values: '5x60' },
        { series: `threenines_device_state{device="c",${AT}}`, values: '4x60' },
        { series: `threenines_power_on_battery{device="u",${AT}}`, values: '1x60' },
        { series: `threenines_power_runtime_seconds{device="u",${AT}}`, values: '1800-60x20' },
        { series: `threenines_power_on_battery{device="v",${AT}}`, values: '0x60' },
        { series: `threenines_power_runtime_seconds{device="v",${AT}}`, values: '60x60' },
        { series: `threenines_power_battery_celsius{device="v",${AT}}`, values: '41x60' },
        {
          series: `threenines_interface_receive_errors_total{device="a",${AT},if_name="1"}`,
          values: '0+60x60',
        },
        {
          series: `threenines_interface_transmit_errors_total{device="a",${AT},if_name="1"}`,
          values: '0x60',
        },
        {
          series: `threenines_interface_receive_utilization_ratio{device="a",${AT},if_name="1"}`,
          values: '0.97x60',
        },
        {
          series: `threenines_interface_receive_utilization_ratio{device="a",${AT},if_name="2"}`,
          values: '0.5x60',
        },
        // Of device a one processor is busy and one is not; of device b both are.
        { series: `threenines_cpu_utilization_ratio{device="a",${AT},cpu="1"}`, values: '1x60' },
        { series: `threenines_cpu_utilization_ratio{device="a",${AT},cpu="2"}`, values: '0.5x60' },
        { series: `threenines_cpu_utilization_ratio{device="b",${AT},cpu="1"}`, values: '1x60' },
        { series: `threenines_cpu_utilization_ratio{device="b",${AT},cpu="2"}`, values: '0.82x60' },
        // Just below and just above what is busy, alone.
        { series: `threenines_cpu_utilization_ratio{device="c",${AT},cpu="1"}`, values: '0.89x60' },
        ...['receive', 'transmit'].flatMap((direction) => [
          {
            series: `threenines_interface_${direction}_discards_total{device="b",${AT},if_name="1"}`,
            values: direction === 'transmit' ? '0+6x60' : '0x60',
          },
          {
            series: `threenines_interface_${direction}_discards_total{device="c",${AT},if_name="1"}`,
            values: '7x60',
          },
        ]),
      ],
      promql_expr_test: [
        firingAt('2m', 'device', '{alertname="OnBattery",device="u"}'),
        firingAt(
          '10m',
          'device',
          '{alertname="DeviceDown",device="a"}',
          '{alertname="DeviceNotObserved",device="c"}',
          '{alertname="OnBattery",device="u"}',
          '{alertname="BatteryHot",device="v"}',
        ),
        firingAt(
          '20m',
          'device',
          '{alertname="DeviceDown",device="a"}',
          '{alertname="DeviceNotObserved",device="c"}',
          '{alertname="OnBattery",device="u"}',
          '{alertname="BatteryNearlyEmpty",device="u"}',
          '{alertname="BatteryHot",device="v"}',
          '{alertname="PortErrors",device="a"}',
          '{alertname="PortFull",device="a"}',
          '{alertname="ProcessorBusy",device="b"}',
        ),
        firingAt(
          '40m',
          'device',
          '{alertname="DeviceDown",device="a"}',
          '{alertname="DeviceNotObserved",device="c"}',
          '{alertname="OnBattery",device="u"}',
          '{alertname="BatteryHot",device="v"}',
          '{alertname="PortErrors",device="a"}',
          '{alertname="PortFull",device="a"}',
          '{alertname="PortDiscards",device="b"}',
          '{alertname="ProcessorBusy",device="b"}',
        ),
      ],
    },
  ],
};
