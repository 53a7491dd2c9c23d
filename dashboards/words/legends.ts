import type { PageResult } from '../../alerting/sender-metrics.ts';
import type { Outcome } from '../../collector/observation.ts';
import type {
  IgnoredReplyReason,
  PollKind,
  RejectedValueReason,
} from '../../collector/self-metrics.ts';

/** How the values of labels read in legends: by the value. In English they stay as they are. */
export interface Legends {
  readonly pollKinds: Readonly<Record<PollKind, string>>;
  readonly outcomes: Readonly<Record<Outcome, string>>;
  readonly pageStates: Readonly<Record<'queued' | 'sent' | 'abandoned' | 'cancelled', string>>;
  readonly pageResults: Readonly<Record<PageResult, string>>;
  readonly pointResults: Readonly<Record<'written' | 'dropped' | 'refused', string>>;
  readonly ignoredReplies: Readonly<Record<IgnoredReplyReason, string>>;
  readonly rejectedValues: Readonly<Record<RejectedValueReason, string>>;
}

export const legendsChinese: Legends = {
  pollKinds: { heartbeat: '心跳', full: '完整轮询' },
  outcomes: {
    ok: '成功',
    timeout: '超时',
    refused: '被拒绝',
    unreachable: '不可达',
    'auth-failed': '认证失败',
    'bad-response': '应答有误',
    skipped: '已跳过',
  },
  pageStates: { queued: '等待发送', sent: '已发送', abandoned: '已放弃', cancelled: '已取消' },
  pageResults: { sent: '已发送', failed: '失败，将重试', rejected: '被拒绝' },
  pointResults: { written: '已写入', dropped: '已丢弃', refused: '被拒绝' },
  ignoredReplies: {
    'other-address': '来自其他地址',
    'other-port': '来自其他端口',
    malformed: '格式错误',
    'wrong-version': '版本不符',
    'wrong-community': '团体名不符',
    'no-pending-request': '没有对应的请求',
    'security-downgrade': '安全级别过低',
    'too-long': '过长',
    'wrong-engine': '引擎不符',
    'wrong-user': '用户不符',
    'wrong-request-id': '请求编号不符',
    'wrong-context': '上下文不符',
    'unasked-security': '安全级别与请求不符',
    'wrong-digest': '摘要不符',
    'decryption-error': '解密失败',
    'unproven-time': '时间未经证明',
    'outside-time-window': '超出时间窗',
  },
  rejectedValues: {
    absent: '缺失',
    'wrong-type': '类型不符',
    'out-of-range': '超出范围',
    'not-asked': '未请求',
  },
};

export const legendsEnglish: Legends = {
  pollKinds: asTheyAre(legendsChinese.pollKinds),
  outcomes: asTheyAre(legendsChinese.outcomes),
  pageStates: asTheyAre(legendsChinese.pageStates),
  pageResults: asTheyAre(legendsChinese.pageResults),
  pointResults: asTheyAre(legendsChinese.pointResults),
  ignoredReplies: asTheyAre(legendsChinese.ignoredReplies),
  rejectedValues: asTheyAre(legendsChinese.rejectedValues),
};

function asTheyAre<Words extends Readonly<Record<string, string>>>(words: Words): Words {
  return Object.fromEntries(Object.keys(words).map((value) => [value, value])) as Words;
}
