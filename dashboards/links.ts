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

/** The same, with the sites that the reader chose; for boards that let any number of sites be chosen. */
function toBoardAtSites(board: string, chosen: Readonly<Record<string, string>>): string {
  return `${toBoard(board, chosen)}&${variable('site:queryparam')}`;
}

/**
 * From a cell of a table that has a column `device`, or another that names one, to the board of that
 * device: at `site`, or at all sites where it may be at any.
 */
export function deviceBoardLink(words: Words, column = 'device', site?: string): Link {
  const device = variable(`__data.fields.${column}`);
  const chosen: Readonly<Record<string, string>> =
    site === undefined ? { device } : { device, site };
  return { title: words.openDeviceBoard, url: toBoard('device', chosen) };
}

/** The site in the column `site` of a table. */
export const SITE_OF_ROW = variable('__data.fields.site');
/** The site that a board is about. */
export const SITE_OF_BOARD = variable('site');

/** From the board of a port to that of its device. */
export function deviceOfPort(words: Words): Link {
  const url = toBoardAtSites('device', { device: variable('device') });
  return { title: words.openDeviceBoard, url };
}

/** From a board of any number of sites to that of one, which the reader chooses there. */
export function anySite(words: Words): Link {
  return { title: words.openSite, url: toBoard('site', {}) };
}

/** From a series that carries a device to the board of that device, at the chosen sites. */
export function seriesDeviceLink(words: Words): Link {
  const device = variable('__field.labels.device');
  return { title: words.openDeviceBoard, url: toBoardAtSites('device', { device }) };
}

/** From a series that carries a device and its site to the board of that device at that site. */
export function seriesDeviceAtSiteLink(words: Words): Link {
  const device = variable('__field.labels.device');
  const site = variable('__field.labels.site');
  return { title: words.openDeviceBoard, url: toBoard('device', { device, site }) };
}

/** From a cell of a table that has a column `site` to the board of that site. */
export function siteLink(words: Words): Link {
  return { title: words.openSite, url: toBoard('site', { site: SITE_OF_ROW }) };
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
  return { title: words.openPort, url: toBoardAtSites('port', chosen) };
}

/** From a series that carries a device, its site and a port to the board of that port. */
export function seriesPortLink(words: Words): Link {
  const chosen = {
    site: variable('__field.labels.site'),
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
