import { describeClockStep } from '../alerting/clock-steps.ts';
import type { DutyEvent } from '../alerting/duty-events.ts';
import type { DomainEvent } from '../alerting/events.ts';
import { words } from '../alerting/fault-words.ts';
import { recipientOfPageId } from '../alerting/page-id.ts';
import { formatZoned } from '../alerting/page-text.ts';
import type { Config } from '../config/model.ts';
import { asLocalText, type LocalText, say, sayWith } from '../lib/local-text.ts';
import type { DurationMs } from '../lib/time.ts';
import { answerSentence } from './answer-sentence.ts';
import { dutySentence, isDutyEvent } from './duty-sentence.ts';
import { parseFaultKey } from './incident-record.ts';
import { namesOf } from './names.ts';
import { notificationSentence } from './notification-sentence.ts';
import { isOddityEvent, odditySentence } from './oddity-sentence.ts';
import { isOnCallEvent, onCallSentence } from './on-call-sentence.ts';
import { OWED_STEPS, owedSentence } from './owed-sentence.ts';
import { isProcedureEvent, type ProcedureEvent, procedureSentence } from './procedure-sentence.ts';
import { gradedSentence, tierOf, tierSentence } from './tier-sentence.ts';
import { faultTitle, HEALTH_NAMES, HEALTH_REASONS, pageKindName, RELATIONS } from './words.ts';

/** What an event says to a person, one sentence in each language. */
export function sentenceOf(event: DomainEvent, config: Config): LocalText {
  if (isProcedureEvent(event)) return procedureSentence(event, config);
  if (isDutyEvent(event)) return dutySentence(event, config);
  if ('incidentId' in event)
    return 'pageId' in event ? pageSentence(event, config) : incidentSentence(event, config);
  if ('faultKey' in event) return faultSentence(event, config);
  if (event.type === 'notification-received') return notificationSentence(event, config);
  if (isOddityEvent(event)) return odditySentence(event, config);
  if ('deviceId' in event) return healthSentence(event, config);
  if (isOnCallEvent(event)) return onCallSentence(event, config);
  return serviceSentence(event);
}

type OfType<Type extends DomainEvent['type']> = Extract<DomainEvent, { type: Type }>;
type PageEvent = Extract<DomainEvent, { pageId: string }>;
type IncidentEvent = Exclude<
  Extract<DomainEvent, { incidentId: string }>,
  PageEvent | ProcedureEvent | DutyEvent
>;
type FaultEvent = Exclude<Extract<DomainEvent, { faultKey: string }>, IncidentEvent>;
type ServiceEvent = OfType<
  | 'service-started'
  | 'service-stopped'
  | 'topology-loaded'
  | 'lease-renewed'
  | 'report-archive-noted'
  | 'callback-taken'
  | 'clock-stepped'
>;

function serviceSentence(event: ServiceEvent): LocalText {
  switch (event.type) {
    case 'service-started':
      return say(`Threenines ${event.version} started`, `Threenines ${event.version} 已启动`);
    case 'service-stopped':
      return say('Threenines stopped', 'Threenines 已停止');
    case 'topology-loaded':
      return say(
        `Configuration loaded: ${event.topology.devices.length} devices at ${event.topology.sites.length} sites`,
        `已载入配置：${event.topology.sites.length} 个站点，${event.topology.devices.length} 台设备`,
      );
    case 'clock-stepped':
      return sentenceCase(describeClockStep(event));
    case 'lease-renewed':
      return say('The collector is observing', '采集器正在观测');
    case 'callback-taken':
      return say(
        `A signed answer came by ${event.channelId}`,
        `通道 ${event.channelId} 收到已签名的回复`,
      );
    case 'report-archive-noted':
      return say(
        `The report archive has ${event.entries} entries`,
        `报告存档已有 ${event.entries} 条记录`,
      );
  }
}

function sentenceCase({ en, 'zh-CN': chinese }: LocalText): LocalText {
  return say(`${en.charAt(0).toUpperCase()}${en.slice(1)}`, chinese);
}

function healthSentence(event: OfType<'health-changed'>, config: Config): LocalText {
  return sayWith(
    {
      device: namesOf(config).device(event.deviceId),
      from: HEALTH_NAMES[event.from],
      to: HEALTH_NAMES[event.to],
      reason: HEALTH_REASONS[event.reason],
    },
    '{device} went from {from} to {to}: {reason}',
    '{device} 由{from}变为{to}：{reason}',
  );
}

function faultSentence(event: FaultEvent, config: Config): LocalText {
  const { deviceId, component, kind } = parseFaultKey(event.faultKey);
  const fault = faultTitle(namesOf(config).device(deviceId), kind, component);
  switch (event.type) {
    case 'fault-cleared':
      if (event.isRemoved) return noLongerWatched(fault);
      if (kind === 'customer-report')
        return sayWith(
          { fault },
          '{fault}: answered, or explained by what is known now',
          '{fault}：已答复，或已由现已查明的故障解释',
        );
      return sayWith({ fault }, 'Cleared: {fault}', '已消除：{fault}');
    case 'flapping-started': {
      const count = String(event.count);
      return sayWith(
        { fault, count },
        '{fault} comes and goes: {count} times lately',
        '{fault}，反复出现：近期 {count} 次',
      );
    }
    case 'flapping-ended':
      return sayWith({ fault }, '{fault} has settled', '{fault}，已趋于稳定');
    default: {
      const level = event.level === 'critical' ? say('critical', '严重') : say('warning', '预警');
      return sayWith(
        { fault, level, text: event.text },
        '{fault}, {level}: {text}',
        '{fault}，{level}：{text}',
      );
    }
  }
}

function incidentSentence(event: IncidentEvent, config: Config): LocalText {
  const names = namesOf(config);
  switch (event.type) {
    case 'incident-opened':
      return sayWith(
        { tier: tierOf(event.tier), why: event.evidence.sentence },
        'Opened as {tier} because {why}',
        '新事件，定级为 {tier}，原因：{why}',
      );
    case 'incident-reopened':
      return event.tier === undefined || event.evidence === undefined
        ? say('It happened again: the incident is open once more', '再次发生，事件重新打开')
        : sayWith(
            { tier: tierOf(event.tier), why: event.evidence.sentence },
            'It happened again: open once more as {tier} because {why}',
            '再次发生，事件重新打开，定级为 {tier}，原因：{why}',
          );
    case 'incident-graded':
      return gradedSentence(event, config);
    case 'tier-proposed':
    case 'tier-released':
      return tierSentence(event, config);
    case 'member-added':
    case 'member-removed':
      return memberSentence(event, config);
    case 'incident-root-passed':
      return passedSentence(event, config);
    case 'incident-acknowledged':
    case 'acknowledgement-refused':
      return answerSentence(event, config);
    case 'acknowledgement-lapsed':
    case 'forecast-made':
      return owedSentence(event, config);
    case 'incident-clock-moved':
      return clockMovedSentence(event, config);
    case 'incident-noted':
      return say(
        `${names.person(event.by)}: ${event.text}`,
        `${names.person(event.by)}：${event.text}`,
      );
    case 'incident-resolved':
      return resolvedSentence(event, config);
    case 'response-breached': {
      const by = formatZoned(event.deadline, config.service.timeZone);
      return say(
        `Nobody acknowledged by ${by}: the response time is over`,
        `截至 ${by} 无人确认：响应超时`,
      );
    }
    case 'clock-step-taken':
      return stepSentence(event, config);
  }
}

function clockMovedSentence(
  { byMs, cause, acknowledgeBy }: OfType<'incident-clock-moved'>,
  config: Config,
): LocalText {
  const by = formatZoned(acknowledgeBy, config.service.timeZone);
  return sayWith(
    { step: describeClockStep({ byMs, cause }), by },
    'Times change here: {step}; the time to acknowledge now ends at {by}',
    '此处时间变动：{step}；确认时限现为 {by}',
  );
}

function passedSentence(
  { faultKey, over }: OfType<'incident-root-passed'>,
  config: Config,
): LocalText {
  const parts = {
    over: titleOfFault(over.faultKey, config),
    held: durationText(over.heldMs),
    fault: titleOfFault(faultKey, config),
  };
  return sayWith(
    parts,
    'Over after {held}: {over}; what lasts is {fault}',
    '{over}，持续 {held} 后已消除；目前仍有：{fault}',
  );
}

function titleOfFault(faultKey: string, config: Config): LocalText {
  const { deviceId, component, kind } = parseFaultKey(faultKey);
  return faultTitle(namesOf(config).device(deviceId), kind, component);
}

function durationText(durationMs: DurationMs): LocalText {
  return say(words(durationMs, 'en'), words(durationMs, 'zh-CN'));
}

function noLongerWatched(fault: LocalText): LocalText {
  return sayWith(
    { fault },
    'No longer watched, taken out of the configuration: {fault}',
    '已移出配置，不再监测：{fault}',
  );
}

function memberSentence(
  event: OfType<'member-added' | 'member-removed'>,
  config: Config,
): LocalText {
  const fault = titleOfFault(event.faultKey, config);
  if (event.type === 'member-added')
    return sayWith(
      { fault, relation: RELATIONS[event.relation] },
      'Joined: {fault} ({relation})',
      '并入：{fault}（{relation}）',
    );
  if (event.reason === 'removed') return noLongerWatched(fault);
  return event.reason === 'cleared'
    ? sayWith({ fault }, 'Cleared: {fault}', '已消除：{fault}')
    : sayWith({ fault }, 'Split off: {fault}', '拆出：{fault}');
}

function resolvedSentence(event: OfType<'incident-resolved'>, config: Config): LocalText {
  if (event.reason === 'removed')
    return say(
      'No longer watched: the cause was taken out of the configuration',
      '不再监测：起因已移出配置',
    );
  if (event.by === null)
    return say('Resolved: all its faults have cleared', '已恢复：全部故障消除');
  const person = namesOf(config).person(event.by);
  return say(`${person} resolved it: ${event.text}`, `${person} 已关闭：${event.text}`);
}

function stepSentence(event: OfType<'clock-step-taken'>, config: Config): LocalText {
  const names = namesOf(config);
  const late =
    event.afterLost !== undefined
      ? say(', at once: the step before reached nobody', '（上一级无人可达，立即执行）')
      : event.late
        ? say(', late', '（延迟执行）')
        : say('', '');
  // `step:<tier>:<index>`, `repeat:<tier>:<number>`, `reminder:<ratio>`, `breach`, `update:<n>` …
  const [kind, value, index] = event.step.split(':', 3);
  const step =
    OWED_STEPS[kind ?? ''] ??
    (kind === 'reminder'
      ? say(`Reminder at ${percent(value)} of the response time`, `响应时限 ${percent(value)} 提醒`)
      : kind === 'repeat'
        ? say('Paged again', '再次通知')
        : kind === 'breach'
          ? say('The response time ran out', '响应时限已到')
          : kind === 'after-silence'
            ? say('The silence is over', '静默结束')
            : kind === 'again'
              ? say(
                  'Worse again: told to whoever heard otherwise',
                  '再次升级：通知此前获知较低等级者',
                )
              : index === 'catch-all'
                ? say('Nobody of the escalation was on call', '升级流程中无人值班')
                : say(`Escalation step ${Number(index) + 1}`, `第 ${Number(index) + 1} 级升级`));
  if (event.silencedBy !== undefined) {
    return sayWith(
      { step, late, id: event.silencedBy },
      '{step}{late}: nobody paged, silenced by {id}',
      '{step}{late}：已被静默 {id} 屏蔽，未发送通知',
    );
  }
  const told = new Set((event.toldBy ?? []).map((each) => names.person(each.personId)));
  if (told.size === 0) return sayWith({ step, late }, '{step}{late}', '{step}{late}');
  const who = say([...told].join(', '), [...told].join('、'));
  return sayWith(
    { step, late, who },
    '{step}{late}: {who} told by another page of the same moment',
    '{step}{late}：{who} 已由同一时刻的另一条通知告知',
  );
}

function percent(ratio: string | undefined): string {
  return `${Math.round(Number(ratio) * 100)} %`;
}

function pageSentence(event: PageEvent, config: Config): LocalText {
  const { personId, channelId } =
    event.type === 'page-queued' ? event : recipientOfPageId(event.pageId);
  const parts = { who: namesOf(config).person(personId), channel: channelId };
  switch (event.type) {
    case 'page-queued':
      if (event.insteadOf !== undefined) {
        return sayWith(
          { ...parts, other: recipientOfPageId(event.insteadOf).channelId },
          'Paging {who} by {channel} too, as {other} has not got through',
          '{other} 未能送达，同时通过 {channel} 通知 {who}',
        );
      }
      return sayWith(
        { ...parts, kind: pageKindName(event.kind, event.facts.isRemoved === true) },
        'Paging {who} by {channel} ({kind})',
        '正在通过 {channel} 通知 {who}（{kind}）',
      );
    case 'page-sent':
      if (event.inSummary !== undefined) {
        return sayWith(
          parts,
          'Page to {who} handed over to {channel} in a summary',
          '发给 {who} 的通知已合并交付 {channel}',
        );
      }
      return sayWith(
        parts,
        'Page to {who} handed over to {channel}',
        '发给 {who} 的通知已交付 {channel}',
      );
    case 'page-attempt-failed':
      return sayWith(
        { ...parts, try: String(event.attempt), why: asLocalText(event.reason) },
        'Page to {who} by {channel} failed at try {try}: {why}',
        '通过 {channel} 通知 {who} 第 {try} 次失败：{why}',
      );
    case 'page-confirmed':
      return event.status === 'delivered'
        ? sayWith(
            parts,
            'Page to {who} by {channel} arrived',
            '通过 {channel} 发给 {who} 的通知已送达',
          )
        : sayWith(
            { ...parts, why: event.reason },
            'Page to {who} by {channel} did not arrive: {why}',
            '通过 {channel} 发给 {who} 的通知未送达：{why}',
          );
    case 'page-abandoned':
      return sayWith(
        { ...parts, why: asLocalText(event.reason) },
        'Page to {who} by {channel} given up: {why}',
        '放弃通过 {channel} 通知 {who}：{why}',
      );
    case 'page-cancelled':
      return sayWith(
        { ...parts, why: CANCEL_REASONS[event.reason] },
        'Page to {who} by {channel} no longer needed: {why}',
        '通过 {channel} 通知 {who} 已不需要：{why}',
      );
  }
}

const CANCEL_REASONS = {
  acknowledged: say('acknowledged', '已确认'),
  resolved: say('the incident is over', '事件已结束'),
  replaced: say('a newer one takes its place', '已由更新的通知代替'),
  done: say('what it asks for is done', '所要求的事项已完成'),
} as const;
