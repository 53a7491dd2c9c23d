import type { OnCallView, PlanView } from '../../api/on-call-view.ts';
import type { Language } from '../../config/model.ts';
import { MINUTE } from '../../lib/time.ts';
import { formatZoned } from '../../reports/format-time.ts';

const english = {
  onCall: 'On call',
  nobody: 'nobody',
  until: (instant: string) => `until ${instant}`,
  next: 'then',
  gap: (from: string, to: string) => `NOBODY from ${from} to ${to}`,
  noGaps: 'no gap in the next 30 days',
  partial: 'gaps are meant to be',
  noSchedules: 'No schedules are configured: the steps of the escalation policies name people.',
  catchAll: 'If nobody is reached',
  list: ', ',
  would: (device: string) => `If ${device} failed now and nobody acknowledged:`,
  still: (incident: string, device: string) =>
    `${incident} (${device}), as long as nobody acknowledges:`,
  tier: (tier: string, because: string) => `tier ${tier}, because ${because}`,
  respondBy: (instant: string) => `respond by ${instant}`,
  acknowledged: (name: string) => `acknowledged by ${name}: nobody is paged any more`,
  nobodyPaged: 'nobody is paged',
  after: (minutes: number) => (minutes === 0 ? 'at once' : `after ${minutes} min`),
  held: (instant: string) => `held for quiet hours until ${instant}`,
  again: (minutes: number) =>
    `  and everyone told so far again every ${minutes} min, until someone acknowledges`,
};

type Words = typeof english;

const chinese: Words = {
  onCall: '值班',
  nobody: '无人',
  until: (instant) => `至 ${instant}`,
  next: '接班',
  gap: (from, to) => `无人值班：${from} 至 ${to}`,
  noGaps: '未来 30 天无空档',
  partial: '空档为有意安排',
  noSchedules: '未配置值班表：升级步骤直接指定人员。',
  catchAll: '无人可达时通知',
  list: '、',
  would: (device) => `若 ${device} 此刻中断且无人确认：`,
  still: (incident, device) => `${incident}（${device}），在无人确认期间：`,
  tier: (tier, because) => `${tier} 级，原因：${because}`,
  respondBy: (instant) => `响应时限 ${instant}`,
  acknowledged: (name) => `${name} 已确认：不再通知任何人`,
  nobodyPaged: '不通知任何人',
  after: (minutes) => (minutes === 0 ? '立即' : `${minutes} 分钟后`),
  held: (instant) => `免打扰，延至 ${instant}`,
  again: (minutes) => `  已通知的人每 ${minutes} 分钟再次收到通知，直至有人确认`,
};

const WORDS: Readonly<Record<Language, Words>> = { en: english, 'zh-CN': chinese };
const MOST_NEXT = 4;

/** Who is on call, for a terminal; times of a schedule in its own zone. */
export function renderOnCall(view: OnCallView, language: Language): string {
  const words = WORDS[language];
  if (view.schedules.length === 0) return words.noSchedules;
  const names = (people: readonly { readonly name: string }[]) =>
    people.map(({ name }) => name).join(words.list) || words.nobody;
  const blocks = view.schedules.map((schedule) => {
    const at = (instant: string) => formatZoned(Date.parse(instant), schedule.timeZone);
    return [
      `${schedule.name} (${schedule.timeZone})`,
      `  ${words.onCall}: ${names(schedule.now.people)}, ${words.until(at(schedule.now.to))}`,
      ...schedule.next
        .slice(0, MOST_NEXT)
        .map((turn) => `  ${words.next} ${at(turn.from)}: ${names(turn.people)}`),
      ...(schedule.partial
        ? [`  ${words.partial}`]
        : schedule.gaps.map(({ from, to }) => `  ${words.gap(at(from), at(to))}`)),
      ...(schedule.gaps.length === 0 ? [`  ${words.noGaps}`] : []),
    ].join('\n');
  });
  if (view.catchAll.length > 0) blocks.push(`${words.catchAll}: ${names(view.catchAll)}`);
  return blocks.join('\n\n');
}

/** Who would be paged, for a terminal. */
export function renderPlan(view: PlanView, language: Language, zone: string): string {
  const words = WORDS[language];
  const at = (instant: string) => formatZoned(Date.parse(instant), zone);
  const head =
    view.incidentId === null
      ? words.would(view.deviceName)
      : words.still(view.incidentId, view.deviceName);
  const tier = `${view.tier} ${view.tierName[language]}`;
  const lines = momentsOf(view).map((pages) => {
    const [{ afterMinutes, kind, kindName, tier: pageTier }] = pages;
    const who = pages.map(({ person, channelIds, heldUntil }) => {
      const held = heldUntil === null ? '' : `, ${words.held(at(heldUntil))}`;
      return `${person.name} (${channelIds.join(words.list)}${held})`;
    });
    const news = kind === 'upgraded' ? ` ${pageTier}` : '';
    return `  ${words.after(afterMinutes)}: ${kindName[language]}${news} → ${who.join(words.list)}`;
  });
  const { repeatEveryMs } = view;
  if (repeatEveryMs !== null && lines.length > 0) lines.push(words.again(repeatEveryMs / MINUTE));
  return [
    head,
    words.tier(tier, view.because[language]),
    words.respondBy(at(view.acknowledgeBy)),
    ...(view.acknowledgedBy === null ? [] : [words.acknowledged(view.acknowledgedBy.name)]),
    ...(lines.length === 0 ? [words.nobodyPaged] : lines),
  ].join('\n');
}

type PlanPage = PlanView['pages'][number];

/** Pages of one minute and kind together; what only says it again is left to one line. */
function momentsOf({ pages }: PlanView): readonly (readonly [PlanPage, ...PlanPage[]])[] {
  const moments = new Map<string, [PlanPage, ...PlanPage[]]>();
  for (const page of pages) {
    if (page.kind === 'repeat') continue;
    const key = `${page.afterMinutes} ${page.kind}`;
    const known = moments.get(key);
    if (known === undefined) moments.set(key, [page]);
    else known.push(page);
  }
  return [...moments.values()];
}
