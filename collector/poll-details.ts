import { type LocalText, NO_TEXT, say, sayWith } from '../lib/local-text.ts';
import type { Outcome } from './observation.ts';

/** How a poll ended, for a poll of which nothing more is known. */
export const OUTCOME_NAMES: Readonly<Record<Outcome, LocalText>> = {
  ok: say('answered', '已应答'),
  timeout: say('no answer', '无应答'),
  refused: say('refused', '被拒绝'),
  unreachable: say('unreachable', '不可达'),
  'auth-failed': say('credentials refused', '凭据被拒绝'),
  'bad-response': say('answer not understood', '应答无法理解'),
  skipped: say('not tried', '未尝试'),
};

/** Why a request or a poll failed, for people. What stands in both languages alike comes from protocol or network. */
export const POLL_DETAILS = {
  noReply: say('no reply in time', '未在时限内应答'),
  neverReplied: say(
    'no reply in time, and none so far: address, port or community may be wrong',
    '未在时限内应答，且从未应答：地址、端口或团体名可能有误',
  ),
  strangerReplied: (address: string) =>
    say(
      `no reply in time; ${address} answered instead and was ignored`,
      `未在时限内应答；${address} 代为应答，已忽略`,
    ),
  unreadableReplies: say(
    'no reply in time; datagrams came from its address and could not be read',
    '未在时限内应答；收到来自其地址的数据报，但无法读取',
  ),
  nobodyListens: say('nobody listens at this address and port', '该地址和端口无程序监听'),
  noRoute: say('no route to the address', '没有到该地址的路由'),
  tookTooLong: say('the poll took too long and was cut off', '轮询耗时过长，已中止'),
  calledOff: say('the poll was called off', '轮询已取消'),
  clientClosed: say('the client is closed', '客户端已关闭'),
  notUnderstood: say(
    'the answer could not be understood; the log has more',
    '应答无法理解；详见日志',
  ),

  communityTooLong: say('the community is too long', '团体名过长'),
  credentialIncomplete: say('a protocol or password is missing', '缺少协议或密码'),
  accessRefused: say('the device refuses access with this credential', '设备拒绝该凭据的访问'),
  levelRefused: say(
    'the device does not accept this security level for the user',
    '设备不接受该用户使用此安全级别',
  ),
  userUnknown: say('the device does not know the user name', '设备没有该用户名'),
  wrongPassword: say('wrong authentication password', '认证密码错误'),
  deviceCannotDecrypt: say(
    'the device cannot decrypt requests: check the privacy password',
    '设备无法解密请求：请检查加密密码',
  ),
  cannotDecrypt: say(
    'replies cannot be decrypted: check the privacy password',
    '应答无法解密：请检查加密密码',
  ),
  onlyDiscovery: say(
    'discovery is answered but encrypted requests are not: check the privacy password',
    '引擎发现有应答，加密请求无应答：请检查加密密码',
  ),
  nameTooLong: say('the user or context name is too long', '用户名或上下文名过长'),
  bootsExhausted: say(
    'the device has used up its SNMPv3 restarts: give it a new engine id or new keys',
    '设备的 SNMPv3 重启次数已用尽：请为其设置新的引擎标识或新密钥',
  ),
  contextUnknown: say('the device has no such SNMPv3 context', '设备没有该 SNMPv3 上下文'),
  engineTime: say(
    'the device keeps contradicting its own SNMPv3 engine time',
    '设备的 SNMPv3 引擎时间前后矛盾',
  ),

  engineDenied: say(
    'the device answers for another SNMPv3 engine than it says it is',
    '设备以另一个 SNMPv3 引擎的身份应答',
  ),

  requestTooBig: say('the request does not fit a datagram', '请求超出一个数据报的长度'),
  answerTooBig: say(
    'the answer would not fit a datagram of the device',
    '应答超出设备一个数据报的长度',
  ),
  unfitReply: say('the reply does not fit the request', '应答与请求不符'),
  otherObjects: say(
    'the device answered something else than was asked',
    '设备应答的不是所问的对象',
  ),
  /** A status of RFC 3416 §3 by its name there. */
  status: (name: string) => say(`the device answered ${name}`, `设备应答 ${name}`),
  unnamedStatus: (status: number) =>
    say(`the device answered error ${status}`, `设备应答错误 ${status}`),
  notIncreasing: say(
    'the device repeats itself: an OID does not increase',
    '设备重复应答：OID 没有递增',
  ),
  moreRows: (rowCap: number) =>
    say(`the table has more than ${rowCap} rows`, `表超过 ${rowCap} 行`),
  moreSeries: (mostSeries: number, leftOutCount: number) =>
    say(
      `the device has more than ${mostSeries} series, ${leftOutCount} are left out`,
      `设备的序列超过 ${mostSeries} 条，已略去 ${leftOutCount} 条`,
    ),
  ofTable: (table: string, detail: LocalText) =>
    sayWith({ table, detail }, '{table}: {detail}', '{table}：{detail}'),
} as const;

const MOST_SHOWN_REASONS = 3;

/** What a poll that is ok could not read, each reason once; empty when it could read everything. */
export function partialDetail(reasons: readonly LocalText[]): LocalText {
  const distinct = [...new Map(reasons.map((reason) => [reason.en, reason])).values()];
  if (distinct.length === 0) return NO_TEXT;
  const shown = distinct.slice(0, MOST_SHOWN_REASONS);
  const en = shown.map((reason) => reason.en).join('; ');
  const zhCn = shown.map((reason) => reason['zh-CN']).join('；');
  const hidden = distinct.length - shown.length;
  const more = hidden === 0 ? NO_TEXT : say(`; and ${hidden} more`, `；另有 ${hidden} 项`);
  return sayWith(
    { reasons: say(en, zhCn), more },
    'not everything could be read: {reasons}{more}',
    '部分内容未能读取：{reasons}{more}',
  );
}

/**
 * Why nothing came from a device that has not answered yet and is asked with a community: it keeps
 * silent where that is wrong, so that it may be asked wrongly. Anything more that is known stays as it is.
 */
export function neverAnswered(detail: LocalText): LocalText {
  return detail.en === POLL_DETAILS.noReply.en ? POLL_DETAILS.neverReplied : detail;
}

/** The same of a device that is known to be asked rightly, for it has answered before. */
export function answeredBefore(detail: LocalText): LocalText {
  return detail.en === POLL_DETAILS.neverReplied.en ? POLL_DETAILS.noReply : detail;
}
