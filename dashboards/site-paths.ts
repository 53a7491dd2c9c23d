import { ALERTING_METRICS } from '../alerting/metrics.ts';
import { PROBE_METRICS } from '../collector/probes/probe-metrics.ts';
import type { MetricDef } from '../lib/metric-def.ts';
import { labelColumn, now, type Panel, valueColumn } from './board.ts';
import { deviceBoardLink, seriesDeviceLink } from './links.ts';
import { linkKindNamings, stateNamings, worseAbove } from './palette.ts';
import { barsPanel, tablePanel } from './panels.ts';
import { CHOSEN_SITE, renamed, select } from './query.ts';
import type { Words } from './words/words.ts';

const { deviceState, linkInfo } = ALERTING_METRICS;
const { loss, lossStandard, roundTrip, roundTripStandard, jitter, jitterStandard } = PROBE_METRICS;

/** How much of what is allowed the paths to the devices of the site use up. */
export function worstPaths(words: Words): Panel {
  const { columns } = words;
  const used = (measured: MetricDef, standard: MetricDef) => {
    const allowed = `max by (device) (${select(standard, CHOSEN_SITE)}) > 0`;
    return `topk(5, max by (device) (${select(measured, CHOSEN_SITE)}) / (${allowed}))`;
  };
  return barsPanel(words, words.siteBoard.paths, {
    width: 10,
    questions: [
      now(used(loss, lossStandard), `{{device}} · ${columns.loss}`),
      now(used(roundTrip, roundTripStandard), `{{device}} · ${columns.roundTrip}`),
      now(used(jitter, jitterStandard), `{{device}} · ${columns.jitter}`),
    ],
    unit: 'ratio',
    levels: worseAbove(0.8, 1),
    noData: words.siteBoard.noStandards,
    link: seriesDeviceLink(words),
  });
}

/** Every link that ends at the site, network and power, with the states of both ends. */
export function topology(words: Words): Panel {
  const { columns } = words;
  return tablePanel(words, words.siteBoard.topology, {
    width: 14,
    joinOn: 'link',
    columns: [
      labelColumn('target', columns.device, { link: deviceBoardLink(words, 'target') }),
      valueColumn(0, columns.state, { width: 130, namings: stateNamings(words) }),
      labelColumn('kind', columns.kind, { width: 120, namings: linkKindNamings(words) }),
      labelColumn('source', columns.feed, { link: deviceBoardLink(words, 'source') }),
      valueColumn(1, columns.stateAbove, { width: 150, namings: stateNamings(words) }),
    ],
    sortBy: [{ title: columns.state, descending: true }],
    questions: [
      now(`max by (link, target, source, kind) (${linksWithStateOf('target')})`),
      now(`max by (link) (${linksWithStateOf('source')})`),
    ],
    noData: words.siteBoard.noLinks,
  });
}

/** The links of the site, each with a name of its own and the state of the device at one end. */
function linksWithStateOf(end: 'source' | 'target'): string {
  const links = `max by (target, source, kind) (${select(linkInfo, CHOSEN_SITE)})`;
  const states = `max by (${end}) (${renamed(select(deviceState), end, 'device')})`;
  const joined = `${links} * on (${end}) group_left () ${states}`;
  return `label_join(${joined}, "link", " ", "target", "kind", "source")`;
}
