import { createHmac, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { postJson } from '../../alerting/channels/post-json.ts';
import { SLACK_ACKNOWLEDGE } from '../../alerting/channels/slack.ts';
import type { SlackChannel } from '../../config/channels/model.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import type { ApiApp, RouteContext } from '../api-app.ts';
import { type FormBody, isForm } from '../form-body.ts';
import { Id } from '../schemas.ts';
import { acknowledgeByToken, personAt } from './acknowledge-by.ts';
import { CALLBACK_MESSAGES } from './callback-messages.ts';
import { PLAYED_AGAIN, refuseCallback, takeOnce } from './one-time.ts';

/** Slack: a request that is older may be one that was recorded and is played again. */
const OLDEST_MS = 5 * MINUTE;
const params = Type.Object({ channel: Id });

/**
 * A button pressed in Slack, verified by Slack's signature (v0, over the timestamp and the bytes of
 * the body). It counts as the person whose contact on this channel is the member who pressed it.
 */
export function slackCallbacks(app: ApiApp, context: RouteContext): void {
  const schema = { hide: true, params };
  app.post('/api/v1/callbacks/slack/:channel', { schema }, async (request, reply) => {
    const channel = verified(context, request);
    if (channel === null) {
      return refuseCallback(context, reply, 'unsigned', 'The request is not signed by Slack.');
    }
    const signature = String(request.headers['x-slack-signature']);
    const isNew = await takeOnce(context, channel.id, signature).catch(() => null);
    if (isNew === false) return refuseCallback(context, reply, 'replayed', PLAYED_AGAIN);
    return takeInteraction(context, channel, (request.body as FormBody).fields, reply);
  });
}

function verified(context: RouteContext, request: FastifyRequest): SlackChannel | null {
  const { channel: id } = request.params as { readonly channel: string };
  const channel = context.getConfig().channels.find((each) => each.id === id);
  if (channel?.kind !== 'slack' || channel.signingSecret === null) return null;
  if (!isForm(request.body)) return null;
  const timestamp = String(request.headers['x-slack-request-timestamp'] ?? '');
  const ageMs = context.clock.now() - Number(timestamp) * SECOND;
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(ageMs) > OLDEST_MS) return null;
  const mac = createHmac('sha256', channel.signingSecret.reveal());
  mac.update(`v0:${timestamp}:${request.body.raw}`);
  const expected = Buffer.from(`v0=${mac.digest('hex')}`);
  const given = Buffer.from(String(request.headers['x-slack-signature'] ?? ''));
  return given.length === expected.length && timingSafeEqual(given, expected) ? channel : null;
}

interface Interaction {
  readonly userId: string;
  readonly token: string;
  readonly responseUrl: string | null;
}

/** Answered at once, as Slack asks (3 s); what became of it is told to the member alone. */
async function takeInteraction(
  context: RouteContext,
  channel: SlackChannel,
  form: URLSearchParams,
  reply: FastifyReply,
) {
  const interaction = interactionIn(form.get('payload') ?? '');
  if (interaction === null) return reply.code(200).send();
  const { userId, token, responseUrl } = interaction;
  const person = personAt(context.getConfig(), channel.id, userId);
  let text: string;
  if (person === null) {
    text = CALLBACK_MESSAGES[context.getConfig().service.language].unknownSender;
  } else {
    try {
      text = (await acknowledgeByToken(context, token, person, 'slack')).text;
    } catch {
      text = CALLBACK_MESSAGES[person.language].busy;
    }
  }
  if (responseUrl !== null) {
    const said = { response_type: 'ephemeral', replace_original: false, text };
    void postJson(context.http, responseUrl, said, channel.timeoutMs);
  }
  return reply.code(200).send();
}

function interactionIn(payload: string): Interaction | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(payload);
  } catch {
    return null;
  }
  const actions = memberOf(parsed, 'actions');
  const action = Array.isArray(actions)
    ? actions.find((each) => memberOf(each, 'action_id') === SLACK_ACKNOWLEDGE)
    : undefined;
  const userId = memberOf(memberOf(parsed, 'user'), 'id');
  const token = memberOf(action, 'value');
  const responseUrl = memberOf(parsed, 'response_url');
  if (typeof userId !== 'string' || typeof token !== 'string') return null;
  const isWeb = typeof responseUrl === 'string' && /^https?:\/\//.test(responseUrl);
  return { userId, token, responseUrl: isWeb ? responseUrl : null };
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}
