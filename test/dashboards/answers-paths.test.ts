import { queryOf, type Story, TWO_SITES, tellStories, words } from './stories.ts';

const STORIES: readonly Story[] = [
  {
    name: 'what is lost is told of devices that lose something',
    query: queryOf(words.noc.lossiest),
    series: {
      'threenines_probe_loss_ratio{device="a",site="x",role="core",probe="icmp"}': '0x7 0.5x5',
      'threenines_probe_loss_ratio{device="b",site="x",role="core",probe="icmp"}': '0x10',
    },
    answers: { '{device="a", site="x"}': 0.25 },
  },
  {
    name: 'a path is held against its standard, and one without a standard is not',
    query: queryOf(words.siteBoard.paths, 1),
    series: {
      'threenines_probe_mean_rtt_seconds{device="a",site="x",role="core",probe="icmp"}': '0.3x10',
      'threenines_probe_mean_rtt_standard_seconds{device="a",site="x",role="core"}': '0.2x10',
      'threenines_probe_mean_rtt_seconds{device="b",site="x",role="core",probe="icmp"}': '9x10',
    },
    answers: { '{device="a"}': 1.4999999999999998 },
  },
  {
    name: 'a link is told with the device at its end, twice where it feeds it too',
    query: queryOf(words.siteBoard.topology, 1),
    series: {
      ...TWO_SITES,
      'threenines_link_info{source="a",target="b",kind="network",site="x"}': '1x10',
      'threenines_link_info{source="a",target="b",kind="power",site="x"}': '1x10',
      'threenines_link_info{source="b",target="c",kind="network",site="y"}': '1x10',
    },
    answers: { '{link="b network a"}': 6, '{link="b power a"}': 6 },
  },
  {
    name: 'what hangs on a device stands there with its own state and site',
    query: queryOf(words.deviceBoard.hangsBelow),
    series: {
      ...TWO_SITES,
      'threenines_link_info{source="a",target="c",kind="network",site="y"}': '1x10',
      'threenines_link_info{source="b",target="a",kind="network",site="x"}': '1x10',
    },
    answers: { '{device="c",kind="network",site="y",role="access"}': 3 },
  },
  {
    name: 'routing peers are apart from the other parts of a device',
    query: queryOf(words.deviceBoard.routing),
    series: {
      'threenines_component_state{device="a",component="BGP 192.0.2.1 AS1",kind="bgpPeerState"}':
        '1x10',
      'threenines_component_state{device="a",component="OSPF 192.0.2.2",kind="ospfNbrState"}':
        '0x10',
      'threenines_component_state{device="a",component="PSU 1",kind="psu"}': '2x10',
    },
    answers: { '{component="BGP 192.0.2.1 AS1"}': 1, '{component="OSPF 192.0.2.2"}': 0 },
  },
  {
    name: 'of the other parts those that are not well are told',
    query: queryOf(words.deviceBoard.parts),
    series: {
      'threenines_component_state{device="a",component="BGP 192.0.2.1 AS1",kind="bgpPeerState"}':
        '1x10',
      'threenines_component_state{device="a",component="PSU 1",kind="psu"}': '2x10',
      'threenines_component_state{device="a",component="PSU 2",kind="psu"}': '0x10',
    },
    answers: { '{component="PSU 1"}': 2 },
  },
  {
    name: 'optics of port 1 are not those of port 10 or of another module',
    query: queryOf(words.portBoard.optics),
    series: {
      'threenines_sensor_dbm{device="a",sensor="1 receive power"}': '-5x10',
      'threenines_sensor_dbm{device="a",sensor="Port 1 transmit power"}': '-2x10',
      'threenines_sensor_dbm{device="a",sensor="10 receive power"}': '-7x10',
      'threenines_sensor_dbm{device="a",sensor="0/1 receive power"}': '-8x10',
      'threenines_sensor_dbm{device="a",sensor="1/2 receive power"}': '-9x10',
    },
    answers: { '{sensor="1 receive power"}': -5, '{sensor="Port 1 transmit power"}': -2 },
  },
];

tellStories(STORIES);
