import type { Language } from '../config/model.ts';
import { cleanText } from '../lib/device-text.ts';
import { mapText } from '../lib/local-text.ts';
import { type DurationMs, type EpochMs, MINUTE } from '../lib/time.ts';
import { webAddress } from '../lib/web-address.ts';
import type { AlertNote } from './alerts/alert-note.ts';
import type { PageFacts } from './events.ts';
import { partNameOf } from './fault-key.ts';
import { faultWords, words } from './fault-words.ts';
import type { PageContent, PageLine, PageLinks, RenderedPage } from './page-content.ts';
import { renderPageHtml } from './page-html.ts';
import { headline, kindName, PAGE_MESSAGES, type PageMessages, tierName } from './page-messages.ts';
import { lastedMs, restoredAt, timeLines } from './page-times.ts';
import type { Page } from './state.ts';
import { NO_SITE } from './subjects.ts';

/** The part of a page that its words are made of. */
export type PageToRender = Pick<
  Page,
  'kind' | 'queuedAt' | 'waitingSince' | 'failingSince' | 'replacedCount' | 'facts'
>;

const LONGEST_TEXT_BYTES = 2048;
const LONGEST_SUBJECT = 200;
const LONGEST_SHORT = 140;
const LONGEST_NAME_BYTES = 160;
const LONGEST_SENTENCE_BYTES = 400;
const LONGEST_SHORT_NAME_BYTES = 42;
const NAMES_SHOWN = 5;
const LONGEST_AFFECTED_NAME_BYTES = 64;
/** A page later than this says so, because minutes left then look wrong to its reader. */
const DELAY_WORTH_TELLING_MS: DurationMs = MINUTE;

/**
 * Puts a page into words at the instant it is sent: `now` gives the minutes left, so a retried page
 * tells the truth. Text that came from devices is cleaned, and cannot mention people in a chat, form
 * a link, or add a line.
 */
export function renderPage(
  page: PageToRender,
  language: Language,
  timeZone: string,
  now: EpochMs,
  links: PageLinks,
): RenderedPage {
  const messages = PAGE_MESSAGES[language];
  const facts = safeFacts(page.facts);
  const percent = `${Math.round((facts.reminderRatio ?? 0) * 100)} %`;
  const isRemoved = page.kind === 'resolved' && facts.isRemoved === true;
  const kind = isRemoved ? messages.kind_removed : kindName(messages, page.kind, percent);
  const what = whatOf(language, facts);
  const tier = tierName(facts.tier);
  const content: PageContent = {
    language,
    tier: facts.tier,
    tierName: tier,
    subject: around(
      `[${tier}] ${kind} — `,
      messages.shortWhat(what, sitesOf(messages, facts, 1)),
      ` (${facts.incidentId})`,
      LONGEST_SUBJECT,
    ),
    headline: isRemoved ? messages.headline_removed : headline(messages, page.kind, percent, tier),
    lines: linesOf({ messages, language, timeZone, now, page: { ...page, facts } }),
    links,
  };
  return {
    subject: content.subject,
    text: renderText(content, messages),
    html: renderPageHtml(content, messages),
    short: renderShort({ messages, language, kind, facts, now, link: links.incident }),
    content,
  };
}

/** One for each zone that was asked for: to build one costs a hundred times what it does to use it. */
const zonedFormats = new Map<string, Intl.DateTimeFormat>();

function zonedFormat(timeZone: string): Intl.DateTimeFormat {
  const known = zonedFormats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'shortOffset',
  });
  zonedFormats.set(timeZone, format);
  return format;
}

/** `19:13 GMT+8` */
export function formatZonedTime(at: EpochMs, timeZone: string): string {
  const [, time, zone] = formatZoned(at, timeZone).split(' ');
  return `${time!.slice(0, 5)} ${zone}`;
}

/** `2026-11-22 19:13:05 GMT+8` */
export function formatZoned(at: EpochMs, timeZone: string): string {
  const parts = new Map(
    zonedFormat(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const get = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? '';
  const date = `${get('year')}-${get('month')}-${get('day')}`;
  return `${date} ${get('hour')}:${get('minute')}:${get('second')} ${get('timeZoneName')}`;
}

/**
 * Text from outside as it may stand in a message of ours: cleaned, cut to `longestBytes` of UTF-8,
 * and with what chat programs act on (`@all`, `<!channel>`, `<at …>`, links) made inert but readable.
 */
export function inertText(text: string, longestBytes: number): string {
  const inert = cleanText(text, longestBytes)
    .replaceAll('@', '＠')
    .replaceAll('://', ':／／')
    .replaceAll('](', '］(')
    .replace(/<(?=[!@#/a-z])/gi, '‹');
  return cutToBytes(inert, longestBytes);
}

/** Time until the acknowledgement is due, negative when it is overdue; null when no clock runs. */
export function responseLeftMs(facts: PageFacts, now: EpochMs): DurationMs | null {
  return facts.resolvedAt !== null || facts.acknowledgedBy !== null
    ? null
    : facts.acknowledgeBy - now;
}

function cutToBytes(text: string, longestBytes: number): string {
  if (Buffer.byteLength(text) <= longestBytes) return text;
  const ellipsis = '…';
  let kept = '';
  let length = Buffer.byteLength(ellipsis);
  for (const point of text) {
    length += Buffer.byteLength(point);
    if (length > longestBytes) break;
    kept += point;
  }
  return kept + ellipsis;
}

function safeFacts(facts: PageFacts): PageFacts {
  const name = (text: string) => inertText(text, LONGEST_NAME_BYTES);
  const sentence = (text: string) => inertText(text, LONGEST_SENTENCE_BYTES);
  return {
    ...facts,
    incidentId: inertText(facts.incidentId, LONGEST_AFFECTED_NAME_BYTES),
    rootDeviceName: name(facts.rootDeviceName),
    component: facts.component === null ? null : name(facts.component),
    faultText: mapText(facts.faultText, name),
    siteName: name(facts.siteName),
    ...(facts.otherSiteNames === undefined
      ? {}
      : {
          otherSiteNames: facts.otherSiteNames.map((text) =>
            inertText(text, LONGEST_AFFECTED_NAME_BYTES),
          ),
        }),
    because: mapText(facts.because, sentence),
    ...(facts.causes === undefined
      ? {}
      : {
          causes: facts.causes.map(({ deviceName, component, ...cause }) => ({
            ...cause,
            deviceName: name(deviceName),
            component: component === null ? null : name(component),
          })),
        }),
    ...(facts.alertNote === undefined ? {} : { alertNote: safeNote(facts.alertNote) }),
    ...(facts.duty === undefined
      ? {}
      : { duty: { ...facts.duty, what: mapText(facts.duty.what, sentence) } }),
    acknowledgedBy: facts.acknowledgedBy === null ? null : name(facts.acknowledgedBy),
    affectedNames: facts.affectedNames
      .slice(0, NAMES_SHOWN)
      .map((text) => inertText(text, LONGEST_AFFECTED_NAME_BYTES)),
  };
}

/** The address is none of a device: it is that of a rule, and was made safe when it was read. */
function safeNote({ description, runbookUrl }: AlertNote): AlertNote {
  const said = description === null ? null : inertText(description, LONGEST_SENTENCE_BYTES);
  return { description: said, runbookUrl: webAddress(runbookUrl) };
}

/** The device, its part and what is wrong with it, the names cleaned by the caller. */
export function whatOf(language: Language, facts: PageFacts): string {
  const { rootDeviceName, component, faultKind, flapping = null } = facts;
  const messages = PAGE_MESSAGES[language];
  const fault = faultWords(faultKind, flapping, language);
  const what = messages.fault(rootDeviceName, partNameOf(component), fault);
  return facts.isCauseOver ? messages.overBut(what) : what;
}

/** What was said of a fault that comes and goes, or of one that is over, is not so while it is away. */
function detailOf(messages: PageMessages, facts: PageFacts, language: Language) {
  const isAway = facts.flapping?.isThere === false || facts.isCauseOver;
  const told = isAway ? '' : facts.faultText[language];
  return told === '' ? '' : messages.faultDetail(told);
}

/** The own site first, then as many of those that are affected besides as are to be named. */
function sitesOf(messages: PageMessages, facts: PageFacts, most: number): string {
  const { siteName, otherSiteNames: others = [] } = facts;
  if (others.length === 0) return siteName;
  const named = others.slice(0, most);
  return messages.alsoAffects(
    siteName,
    named.join(messages.nameSeparator),
    others.length - named.length,
  );
}

interface LinesInput {
  readonly messages: PageMessages;
  readonly language: Language;
  readonly timeZone: string;
  readonly now: EpochMs;
  readonly page: PageToRender;
}

function linesOf({ messages, language, timeZone, now, page }: LinesInput): PageLine[] {
  const { facts } = page;
  const instant = (at: EpochMs) => formatZoned(at, timeZone);
  const lines: PageLine[] = [];
  const add = (label: string, value: string, droppedAs: number) =>
    lines.push({ label, value, droppedAs });
  const detail = detailOf(messages, facts, language);
  add(faultLabel(messages, facts), whatOf(language, facts) + detail, 1);
  const site = sitesOf(messages, facts, NAMES_SHOWN);
  if (site !== NO_SITE) add(messages.label_site, site, 3);
  add(messages.label_tier, gradeOf(messages, facts, language), 4);
  lines.push(
    ...timeLines({ messages, facts, now, instant, lengthOf: (ms) => words(ms, language) }),
  );
  const isAgain = facts.reopenedAt !== null && facts.reopenedAt !== undefined;
  if (isAgain) add(messages.label_firstOpened, instant(facts.openedAt), 8);
  if (facts.affectedCount > 0) add(messages.label_affected, affectedOf(messages, facts), 6);
  if (facts.batteryMinutes !== null && facts.resolvedAt === null) {
    add(messages.label_battery, batteryOf(messages, facts, instant(page.queuedAt), instant), 5);
  }
  if (facts.forecast !== undefined) {
    const { tier: worse, at } = facts.forecast;
    add(messages.label_forecast, messages.forecast(tierName(worse), instant(at)), 1);
  }
  if (facts.duty !== undefined) {
    const { what: toDo, by } = facts.duty;
    add(messages.label_duty, messages.duty(toDo[language], instant(by)), 1);
  }
  const { description = null, runbookUrl = null } = facts.alertNote ?? {};
  if (description !== null) add(messages.label_description, description, 9);
  if (runbookUrl !== null) add(messages.label_runbook, runbookUrl, 6);
  add(...responseOf({ messages, language, timeZone, now, page }), 0);
  const { replacedCount, waitingSince, failingSince } = page;
  const late = failingSince ?? waitingSince;
  if (now - late >= DELAY_WORTH_TELLING_MS) {
    const say = failingSince === undefined ? messages.waited : messages.delayed;
    const since = say(words(now - late, language), instant(late));
    add(messages.label_delayed, since + messages.standsFor(replacedCount), 7);
  }
  return lines;
}

/** Minutes while any are left; of an empty battery, since when what hangs on it is dark. */
function batteryOf(
  messages: PageMessages,
  { batteryMinutes, darkSince }: PageFacts,
  toldAt: string,
  instant: (at: EpochMs) => string,
): string {
  if (darkSince !== undefined) return messages.batteryRanOut(instant(darkSince));
  const minutes = Math.max(0, Math.floor(batteryMinutes ?? 0));
  return minutes === 0 ? messages.batteryEmpty(toldAt) : messages.battery(minutes, toldAt);
}

/** A person may have resolved what still fails: then nothing is said to be over. */
function faultLabel(messages: PageMessages, { resolvedAt, restoredAt }: PageFacts): string {
  const isOver = resolvedAt !== null && (restoredAt ?? resolvedAt) < resolvedAt;
  return isOver ? messages.label_faultOver : messages.label_fault;
}

/** The tier and why; the sentence was put down when it was so, which is past once it is resolved. */
function gradeOf(messages: PageMessages, facts: PageFacts, language: Language): string {
  const tier = tierName(facts.tier);
  const because = facts.because[language];
  if (because === '') return tier;
  const isPast = facts.resolvedAt !== null;
  return isPast ? messages.becauseThen(tier, because) : messages.because(tier, because);
}

function affectedOf(messages: PageMessages, facts: PageFacts): string {
  const { affectedCount, confirmedCount } = facts;
  const all = messages.affected(affectedCount);
  const count = confirmedCount === undefined ? all : messages.confirmedOf(all, confirmedCount);
  if (facts.affectedNames.length === 0) return count;
  const names = facts.affectedNames.join(messages.nameSeparator);
  return messages.affectedNames(count, names, affectedCount - facts.affectedNames.length);
}

function responseOf({ messages, language, timeZone, now, page }: LinesInput): [string, string] {
  const { facts } = page;
  const leftMs = responseLeftMs(facts, now);
  if (leftMs === null)
    return [messages.label_acknowledged, facts.acknowledgedBy ?? messages.nobody];
  const by = formatZoned(facts.acknowledgeBy, timeZone);
  return [
    messages.label_respond,
    leftMs > 0
      ? messages.deadlineRunning(by, words(leftMs, language))
      : messages.deadlinePassed(by, words(-leftMs, language)),
  ];
}

function renderText(content: PageContent, messages: PageMessages): string {
  const lines = [...content.lines];
  const separator = content.language === 'en' ? ': ' : '：';
  const { acknowledge, incident } = content.links;
  const linkLines = [
    ...(acknowledge === null ? [] : [`${messages.label_acknowledge}${separator}${acknowledge}`]),
    `${messages.label_incident}${separator}${incident}`,
  ];
  for (;;) {
    const body = lines.map(({ label, value }) => `${label}${separator}${value}`);
    const title = `[${content.tierName}] ${content.headline}`;
    const text = [title, '', ...body, '', ...linkLines].join('\n');
    if (Buffer.byteLength(text) <= LONGEST_TEXT_BYTES) return text;
    if (lines.length === 0) return cutToBytes(text, LONGEST_TEXT_BYTES);
    const worst = Math.max(...lines.map((line) => line.droppedAs));
    lines.splice(
      lines.findIndex((line) => line.droppedAs === worst),
      1,
    );
  }
}

interface ShortInput {
  readonly messages: PageMessages;
  readonly language: Language;
  readonly kind: string;
  readonly facts: PageFacts;
  readonly now: EpochMs;
  readonly link: string;
}

function renderShort({ messages, language, kind, facts, now, link }: ShortInput): string {
  const name = (text: string) => cutToBytes(text, LONGEST_SHORT_NAME_BYTES);
  const what = whatOf(language, {
    ...facts,
    rootDeviceName: name(facts.rootDeviceName),
    component: facts.component === null ? null : name(facts.component),
  });
  const start = `[${tierName(facts.tier)}] ${kind} — `;
  const end = `${clockOf(messages, language, facts, now)} (${name(facts.incidentId)})`;
  const short = around(start, messages.shortWhat(what, facts.siteName), end, LONGEST_SHORT);
  return short.length + 1 + link.length <= LONGEST_SHORT ? `${short} ${link}` : short;
}

function clockOf(
  messages: PageMessages,
  language: Language,
  facts: PageFacts,
  now: EpochMs,
): string {
  if (facts.duty !== undefined) return messages.shortDuty(facts.duty.what[language]);
  if (facts.isRemoved) return messages.shortRemoved;
  if (facts.resolvedAt !== null)
    return messages.shortResolved(words(lastedMs(facts, restoredAt(facts)!), language));
  const leftMs = responseLeftMs(facts, now);
  if (leftMs === null)
    return messages.shortAcknowledged(
      cutToBytes(facts.acknowledgedBy ?? '', LONGEST_SHORT_NAME_BYTES),
    );
  return leftMs > 0
    ? messages.shortRunning(words(leftMs, language))
    : messages.shortPassed(words(-leftMs, language));
}

/** Joins the three and, where they are too long, cuts the middle one; lengths in UTF-16 units. */
function around(start: string, middle: string, end: string, longest: number): string {
  const room = longest - start.length - end.length;
  if (middle.length <= room) return start + middle + end;
  let kept = '';
  for (const point of middle) {
    if (kept.length + point.length >= room) break;
    kept += point;
  }
  return `${start}${kept}…${end}`;
}
