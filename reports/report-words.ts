import { type Language, ROLES, type Role, type Tier } from '../config/model.ts';
import { ROLE_NAMES } from '../config/role-names.ts';
import type { Verdict } from './availability.ts';
import type { LedgerState } from './ledger.ts';
import { PART_WORDS, type PartWords } from './missed-parts.ts';
import type { RuleChange } from './roster-history.ts';

/** Every word of a printed report in one language. */
export interface ReportWords {
  readonly title: string;
  readonly period: string;
  readonly counted: string;
  readonly colon: string;
  readonly comma: string;
  readonly inBrackets: (note: string) => string;
  /** So much of a period is known; a mean of several devices; since when. */
  readonly knownPart: (measured: string, whole: string) => string;
  readonly meanOf: (deviceCount: number) => string;
  readonly knownSince: (since: string) => string;
  readonly knownOnly: (part: string) => string;
  readonly stillRunning: string;
  readonly provenSoFar: string;
  readonly unobserved: (from: string) => string;
  readonly notProven: (unknown: string) => string;
  readonly objective: string;
  readonly summary: string;
  readonly serviceFigure: string;
  readonly deviceFigure: string;
  readonly customerFigure: string;
  readonly figureNotes: readonly string[];
  readonly availability: string;
  readonly low: string;
  readonly high: string;
  readonly coverage: string;
  readonly verdict: string;
  readonly verdicts: Readonly<Record<Verdict, string>>;
  /** The same while the period is still running. */
  readonly verdictsSoFar: Readonly<Record<Verdict, string>>;
  /** A verdict on time of which little is known, and what that means. */
  readonly ofKnownPart: (verdict: string) => string;
  readonly ofKnownPartNote: string;
  readonly soFarNote: string;
  /** Of a figure that misses the objective so far: what may be lost until the end, or that it is too late. */
  readonly stillMet: (figure: string, left: string) => string;
  readonly surelyMissed: (figure: string) => string;
  readonly budget: string;
  readonly used: string;
  readonly left: string;
  /** No device was in service in the period, in this zone; then, if known, where there was one. */
  readonly noDevices: (period: string, timeZone: string, where: string) => string;
  /** The first device came into service at an instant after the period, in another one. */
  readonly dataBegin: (instant: string, period: string) => string;
  /** It came into service in the period, of which nothing is judged yet. */
  readonly notJudgedYet: (instant: string) => string;
  readonly customers: (customers: number, lostMinutes: number) => string;
  readonly time: string;
  readonly state: string;
  readonly states: Readonly<Record<LedgerState, string>>;
  readonly bySite: string;
  readonly byDevice: string;
  readonly byRole: string;
  readonly roles: Readonly<Record<Role, string>>;
  readonly site: string;
  readonly role: string;
  readonly devices: string;
  readonly worst: string;
  readonly noneDown: string;
  readonly device: string;
  readonly responses: string;
  readonly incidents: (count: number) => string;
  readonly tier: string;
  readonly tiers: Readonly<Record<Tier, string>>;
  readonly compliance: string;
  readonly inTime: string;
  readonly breached: string;
  readonly resolvedFirst: string;
  readonly neverAcknowledged: string;
  readonly running: string;
  readonly median: string;
  readonly p90: string;
  readonly responseNote: string;
  readonly amendments: string;
  readonly amendment: (number: number, state: string, by: string, reason: string) => string;
  readonly frozen: (revision: number, at: string, by: string, hash: string) => string;
  readonly notFrozen: string;
  /** The frozen figures stand; this version of the program comes to others. */
  readonly otherwise: string;
  /** Amendments that a frozen report does not have yet, by their numbers. */
  readonly notYetIn: (numbers: readonly number[]) => string;
  readonly changes: string;
  readonly changesNote: string;
  readonly changed: Readonly<Record<RuleChange['what'], string>>;
  /** Of a device that was removed or moved while it was lost. */
  readonly whileIn: (state: string) => string;
  readonly moreChanges: (count: number) => string;
  /** A device that went out of service while it was lost; `away` null: it is not back. */
  readonly wentWhileLost: (
    device: string,
    state: string,
    at: string,
    lost: string,
    away: string | null,
  ) => string;
  readonly moreWent: (count: number) => string;
  /** After the state of a device that did not answer since before it was in it. */
  readonly notAnsweringSince: (at: string) => string;
  /** After the state of a device part of whose outage was in planned work. */
  readonly partlyPlanned: string;
  /** A device that came to another site while it was lost; `more` null: it still is. */
  readonly movedWhileLost: (
    device: string,
    sites: readonly [from: string, to: string],
    state: string,
    at: string,
    lost: string,
    more: string | null,
  ) => string;
  readonly moreMoved: (count: number) => string;
  readonly parts: PartWords;
  /** Day, hour, minute, second. */
  readonly units: readonly [string, string, string, string];
}

/** English: `1 incident`, `2 incidents`. */
export function counted(count: number, one: string): string {
  return `${count} ${count === 1 ? one : `${one}s`}`;
}

const ENGLISH: ReportWords = {
  title: 'Availability report',
  period: 'Period',
  counted: 'Counted to',
  colon: ': ',
  comma: ', ',
  inBrackets: (note) => ` (${note})`,
  knownPart: (measured, whole) => `${measured} out of ${whole}`,
  meanOf: (deviceCount) => `mean of ${deviceCount} devices`,
  knownSince: (since) => `known since ${since}`,
  knownOnly: (part) => `every figure is only of ${part}`,
  stillRunning: 'the period is still running',
  provenSoFar: 'still running; judged up to the last proof of observation',
  unobserved: (from) => `Nobody has observed since ${from}: from then on all time is unknown.`,
  notProven: (unknown) =>
    `Not proven: ${unknown} of device time is unknown; taken as down the objective is missed, taken as up it is met.`,
  objective: 'Objective',
  summary: 'All devices',
  serviceFigure: 'Service',
  deviceFigure: 'Device',
  customerFigure: 'By customers',
  figureNotes: [
    'Service: as customers saw it; time behind a dead parent counts as down.',
    'Device: faults of the device itself; time behind a dead parent is left out.',
    'Low and high: all unknown time taken as down, or as up. Maintenance is left out.',
  ],
  availability: 'Availability',
  low: 'Low',
  high: 'High',
  coverage: 'Coverage',
  verdict: 'Verdict',
  verdicts: { met: 'met', missed: 'missed', 'not-proven': 'not proven' },
  verdictsSoFar: {
    met: 'met so far',
    missed: 'missed so far',
    'not-proven': 'not proven so far',
  },
  ofKnownPart: (verdict) => `${verdict}, of the known part`,
  ofKnownPartNote:
    'Of the known part: less than half of the period was measured, or less than 95 % of what was there to be, or it is known only since later than its start.',
  soFarNote:
    'Verdict: on the time counted so far. Budget, used and left: of the whole period, to its end.',
  stillMet: (figure, left) =>
    `${figure}: missed so far, but still met at the end of the period if no more than ${left} is lost or unknown until then.`,
  surelyMissed: (figure) =>
    `${figure}: the budget of the whole period is overdrawn; the objective can no longer be met in it.`,
  budget: 'Budget',
  used: 'Used',
  left: 'Left',
  noDevices: (period, timeZone, where) =>
    `No device was in service in this period (${period}, time zone ${timeZone}).${where && ` ${where}`}`,
  dataBegin: (instant, period) =>
    `The first device came into service at ${instant}: ask for the period ${period} instead.`,
  notJudgedYet: (instant) =>
    `The first device came into service at ${instant}; nothing of that is judged yet. Ask again in a minute.`,
  customers: (customers, lostMinutes) =>
    `${counted(customers, 'customer')} declared; ${counted(lostMinutes, 'customer-minute')} lost.`,
  time: 'Time',
  state: 'State',
  states: {
    up: 'up',
    degraded: 'degraded',
    down: 'down',
    unreachable: 'unreachable',
    maintenance: 'maintenance',
    unknown: 'unknown',
    'out-of-service': 'out of service',
  },
  bySite: 'By site (service)',
  byDevice: 'By device (service)',
  byRole: 'By role (service)',
  roles: rolesIn('en'),
  site: 'Site',
  role: 'Role',
  devices: 'Devices',
  worst: 'Most time down or unreachable',
  noneDown: 'No device was down or unreachable.',
  device: 'Device',
  responses: 'Response to incidents',
  incidents: (count) => `Incidents opened: ${count}`,
  tier: 'Tier',
  tiers: { 1: '1 critical', 2: '2 major', 3: '3 significant', 4: '4 general' },
  compliance: 'Compliance',
  inTime: 'In time',
  breached: 'Breached',
  resolvedFirst: 'Resolved first',
  neverAcknowledged: 'Never acknowledged',
  running: 'Running',
  median: 'Median',
  p90: '90 %',
  responseNote:
    'Times from the start of the clock to the acknowledgement. Resolved first: before the deadline, without anybody acknowledging. Never acknowledged: these, and the breached that nobody acknowledged late either. A breach counts under the tier whose clock ran out.',
  amendments: 'Amendments',
  amendment: (number, state, by, reason) => `No. ${number}: counted as ${state}; ${by}: ${reason}`,
  frozen: (revision, at, by, hash) =>
    `Frozen ${at} by ${by}, revision ${revision}; inputs SHA-256 ${hash}`,
  notFrozen: 'Not frozen: figures can still change.',
  otherwise:
    'These are the figures as they were frozen. Made again from the same entries, this version of the program comes to another document.',
  notYetIn: (numbers) =>
    `Not yet in this revision: amendment ${numbers.join(', ')}. Freeze the report again (--freeze) for a revision with ${numbers.length === 1 ? 'it' : 'them'}.`,
  changes: 'Changed while the period ran',
  changesNote:
    'The objective is the one in force when the period began; a change counts from the next period on. All else counts from when it was loaded: every stretch of time by what was in force in it.',
  changed: {
    objective: 'objective',
    site: 'site',
    role: 'role',
    customers: 'customers',
    tags: 'tags',
    powerFeeds: 'power feeds',
    group: 'redundancy group',
    added: 'device added',
    removed: 'device removed',
    commissioned: 'commissioning date',
    retired: 'retirement date',
    'in-service': 'device in service',
    'out-of-service': 'device out of service',
    maintenance: 'maintenance window',
  },
  whileIn: (state) => `, while ${state}`,
  moreChanges: (count) => `${count} more.`,
  wentWhileLost: (device, state, at, lost, away) =>
    `${device} went out of service on ${at} while ${state} (for ${lost} by then) and ${away === null ? 'is not back' : `was back after ${away}`}: that time is in no figure.`,
  notAnsweringSince: (at) => `, not answering since ${at}`,
  partlyPlanned: ' (partly in planned work, which is in no figure)',
  moreWent: (count) =>
    `${count} more went out of service while down; see the changes, those of the next period for what left at the end of this one.`,
  movedWhileLost: (device, [from, to], state, at, lost, more) =>
    `${device} moved from ${from} to ${to} on ${at} while ${state}: the ${lost} before that count at ${from}, ${more === null ? 'all' : `the ${more}`} after it at ${to}, because time counts at the site that a device was at.`,
  moreMoved: (count) => `${count} more moved while down; see the changes.`,
  parts: PART_WORDS.en,
  units: ['d', 'h', 'm', 's'],
};

const CHINESE: ReportWords = {
  title: '可用率报告',
  period: '周期',
  counted: '统计截至',
  colon: '：',
  comma: '，',
  inBrackets: (note) => `（${note}）`,
  knownPart: (measured, whole) => `${whole} 中的 ${measured}`,
  meanOf: (deviceCount) => `${deviceCount} 台设备平均`,
  knownSince: (since) => `自 ${since} 起有记录`,
  knownOnly: (part) => `所有数字仅就 ${part} 而言`,
  stillRunning: '周期尚未结束',
  provenSoFar: '周期尚未结束；判定至最近一次观测证明为止',
  unobserved: (from) => `自 ${from} 起无人观测：此后的时间均计为未知。`,
  notProven: (unknown) =>
    `无法证明：设备时间中有 ${unknown} 未知；若全部按中断计则未达标，若全部按正常计则达标。`,
  objective: '目标',
  summary: '全部设备',
  serviceFigure: '服务',
  deviceFigure: '设备',
  customerFigure: '按客户加权',
  figureNotes: [
    '服务：客户所见；上级设备中断期间的不可达时间计为中断。',
    '设备：仅计设备自身故障；上级设备中断期间的时间不计入。',
    '下限与上限：未知时间分别全部按中断、全部按正常计算。维护时间不计入。',
  ],
  availability: '可用率',
  low: '下限',
  high: '上限',
  coverage: '监测覆盖率',
  verdict: '结论',
  verdicts: { met: '达标', missed: '未达标', 'not-proven': '无法证明' },
  verdictsSoFar: { met: '目前达标', missed: '目前未达标', 'not-proven': '目前无法证明' },
  ofKnownPart: (verdict) => `${verdict}（就已知部分）`,
  ofKnownPartNote:
    '就已知部分：监测到的时间不足周期的一半，或不足应监测时间的 95 %，或自周期开始之后才有记录。',
  soFarNote: '结论：针对截至目前已统计的时间。差错预算、已用与剩余：针对直至周期结束的整个周期。',
  stillMet: (figure, left) =>
    `${figure}：目前未达标，但若至周期结束时新增的中断与未知时间不超过 ${left}，整个周期仍可达标。`,
  surelyMissed: (figure) => `${figure}：整个周期的差错预算已超支，本周期已无法达标。`,
  budget: '差错预算',
  used: '已用',
  left: '剩余',
  noDevices: (period, timeZone, where) =>
    `本周期（${period}，时区 ${timeZone}）内没有在网设备。${where}`,
  dataBegin: (instant, period) => `首台设备于 ${instant} 投入运行：请改为查询周期 ${period}。`,
  notJudgedYet: (instant) => `首台设备于 ${instant} 投入运行，尚无已判定的时间。请一分钟后再查询。`,
  customers: (customers, lostMinutes) =>
    `登记客户 ${customers} 户；损失 ${lostMinutes} 客户·分钟。`,
  time: '时长',
  state: '状态',
  states: {
    up: '正常',
    degraded: '降级',
    down: '中断',
    unreachable: '不可达',
    maintenance: '维护',
    unknown: '未知',
    'out-of-service': '未在网',
  },
  bySite: '按站点（服务）',
  byDevice: '按设备（服务）',
  byRole: '按角色（服务）',
  roles: rolesIn('zh-CN'),
  site: '站点',
  role: '角色',
  devices: '设备数',
  worst: '中断与不可达时间最长的设备',
  noneDown: '没有设备中断或不可达。',
  device: '设备',
  responses: '事件响应',
  incidents: (count) => `新发生事件：${count}`,
  tier: '等级',
  tiers: { 1: '1 特别重大', 2: '2 重大', 3: '3 较大', 4: '4 一般' },
  compliance: '达标率',
  inTime: '按时确认',
  breached: '超时',
  resolvedFirst: '先行恢复',
  neverAcknowledged: '始终无人确认',
  running: '计时中',
  median: '中位数',
  p90: '90 %',
  responseNote:
    '时长自计时开始至确认为止。先行恢复：在时限之前已恢复，且无人确认。始终无人确认：除此之外还包括超时后直至恢复仍无人确认者。超时计入计时到期时的等级。',
  amendments: '更正',
  amendment: (number, state, by, reason) => `第 ${number} 号：计为${state}；${by}：${reason}`,
  frozen: (revision, at, by, hash) =>
    `已于 ${at} 冻结，第 ${revision} 版，冻结人 ${by}；输入 SHA-256 ${hash}`,
  notFrozen: '尚未冻结：数字仍可能变化。',
  otherwise: '以下为冻结时的数字。本版本程序依据同样的记录重新生成的文件与之不同。',
  notYetIn: (numbers) =>
    `本版尚未计入第 ${numbers.join('、')} 号更正；重新冻结报告（--freeze）即得计入更正的新版。`,
  changes: '周期内的变更',
  changesNote:
    '目标以周期开始时生效者为准，变更自下一周期起计。其余各项自载入时起计：每段时间均按当时生效的内容统计。',
  changed: {
    objective: '目标',
    site: '站点',
    role: '角色',
    customers: '客户数',
    tags: '标签',
    powerFeeds: '供电来源',
    group: '冗余组',
    added: '新增设备',
    removed: '移除设备',
    commissioned: '投运日期',
    retired: '退网日期',
    'in-service': '设备投运',
    'out-of-service': '设备退网',
    maintenance: '维护窗口',
  },
  whileIn: (state) => `（当时${state}）`,
  moreChanges: (count) => `另有 ${count} 项。`,
  wentWhileLost: (device, state, at, lost, away) =>
    `${device} 于 ${at} 在${state}状态下退网（已持续 ${lost}），${away === null ? '至今未恢复在网' : `${away} 后恢复在网`}：该段时间不计入任何数字。`,
  notAnsweringSince: (at) => `（自 ${at} 起无应答）`,
  partlyPlanned: '（其中计划维护时间不计入任何数字）',
  moreWent: (count) =>
    `另有 ${count} 台设备在中断状态下退网，见变更列表；周期终了时退网者见下一周期的变更列表。`,
  movedWhileLost: (device, [from, to], state, at, lost, more) =>
    `${device} 于 ${at} 在${state}状态下由 ${from} 迁至 ${to}：此前的 ${lost} 计入 ${from}，此后的${more === null ? '全部时间' : ` ${more} `}计入 ${to}，因为时间按设备当时所在站点统计。`,
  moreMoved: (count) => `另有 ${count} 台设备在中断状态下迁移，见变更列表。`,
  parts: PART_WORDS['zh-CN'],
  units: ['天', '小时', '分', '秒'],
};

export const REPORT_WORDS: Readonly<Record<Language, ReportWords>> = {
  en: ENGLISH,
  'zh-CN': CHINESE,
};

function rolesIn(language: Language): Readonly<Record<Role, string>> {
  const names = ROLES.map((role) => [role, ROLE_NAMES[role][language]] as const);
  return Object.fromEntries(names) as Record<Role, string>;
}
