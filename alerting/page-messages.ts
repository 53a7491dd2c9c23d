import type { FaultKind, Language, Tier } from '../config/model.ts';
import type { LocalText } from '../lib/local-text.ts';
import type { PageKind } from './events.ts';
import { NO_SITE } from './subjects.ts';

/** Both names of a tier: what people say to each other must not depend on their language. */
export const TIER_NAMES: Readonly<Record<Tier, LocalText>> = {
  1: { en: 'critical', 'zh-CN': '特别重大' },
  2: { en: 'major', 'zh-CN': '重大' },
  3: { en: 'significant', 'zh-CN': '较大' },
  4: { en: 'general', 'zh-CN': '一般' },
};

/** `2 major 重大` */
export function tierName(tier: Tier): string {
  return `${tier} ${TIER_NAMES[tier].en} ${TIER_NAMES[tier]['zh-CN']}`;
}

const timesOf = (count: string) => (count === '1' ? '1 time' : `${count} times`);

const english = {
  kind_opened: 'New',
  kind_escalated: 'Escalated',
  kind_reminder: (percent: string) => `Reminder ${percent}`,
  kind_repeat: 'Still waiting',
  kind_breached: 'Deadline missed',
  kind_upgraded: 'Upgraded',
  kind_reopened: 'Failing again',
  'kind_update-due': 'Update due',
  'kind_notice-due': 'Customer notice due',
  kind_lapsed: 'Acknowledgement lapsed',
  kind_forecast: 'Forecast',
  'kind_duty-due': 'Still to be done',
  'kind_duty-overdue': 'Overdue',
  kind_acknowledged: 'Acknowledged',
  kind_resolved: 'Resolved',
  kind_removed: 'No longer watched',

  headline_opened: 'New incident',
  headline_escalated: 'Escalated to you: nobody has acknowledged it yet',
  headline_reminder: (percent: string) =>
    `Reminder: ${percent} of the response time has passed, nobody has acknowledged it yet`,
  headline_repeat: 'Still not acknowledged',
  headline_breached: 'Response deadline missed: nobody has acknowledged it',
  headline_upgraded: (tier: string) => `Upgraded to tier ${tier}`,
  headline_reopened: 'Failing again: the incident is open again',
  'headline_update-due':
    'An update is due: write how it stands, or the acknowledgement lapses and others are paged',
  'headline_notice-due': 'Customers have not been told yet: publish a notice',
  headline_lapsed: 'No update from whoever acknowledged: the acknowledgement has lapsed',
  'headline_duty-due': 'Something is still to be done about this incident',
  'headline_duty-overdue': 'Overdue: something was to be done about this incident and is not',
  headline_forecast: 'Will become worse by the rules if it goes on',
  headline_acknowledged: 'Acknowledged: somebody is working on it',
  headline_resolved: 'Resolved',
  headline_removed:
    'No longer watched: taken out of the configuration. That it has recovered is not known',

  label_fault: 'Fault',
  label_faultOver: 'Fault (over)',
  label_site: 'Site',
  label_tier: 'Tier',
  label_since: 'Since',
  label_lasted: 'Lasted',
  label_watchedUntil: 'Watched until',
  label_incidentSince: 'Incident since',
  label_over: 'Over',
  label_also: 'Also',
  label_inAll: 'In all',
  label_firstOpened: 'First opened',
  label_affected: 'Affects',
  label_battery: 'Battery',
  label_forecast: 'Forecast',
  label_duty: 'To do',
  duty: (what: string, instant: string) => `${what}, by ${instant}`,
  shortDuty: (what: string) => `. ${what}`,
  label_description: 'Description',
  label_runbook: 'Runbook',
  label_respond: 'Acknowledge by',
  label_acknowledged: 'Acknowledged by',
  label_delayed: 'Delayed',
  label_incident: 'Incident',
  label_acknowledge: 'Acknowledge',

  fault: (device: string, component: string | null, kind: string) =>
    component === null ? `${device}: ${kind}` : `${device}, ${component}: ${kind}`,
  faultDetail: (text: string) => ` (${text})`,
  portFlaps: 'port flaps',
  deviceFlaps: 'goes down again and again',
  flaps: (kind: string) => `${kind}, again and again`,
  flapRate: (what: string, count: string, isMore: boolean, window: string) =>
    `${what}, ${timesOf(count)}${isMore ? ' or more' : ''} in ${window}`,
  because: (tier: string, sentence: string) => `${tier}, because ${sentence}`,
  becauseThen: (tier: string, sentence: string) => `${tier}, because at that time: ${sentence}`,
  since: (instant: string, duration: string) => `${instant} (${duration} ago)`,
  lasted: (duration: string, from: string, to: string) => `${duration}, from ${from} to ${to}`,
  lastedTimes: (duration: string, count: number, from: string, to: string) =>
    `${duration} in ${timesOf(`${count}`)}, between ${from} and ${to}`,
  lastedOnOff: (duration: string, from: string, to: string) =>
    `${duration}, on and off from ${from} to ${to}`,
  causeOver: (what: string, duration: string, until: string) =>
    `${what} for ${duration}, until ${until}`,
  causeSeparator: '; ',
  overBut: (what: string) => `${what} (over, what came of it is not)`,
  affected: (count: number) => (count === 1 ? '1 device' : `${count} devices`),
  confirmedOf: (count: string, confirmed: number) =>
    confirmed === 0
      ? `${count}, not confirmed as down or cut off yet`
      : `${count}, ${confirmed} of them confirmed as down or cut off so far`,
  affectedNames: (count: string, names: string, more: number) =>
    more > 0 ? `${count}: ${names} and ${more} more` : `${count}: ${names}`,
  nameSeparator: ', ',
  battery: (minutes: number, instant: string) => `about ${minutes} min left at ${instant}`,
  batteryEmpty: (instant: string) => `empty, or nearly so, at ${instant}`,
  batteryRanOut: (since: string) => `has run out; what hangs on it has been dark since ${since}`,
  forecast: (tier: string, instant: string) => `${tier} at ${instant}`,
  deadlineRunning: (instant: string, left: string) => `${instant} (${left} left)`,
  deadlinePassed: (instant: string, ago: string) => `${instant} (missed ${ago} ago)`,
  nobody: 'nobody',
  delayed: (duration: string, instant: string) =>
    `nothing could be delivered for ${duration}, since ${instant}`,
  waited: (duration: string, instant: string) => `waited for ${duration}, since ${instant}`,
  standsFor: (count: number) =>
    count === 0
      ? ''
      : `; this page stands for ${count === 1 ? 'an older one' : `${count} older ones`}`,
  openIncident: 'Open the incident',
  acknowledge: 'Acknowledge',
  testSubject: '[Test] Threenines can reach you here',
  testName: 'Test',
  testHeadline: 'This is a test page: nothing is wrong, and nothing is to be done.',
  testFor: 'For',
  testSentAt: 'Sent at',

  replyToAcknowledge: (code: string) => `Reply "ack ${code}" to acknowledge.`,
  pressToAcknowledge: 'Press 1 to acknowledge.',
  notAcknowledged: 'Not acknowledged. You will be called again.',

  headlineSummary: (count: number) =>
    `${count === 1 ? '1 incident' : `${count} incidents`} in one message, as you get many`,
  headlineSummaryResolved: (count: number) =>
    `All resolved: ${count === 1 ? '1 incident' : `${count} incidents`} in one message, as you get many`,
  summaryCount: (tier: string, count: number) => `${count} of tier ${tier}`,
  summaryMore: (count: number) => `${count} incidents more`,
  summarySeparator: ': ',
  summaryBy: (instant: string) => `, acknowledge by ${instant}`,
  label_byTier: 'Incidents',
  label_more: 'And',
  openAll: 'Open incidents',

  shortWhat: (what: string, site: string) => (site === NO_SITE ? what : `${what}, ${site}`),
  alsoAffects: (site: string, others: string, more: number) =>
    more > 0
      ? `${site} (also affects ${others} and ${more} more)`
      : `${site} (also affects ${others})`,
  shortRunning: (left: string) => `. Acknowledge within ${left}`,
  shortPassed: (ago: string) => `. Missed ${ago} ago`,
  shortResolved: (duration: string) => `. Lasted ${duration}`,
  shortRemoved: '. Taken out of the configuration',
  shortAcknowledged: (by: string) => `. Acknowledged by ${by}`,

  'device-down': 'not answering',
  'port-down': 'port down',
  'port-errors': 'errors on ports',
  'port-discards': 'packets dropped',
  'port-full': 'port full',
  'redundancy-lost': 'redundancy lost',
  'switched-over': 'switched over to standby',
  'on-battery': 'running on battery',
  'battery-low': 'battery low',
  'on-generator': 'running on generator',
  'replace-battery': 'battery needs replacing',
  'output-overload': 'output overloaded',
  'power-input': 'power input fault',
  temperature: 'temperature out of range',
  fan: 'fan fault',
  'power-supply': 'power supply fault',
  sensor: 'sensor out of range',
  'storage-full': 'storage nearly full',
  'cpu-high': 'CPU load high',
  'memory-high': 'memory use high',
  'routing-peer': 'routing peer lost',
  'path-quality': 'path below its standard',
  'monitoring-blind': 'cannot be observed',
  'cover-gap': 'nobody on call',
  'customer-report': 'reported by a customer',
  'paging-stuck': 'paging does not work',
  'report-undelivered': 'report not delivered',
  'disk-nearly-full': 'disk of the service nearly full',
  'journal-damaged': 'journal damaged',
  'clock-stepped': 'clock of the machine was set',
  'collector-blind': 'monitoring is blind',
  alert: 'alert',
  'alert-storm': 'storm of alerts',
};

/** Every sentence a page can need; a language that lacks one does not compile. */
export type PageMessages = typeof english;

const chinese: PageMessages = {
  kind_opened: '新事件',
  kind_escalated: '升级通知',
  kind_reminder: (percent) => `提醒 ${percent}`,
  kind_repeat: '仍未确认',
  kind_breached: '响应超时',
  kind_upgraded: '级别上调',
  kind_reopened: '再次故障',
  'kind_update-due': '待更新进展',
  'kind_notice-due': '待告知用户',
  kind_lapsed: '确认已失效',
  kind_forecast: '预警',
  'kind_duty-due': '待办',
  'kind_duty-overdue': '已逾期',
  kind_acknowledged: '已确认',
  kind_resolved: '已恢复',
  kind_removed: '不再监测',

  headline_opened: '新事件',
  headline_escalated: '已升级通知到您：尚无人确认',
  headline_reminder: (percent) => `提醒：响应时限已过 ${percent}，尚无人确认`,
  headline_repeat: '仍无人确认',
  headline_breached: '响应超时：时限已到，尚无人确认',
  headline_upgraded: (tier) => `级别上调为 ${tier}`,
  headline_reopened: '再次故障：事件已重新打开',
  'headline_update-due': '请更新处理进展，否则确认将失效并通知他人',
  'headline_notice-due': '尚未告知用户：请发布用户告知',
  headline_lapsed: '确认人未更新进展：确认已失效',
  'headline_duty-due': '该事件仍有待办事项',
  'headline_duty-overdue': '已逾期：该事件有事项未按时完成',
  headline_forecast: '如持续，将按规则升级',
  headline_acknowledged: '已确认：已有人处理',
  headline_resolved: '已恢复',
  headline_removed: '不再监测：已移出配置，是否恢复不得而知',

  label_fault: '故障',
  label_faultOver: '故障（已消除）',
  label_site: '站点',
  label_tier: '级别',
  label_since: '开始时间',
  label_lasted: '持续时间',
  label_watchedUntil: '监测至',
  label_incidentSince: '事件开始时间',
  label_over: '已消除',
  label_also: '此外',
  label_inAll: '事件总时长',
  label_firstOpened: '首次开启',
  label_affected: '影响范围',
  label_battery: '电池',
  label_forecast: '预警',
  label_duty: '待办',
  duty: (what, instant) => `${what}，时限 ${instant}`,
  shortDuty: (what) => `。${what}`,
  label_description: '说明',
  label_runbook: '处置手册',
  label_respond: '确认时限',
  label_acknowledged: '确认人',
  label_delayed: '延迟',
  label_incident: '事件',
  label_acknowledge: '确认',

  fault: (device, component, kind) =>
    component === null ? `${device}：${kind}` : `${device}，${component}：${kind}`,
  faultDetail: (text) => `（${text}）`,
  portFlaps: '端口频繁抖动',
  deviceFlaps: '设备反复中断',
  flaps: (kind) => `${kind}，反复出现`,
  flapRate: (what, count, isMore, window) =>
    `${what}，${window}内${isMore ? '不少于' : ''} ${count} 次`,
  because: (tier, sentence) => `${tier}，原因：${sentence}`,
  becauseThen: (tier, sentence) => `${tier}，当时原因：${sentence}`,
  since: (instant, duration) => `${instant}（已持续 ${duration}）`,
  lasted: (duration, from, to) => `${duration}，自 ${from} 至 ${to}`,
  lastedTimes: (duration, count, from, to) =>
    `${count} 次，累计 ${duration}，在 ${from} 至 ${to} 之间`,
  lastedOnOff: (duration, from, to) => `${duration}，自 ${from} 至 ${to} 反复出现`,
  causeOver: (what, duration, until) => `${what}，持续 ${duration}，至 ${until}`,
  causeSeparator: '；',
  overBut: (what) => `${what}（已消除，其影响尚未消除）`,
  affected: (count) => `${count} 台设备`,
  confirmedOf: (count, confirmed) =>
    confirmed === 0
      ? `${count}，尚未确认中断或不可达`
      : `${count}，目前已确认其中 ${confirmed} 台中断或不可达`,
  affectedNames: (count, names, more) =>
    more > 0 ? `${count}：${names}，另有 ${more} 台` : `${count}：${names}`,
  nameSeparator: '、',
  battery: (minutes, instant) => `${instant} 时约剩 ${minutes} 分钟`,
  batteryEmpty: (instant) => `${instant} 时已耗尽或即将耗尽`,
  batteryRanOut: (since) => `已耗尽，自 ${since} 起其供电的设备已断电`,
  forecast: (tier, instant) => `${instant} 起为 ${tier}`,
  deadlineRunning: (instant, left) => `${instant}（剩余 ${left}）`,
  deadlinePassed: (instant, ago) => `${instant}（已超时 ${ago}）`,
  nobody: '无人确认',
  delayed: (duration, instant) => `自 ${instant} 起 ${duration}内未能送达`,
  waited: (duration, instant) => `自 ${instant} 起已等待 ${duration}`,
  standsFor: (count) => (count === 0 ? '' : `；本通知代替此前 ${count} 条通知`),
  openIncident: '查看事件',
  acknowledge: '确认',
  testSubject: '[测试] Threenines 可以在此联系到您',
  testName: '测试',
  testHeadline: '这是一条测试通知：一切正常，无需处理。',
  testFor: '接收人',
  testSentAt: '发送时间',

  replyToAcknowledge: (code) => `回复“确认 ${code}”即可确认。`,
  pressToAcknowledge: '按 1 键确认。',
  notAcknowledged: '未确认，稍后将再次呼叫。',

  headlineSummary: (count) => `通知较多，${count} 个事件合并为一条`,
  headlineSummaryResolved: (count) => `通知较多，${count} 个事件合并为一条，均已恢复`,
  summaryCount: (tier, count) => `${tier} ${count} 个`,
  summaryMore: (count) => `其余 ${count} 个事件`,
  summarySeparator: '：',
  summaryBy: (instant) => `，请于 ${instant} 前确认`,
  label_byTier: '事件',
  label_more: '另有',
  openAll: '查看事件',

  shortWhat: (what, site) => (site === NO_SITE ? what : `${what}，${site}`),
  alsoAffects: (site, others, more) =>
    more > 0 ? `${site}（另影响 ${others}，另有 ${more} 个站点）` : `${site}（另影响 ${others}）`,
  shortRunning: (left) => `。请在 ${left}内确认`,
  shortPassed: (ago) => `。已超时 ${ago}`,
  shortResolved: (duration) => `。持续 ${duration}`,
  shortRemoved: '。已移出配置',
  shortAcknowledged: (by) => `。确认人 ${by}`,

  'device-down': '设备无响应',
  'port-down': '端口中断',
  'port-errors': '端口误码',
  'port-discards': '端口丢包',
  'port-full': '端口带宽占满',
  'redundancy-lost': '冗余丧失',
  'switched-over': '已切换至备用',
  'on-battery': '正由电池供电',
  'battery-low': '电池电量低',
  'on-generator': '正由发电机供电',
  'replace-battery': '电池需更换',
  'output-overload': '输出过载',
  'power-input': '电源输入异常',
  temperature: '温度异常',
  fan: '风扇故障',
  'power-supply': '电源模块故障',
  sensor: '传感器读数异常',
  'storage-full': '存储空间不足',
  'cpu-high': 'CPU 负载过高',
  'memory-high': '内存占用过高',
  'routing-peer': '路由邻居中断',
  'path-quality': '链路质量低于标准',
  'monitoring-blind': '无法监测',
  'cover-gap': '无人值班',
  'customer-report': '用户申告',
  'paging-stuck': '通知发送异常',
  'report-undelivered': '报告未送达',
  'disk-nearly-full': '监控服务磁盘空间不足',
  'journal-damaged': '日志损坏',
  'clock-stepped': '主机时钟被调整',
  'collector-blind': '监测失明',
  alert: '告警',
  'alert-storm': '告警风暴',
};

export const PAGE_MESSAGES: Readonly<Record<Language, PageMessages>> = {
  en: english,
  'zh-CN': chinese,
};

/** The fault in words; a fault kind without words does not compile. */
export function faultName(messages: Pick<PageMessages, FaultKind>, kind: FaultKind): string {
  return messages[kind];
}

/** The kind of page in one or two words. */
export function kindName(messages: PageMessages, kind: PageKind, percent: string): string {
  return kind === 'reminder' ? messages.kind_reminder(percent) : messages[`kind_${kind}`];
}

/** The first line of the page. */
export function headline(
  messages: PageMessages,
  kind: PageKind,
  percent: string,
  tier: string,
): string {
  if (kind === 'reminder') return messages.headline_reminder(percent);
  if (kind === 'upgraded') return messages.headline_upgraded(tier);
  return messages[`headline_${kind}`];
}
