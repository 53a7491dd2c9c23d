import type { Health, HealthReason, MemberRelation, PageKind } from '../alerting/events.ts';
import { partNameOf } from '../alerting/fault-key.ts';
import { faultWords } from '../alerting/fault-words.ts';
import type { FlapFacts } from '../alerting/flaps.ts';
import { PAGE_MESSAGES } from '../alerting/page-messages.ts';
import { FAULT_KINDS, type FaultKind } from '../config/model.ts';
import { type LocalText, say, sayWith } from '../lib/local-text.ts';

/** Names of closed sets in both languages of the product, for the sentences of the API. */

export const HEALTH_NAMES: Readonly<Record<Health, LocalText>> = {
  up: say('up', '正常'),
  degraded: say('degraded', '降级'),
  down: say('down', '中断'),
  unreachable: say('unreachable', '不可达'),
  unknown: say('unknown', '未观测'),
};

export const HEALTH_REASONS: Readonly<Record<HealthReason, LocalText>> = {
  'confirmed-failure': say('failure confirmed', '故障已确认'),
  'confirmed-recovery': say('recovery confirmed', '恢复已确认'),
  'parents-down': say('everything above it is down', '上级设备全部中断'),
  'parents-recovered': say('a device above it is back', '上级设备已恢复'),
  'fault-raised': say('a part of it has a fault', '部件出现故障'),
  'faults-cleared': say('its faults have cleared', '部件故障已消除'),
  'not-observed': say('no observation', '没有观测数据'),
  'service-restarted': say('the service restarted', '监控服务重启'),
  added: say('added to the configuration', '已加入配置'),
  removed: say('removed from the configuration', '已移出配置'),
};

const english = PAGE_MESSAGES.en;
const chinese = PAGE_MESSAGES['zh-CN'];

/** What can be wrong, in the words of the pages. */
export const FAULT_NAMES = Object.fromEntries(
  FAULT_KINDS.map((kind) => [kind, say(english[kind], chinese[kind])]),
) as Readonly<Record<FaultKind, LocalText>>;

export const PAGE_KINDS: Readonly<Record<PageKind, LocalText>> = {
  opened: say(english.kind_opened, chinese.kind_opened),
  escalated: say(english.kind_escalated, chinese.kind_escalated),
  reminder: say('Reminder', '提醒'),
  repeat: say(english.kind_repeat, chinese.kind_repeat),
  breached: say(english.kind_breached, chinese.kind_breached),
  upgraded: say(english.kind_upgraded, chinese.kind_upgraded),
  reopened: say(english.kind_reopened, chinese.kind_reopened),
  'update-due': say(english['kind_update-due'], chinese['kind_update-due']),
  'duty-due': say(english['kind_duty-due'], chinese['kind_duty-due']),
  'duty-overdue': say(english['kind_duty-overdue'], chinese['kind_duty-overdue']),
  'notice-due': say(english['kind_notice-due'], chinese['kind_notice-due']),
  lapsed: say(english.kind_lapsed, chinese.kind_lapsed),
  forecast: say(english.kind_forecast, chinese.kind_forecast),
  acknowledged: say(english.kind_acknowledged, chinese.kind_acknowledged),
  resolved: say(english.kind_resolved, chinese.kind_resolved),
};

export const RELATIONS: Readonly<Record<MemberRelation, LocalText>> = {
  root: say('root cause', '根因'),
  behind: say('behind it', '位于其后'),
  'fed-by': say('fed by it', '由其供电'),
  link: say('same link', '同一链路'),
  'same-device': say('same device', '同一设备'),
  'same-site': say('same site', '同一站点'),
  storm: say('part of the storm', '风暴中的告警'),
  reported: say('reported by a customer before', '此前用户申告'),
  redundancy: say('redundancy group', '冗余组'),
};

/** What the incident is, in a few words: `agg-3: port down (Te1/1)`; `flapping`: of what comes and goes. */
export function faultTitle(
  deviceName: string,
  kind: FaultKind,
  component: string | null,
  flapping: FlapFacts | null = null,
) {
  const part = partNameOf(component) ?? '';
  const what = say(faultWords(kind, flapping, 'en'), faultWords(kind, flapping, 'zh-CN'));
  return sayWith(
    { deviceName, kind: what, part },
    part === '' ? '{deviceName}: {kind}' : '{deviceName}: {kind} ({part})',
    part === '' ? '{deviceName}：{kind}' : '{deviceName}：{kind}（{part}）',
  );
}

/** How a command arrived. */
export function viaName(via: string): LocalText {
  if (via === 'console') return say('console', '控制台');
  if (via === 'link') return say('link in a page', '通知中的链接');
  if (via === 'sms') return say('short message', '短信');
  if (via === 'voice') return say('telephone', '电话');
  if (via === 'slack') return say('Slack', 'Slack');
  if (via === 'dingtalk') return say('DingTalk', '钉钉');
  return say(via, via);
}

const NO_LONGER_WATCHED = say(english.kind_removed, chinese.kind_removed);

/** What a page is called; `isRemoved`: it tells the end of what was taken out of the configuration. */
export function pageKindName(kind: PageKind, isRemoved: boolean): LocalText {
  return isRemoved && kind === 'resolved' ? NO_LONGER_WATCHED : PAGE_KINDS[kind];
}
