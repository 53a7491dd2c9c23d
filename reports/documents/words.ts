import type { Language } from '../../config/model.ts';
import type { TimelineEntry } from '../incident-records.ts';
import { counted, REPORT_WORDS, type ReportWords } from '../report-words.ts';

/** What a document says beyond the report for a terminal. */
export interface DocumentWords extends ReportWords {
  readonly language: Language;
  readonly allDevices: string;
  readonly lost: string;
  readonly allUp: string;
  readonly heatLegend: (target: string) => readonly string[];
  /** `part`: of how little of the period it is told; empty where that is known. */
  readonly headline: (
    ratio: string,
    target: string,
    part: string,
  ) => Readonly<Record<'met' | 'missed' | 'not-proven', string>>;
  readonly nothingMeasured: (target: string) => string;
  readonly why: string;
  readonly bounds: string;
  readonly budgetUsed: string;
  readonly budgetOf: (used: string, budget: string) => string;
  readonly projected: string;
  readonly causeDevice: (name: string, lost: string, share: string) => string;
  readonly causeUnknown: (unknown: string, proven: string) => string;
  readonly causeIncidents: (count: number, breached: number) => string;
  readonly nothingLost: string;
  readonly budgetChart: string;
  readonly responseChart: string;
  readonly heatMap: string;
  readonly heatMapNote: string;
  readonly outages: (listed: number, count: number) => string;
  readonly evidence: string;
  readonly groups: string;
  readonly group: string;
  /** A redundancy group with members at other sites too. */
  readonly sharedWith: (group: string, sites: string) => string;
  readonly need: string;
  readonly redundancyLost: string;
  readonly byTag: string;
  readonly byFeed: string;
  readonly feed: string;
  readonly tag: string;
  readonly burnRates: string;
  readonly burnNote: string;
  /** A window that would begin before the period. */
  readonly cutWindow: (whole: string, counted: string) => string;
  readonly times: string;
  readonly mean: string;
  readonly count: string;
  readonly toAcknowledge: string;
  readonly toResolve: string;
  readonly pages: string;
  readonly pageLine: (queued: number, sent: number, failed: number, cancelled: number) => string;
  readonly perIncident: (pages: string) => string;
  readonly breaches: string;
  readonly noBreach: string;
  readonly offendersOf: (listed: number, count: number) => string;
  readonly clocksNeverAcknowledged: string;
  readonly incidentCount: string;
  readonly trend: string;
  readonly noTrend: string;
  readonly thisPeriod: string;
  readonly incidentList: string;
  /** The cause of an incident at another site than that of the report; `site` empty where it is at none. */
  readonly elsewhere: (name: string, site: string) => string;
  readonly opened: string;
  readonly acknowledged: string;
  readonly resolved: string;
  /** In place of how long it was open: it was taken out of the configuration. */
  readonly notWatched: string;
  /** The tiers of an incident that came back, one after the other. */
  readonly eachTime: (tiers: string) => string;
  readonly cause: string;
  readonly from: string;
  readonly duration: string;
  readonly ran: string;
  readonly moreRows: (count: number) => string;
  readonly page: (page: number, pages: number) => string;
  readonly timeline: Readonly<Record<TimelineEntry['what'], string>>;
}

const ENGLISH: DocumentWords = {
  ...REPORT_WORDS.en,
  language: 'en',
  allDevices: 'All devices',
  lost: 'lost',
  allUp: 'nothing lost',
  heatLegend: (target) => [
    'nothing lost',
    `lost, but ${target} kept`,
    `less than ${target}`,
    'more than a tenth lost',
    'not observed',
    'maintenance',
  ],
  headline: (ratio, target, part) => ({
    met:
      part === ''
        ? `Yes: ${ratio} of the time, with ${target} promised.`
        : `Yes, but only of ${part}: ${ratio} of that time, with ${target} promised.`,
    missed:
      part === ''
        ? `No: ${ratio} of the time, with ${target} promised.`
        : `No, of ${part}: ${ratio} of that time, with ${target} promised.`,
    'not-proven':
      part === ''
        ? `Not proven: ${ratio} of the observed time, with ${target} promised.`
        : `Not proven: ${ratio} of the observed time, which is ${part}, with ${target} promised.`,
  }),
  nothingMeasured: (target) => `Not proven: no time was measured, with ${target} promised.`,
  why: 'Why',
  bounds: 'At least – at most',
  budgetUsed: 'Error budget used',
  budgetOf: (used, budget) => `${used} of ${budget}`,
  projected: 'Used at the end, at this rate',
  causeDevice: (name, lost, share) => `${name}: ${lost} lost, ${share} of all lost time.`,
  causeUnknown: (unknown, proven) =>
    `${unknown} of device time was not observed; in ${proven} of it the device is proven to have run.`,
  causeIncidents: (count, breached) =>
    `${counted(count, 'incident')} opened; ${counted(breached, 'response clock')} ran out.`,
  nothingLost: 'No time was lost.',
  budgetChart: 'Error budget left (all devices, service)',
  responseChart: 'Response within the promised time',
  heatMap: 'Part by part',
  heatMapNote:
    'All devices together, then the devices with the most time lost. Times of the zone above.',
  outages: (listed, count) =>
    listed === count ? `Outages (${count})` : `The ${listed} longest of ${count} outages`,
  evidence: 'Evidence',
  groups: 'Redundancy groups (service)',
  group: 'Group',
  sharedWith: (group, sites) => `${group} (shared with ${sites})`,
  need: 'Needs',
  redundancyLost: 'Redundancy lost',
  byTag: 'By tag (service)',
  byFeed: 'By power feed (service)',
  feed: 'Fed by',
  tag: 'Tag',
  burnRates: 'Burn rate of the error budget',
  burnNote: 'In the time before the end of counting. 1.0 uses up exactly the budget in the period.',
  cutWindow: (whole, counted) => `${counted} (of ${whole})`,
  times: 'Times',
  mean: 'Mean',
  count: 'Count',
  toAcknowledge: 'Opened to acknowledged (MTTA)',
  toResolve: 'Open until resolved, each time it was (MTTR: mean time to resolve)',
  pages: 'Pages',
  pageLine: (queued, sent, failed, cancelled) =>
    `${counted(queued, 'page')}: ${sent} accepted by their channel, ${failed} failed, ${cancelled} no longer needed.`,
  perIncident: (pages) => `${pages} pages per incident.`,
  breaches: 'Breaches',
  noBreach: 'Every response clock was answered in time or is still running.',
  offendersOf: (listed, count) =>
    listed === count ? 'Repeat offenders' : `Repeat offenders: the ${listed} worst of ${count}`,
  clocksNeverAcknowledged: 'Response clocks never acknowledged',
  incidentCount: 'Incidents',
  trend: 'Against the period before',
  noTrend: 'Nothing was in service in the period before.',
  thisPeriod: 'This period',
  incidentList: 'Incidents',
  elsewhere: (name, site) => `${name} (cause elsewhere${site === '' ? '' : `: ${site}`})`,
  opened: 'Opened',
  acknowledged: 'Acknowledged',
  resolved: 'Resolved',
  notWatched: 'no longer watched',
  eachTime: (tiers) => `each time: ${tiers}`,
  cause: 'Because',
  from: 'From',
  duration: 'Duration',
  ran: 'Proven to run',
  moreRows: (count) =>
    `${count} more ${count === 1 ? 'is' : 'are'} in the CSV and JSON forms of this report.`,
  page: (page, pages) => `Page ${page} of ${pages}`,
  timeline: {
    started: 'first failed poll',
    'first-seen': 'first seen',
    opened: 'opened, tier',
    reopened: 'opened again',
    graded: 'tier',
    'page-sent': 'paged',
    'page-failed': 'page failed',
    acknowledged: 'acknowledged by',
    lapsed: 'acknowledgement lapsed, of',
    breached: 'response time ran out, tier',
    resolved: 'resolved',
    removed: 'no longer watched: taken out of the configuration',
  },
};

const CHINESE: DocumentWords = {
  ...REPORT_WORDS['zh-CN'],
  language: 'zh-CN',
  allDevices: '全部设备',
  lost: '损失',
  allUp: '无损失',
  heatLegend: (target) => [
    '无损失',
    `有损失，仍达 ${target}`,
    `低于 ${target}`,
    '损失超过十分之一',
    '未观测',
    '维护',
  ],
  headline: (ratio, target, part) => ({
    met:
      part === ''
        ? `达标：可用率 ${ratio}，承诺 ${target}。`
        : `达标，但仅就 ${part} 而言：该时间内可用率 ${ratio}，承诺 ${target}。`,
    missed:
      part === ''
        ? `未达标：可用率 ${ratio}，承诺 ${target}。`
        : `未达标，就 ${part} 而言：该时间内可用率 ${ratio}，承诺 ${target}。`,
    'not-proven':
      part === ''
        ? `无法证明：已观测时间内可用率 ${ratio}，承诺 ${target}。`
        : `无法证明：已观测时间为 ${part}，其间可用率 ${ratio}，承诺 ${target}。`,
  }),
  nothingMeasured: (target) => `无法证明：没有任何时间得到观测，承诺 ${target}。`,
  why: '原因',
  bounds: '下限 – 上限',
  budgetUsed: '已用差错预算',
  budgetOf: (used, budget) => `${used}，共 ${budget}`,
  projected: '按此速度至周期结束将用',
  causeDevice: (name, lost, share) => `${name}：损失 ${lost}，占全部损失时间的 ${share}。`,
  causeUnknown: (unknown, proven) =>
    `设备时间中有 ${unknown} 未观测；其中 ${proven} 已证明设备在运行。`,
  causeIncidents: (count, breached) => `新发生事件 ${count} 起；响应超时 ${breached} 次。`,
  nothingLost: '没有损失时间。',
  budgetChart: '剩余差错预算（全部设备，服务）',
  responseChart: '承诺时限内的响应',
  heatMap: '逐段情况',
  heatMapNote: '首行为全部设备合计，其下为损失时间最长的设备。时间为上述时区的时间。',
  outages: (listed, count) =>
    listed === count ? `中断（${count} 次）` : `${count} 次中断中最长的 ${listed} 次`,
  evidence: '依据',
  groups: '冗余组（服务）',
  group: '冗余组',
  sharedWith: (group, sites) => `${group}（与 ${sites} 共有）`,
  need: '至少需要',
  redundancyLost: '失去冗余',
  byTag: '按标签（服务）',
  byFeed: '按供电来源（服务）',
  feed: '供电来源',
  tag: '标签',
  burnRates: '差错预算消耗速度',
  burnNote: '统计截止之前的各段时间。1.0 表示恰好在本周期内用完预算。',
  cutWindow: (whole, counted) => `${counted}（${whole} 中）`,
  times: '时长',
  mean: '平均',
  count: '次数',
  toAcknowledge: '发生至确认（MTTA）',
  toResolve: '发生至恢复，再次发生的累加（MTTR：平均恢复时间）',
  pages: '告警通知',
  pageLine: (queued, sent, failed, cancelled) =>
    `通知 ${queued} 条：渠道已接收 ${sent} 条，失败 ${failed} 条，不再需要 ${cancelled} 条。`,
  perIncident: (pages) => `平均每起事件 ${pages} 条通知。`,
  breaches: '超时',
  noBreach: '所有响应计时均已按时确认，或仍在计时。',
  offendersOf: (listed, count) =>
    listed === count
      ? '反复发生故障的设备'
      : `反复发生故障的设备：${count} 台中最多的 ${listed} 台`,
  clocksNeverAcknowledged: '始终无人确认的响应计时',
  incidentCount: '事件数',
  trend: '与上一周期相比',
  noTrend: '上一周期内没有在网设备。',
  thisPeriod: '本周期',
  incidentList: '事件',
  elsewhere: (name, site) => `${name}（原因不在本站点${site === '' ? '' : `：${site}`}）`,
  opened: '发生',
  acknowledged: '确认',
  resolved: '恢复',
  notWatched: '不再监测',
  eachTime: (tiers) => `各次：${tiers}`,
  cause: '定级依据',
  from: '开始',
  duration: '时长',
  ran: '已证明运行',
  moreRows: (count) => `另有 ${count} 条，见本报告的 CSV 与 JSON 形式。`,
  page: (page, pages) => `第 ${page} 页，共 ${pages} 页`,
  timeline: {
    started: '首次轮询失败',
    'first-seen': '首次发现',
    opened: '发生，等级',
    reopened: '再次发生',
    graded: '等级',
    'page-sent': '已通知',
    'page-failed': '通知失败',
    acknowledged: '确认人',
    lapsed: '确认失效，确认人',
    breached: '响应超时，等级',
    resolved: '恢复',
    removed: '不再监测：已移出配置',
  },
};

/** The words of a document; of a running period its verdicts are about the time so far. */
export function documentWords(language: Language, isRunning: boolean): DocumentWords {
  const words = language === 'en' ? ENGLISH : CHINESE;
  return isRunning ? { ...words, verdicts: words.verdictsSoFar } : words;
}
