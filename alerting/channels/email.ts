import { createHash } from 'node:crypto';
import type { Channel } from '../../config/model.ts';
import { say } from '../../lib/local-text.ts';
import type { MailClient, MailMessage } from '../../lib/mail-client.ts';
import { SUMMARY_STEP } from '../page-summary.ts';
import {
  type ChannelOutcome,
  type OutgoingPage,
  refused,
  rejected,
  retryLater,
  withNothingTaken,
} from './outgoing-page.ts';

type EmailChannel = Extract<Channel, { kind: 'email' }>;

const BAD_SENDER = say(
  'the sender address of the channel is not usable',
  '通道的发件人地址无法使用',
);
const BAD_ADDRESS = say('the mail address of the person is not usable', '该人员的邮件地址无法使用');

/** RFC 5321 §4.5.3.1.3 less the angle brackets. */
const LONGEST_ADDRESS = 254;
/** RFC 5322 §3.4.1 dot-atom in ASCII. It holds no space, comma, bracket or line break, so one address stays one. */
const ADDRESS = /^[a-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@([a-z0-9-]+(\.[a-z0-9-]+)*)$/i;
const DISPLAY_NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,63}$/u;

/**
 * Hands the page to the channel's mail server as text and HTML. Every try of one page carries the
 * same Message-ID, and all pages of one incident refer to the same conversation; a summary of several is
 * a message of its own, for a mailbox folds what has the id of an earlier one. 4xx replies and
 * connection trouble are tried again; so are 5xx replies, which may be about the server of today, but
 * nothing waits for those. Only an address that there is not is final.
 */
export async function sendByEmail(
  channel: EmailChannel,
  outgoing: OutgoingPage,
  mail: MailClient,
): Promise<ChannelOutcome> {
  const from = parseSender(channel.from);
  if (from === null) return rejected(BAD_SENDER);
  if (outgoing.address === null || domainOf(outgoing.address) === null)
    return rejected(BAD_ADDRESS);
  const { page, rendered } = outgoing;
  const outcome = await mail.send(
    {
      host: channel.host,
      port: channel.port,
      security: channel.security,
      user: channel.user,
      password: channel.password?.reveal() ?? null,
      timeoutMs: channel.timeoutMs,
    },
    {
      from: from.header,
      to: outgoing.address,
      subject: rendered.subject,
      text: rendered.text,
      html: rendered.html,
      ...conversationOf(page, from.domain),
      ...(outgoing.isFollowUp === true ? { isReply: true } : {}),
    },
  );
  if (outcome.kind === 'accepted') return { result: 'sent', receipt: outcome.receipt };
  if (outcome.permanent) return rejected(outcome.detail);
  const failed = outcome.refused === true ? refused(outcome.detail) : retryLater(outcome.detail);
  return outcome.notTaken === true ? withNothingTaken(failed) : failed;
}

function conversationOf(
  page: OutgoingPage['page'],
  domain: string,
): Pick<MailMessage, 'messageId' | 'references'> {
  const isSummary = page.step === SUMMARY_STEP;
  const name = `${isSummary ? 'summary' : 'page'}/${page.id}/${page.keyAt ?? page.queuedAt}`;
  const incident = messageId(`incident/${page.incidentId}/${page.facts.openedAt}`, domain);
  return { messageId: messageId(name, domain), references: isSummary ? [] : [incident] };
}

/** `noc@example.org` or `Night Watch <noc@example.org>`; null for anything that could say more than that. */
export function parseSender(
  text: string,
): { readonly header: string; readonly domain: string } | null {
  const [, name, bracketed] = /^([^<>]*?) ?<([^<>]+)>$/.exec(text) ?? [];
  const address = bracketed ?? text;
  const domain = domainOf(address);
  if (domain === null) return null;
  if (name === undefined || name === '') return { header: address, domain };
  return DISPLAY_NAME.test(name) ? { header: `${name} <${address}>`, domain } : null;
}

function domainOf(address: string): string | null {
  if (address.length > LONGEST_ADDRESS) return null;
  return ADDRESS.exec(address)?.[1] ?? null;
}

/** RFC 5322 §3.6.4. The instant in `name` keeps ids apart when a service starts again with an empty journal. */
export function messageId(name: string, domain: string): string {
  return `<${createHash('sha256').update(name).digest('hex').slice(0, 40)}@${domain}>`;
}
