import { ALERTING_METRICS } from '../alerting/metrics.ts';
import { deviceMetric } from '../collector/metrics.ts';
import { history, labelColumn, now, type Panel, valueColumn } from './board.ts';
import { deviceBoardLink } from './links.ts';
import { linkKindNamings, partNamings, stateNamings } from './palette.ts';
import { tablePanel, timelinePanel } from './panels.ts';
import { CHOSEN_DEVICE, is, isNoneOf, type Matcher, matches, renamed, select } from './query.ts';
import type { Words } from './words/words.ts';

const { deviceState, linkInfo } = ALERTING_METRICS;
const partState = deviceMetric('component_state');
/** The objects that tell of a session with another router; BGP's of every vendor have one name. */
const ROUTING = 'bgpPeerState|ospfNbrState';

/** Sessions with other routers over the range. */
export function routingPeers(words: Words): Panel {
  const chosen = select(partState, CHOSEN_DEVICE, matches('kind', ROUTING));
  return timelinePanel(words, words.deviceBoard.routing, {
    width: 12,
    questions: [history(`max by (component) (${chosen})`, '{{component}}')],
    namings: partNamings(words),
    noData: words.deviceBoard.noRouting,
    expectData: 'may-be-empty',
  });
}

/** Fans, power supplies and the like: what the device itself does not find good. */
export function partsNotWell(words: Words): Panel {
  const { columns } = words;
  const chosen = select(partState, CHOSEN_DEVICE, isNoneOf('kind', ROUTING));
  return tablePanel(words, words.deviceBoard.parts, {
    width: 12,
    joinOn: 'component',
    columns: [
      labelColumn('component', columns.part),
      valueColumn(0, columns.state, { width: 140, namings: partNamings(words) }),
    ],
    sortBy: [{ title: columns.state, descending: true }],
    questions: [now(`max by (component) (${chosen}) > 0`)],
    noData: words.deviceBoard.allWell,
    expectData: 'may-be-empty',
  });
}

/** What the chosen device hangs on, by network and by power. */
export function hangsOn(words: Words): Panel {
  return linked(words, 'hangsOn', 'source', is('target', '$device'));
}

/** What hangs on the chosen device. */
export function hangsBelow(words: Words): Panel {
  return linked(words, 'hangsBelow', 'target', is('source', '$device'));
}

function linked(
  words: Words,
  name: 'hangsOn' | 'hangsBelow',
  end: 'source' | 'target',
  chosen: Matcher,
): Panel {
  const { columns } = words;
  const links = `max by (device, kind) (${renamed(select(linkInfo, chosen), 'device', end)})`;
  return tablePanel(words, words.deviceBoard[name], {
    width: 12,
    joinOn: 'device',
    columns: [
      labelColumn('device', columns.device, { link: deviceBoardLink(words) }),
      labelColumn('kind', columns.kind, { width: 130, namings: linkKindNamings(words) }),
      labelColumn('site', columns.site, { width: 120 }),
      labelColumn('role', columns.role, { width: 120 }),
      valueColumn(0, columns.state, { width: 140, namings: stateNamings(words) }),
    ],
    sortBy: [{ title: columns.state, descending: true }],
    // One line a link: a device may be both parent and feed.
    questions: [
      now(
        `${links} * on (device) group_left (site, role) max by (device, site, role) (${select(deviceState)})`,
      ),
    ],
    noData: words.deviceBoard.noLinks,
  });
}
