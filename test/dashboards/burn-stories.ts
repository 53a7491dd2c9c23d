/** The alerts that fire at an instant, all of them, each named by its alert and what it is about. */
export function firingAt(evalTime: string, by: string, ...labels: readonly string[]) {
  return {
    eval_time: evalTime,
    expr: `count by (alertname, ${by}) (ALERTS{alertstate="firing",alertname!="Watchdog"})`,
    exp_samples: labels.map((each) => ({ labels: each, value: 1 })),
  };
}

/** What keeps the other rules of the service quiet in a story that is not about them. */
export const WELL = [
  { series: 'threenines_build_info{version="1"}', values: '1x600' },
  { series: 'threenines_engine_tick_timestamp_seconds', values: '0+60x600' },
  { series: 'threenines_objective_ratio{scope="fleet",id="all"}', values: '0.999x600' },
];

/** A device of a site that is down in these minutes, and whether an open incident told of it. */
function outages(site: string, down: readonly (readonly [number, number])[], told: string) {
  const minutes = Array.from({ length: 600 }, (_, minute) =>
    down.some(([from, to]) => minute > from && minute <= to),
  );
  const seconds = (isDown: boolean) => {
    let sum = 0;
    return minutes.map((each) => (sum += each === isDown ? 60 : 0)).join(' ');
  };
  const labels = (state: string) => `{site="${site}",state="${state}"}`;
  return [
    { series: `threenines_site_state_seconds_total${labels('up')}`, values: seconds(false) },
    { series: `threenines_site_state_seconds_total${labels('down')}`, values: seconds(true) },
    { series: `threenines_site_outage_told{site="${site}"}`, values: told },
  ];
}

/** Seconds of each minute that a device of the site was up and down. */
function siteTime(site: string, up: number, down: number) {
  const series = (state: string) =>
    `threenines_site_state_seconds_total{site="${site}",state="${state}"}`;
  return [
    { series: series('up'), values: `0+${up}x600` },
    { series: series('down'), values: `0+${down}x600` },
  ];
}

/** Stories of the error budget, as promtool tests rules. */
export const BURN_STORIES = [
  {
    name: 'one site burns fast, one steadily, one within its budget',
    interval: '1m',
    input_series: [
      ...WELL,
      ...siteTime('fast', 57, 3),
      ...siteTime('steady', 59.52, 0.48),
      ...siteTime('good', 59.97, 0.03),
    ],
    promql_expr_test: [
      firingAt('1m', 'site'),
      firingAt(
        '480m',
        'site',
        '{alertname="BudgetBurnsFast",site="fast"}',
        '{alertname="BudgetBurnsSteadily",site="fast"}',
        '{alertname="BudgetBurnsSteadily",site="steady"}',
      ),
    ],
  },
  {
    name: 'an outage that an incident has told burns nothing anew, neither while it lasts nor after it',
    interval: '1m',
    input_series: [
      ...WELL,
      ...outages('told', [[10, 32]], '0x10 1x22 0x560'),
      ...outages('untold', [[10, 32]], '0x600'),
      ...outages(
        'twice',
        [
          [10, 20],
          [25, 33],
        ],
        '0x10 1x10 0x5 1x8 0x560',
      ),
    ],
    promql_expr_test: ['20m', '34m', '36m', '50m', '120m'].map((evalTime, index) =>
      firingAt(
        evalTime,
        'site',
        ...(index < 3 ? ['{alertname="BudgetBurnsFast",site="untold"}'] : []),
        ...(index > 0 && index < 4 ? ['{alertname="BudgetBurnsSteadily",site="untold"}'] : []),
      ),
    ),
  },
  {
    name: 'many short outages add up, though each was told',
    interval: '1m',
    input_series: [
      ...WELL,
      ...outages(
        'flaps',
        [
          [10, 13],
          [18, 21],
          [26, 29],
          [34, 37],
        ],
        '0x10 1x3 0x5 1x3 0x5 1x3 0x5 1x3 0x560',
      ),
    ],
    promql_expr_test: [
      firingAt('24m', 'site'),
      firingAt('37m', 'site', '{alertname="BudgetBurnsFast",site="flaps"}'),
    ],
  },
  {
    name: 'a site that was bad an hour ago and is well now burns no more',
    interval: '1m',
    input_series: [
      ...WELL,
      {
        series: 'threenines_site_state_seconds_total{site="x",state="up"}',
        values: '0x30 0+60x60',
      },
      {
        series: 'threenines_site_state_seconds_total{site="x",state="down"}',
        values: '0+60x30 1800x60',
      },
    ],
    promql_expr_test: [
      firingAt(
        '25m',
        'site',
        '{alertname="BudgetBurnsFast",site="x"}',
        '{alertname="BudgetBurnsSteadily",site="x"}',
      ),
      firingAt('65m', 'site'),
    ],
  },
];
