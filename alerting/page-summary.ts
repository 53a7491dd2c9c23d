import { type Language, TIERS, type Tier } from '../config/model.ts';
import type { EpochMs } from '../lib/time.ts';
import type { PageContent, PageLine, RenderedPage } from './page-content.ts';
import { renderPageHtml } from './page-html.ts';
import { kindName, PAGE_MESSAGES, type PageMessages, tierName } from './page-messages.ts';
import { formatZoned, inertText, whatOf } from './page-text.ts';
import type { Page } from './state.ts';

/** Incidents named in a summary; the others are counted by tier. */
const MOST_NAMED = 12;
const LONGEST_NAME_BYTES = 64;
const LONGEST_SHORT = 140;

/** The step of a page that is sent as a summary: it asks for no answer by itself. */
export const SUMMARY_STEP = 'summary';

/**
 * Several pages to one person as one message: how many incidents, by tier, and what each of the most
 * pressing ones says. `pages` has the most pressing first; `link` leads to all of them.
 */
export function renderSummary(
  pages: readonly [Page, ...Page[]],
  language: Language,
  timeZone: string,
  link: string,
): RenderedPage {
  const messages = PAGE_MESSAGES[language];
  const newest = newestOfIncidents(pages);
  const worst = Math.min(...newest.map(({ facts }) => facts.tier)) as Tier;
  const counts = TIERS.map((tier) => ({
    tier,
    count: newest.filter(({ facts }) => facts.tier === tier).length,
  })).filter(({ count }) => count > 0);
  const byTier = counts
    .map(({ tier, count }) => messages.summaryCount(tierName(tier), count))
    .join(messages.nameSeparator);
  const named = newest.slice(0, MOST_NAMED).map((page) => lineOf(page, language, timeZone));
  const left = newest.length - named.length;
  const isAllOver = newest.every(({ kind, facts }) => kind === 'resolved' && !facts.isRemoved);
  const headline = isAllOver
    ? messages.headlineSummaryResolved(newest.length)
    : messages.headlineSummary(newest.length);
  const content: PageContent = {
    language,
    tier: worst,
    tierName: tierName(worst),
    subject: `[${tierName(worst)}] ${headline}`,
    headline,
    lines: [
      { label: messages.label_byTier, value: byTier, droppedAs: 0 },
      ...named,
      ...(left > 0
        ? [{ label: messages.label_more, value: messages.summaryMore(left), droppedAs: 0 }]
        : []),
    ],
    links: { incident: link, acknowledge: null },
  };
  const short = `[${tierName(worst)}] ${headline}${messages.summarySeparator}${byTier}`;
  return {
    subject: content.subject,
    text: textOf(content, messages),
    html: renderPageHtml(content, messages),
    short:
      short.length + 1 + link.length <= LONGEST_SHORT
        ? `${short} ${link}`
        : short.slice(0, LONGEST_SHORT),
    content,
  };
}

/** Of each incident its newest page, in the order given. */
function newestOfIncidents(pages: readonly Page[]): readonly Page[] {
  const byIncident = Map.groupBy(pages, ({ incidentId }) => incidentId);
  return Array.from(byIncident.values(), (own) =>
    own.reduce((newest, page) => (page.queuedAt >= newest.queuedAt ? page : newest)),
  );
}

function lineOf({ incidentId, kind, facts }: Page, language: Language, timeZone: string): PageLine {
  const messages = PAGE_MESSAGES[language];
  const name = (text: string) => inertText(text, LONGEST_NAME_BYTES);
  const percent = `${Math.round((facts.reminderRatio ?? 0) * 100)} %`;
  const what = whatOf(language, {
    ...facts,
    rootDeviceName: name(facts.rootDeviceName),
    component: facts.component === null ? null : name(facts.component),
  });
  const by = isRunning(facts) ? messages.summaryBy(formatZoned(facts.acknowledgeBy, timeZone)) : '';
  const isRemoved = kind === 'resolved' && facts.isRemoved === true;
  const word = isRemoved ? messages.kind_removed : kindName(messages, kind, percent);
  return {
    label: `${name(incidentId)} ${tierName(facts.tier)}`,
    value: `${word}${messages.summarySeparator}${messages.shortWhat(what, name(facts.siteName))}${by}`,
    droppedAs: 1,
  };
}

function isRunning(facts: {
  readonly resolvedAt: EpochMs | null;
  readonly acknowledgedBy: string | null;
}) {
  return facts.resolvedAt === null && facts.acknowledgedBy === null;
}

function textOf(content: PageContent, messages: PageMessages): string {
  const separator = content.language === 'en' ? ': ' : '：';
  return [
    `[${content.tierName}] ${content.headline}`,
    '',
    ...content.lines.map(({ label, value }) => `${label}${separator}${value}`),
    '',
    `${messages.openAll}${separator}${content.links.incident}`,
  ].join('\n');
}
