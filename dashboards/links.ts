import type { Link } from './board.ts';
import { variable } from './variable.ts';
import type { Words } from './words/words.ts';

/** Keeps the time range, the sites and the data source when the reader goes to another board. */
const SAME_VIEW = [
  '__url_time_range',
  'site:queryparam',
  'datasource:queryparam',
  'console:queryparam',
]
  .map(variable)
  .join('&');

/** The same, where the board that opens is told its device or site by the link itself. */
const SAME_TIME = ['__url_time_range', 'datasource:queryparam', 'console:queryparam']
  .map(variable)
  .join('&');

function toBoard(board: string, chosen: Readonly<Record<string, string>>): string {
  const choices = Object.entries(chosen).map(([name, value]) => `var-${name}=${value}`);
  return `/d/threenines-${board}?${[...choices, SAME_TIME].join('&')}`;
}

/** From a cell of a table that has a column `device`, or another that names one, to the board of that device. */
export function deviceBoardLink(words: Words, column = 'device'): Link {
  const device = variable(`__data.fields.${column}`);
  return { title: words.openDeviceBoard, url: toBoard('device', { device }) };
}

/** From a series that carries a device to the board of that device. */
export function seriesDeviceLink(words: Words): Link {
  const device = variable('__field.labels.device');
  return { title: words.openDeviceBoard, url: toBoard('device', { device }) };
}

/** From a cell of a table that has a column `site` to the board of that site. */
export function siteLink(words: Words): Link {
  return { title: words.openSite, url: toBoard('site', { site: variable('__data.fields.site') }) };
}

/** From a series that carries a site to the board of that site. */
export function seriesSiteLink(words: Words): Link {
  const site = variable('__field.labels.site');
  return { title: words.openSite, url: toBoard('site', { site }) };
}

/** From a line of the port table of the chosen device to the board of that port. */
export function portLink(words: Words): Link {
  const chosen = {
    device: variable('device'),
    if_name: variable('__data.fields.if_name:percentencode'),
  };
  return { title: words.openPort, url: toBoard('port', chosen) };
}

/** From a series that carries a device and a port to the board of that port. */
export function seriesPortLink(words: Words): Link {
  const chosen = {
    device: variable('__field.labels.device'),
    if_name: variable('__field.labels.if_name:percentencode'),
  };
  return { title: words.openPort, url: toBoard('port', chosen) };
}

/** To the board of incidents and response clocks. */
export function toIncidents(words: Words): Link {
  return { title: words.openIncidents, url: `/d/threenines-incidents?${SAME_VIEW}` };
}

/** To the console itself: where a board is about nothing narrower. */
export function wholeConsole(words: Words): Link {
  return { title: words.openConsole, url: variable('console') };
}

/** From the board of a device, or of one of its ports, to that device in the console. */
export function deviceInConsole(words: Words): Link {
  const url = `${variable('console')}/devices/${variable('device')}`;
  return { title: words.openDevice, url };
}

/** From a line of a table to its incident in the console. */
export function incidentLink(words: Words): Link {
  const url = `${variable('console')}/incidents/${variable('__data.fields.incident')}`;
  return { title: words.openIncident, url };
}
