import { PAGE_KINDS } from '../../api/words.ts';
import type { Language } from '../../config/model.ts';
import { formatZoned } from '../../reports/format-time.ts';
import type {
  ReplayChange,
  ReplayedIncidentView,
  ReplayedPageView,
  ReplayTotals,
  ReplayView,
} from './replay-view.ts';

const english = {
  head: (from: string, to: string, isWhatIf: boolean) =>
    `From ${from} to ${to}, decided anew ${isWhatIf ? 'by the other configuration' : 'by the rules of the time'}.`,
  none: 'No incidents, neither then nor now.',
  tier: (tier: number) => `tier ${tier}`,
  noIncident: 'no incident',
  change: {
    same: '',
    worse: 'worse',
    milder: 'milder',
    'only-recorded': 'gone',
    'only-replayed': 'new',
  } satisfies Record<ReplayChange, string>,
  pages: (was: number, would: number) => `pages: ${was} → ${would}`,
  breaches: (was: number, would: number) => `deadlines missed: ${was} → ${would}`,
  rule: (rule: string, because: string) => `by ${rule}: ${because}`,
  after: (minutes: number) => `after ${minutes} min`,
  held: (until: string) => `held until ${until}`,
  more: (count: number) => `… and ${count} more`,
  totals: 'Totals (then → now)',
  incidents: 'incidents',
  person: (name: string) => `pages to ${name}`,
  mostInAMinute: 'most pages to one person in a minute',
  facts: (count: number) =>
    `${count} facts were left out: the configuration does not have their devices.`,
  acts: (count: number) =>
    `${count} acts of people were left out: now there is no such incident, or it would be refused.`,
  duties: 'Not decided anew, and in neither count: pages about reviews and authorities.',
  colon: ': ',
  list: ', ',
};

const chinese: typeof english = {
  head: (from, to, isWhatIf) =>
    `${from} 至 ${to}，${isWhatIf ? '按另一配置' : '按当时的规则'}重新判定。`,
  none: '当时与现在均无事件。',
  tier: (tier) => `${tier} 级`,
  noIncident: '无事件',
  change: {
    same: '',
    worse: '更严重',
    milder: '更轻',
    'only-recorded': '不再产生',
    'only-replayed': '新增',
  },
  pages: (was, would) => `通知：${was} → ${would}`,
  breaches: (was, would) => `响应超时：${was} → ${would}`,
  rule: (rule, because) => `依据 ${rule}：${because}`,
  after: (minutes) => `${minutes} 分钟后`,
  held: (until) => `保留至 ${until}`,
  more: (count) => `…… 另有 ${count} 条`,
  totals: '合计（当时 → 现在）',
  incidents: '事件',
  person: (name) => `发给 ${name} 的通知`,
  mostInAMinute: '一人一分钟内最多通知',
  facts: (count) => `略去 ${count} 条事实：配置中没有相应设备。`,
  acts: (count) => `略去 ${count} 次人员操作：现无相应事件，或不会被接受。`,
  duties: '总结与主管部门报告的通知不重新判定，两边均未计入。',
  colon: '：',
  list: '、',
};

const WORDS: Readonly<Record<Language, typeof english>> = { en: english, 'zh-CN': chinese };

/** Moments of paging shown for one incident; `--json` has them all. */
const MOST_MOMENTS = 20;

/** A replay for people: each incident then and now, whom it pages when, and totals. */
export function renderReplay(view: ReplayView, language: Language, timeZone: string): string {
  const words = WORDS[language];
  const at = (instant: string) => formatZoned(Date.parse(instant), timeZone);
  const lines = [words.head(at(view.from), at(view.to), view.whatIf), ''];
  if (view.incidents.length === 0) lines.push(words.none);
  for (const incident of view.incidents) {
    const { deviceId, component, faultKind, recorded, replayed, change } = incident;
    const tier = (each: ReplayedIncidentView | null) =>
      each === null ? words.noIncident : `${each.id} ${words.tier(each.tier)}`;
    const part = component === null ? '' : ` ${component}`;
    const told = words.change[change] === '' ? '' : ` (${words.change[change]})`;
    lines.push(
      `${at(incident.startedAt)}  ${deviceId}${part}, ${faultKind}`,
      `  ${tier(recorded)} → ${tier(replayed)}${told}${words.list}${words.pages(recorded?.pages.length ?? 0, replayed?.pages.length ?? 0)}${words.list}${words.breaches(recorded?.breaches ?? 0, replayed?.breaches ?? 0)}`,
    );
    if (replayed !== null) lines.push(...detailLines(replayed, language, at));
  }
  return [...lines, '', ...totalLines(view, language)].join('\n');
}

function detailLines(
  incident: ReplayedIncidentView,
  language: Language,
  at: (instant: string) => string,
): readonly string[] {
  const words = WORDS[language];
  const moments = Object.entries(
    Object.groupBy(incident.pages, ({ afterMinutes, kind }) => `${afterMinutes} ${kind}`),
  ).map(([, pages]) => momentLine(pages!, language, at));
  const left = moments.length - MOST_MOMENTS;
  return [
    `  ${words.rule(incident.grades.at(-1)!.ruleId, incident.because[language])}`,
    ...moments.slice(0, MOST_MOMENTS),
    ...(left > 0 ? [`    ${words.more(left)}`] : []),
  ];
}

function momentLine(
  pages: readonly ReplayedPageView[],
  language: Language,
  at: (instant: string) => string,
): string {
  const words = WORDS[language];
  const { afterMinutes, kind, tier } = pages[0]!;
  const who = Object.entries(Object.groupBy(pages, ({ person }) => person)).map(([name, own]) => {
    const [{ heldUntil } = { heldUntil: null }] = own!;
    const held = heldUntil === null ? '' : `; ${words.held(at(heldUntil))}`;
    return `${name} (${own!.map(({ channel }) => channel).join(words.list)}${held})`;
  });
  return `    ${words.after(afterMinutes)}${words.colon}${PAGE_KINDS[kind][language]}${words.list}${words.tier(tier)} → ${who.join(words.list)}`;
}

function totalLines({ totals, leftOut }: ReplayView, language: Language): readonly string[] {
  const words = WORDS[language];
  const { recorded, replayed } = totals;
  const line = (name: string, of: (each: ReplayTotals) => number) =>
    `  ${name}${words.colon}${of(recorded)} → ${of(replayed)}`;
  const people = [...new Set([recorded, replayed].flatMap((each) => Object.keys(each.byPerson)))];
  return [
    words.totals,
    line(words.incidents, (each) => each.incidents),
    ...['1', '2', '3', '4'].map((tier) =>
      line(`  ${words.tier(Number(tier))}`, (each) => each.byTier[tier] ?? 0),
    ),
    `  ${words.pages(recorded.pages, replayed.pages)}`,
    `  ${words.breaches(recorded.breaches, replayed.breaches)}`,
    ...people
      .sort()
      .map((name) => line(words.person(name), ({ byPerson }) => sum(byPerson[name] ?? {}))),
    line(words.mostInAMinute, (each) => each.mostInAMinute),
    ...(leftOut.facts > 0 ? [words.facts(leftOut.facts)] : []),
    ...(leftOut.acts > 0 ? [words.acts(leftOut.acts)] : []),
    words.duties,
  ];
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
