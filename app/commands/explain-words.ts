import type { DevicePlanView } from '../../api/plan-view.ts';
import type { Language } from '../../lib/local-text.ts';

type Lane = DevicePlanView['lanes'][number];
type Care = NonNullable<DevicePlanView['plan']>['scalars'][number]['care'];

/** Every word of a printed explanation in one language. */
export interface ExplainWords {
  readonly colon: string;
  readonly comma: string;
  readonly inBrackets: (note: string) => string;
  readonly explained: string;
  readonly states: Readonly<Record<'answering' | 'silent' | 'unconfirmed', string>>;
  readonly profiles: string;
  readonly when: string;
  readonly lane: string;
  readonly lanes: Readonly<Record<Lane['lane'], string>>;
  readonly every: string;
  readonly last: string;
  readonly took: string;
  readonly outcome: string;
  readonly outcomes: Readonly<Record<NonNullable<Lane['lastOutcome']>, string>>;
  readonly next: string;
  readonly why: string;
  readonly confirming: (failures: number, successes: number, every: string) => string;
  readonly wire: string;
  readonly roundTrip: (smoothed: string, variation: string) => string;
  readonly neverAnswered: string;
  readonly tries: (waits: readonly string[], sockets: number) => string;
  readonly bounds: (timeout: string, tries: number, deadline: string) => string;
  readonly nextPoll: string;
  readonly cost: (requests: number, varbinds: number, out: string, back: string) => string;
  readonly walkCost: (requests: number) => string;
  readonly traffic: (at: string, sent: number, again: number) => string;
  readonly walkTraffic: (at: string, sent: number, again: number) => string;
  readonly batch: (varbinds: number, octets: string) => string;
  readonly objects: string;
  readonly request: string;
  readonly reply: string;
  readonly asksFor: string;
  readonly scalars: string;
  readonly cells: (count: number) => string;
  readonly moreRequests: (count: number) => string;
  readonly read: string;
  readonly rows: (count: number, at: string) => string;
  readonly rowsChange: string;
  readonly cares: Readonly<Record<Care, string>>;
  readonly learned: string;
  readonly nothingLearned: string;
  readonly refused: string;
  readonly pollsLeft: (polls: number | null) => string;
  readonly moreRefused: (count: number) => string;
  readonly walkedAgain: string;
  readonly walkedAgainAfter: (polls: number) => string;
  readonly rescaled: string;
  readonly refusedValues: string;
  doubted(object: string, raw: string, why: string): string;
  readonly notUnderstood: string;
  readonly noPlan: string;
  /** Day, hour, minute, second. */
  readonly units: readonly [string, string, string, string];
}

const plural = (count: number, one: string, more = `${one}s`) =>
  `${count} ${count === 1 ? one : more}`;

const ENGLISH: ExplainWords = {
  colon: ': ',
  comma: ', ',
  inBrackets: (note) => ` (${note})`,
  explained: 'as of',
  states: {
    answering: 'answering',
    silent: 'silent',
    unconfirmed: 'not confirmed yet whether it answers',
  },
  profiles: 'Profiles',
  when: 'When it is polled',
  lane: 'lane',
  lanes: { heartbeat: 'heartbeat', full: 'full poll' },
  every: 'every',
  last: 'last',
  took: 'took',
  outcome: 'outcome',
  outcomes: {
    ok: 'answered',
    timeout: 'no answer',
    refused: 'refused',
    unreachable: 'unreachable',
    'auth-failed': 'credentials refused',
    'bad-response': 'not understood',
    skipped: 'not tried',
  },
  next: 'next',
  why: 'why then',
  confirming: (failures, successes, every) =>
    `a change is confirmed by ${failures} failed or ${successes} answered polls in a row, ${every} apart`,
  wire: 'How long it is waited for',
  roundTrip: (smoothed, variation) => `round trip ${smoothed}, varying by ${variation}`,
  neverAnswered: 'it has not answered yet, so its round trip is not known',
  tries: (waits, sockets) =>
    `the next request: ${waits.join(', then ')}; through ${plural(sockets, 'socket')} that all devices share`,
  bounds: (timeout, tries, deadline) =>
    `at most ${timeout} for a reply and ${plural(tries, 'try', 'tries')} for a request; a whole poll at most ${deadline}`,
  nextPoll: 'The next full poll',
  cost: (requests, varbinds, out, back) =>
    `${plural(requests, 'request')} for ${plural(varbinds, 'object')}: about ${out} out, ${back} back`,
  walkCost: (requests) =>
    `walking the same columns would take about ${plural(requests, 'request')}`,
  traffic: (at, sent, again) =>
    `the last one, ${at}, sent ${plural(sent, 'datagram')}, ${again} of them retries`,
  walkTraffic: (at, sent, again) =>
    `the last one that walked everything, ${at}, sent ${plural(sent, 'datagram')}, ${again} of them retries`,
  batch: (varbinds, octets) =>
    `a request asks for at most ${plural(varbinds, 'object')}, a reply holds at most ${octets} of them`,
  objects: 'objects',
  request: 'out',
  reply: 'back',
  asksFor: 'asks for',
  scalars: 'scalars',
  cells: (count) => plural(count, 'cell'),
  moreRequests: (count) => `and ${plural(count, 'more request')} like these`,
  read: 'What is read, and what is left out',
  rows: (count, at) => `${plural(count, 'row')}, learned ${at}`,
  rowsChange: 'when rows come and go',
  cares: {
    always: 'every poll',
    rare: 'rarely',
    still: 'quiet',
    lowHalf: 'left out',
    nothing: 'not there',
  },
  learned: 'What was learned of its agent',
  nothingLearned: 'nothing out of the ordinary',
  refused: 'Refused or not answered',
  pollsLeft: (polls) =>
    polls === null
      ? 'asked for again when its table is walked'
      : `asked for again in ${plural(polls, 'full poll')}`,
  moreRefused: (count) => `and ${count} more`,
  walkedAgain: 'What would make it walk everything again',
  walkedAgainAfter: (polls) => `${plural(polls, 'more full poll')}, whatever happens`,
  rescaled: 'Read with another factor than declared',
  refusedValues: 'Values that are not shown',
  doubted: (object, raw, why) => `${object} = ${raw} ${why}`,
  notUnderstood: 'What nothing here reads',
  noPlan: 'It has not been walked yet, so nothing is learned: the first full poll does that.',
  units: ['d', 'h', 'm', 's'],
};

const CHINESE: ExplainWords = {
  colon: '：',
  comma: '，',
  inBrackets: (note) => `（${note}）`,
  explained: '截至',
  states: { answering: '有应答', silent: '无应答', unconfirmed: '是否应答尚未确认' },
  profiles: '设备档案',
  when: '轮询时间',
  lane: '通道',
  lanes: { heartbeat: '心跳', full: '完整轮询' },
  every: '周期',
  last: '上次',
  took: '用时',
  outcome: '结果',
  outcomes: {
    ok: '有应答',
    timeout: '无应答',
    refused: '被拒绝',
    unreachable: '不可达',
    'auth-failed': '凭据被拒绝',
    'bad-response': '应答无法解读',
    skipped: '未尝试',
  },
  next: '下次',
  why: '原因',
  confirming: (failures, successes, every) =>
    `连续 ${failures} 次失败或 ${successes} 次应答即确认变化，间隔 ${every}`,
  wire: '等待应答的时间',
  roundTrip: (smoothed, variation) => `往返时延 ${smoothed}，波动 ${variation}`,
  neverAnswered: '设备尚未应答，往返时延未知',
  tries: (waits, sockets) =>
    `下一个请求：${waits.join('，然后 ')}；经所有设备共用的 ${sockets} 个套接字`,
  bounds: (timeout, tries, deadline) =>
    `一次应答最多等 ${timeout}，一个请求最多 ${tries} 次；整次轮询最多 ${deadline}`,
  nextPoll: '下一次完整轮询',
  cost: (requests, varbinds, out, back) =>
    `${requests} 个请求，${varbinds} 个对象：发出约 ${out}，收到约 ${back}`,
  walkCost: (requests) => `遍历相同的列约需 ${requests} 个请求`,
  traffic: (at, sent, again) => `上一次（${at}）发出 ${sent} 个数据报，其中重发 ${again} 个`,
  walkTraffic: (at, sent, again) =>
    `上一次全部遍历（${at}）发出 ${sent} 个数据报，其中重发 ${again} 个`,
  batch: (varbinds, octets) => `一个请求最多 ${varbinds} 个对象，一个应答最多容纳 ${octets}`,
  objects: '对象',
  request: '发出',
  reply: '收到',
  asksFor: '内容',
  scalars: '标量',
  cells: (count) => `${count} 个单元`,
  moreRequests: (count) => `以及另外 ${count} 个类似的请求`,
  read: '读取与不读取的内容',
  rows: (count, at) => `${count} 行，学习于 ${at}`,
  rowsChange: '行的增减',
  cares: {
    always: '每次读取',
    rare: '偶尔读取',
    still: '静止',
    lowHalf: '不读取',
    nothing: '不存在',
  },
  learned: '对 SNMP 代理的了解',
  nothingLearned: '没有特别之处',
  refused: '被拒绝或无应答的对象',
  pollsLeft: (polls) => (polls === null ? '遍历该表时再询问' : `再过 ${polls} 次完整轮询后再询问`),
  moreRefused: (count) => `以及另外 ${count} 个`,
  walkedAgain: '何时重新全部遍历',
  walkedAgainAfter: (polls) => `无论如何，再过 ${polls} 次完整轮询`,
  rescaled: '按其他系数读取的数值',
  refusedValues: '不予显示的数值',
  doubted: (object, raw, why) => `${object} = ${raw}，${why}`,
  notUnderstood: '没有档案读取的内容',
  noPlan: '设备尚未遍历，因此还没有学到任何内容：第一次完整轮询时进行。',
  units: ['天', '小时', '分', '秒'],
};

export const EXPLAIN_WORDS: Readonly<Record<Language, ExplainWords>> = {
  en: ENGLISH,
  'zh-CN': CHINESE,
};
