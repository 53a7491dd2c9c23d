import { ROLE_NAMES } from '../config/role-names.ts';
import { type LocalText, say, sayWith } from '../lib/local-text.ts';
import { type Graph, subjectOf } from './graph.ts';
import { sitesOf } from './incident-sites.ts';
import { faultName, PAGE_MESSAGES } from './page-messages.ts';
import { formatZoned } from './page-text.ts';
import type { Incident } from './state.ts';

/** Sites named to customers; the rest is a count. */
const MOST_SITES = 5;

/**
 * What customers could be told of an incident by what is known of it: where, since when, how many are
 * affected, what it is as far as it is known. It names no device. When it is expected to be over only a
 * person can say.
 */
export function noticeDraft(graph: Graph, incident: Incident): LocalText {
  const { evidence, startedAt, rootDeviceId } = incident;
  const { customers, keyCustomers = 0, role } = evidence.inputs;
  const ownSiteId = subjectOf(graph, rootDeviceId)?.siteId ?? null;
  const { siteId, otherSiteIds } = sitesOf(incident, ownSiteId);
  const ids = [siteId, ...otherSiteIds].filter((id) => id !== '');
  const timeZone = graph.sites.get(siteId)?.timeZone ?? graph.topology.timeZone;
  const what = sayWith(
    {
      role: ROLE_NAMES[role],
      fault: say(
        faultName(PAGE_MESSAGES.en, incident.rootKind),
        faultName(PAGE_MESSAGES['zh-CN'], incident.rootKind),
      ),
    },
    role === 'cpe' ? '{role}: {fault}' : '{role} equipment: {fault}',
    '{role}设备：{fault}',
  );
  return sayWith(
    {
      since: formatZoned(startedAt, timeZone),
      where: ids.length === 0 ? say('our network', '我方网络') : sitesNamed(graph, ids),
      customers: customersText(customers, keyCustomers),
      what,
    },
    'Since {since} service has been disrupted at {where}.{customers} As far as is known: {what}. Our engineers are working on it.',
    '自 {since} 起，{where} 的服务受到影响。{customers}目前所知原因：{what}。我方工程师正在处理。',
  );
}

function sitesNamed({ siteNames }: Graph, ids: readonly string[]): LocalText {
  const named = ids.slice(0, MOST_SITES).map((id) => siteNames.get(id) ?? id);
  const more = ids.length - named.length;
  const plural = more === 1 ? '1 more site' : `${more} more sites`;
  return more === 0
    ? say(named.join(', '), named.join('、'))
    : say(`${named.join(', ')} and ${plural}`, `${named.join('、')}等 ${ids.length} 个站点`);
}

/** Nothing where no customers are known to be cut off. */
function customersText(customers: number, keyCustomers: number): LocalText {
  const all = Math.max(customers, keyCustomers);
  if (all === 0) return say('', '');
  const people = all === 1 ? '1 customer is' : `${all} customers are`;
  const key = keyCustomers === 0 ? '' : `, ${keyCustomers} of them key customers`;
  const keyZh = keyCustomers === 0 ? '' : `，其中重要用户 ${keyCustomers} 个`;
  return say(` About ${people} affected${key}.`, `约 ${all} 个用户受影响${keyZh}。`);
}
