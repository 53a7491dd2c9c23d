import { type LocalText, say, sayWith } from '../lib/local-text.ts';
import { type Graph, subjectOf } from './graph.ts';
import { faultsOfLink, linkOf } from './link-faults.ts';
import { bundleOf, linkAt } from './links.ts';
import { isPathLost, isSilent, type ParentLink } from './paths.ts';
import { portDownFault } from './port-faults.ts';
import type { EngineState, Fault } from './state.ts';

/** Lost ways named beside the root; more are left out. */
const MOST_NAMED = 3;

/**
 * What has cut off the device that the lost link `root` served, where no path is left: the root, and
 * every other way that is lost, without which the root would have been the loss of a redundant part.
 */
export function lostWaysText(
  state: EngineState,
  graph: Graph,
  root: Fault,
  servedId: string,
): LocalText {
  const parents = graph.devices.get(servedId)?.parents ?? [];
  const lost = parents.filter((parent) => isPathLost(state, parent));
  const others = lost.flatMap((parent) => waysThrough(state, graph, root, parent));
  const ways = [root.text, ...others.slice(0, MOST_NAMED)];
  return {
    en: ways.map(({ en }) => en).join('; '),
    'zh-CN': ways.map((way) => way['zh-CN']).join('；'),
  };
}

/** The lost ways through this parent, without that of the root. */
function waysThrough(
  state: EngineState,
  graph: Graph,
  root: Fault,
  { deviceId, port }: ParentLink,
): readonly LocalText[] {
  const nameOf = (id: string) => subjectOf(graph, id)?.name ?? id;
  const own = linkOf(graph, root);
  const link = linkAt(graph.links, deviceId, port);
  if (isSilent(state, deviceId)) {
    if (link !== null && link === own) return [];
    return [say(`${nameOf(deviceId)} does not answer`, `${nameOf(deviceId)} 无响应`)];
  }
  const told =
    link === null
      ? [port === null ? null : portDownFault(state, deviceId, port)]
      : bundleOf(graph.links, link)
          .filter((each) => each !== own)
          .map((each) => faultsOfLink(state, each)[0] ?? null);
  return told.flatMap((fault) => {
    if (fault === null || fault.key === root.key) return [];
    const way = { device: nameOf(fault.deviceId), text: fault.text };
    return [sayWith(way, '{device}: {text}', '{device}：{text}')];
  });
}
