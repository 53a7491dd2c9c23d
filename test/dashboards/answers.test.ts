import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { incidentsBoard } from '../../dashboards/incidents.ts';
import { nocBoard } from '../../dashboards/noc.ts';
import { WORDS } from '../../dashboards/words.ts';
import { hasTool, promtool } from './prometheus-tools.ts';

const words = WORDS.en;
const panels = [nocBoard(words), incidentsBoard(words)].flatMap(({ rows }) =>
  rows.flatMap((row) => row.panels),
);

/** The query at `index` of the panel with that title, for the last ten minutes at every site. */
function queryOf({ title }: { readonly title: string }, index = 0): string {
  const ask = panels.find((panel) => panel.title === title)?.questions[index]?.ask;
  if (ask === undefined) throw new Error(`no query ${index} in a panel named ${title}`);
  return ask.replaceAll('$site', '.*').replaceAll('$__range', '10m');
}

interface Story {
  readonly name: string;
  readonly query: string;
  /** Series with their values, one a minute, in promtool's notation. */
  readonly series: Readonly<Record<string, string>>;
  /** What the query answers at ten minutes, labels with their value. */
  readonly answers: Readonly<Record<string, number>>;
}

const OPEN_TIER_1 = {
  'threenines_incidents{tier="1",stage="open"}': '1x10',
  'threenines_incidents{tier="1",stage="acknowledged"}': '2x10',
  'threenines_incidents{tier="1",stage="restored"}': '4x10',
};
const TWO_SITES = {
  'threenines_device_state{device="a",site="x",role="core"}': '6x10',
  'threenines_device_state{device="b",site="x",role="core"}': '0x10',
  'threenines_device_state{device="c",site="y",role="access"}': '3x10',
};
const ON_BATTERY = 'threenines_power_on_battery';
const RUNTIME = 'threenines_power_runtime_seconds';

const STORIES: readonly Story[] = [
  {
    name: 'open incidents count acknowledged ones and not restored ones',
    query: queryOf(words.noc.tier(words.tiers[1])),
    series: OPEN_TIER_1,
    answers: { '{}': 3 },
  },
  {
    name: 'a service that is gone has no open incidents, not nought of them',
    query: queryOf(words.noc.tier(words.tiers[1])),
    series: { 'threenines_incidents{tier="1",stage="open"}': '0x5 stale' },
    answers: {},
  },
  {
    name: 'no device down is nought while there are devices',
    query: queryOf(words.noc.unreachable),
    series: TWO_SITES,
    answers: { '{}': 0 },
  },
  {
    name: 'no device at all is no answer',
    query: queryOf(words.noc.down),
    series: {},
    answers: {},
  },
  {
    name: 'one device down is one',
    query: queryOf(words.noc.down),
    series: TWO_SITES,
    answers: { '{}': 1 },
  },
  {
    name: 'a site is as bad as its worst device',
    query: queryOf(words.noc.sites),
    series: TWO_SITES,
    answers: { '{site="x"}': 6, '{site="y"}': 3 },
  },
  {
    name: 'the next deadline is the nearest one',
    query: queryOf(words.noc.nextDeadline),
    series: {
      ...OPEN_TIER_1,
      'threenines_incident_ack_deadline_timestamp_seconds{incident="1",tier="1"}': '900x10',
      'threenines_incident_ack_deadline_timestamp_seconds{incident="2",tier="4"}': '3600x10',
    },
    answers: { '{}': 300 },
  },
  {
    name: 'without a running clock the service itself says so',
    query: queryOf(words.noc.nextDeadline),
    series: OPEN_TIER_1,
    answers: { '{}': 1e9 },
  },
  {
    name: 'without the service nobody says that no clock is running',
    query: queryOf(words.noc.nextDeadline),
    series: {},
    answers: {},
  },
  {
    name: 'on battery: what runs on battery, with its time left, or that it does not tell',
    query: queryOf(words.noc.onBattery),
    series: {
      [`${ON_BATTERY}{device="a",site="x",role="power"}`]: '1x10',
      [`${RUNTIME}{device="a",site="x",role="power"}`]: '600x10',
      [`${ON_BATTERY}{device="b",site="x",role="power"}`]: '1x10',
      [`${ON_BATTERY}{device="c",site="x",role="power"}`]: '0x10',
      [`${RUNTIME}{device="c",site="x",role="power"}`]: '7200x10',
    },
    answers: { '{device="a"}': 600, '{device="b"}': -1 },
  },
  {
    name: 'on battery: everything on mains is said once',
    query: queryOf(words.noc.onBattery),
    series: {
      [`${ON_BATTERY}{device="a",site="x",role="power"}`]: '0x10',
      [`${ON_BATTERY}{device="b",site="x",role="power"}`]: '0x10',
    },
    answers: { [`{device="${words.noc.allOnMains}"}`]: 1e9 },
  },
  {
    name: 'the busier direction of a port counts, also where only one is known',
    query: queryOf(words.noc.busiestLinks),
    series: {
      'threenines_interface_receive_utilization_ratio{device="a",if_name="1"}': '0.1x10',
      'threenines_interface_transmit_utilization_ratio{device="a",if_name="1"}': '0.9x10',
      'threenines_interface_receive_utilization_ratio{device="b",if_name="1"}': '0.4x10',
    },
    answers: { '{device="a",if_name="1"}': 0.9, '{device="b",if_name="1"}': 0.4 },
  },
  {
    name: 'three of four clocks answered in time are three quarters',
    query: queryOf(words.incidents.compliance),
    series: {
      'threenines_responses_total{tier="1",result="met"}': '0 3x9',
      'threenines_responses_total{tier="1",result="breached"}': '0 1x9',
      'threenines_responses_total{tier="2",result="met"}': '0 8x9',
    },
    answers: { '{}': 0.75 },
  },
  {
    name: 'where no clock ended there is no share, and no quotient of noughts',
    query: queryOf(words.incidents.compliance),
    series: {
      'threenines_responses_total{tier="1",result="met"}': '0x10',
      'threenines_responses_total{tier="1",result="breached"}': '0x10',
    },
    answers: { '{}': -1 },
  },
  {
    name: 'without the service nobody says that no clock ended',
    query: queryOf(words.incidents.compliance),
    series: {},
    answers: {},
  },
  {
    name: 'the time to acknowledge, where somebody did',
    query: queryOf(words.incidents.timeToAcknowledge),
    series: {
      'threenines_ack_duration_seconds_bucket{tier="1",le="60"}': '0 4x9',
      'threenines_ack_duration_seconds_bucket{tier="1",le="+Inf"}': '0 4x9',
      'threenines_ack_duration_seconds_count{tier="1"}': '0 4x9',
      'threenines_ack_duration_seconds_bucket{tier="2",le="60"}': '0x10',
      'threenines_ack_duration_seconds_bucket{tier="2",le="+Inf"}': '0x10',
      'threenines_ack_duration_seconds_count{tier="2"}': '0x10',
    },
    answers: { '{tier="1"}': 30, '{tier="2"}': -1 },
  },
  {
    name: 'the clock used is the share of the response time that is gone',
    query: queryOf(words.incidents.clocks, 2),
    series: {
      'threenines_incident_info{incident="1",tier="1",site="x"}': '1x10',
      'threenines_incident_opened_timestamp_seconds{incident="1",tier="1",site="x"}': '60x10',
      'threenines_incident_clock_start_timestamp_seconds{incident="1",tier="1"}': '300x10',
      'threenines_incident_ack_deadline_timestamp_seconds{incident="1",tier="1"}': '1200x10',
    },
    answers: { '{incident="1"}': 1 / 3 },
  },
];

describe.skipIf(!hasTool('promtool'))('the boards answer', () => {
  const folder = mkdtempSync(join(tmpdir(), 'threenines-answers-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(STORIES)('$name', ({ query, series, answers }) => {
    const path = join(folder, 'story.yml');
    writeFileSync(path, stringify(asUnitTest(query, series, answers)));
    const { isOk, output } = promtool(['test', 'rules', path]);
    expect(isOk, output).toBe(true);
  });
});

function asUnitTest(query: string, series: Story['series'], answers: Story['answers']) {
  return {
    evaluation_interval: '1m',
    tests: [
      {
        interval: '1m',
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        promql_expr_test: [
          {
            expr: query,
            eval_time: '10m',
            exp_samples: Object.entries(answers).map(([labels, value]) => ({ labels, value })),
          },
        ],
      },
    ],
  };
}
