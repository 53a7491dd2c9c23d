import { type Language, ROLES, type Role, type Tier } from '../config/model.ts';
import { ROLE_NAMES } from '../config/role-names.ts';
import type { Verdict } from './availability.ts';
import type { LedgerState } from './ledger.ts';

/** Every word of a printed report in one language. */
export interface ReportWords {
  readonly title: string;
  readonly period: string;
  readonly counted: string;
  readonly colon: string;
  readonly inBrackets: (note: string) => string;
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
  readonly soFarNote: string;
  /** Of a figure that misses the objective so far: what may be lost until the end, or that it is too late. */
  readonly stillMet: (figure: string, left: string) => string;
  readonly surelyMissed: (figure: string) => string;
  readonly budget: string;
  readonly used: string;
  readonly left: string;
  readonly noDevices: string;
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
  readonly neverAcknowledged: string;
  readonly running: string;
  readonly median: string;
  readonly p90: string;
  readonly responseNote: string;
  /** Day, hour, minute, second. */
  readonly units: readonly [string, string, string, string];
}

const ENGLISH: ReportWords = {
  title: 'Availability report',
  period: 'Period',
  counted: 'Counted to',
  colon: ': ',
  inBrackets: (note) => ` (${note})`,
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
  soFarNote:
    'Verdict: on the time counted so far. Budget, used and left: of the whole period, to its end.',
  stillMet: (figure, left) =>
    `${figure}: missed so far, but still met at the end of the period if no more than ${left} is lost or unknown until then.`,
  surelyMissed: (figure) =>
    `${figure}: the budget of the whole period is overdrawn; the objective can no longer be met in it.`,
  budget: 'Budget',
  used: 'Used',
  left: 'Left',
  noDevices: 'No device was in service in this period.',
  customers: (customers, lostMinutes) =>
    `${customers} customers declared; ${lostMinutes} customer-minutes lost.`,
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
  neverAcknowledged: 'Never acknowledged',
  running: 'Running',
  median: 'Median',
  p90: '90 %',
  responseNote:
    'Times from the start of the clock to the acknowledgement. Never acknowledged: resolved before the deadline without one.',
  units: ['d', 'h', 'm', 's'],
};

const CHINESE: ReportWords = {
  title: '可用率报告',
  period: '周期',
  counted: '统计截至',
  colon: '：',
  inBrackets: (note) => `（${note}）`,
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
  soFarNote: '结论：针对截至目前已统计的时间。差错预算、已用与剩余：针对直至周期结束的整个周期。',
  stillMet: (figure, left) =>
    `${figure}：目前未达标，但若至周期结束时新增的中断与未知时间不超过 ${left}，整个周期仍可达标。`,
  surelyMissed: (figure) => `${figure}：整个周期的差错预算已超支，本周期已无法达标。`,
  budget: '差错预算',
  used: '已用',
  left: '剩余',
  noDevices: '本周期内没有在网设备。',
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
  neverAcknowledged: '未确认',
  running: '计时中',
  median: '中位数',
  p90: '90 %',
  responseNote: '时长自计时开始至确认为止。未确认：在时限之前已恢复，且无人确认。',
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
