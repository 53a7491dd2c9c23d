import { queryOf, type Story, TWO_SITES, tellStories, words } from './stories.ts';

const OPEN_TIER_1 = {
  'threenines_incidents{tier="1",stage="open"}': '1x10',
  'threenines_incidents{tier="1",stage="acknowledged"}': '2x10',
  'threenines_incidents{tier="1",stage="restored"}': '4x10',
};
const ON_BATTERY = 'threenines_power_on_battery';
const RUNTIME = 'threenines_power_runtime_seconds';

/** Device a, which is down, below two systems on battery: one tells its time, one does not. */
const TWO_BATTERIES = {
  [`${ON_BATTERY}{device="told",site="x",role="power"}`]: '1x10',
  [`${RUNTIME}{device="told",site="x",role="power"}`]: '600x10',
  [`${ON_BATTERY}{device="silent",site="x",role="power"}`]: '1x10',
  'threenines_power_path_info{source="told",target="a",site="x"}': '1x10',
  'threenines_power_path_info{source="silent",target="a",site="x"}': '1x10',
  'threenines_device_state{device="a",site="x",role="core"}': '6x10',
};

const STORIES: readonly Story[] = [
  {
    name: 'open incidents of a step are the most that were open at once in it, from its beginning on',
    query: queryOf(words.incidents.overTime),
    series: {
      'threenines_incidents{tier="1",stage="open",site="x"}': '9x10 0x2 1x10',
      'threenines_incidents{tier="1",stage="acknowledged",site="x"}': '0x10 1x2 0x10',
      'threenines_incidents{tier="1",stage="restored",site="x"}': '5x30',
    },
    at: 11,
    answers: { '{}': 1 },
  },
  {
    name: 'the budget of the running step is shown at its beginning',
    query: queryOf(words.uptimeBoard.burnDown),
    series: {
      'threenines_error_budget_remaining_seconds{scope="site",id="x",window="month"}':
        '_x11 60 50 40',
    },
    answers: { '{id="x"}': 40 },
  },
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
    name: 'a chosen site without incidents has nought of them while the service answers',
    query: queryOf(words.noc.tier(words.tiers[1])).replace('site=~".*"', 'site=~"x"'),
    series: {
      'threenines_incidents{tier="1",stage="open",site="–"}': '0x10',
      'threenines_incidents{tier="1",stage="open",site="y"}': '2x10',
    },
    answers: { '{}': 0 },
  },
  {
    name: 'the next deadline is that of a chosen site',
    query: queryOf(words.noc.nextDeadline).replace('site=~".*"', 'site=~"x"'),
    series: {
      ...OPEN_TIER_1,
      'threenines_incident_info{incident="1",site="x"}': '1x10',
      'threenines_incident_info{incident="2",site="y"}': '1x10',
      'threenines_incident_ack_deadline_timestamp_seconds{incident="1",tier="1"}': '900x10',
      'threenines_incident_ack_deadline_timestamp_seconds{incident="2",tier="1"}': '700x10',
    },
    answers: { '{}': 300 },
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
      'threenines_incident_info{incident="1",site="x"}': '1x10',
      'threenines_incident_info{incident="2",site="y"}': '1x10',
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
  {
    name: 'a site counts what is not up, and leaves maintenance out',
    query: queryOf(words.siteBoard.notUp),
    series: {
      ...TWO_SITES,
      'threenines_device_state{device="d",site="x",role="core"}': '2x10',
    },
    answers: { '{}': 1 },
  },
  {
    name: 'a site without open incidents says nought while its devices are there',
    query: queryOf(words.siteBoard.open),
    series: TWO_SITES,
    answers: { '{}': 0 },
  },
  {
    name: 'a site counts incidents whose cause it has, and those by which it is cut off',
    query: queryOf(words.siteBoard.open),
    series: {
      ...TWO_SITES,
      'threenines_incident_info{incident="1",site="x"}': '1x10',
      'threenines_incident_info{incident="2",site="y"}': '1x10',
      'threenines_incident_info{incident="3",site="y"}': '1x10',
      'threenines_incident_affects_info{incident="3",tier="1",site="x"}': '1x10',
    },
    answers: { '{}': 2 },
  },
  {
    name: 'availability is cut, never rounded up to the promise',
    query: queryOf(words.siteBoard.availability),
    series: {
      'threenines_availability_ratio{scope="site",id="x",window="month",bound="low"}':
        '0.9989999x10',
    },
    answers: { '{}': 0.99899 },
  },
  {
    name: 'availability that is exactly the promise stays it',
    query: queryOf(words.siteBoard.availability),
    series: {
      'threenines_availability_ratio{scope="site",id="x",window="month",bound="low"}': '0.999x10',
    },
    answers: { '{}': 0.999 },
  },
  {
    name: 'losses of a port are those of both directions',
    query: queryOf(words.deviceBoard.ports, 6),
    series: {
      'threenines_interface_receive_errors_total{device="a",if_name="1",site="x"}': '0+60x10',
      'threenines_interface_transmit_errors_total{device="a",if_name="1",site="x"}': '0+120x10',
      'threenines_interface_receive_errors_total{device="b",if_name="1",site="x"}': '0+600x10',
    },
    answers: { '{if_name="1"}': 3 },
  },
  {
    name: 'traffic is bits',
    query: queryOf(words.portBoard.traffic),
    series: {
      'threenines_interface_receive_bytes_total{device="a",if_name="1"}': '0+7500x10',
      'threenines_interface_receive_bytes_total{device="a",if_name="2"}': '0+75000x10',
    },
    answers: { '{}': 1000 },
  },
  {
    name: 'the percentile is of five-minute averages: a burst of one minute is spread over them',
    query: queryOf(words.portBoard.p95In),
    series: {
      'threenines_interface_receive_bytes_total{device="a",if_name="1"}':
        '0 0 0 0 0 0 3000 3000 3000 3000 3000',
    },
    // At five minutes nothing, at ten 3,000 octets in 240 s, drawn out to the whole window: 80 bit/s.
    answers: { '{}': 76 },
  },
  {
    name: 'the percentile has an answer before the first whole five minutes',
    query: queryOf(words.portBoard.p95In),
    series: {
      'threenines_interface_receive_bytes_total{device="a",if_name="1"}': '_x6 0+7500x3',
    },
    at: 9,
    answers: { '{}': 580 },
  },
  {
    name: 'a bar stands at the beginning of its step, so that the running one is seen',
    query: queryOf(words.incidents.breaches),
    series: {
      'threenines_responses_total{tier="1",result="breached"}': '0x10 0 0 2 2 2 2 2',
    },
    answers: { '{}': 2 },
  },
  {
    name: 'the first to go dark is the one with least left among those on battery',
    query: queryOf(words.powerBoard.leastRuntime),
    series: {
      [`${ON_BATTERY}{device="a",site="x",role="power"}`]: '1x10',
      [`${RUNTIME}{device="a",site="x",role="power"}`]: '600x10',
      [`${ON_BATTERY}{device="b",site="x",role="power"}`]: '0x10',
      [`${RUNTIME}{device="b",site="x",role="power"}`]: '60x10',
    },
    answers: { '{}': 600 },
  },
  {
    name: 'what goes dark hangs on a feed that runs on battery',
    query: queryOf(words.powerBoard.feeds),
    series: {
      [`${ON_BATTERY}{device="ups",site="x",role="power"}`]: '1x10',
      [`${RUNTIME}{device="ups",site="x",role="power"}`]: '600x10',
      [`${ON_BATTERY}{device="other",site="x",role="power"}`]: '0x10',
      [`${RUNTIME}{device="other",site="x",role="power"}`]: '900x10',
      'threenines_power_path_info{source="ups",target="a",site="x"}': '1x10',
      'threenines_power_path_info{source="other",target="b",site="x"}': '1x10',
    },
    answers: { '{link="ups a",device="a",source="ups"}': 600 },
  },
  {
    name: 'what hangs on two batteries is a line for each, and one that tells no time is there too',
    query: queryOf(words.powerBoard.feeds),
    series: TWO_BATTERIES,
    answers: {
      '{link="told a",device="a",source="told"}': 600,
      '{link="silent a",device="a",source="silent"}': -1,
    },
  },
  {
    name: 'each of these lines has the state and role of its device',
    query: queryOf(words.powerBoard.feeds, 1),
    series: TWO_BATTERIES,
    answers: { '{link="told a",role="core"}': 6, '{link="silent a",role="core"}': 6 },
  },
  {
    name: 'a time that is told counts before one that is not',
    query: queryOf(words.powerBoard.leastRuntime),
    series: TWO_BATTERIES,
    answers: { '{}': 600 },
  },
  {
    name: 'a battery that tells no time is not taken for no power system',
    query: queryOf(words.powerBoard.leastRuntime),
    series: { [`${ON_BATTERY}{device="silent",site="x",role="power"}`]: '1x10' },
    answers: { '{}': -1 },
  },
  {
    name: 'budget used as fast as allowed burns at one',
    query: queryOf(words.uptimeBoard.burn),
    series: {
      'threenines_site_state_seconds_total{site="x",state="up"}': '0+3x10',
      'threenines_site_state_seconds_total{site="x",state="down"}': '0+1x10',
      'threenines_site_state_seconds_total{site="x",state="unknown"}': '0+500x10',
      'threenines_objective_ratio{scope="fleet",id="all"}': '0.75x10',
    },
    answers: { '{}': 1 },
  },
  {
    name: 'the longest outages are what the chosen window took from the budgets of devices at the sites',
    query: queryOf(words.uptimeBoard.worst),
    series: {
      ...TWO_SITES,
      'threenines_error_budget_seconds{scope="device",id="a",window="month"}': '2592x10',
      'threenines_error_budget_remaining_seconds{scope="device",id="a",window="month"}': '2000x10',
      'threenines_error_budget_seconds{scope="device",id="b",window="month"}': '2592x10',
      'threenines_error_budget_remaining_seconds{scope="device",id="b",window="month"}': '2592x10',
      'threenines_error_budget_seconds{scope="device",id="gone",window="month"}': '2592x10',
      'threenines_error_budget_remaining_seconds{scope="device",id="gone",window="month"}': '0x10',
    },
    answers: { '{device="a"}': 592 },
  },
  {
    name: 'the verdict of each site stands under its name',
    query: queryOf(words.uptimeBoard.sites),
    series: {
      'threenines_objective_verdict{scope="site",id="x",window="month"}': '2x10',
      'threenines_objective_verdict{scope="site",id="y",window="month"}': '0x10',
      'threenines_objective_verdict{scope="site",id="y",window="year"}': '1x10',
      'threenines_objective_verdict_of_known_part{scope="site",id="x",window="month"}': '1x10',
      'threenines_objective_verdict_of_known_part{scope="site",id="y",window="month"}': '0x10',
    },
    // "missed so far, of the known part", and "met so far".
    answers: { '{site="x"}': 5, '{site="y"}': 0 },
  },
];

tellStories(STORIES);
