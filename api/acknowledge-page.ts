import { createHash } from 'node:crypto';
import { toldCause } from '../alerting/causes.ts';
import { words } from '../alerting/fault-words.ts';
import { GROUND, INK, TIER_COLOURS } from '../alerting/page-html.ts';
import { PAGE_MESSAGES, tierName } from '../alerting/page-messages.ts';
import { formatZoned } from '../alerting/page-text.ts';
import type { Config, Language, Person } from '../config/model.ts';
import { escapeHtml } from '../lib/html.ts';
import type { EpochMs } from '../lib/time.ts';
import { ACKNOWLEDGE_MESSAGES } from './acknowledge-messages.ts';
import type { IncidentRecord } from './incident-record.ts';
import type { IncidentSummary } from './incident-view.ts';

/** Other sites named on the page; the rest is a count. */
const MOST_SITES_NAMED = 5;

const STYLE = `
:root{color-scheme:dark}
body{margin:0;padding:20px 18px 32px;background:${GROUND};color:${INK};font:17px/1.45 system-ui,sans-serif;overflow-wrap:anywhere}
main{max-width:560px;margin:0 auto}
header{border-left:6px solid var(--tone,#79c0ff);padding-left:14px;margin-bottom:20px}
header p{margin:0;color:var(--tone,#79c0ff);font-weight:700}
h1{margin:4px 0 0;font-size:22px;line-height:1.3}
dl{margin:0}dt{color:#a9b4c2;font-size:14px}dd{margin:0 0 12px}
.said{padding:14px 16px;border:1px solid #3a4452;border-radius:10px;margin:20px 0;font-weight:600}
button{width:100%;min-height:60px;margin:8px 0 10px;border:0;border-radius:12px;background:var(--tone,#79c0ff);color:${GROUND};font:700 20px system-ui,sans-serif}
button:focus-visible,a:focus-visible{outline:3px solid ${INK};outline-offset:3px}
a{color:${INK}}.who{color:#a9b4c2;font-size:15px;margin:0 0 20px}
${Object.entries(TIER_COLOURS)
  .map(([tier, colour]) => `.t${tier}{--tone:${colour}}`)
  .join('')}`;

/** Nothing is fetched and nothing runs: the page is text, one form, and this style. */
export const ACKNOWLEDGE_CSP = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

export interface AcknowledgePage {
  readonly incident: IncidentSummary;
  readonly record: IncidentRecord;
  readonly person: Person;
  /** The response clock that the link was sent for. */
  readonly episode: number;
  readonly config: Config;
  readonly now: EpochMs;
}

/** The incident as it stands now, with a button as long as somebody has to answer. */
export function renderAcknowledgePage(page: AcknowledgePage): string {
  const { incident, record, person } = page;
  const { language } = person;
  const messages = ACKNOWLEDGE_MESSAGES[language];
  const title = incident.title[language];
  const facts = factsOf(page).map(
    ([label, value]) => `<dt>${escapeHtml(label)}</dt><dd>${escapeHtml(value)}</dd>`,
  );
  const link = `${page.config.service.consoleUrl}/incidents/${encodeURIComponent(incident.id)}`;
  return documentOf(language, `${messages.heading(incident.id)} — ${title}`, [
    `<main class="t${record.tier}">`,
    `<header><p>${escapeHtml(tierName(record.tier))}</p><h1>${escapeHtml(title)}</h1></header>`,
    ...stateOf(page),
    `<dl>${facts.join('')}</dl>`,
    `<p><a href="${escapeHtml(link)}">${escapeHtml(messages.open)}</a></p></main>`,
  ]);
}

/** Says what is wrong with the link, and nothing of any incident. */
export function renderLinkProblem(
  language: Language,
  problem: 'invalid' | 'expired' | 'busy',
): string {
  const messages = ACKNOWLEDGE_MESSAGES[language];
  const title = messages[`${problem}Title`];
  return documentOf(language, title, [
    `<main><header><h1>${escapeHtml(title)}</h1></header>`,
    `<p>${escapeHtml(messages[problem])}</p></main>`,
  ]);
}

function documentOf(language: Language, title: string, body: readonly string[]): string {
  return [
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="robots" content="noindex">',
    `<title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body>`,
    ...body,
    '</body></html>',
  ].join('\n');
}

/** Where it stands, or the form that takes it over. */
function stateOf({ incident, record, person, episode }: AcknowledgePage): readonly string[] {
  const messages = ACKNOWLEDGE_MESSAGES[person.language];
  const instant = (at: EpochMs) => formatZoned(at, person.timeZone);
  const said = (text: string) => `<p class="said" role="status">${escapeHtml(text)}</p>`;
  if (record.resolvedAt !== null) return [said(messages.resolved(instant(record.resolvedAt)))];
  if (record.acknowledgedAt !== null) {
    const at = instant(record.acknowledgedAt);
    const who = incident.acknowledgedBy;
    const isOwn = who?.id === person.id;
    return [
      said(isOwn ? messages.acknowledgedByYou(at) : messages.acknowledged(who?.name ?? '', at)),
    ];
  }
  return [
    ...(episode === record.episode ? [] : [said(messages.changed)]),
    '<form method="post">',
    `<input type="hidden" name="episode" value="${record.episode}">`,
    `<button type="submit">${escapeHtml(messages.button)}</button></form>`,
    `<p class="who">${escapeHtml(messages.asWhom(person.name))}</p>`,
  ];
}

function factsOf({
  incident,
  record,
  person,
  now,
}: AcknowledgePage): readonly (readonly [string, string])[] {
  const { language, timeZone } = person;
  const messages = ACKNOWLEDGE_MESSAGES[language];
  const leftMs = record.acknowledgeBy - now;
  const left =
    leftMs > 0 ? messages.left(words(leftMs, language)) : messages.missed(words(-leftMs, language));
  const isWaiting = record.acknowledgedAt === null && record.resolvedAt === null;
  return [
    ...(isWaiting
      ? ([[messages.deadline, `${formatZoned(record.acknowledgeBy, timeZone)} (${left})`]] as const)
      : []),
    [messages.fault, toldCause(record).text[language] || incident.title[language]],
    [messages.site, sitesText(incident, language)],
    [messages.because, incident.because[language]],
    [messages.since, formatZoned(sinceOf(record, incident), timeZone)],
    ...(incident.affectedCount === 0
      ? []
      : ([[messages.affected, affectedText(incident, language)]] as const)),
  ];
}

/** Since when what the title says lasts, or when it began. */
function sinceOf(record: IncidentRecord, { flappingSince }: IncidentSummary): EpochMs {
  if (flappingSince !== null) return Date.parse(flappingSince);
  const { faultKey } = toldCause(record);
  const cause = record.causes.find((each) => each.faultKey === faultKey);
  return cause?.since ?? record.startedAt;
}

/** As a page has it: how many hang on it, and how many of them are confirmed. */
function affectedText(
  { affectedCount, cutOffCount, confirmedCount }: IncidentSummary,
  language: Language,
): string {
  const all = ACKNOWLEDGE_MESSAGES[language].devices(affectedCount);
  return confirmedCount === null || confirmedCount >= cutOffCount
    ? all
    : PAGE_MESSAGES[language].confirmedOf(all, confirmedCount);
}

/** As a page has it: the own site first, then those that are affected besides. */
function sitesText({ siteName, otherSites }: IncidentSummary, language: Language): string {
  if (otherSites.length === 0) return siteName;
  const words = PAGE_MESSAGES[language];
  const named = otherSites.slice(0, MOST_SITES_NAMED).map(({ name }) => name);
  const more = otherSites.length - named.length;
  return words.alsoAffects(siteName, named.join(words.nameSeparator), more);
}
