import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { readAcknowledgement } from '../../alerting/acknowledge-link.ts';
import { providerReason } from '../../alerting/channels/http-outcome.ts';
import { isTwilioSignature, sayTwiml } from '../../alerting/channels/twilio.ts';
import type { TwilioChannel } from '../../config/channels/model.ts';
import { escapeHtml } from '../../lib/html.ts';
import { NO_TEXT } from '../../lib/local-text.ts';
import type { ApiApp, RouteContext } from '../api-app.ts';
import { type FormBody, isForm } from '../form-body.ts';
import { Id } from '../schemas.ts';
import { acknowledgeByReply, acknowledgeByToken, personAt } from './acknowledge-by.ts';
import { CALLBACK_MESSAGES } from './callback-messages.ts';
import { PLAYED_AGAIN, refuseCallback, takeOnce } from './one-time.ts';

const params = Type.Object({ channel: Id });
const anyQuery = Type.Object({}, { additionalProperties: true });

/** How a message or a call ended; what is on its way says nothing yet. */
const ARRIVED: ReadonlySet<string> = new Set(['delivered', 'read', 'completed']);
const LOST: ReadonlySet<string> = new Set([
  'undelivered',
  'failed',
  'busy',
  'no-answer',
  'canceled',
]);

interface Verified {
  readonly channel: TwilioChannel;
  readonly form: URLSearchParams;
  /** In one form only: Base64 can be written in several. */
  readonly signature: string;
}

/**
 * What Twilio tells us, each request signed under the account's auth token: receipts, replies to
 * short messages, and keys pressed in a call. A reply counts only from the number of the person.
 */
export function twilioCallbacks(app: ApiApp, context: RouteContext): void {
  const at = (what: string) => `/api/v1/callbacks/twilio/:channel/${what}`;
  const schema = { hide: true, params, querystring: anyQuery };
  app.post(at('status'), { schema }, async (request, reply) => {
    const verified = verify(context, request, reply);
    return verified === null ? reply : takeStatus(context, request, reply, verified);
  });
  app.post(at('message'), { schema }, async (request, reply) => {
    const verified = verify(context, request, reply);
    return verified === null ? reply : takeMessage(context, reply, verified);
  });
  app.post(at('digits'), { schema }, async (request, reply) => {
    const verified = verify(context, request, reply);
    return verified === null ? reply : takeDigits(context, request, reply, verified);
  });
}

/** The channel and the form of a request that Twilio has signed; null, with the refusal sent, of any other. */
function verify(
  context: RouteContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Verified | null {
  const { channels, service } = context.getConfig();
  const { channel: id } = request.params as { readonly channel: string };
  const channel = channels.find((each) => each.id === id);
  const isTwilio = channel?.kind === 'twilio-sms' || channel?.kind === 'twilio-voice';
  const signature = request.headers['x-twilio-signature'];
  const base = service.publicUrl;
  if (isTwilio && base !== null && isForm(request.body) && typeof signature === 'string') {
    const { fields: form } = request.body as FormBody;
    const token = channel.authToken.reveal();
    if (isTwilioSignature(token, base + request.url, form, signature)) {
      return { channel, form, signature: Buffer.from(signature, 'base64').toString('hex') };
    }
  }
  const detail = 'The request is not signed by a provider that is configured.';
  refuseCallback(context, reply, 'unsigned', detail);
  return null;
}

async function takeStatus(
  context: RouteContext,
  request: FastifyRequest,
  reply: FastifyReply,
  { channel, form }: Verified,
) {
  const { page: pageId } = request.query as { readonly page?: string };
  const page = typeof pageId === 'string' ? context.host.state.pages.get(pageId) : undefined;
  const told = form.get('MessageStatus') ?? form.get('CallStatus') ?? '';
  const status = ARRIVED.has(told) ? 'delivered' : LOST.has(told) ? 'failed' : null;
  if (page?.channelId === channel.id && status !== null) {
    const code = form.get('ErrorCode') ?? told;
    const reason = status === 'delivered' ? NO_TEXT : providerReason(code);
    const confirmation = { pageId: page.id, status, reason } as const;
    await context.host.record({ kind: 'confirmation', confirmation });
  }
  return reply.code(204).send();
}

async function takeMessage(context: RouteContext, reply: FastifyReply, verified: Verified) {
  const { channel, form } = verified;
  const person = personAt(context.getConfig(), channel.id, form.get('From') ?? '');
  // A stranger is told nothing: an answer would say that somebody listens here.
  if (person === null) return sendTwiml(reply, '');
  const isNew = await takeOnce(context, channel.id, verified.signature).catch(() => null);
  if (isNew === false) return refuseCallback(context, reply, 'replayed', PLAYED_AGAIN);
  if (isNew === null) {
    const { busy } = CALLBACK_MESSAGES[person.language];
    return sendTwiml(reply, `<Message>${escapeHtml(busy)}</Message>`);
  }
  const answer = await orBusy(person.language, () =>
    acknowledgeByReply(context, form.get('Body') ?? '', person, 'sms'),
  );
  return sendTwiml(reply, `<Message>${escapeHtml(answer)}</Message>`);
}

async function takeDigits(
  context: RouteContext,
  request: FastifyRequest,
  reply: FastifyReply,
  { channel, form, signature }: Verified,
) {
  const { token = '' } = request.query as { readonly token?: string };
  const read = readAcknowledgement(context.acknowledgeKey, token, context.clock.now());
  const person = personAt(context.getConfig(), channel.id, form.get('To') ?? '');
  const isMeant = read.ok && person?.id === read.claim.personId;
  if (!isMeant || person === null || form.get('Digits') !== '1')
    return sendTwiml(reply, '<Hangup/>');
  const isNew = await takeOnce(context, channel.id, signature).catch(() => null);
  if (isNew === false) return refuseCallback(context, reply, 'replayed', PLAYED_AGAIN);
  const answer = await orBusy(person.language, () =>
    acknowledgeByToken(context, token, person, 'voice'),
  );
  return sendTwiml(reply, `${sayTwiml(person.language, answer)}<Hangup/>`);
}

async function orBusy(
  language: keyof typeof CALLBACK_MESSAGES,
  act: () => Promise<{ readonly text: string }>,
): Promise<string> {
  try {
    return (await act()).text;
  } catch {
    return CALLBACK_MESSAGES[language].busy;
  }
}

function sendTwiml(reply: FastifyReply, content: string): FastifyReply {
  const xml = `<?xml version="1.0" encoding="UTF-8"?><Response>${content}</Response>`;
  return reply.type('text/xml; charset=utf-8').send(xml);
}
