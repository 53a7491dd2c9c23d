import type { Config, Person } from '../config/model.ts';
import { NO_TEXT, say } from '../lib/local-text.ts';
import { type EpochMs, HOUR } from '../lib/time.ts';
import { TEST_STEP } from './acknowledge-link.ts';
import type { ChannelOutcome, OutgoingPage } from './channels/outgoing-page.ts';
import { sendOn, type Transports } from './channels/send.ts';
import type { PageFacts } from './events.ts';
import type { PageContent, RenderedPage } from './page-content.ts';
import { renderPageHtml } from './page-html.ts';
import { PAGE_MESSAGES } from './page-messages.ts';
import { formatZoned } from './page-text.ts';
import type { Page } from './state.ts';

/** Why no test page can be sent: which of the two is not there, and what is. */
export type TestProblem =
  | { readonly kind: 'no-person' | 'no-channel'; readonly known: readonly string[] }
  | { readonly kind: 'no-contact'; readonly known: readonly string[] }
  | { readonly kind: 'nothing-to-send' };

/**
 * Sends one page that says it is a test to a person on a channel, by the very code that sends pages,
 * once. It is about no incident, asks for no answer and leaves no trace in a journal.
 */
export async function sendTestPage(
  config: Config,
  { personId, channelId }: { readonly personId: string; readonly channelId: string },
  transports: Transports,
  now: EpochMs,
): Promise<ChannelOutcome | TestProblem> {
  const person = config.people.find(({ id }) => id === personId);
  if (person === undefined) return { kind: 'no-person', known: config.people.map(({ id }) => id) };
  const channel = config.channels.find(({ id }) => id === channelId);
  if (channel === undefined) {
    return { kind: 'no-channel', known: config.channels.map(({ id }) => id) };
  }
  const contact = person.contacts.find((each) => each.channelId === channelId);
  if (contact === undefined) {
    return { kind: 'no-contact', known: person.contacts.map((each) => each.channelId) };
  }
  if (channel.kind === 'inbox') return { kind: 'nothing-to-send' };
  const outgoing = testPage(config, person, channelId, contact.address, now);
  const { publicUrl } = config.service;
  return sendOn(channel, outgoing, transports, { publicUrl, now });
}

function testPage(
  config: Config,
  person: Person,
  channelId: string,
  address: string | null,
  now: EpochMs,
): OutgoingPage {
  const links = { incident: config.service.consoleUrl, acknowledge: null };
  return {
    page: pageOf(person, channelId, now),
    ...{ person, address, language: person.language, links },
    rendered: renderTest(person, links, now),
  };
}

function renderTest(person: Person, links: PageContent['links'], now: EpochMs): RenderedPage {
  const { language, timeZone } = person;
  const messages = PAGE_MESSAGES[language];
  const subject = messages.testSubject;
  const sentAt = formatZoned(now, timeZone);
  const content: PageContent = {
    ...{ language, tier: 4, tierName: messages.testName, subject, links },
    headline: messages.testHeadline,
    lines: [
      { label: messages.testFor, value: person.name, droppedAs: 1 },
      { label: messages.testSentAt, value: sentAt, droppedAs: 2 },
    ],
  };
  const separator = language === 'en' ? ': ' : '：';
  const lines = content.lines.map(({ label, value }) => label + separator + value);
  return {
    ...{ subject, content, short: `${subject}. ${messages.testHeadline} (${sentAt})` },
    text: [subject, messages.testHeadline, '', ...lines, '', links.incident].join('\n'),
    html: renderPageHtml(content, messages),
  };
}

function pageOf({ id: personId }: Person, channelId: string, now: EpochMs): Page {
  const incidentId = `test-${now.toString(36)}`;
  return {
    ...{ id: `${incidentId}/${personId}/${channelId}`, incidentId, episode: 1, step: TEST_STEP },
    ...{ personId, channelId, kind: 'opened', urgent: true, queuedAt: now, giveUpAt: now + HOUR },
    ...{ notBefore: null, facts: factsOf(incidentId, now), status: 'queued', waitingSince: now },
    ...{
      replacedCount: 0,
      replacedBy: null,
      attempts: 0,
      mayHaveGoneOut: false,
      nextAttemptAt: now,
      finishedAt: null,
    },
    ...{ lastFailure: null, receipt: null },
  };
}

function factsOf(incidentId: string, now: EpochMs): PageFacts {
  return {
    ...{ incidentId, tier: 4, rootDeviceId: 'threenines', rootDeviceName: 'Threenines' },
    ...{ component: null, faultKind: 'sensor', faultText: say('test page', '测试通知') },
    ...{ siteName: 'Threenines', because: NO_TEXT, startedAt: now, openedAt: now },
    ...{ acknowledgeBy: now + HOUR, acknowledgedBy: null, resolvedAt: null },
    ...{ affectedCount: 0, affectedNames: [], batteryMinutes: null, reminderRatio: null },
  };
}
