import type { TeamsChannel } from '../../config/channels/model.ts';
import type { HttpClient } from '../../lib/http-client.ts';
import type { EpochMs } from '../../lib/time.ts';
import { chatText } from './chat-text.ts';
import { badStatus, connectionFailure, httpStatus, isGood } from './http-outcome.ts';
import { type ChannelOutcome, type OutgoingPage, rejected } from './outgoing-page.ts';
import { postJson, whyUnusable } from './post-json.ts';

const TIER_COLOURS = { 1: 'Attention', 2: 'Warning', 3: 'Warning', 4: 'Accent' } as const;

/**
 * Posts the page as an Adaptive Card to a Teams workflow ("When a Teams webhook request is received"),
 * which answers 202. Text stands in text runs, which are not read as Markdown.
 */
export async function sendToTeams(
  channel: TeamsChannel,
  outgoing: OutgoingPage,
  http: HttpClient,
  now: EpochMs,
): Promise<ChannelOutcome> {
  const url = channel.url.reveal();
  const unusable = whyUnusable(url);
  if (unusable !== null) return rejected(unusable);
  const outcome = await postJson(http, url, teamsMessage(outgoing), channel.timeoutMs);
  if (outcome.kind === 'failed') return connectionFailure(outcome);
  if (!isGood(outcome)) return badStatus(outcome, now);
  return { result: 'sent', receipt: httpStatus(outcome).en };
}

function teamsMessage(outgoing: OutgoingPage) {
  const { title, lines, buttons } = chatText(outgoing);
  const separator = outgoing.language === 'en' ? ': ' : '：';
  const color = TIER_COLOURS[outgoing.page.facts.tier];
  const run = (text: string, style: object = {}) => ({ type: 'TextRun', text, ...style });
  const block = (inlines: readonly object[], style: object = {}) => ({
    ...{ type: 'RichTextBlock', inlines, ...style },
  });
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    lang: outgoing.language,
    fallbackText: outgoing.rendered.short,
    msteams: { width: 'Full', ...mentionOf(outgoing) },
    body: [
      ...mentionBlock(outgoing),
      block([run(title, { color, weight: 'Bolder', size: 'Large' })]),
      ...lines.map(({ label, value }) =>
        block([run(`${label}${separator}`, { weight: 'Bolder' }), run(value)], {
          spacing: 'Small',
        }),
      ),
    ],
    actions: buttons.map(({ kind, label, url }) => ({
      ...{ type: 'Action.OpenUrl', title: label, url },
      style: kind === 'acknowledge' ? 'positive' : 'default',
    })),
  };
  const contentType = 'application/vnd.microsoft.card.adaptive';
  return { type: 'message', attachments: [{ contentType, contentUrl: null, content }] };
}

/** A person with an address, the user principal name in Teams, is mentioned, which notifies them. */
function mentionOf({ address, person }: OutgoingPage): object {
  if (address === null) return {};
  const mentioned = { id: address, name: person.name };
  return { entities: [{ type: 'mention', text: mentionText(person.name), mentioned }] };
}

function mentionBlock({ address, person }: OutgoingPage): readonly object[] {
  return address === null ? [] : [{ type: 'TextBlock', text: mentionText(person.name) }];
}

function mentionText(name: string): string {
  return `<at>${name.replace(/[<>&*_[\]]/g, ' ')}</at>`;
}
