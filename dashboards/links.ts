import type { Link } from './board.ts';
import { variable } from './variable.ts';
import type { Words } from './words.ts';

/** Keeps the time range, the sites and the data source when the reader goes to another board. */
const SAME_VIEW = [
  '__url_time_range',
  'site:queryparam',
  'datasource:queryparam',
  'console:queryparam',
]
  .map(variable)
  .join('&');

/** To the board of incidents and response clocks. */
export function toIncidents(words: Words): Link {
  return { title: words.openIncidents, url: `/d/threenines-incidents?${SAME_VIEW}` };
}

/** From a line of a table to its incident in the console. */
export function incidentLink(words: Words): Link {
  const url = `${variable('console')}/incidents/${variable('__data.fields.incident')}`;
  return { title: words.openIncident, url };
}

/** From a series that carries a device to that device in the console. */
export function deviceLink(words: Words): Link {
  const url = `${variable('console')}/devices/${variable('__field.labels.device')}`;
  return { title: words.openDevice, url };
}
