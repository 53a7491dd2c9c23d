import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { dingTalkSign } from '../../alerting/channels/dingtalk.ts';
import type { DingTalkChannel } from '../../config/channels/model.ts';
import { HOUR } from '../../lib/time.ts';
import type { ApiApp, RouteContext } from '../api-app.ts';
import { requireJson } from '../request-guard.ts';
import { Id } from '../schemas.ts';
import { acknowledgeByReply, personAt } from './acknowledge-by.ts';
import { CALLBACK_MESSAGES } from './callback-messages.ts';
import { PLAYED_AGAIN, refuseCallback, takeOnce } from './one-time.ts';

/**
 * DingTalk: a timestamp that is further off is not one of its own. Its signature covers the timestamp and
 * nothing of the message, so that each one is good for a single message.
 */
const OLDEST_MS = HOUR;

const schema = {
  hide: true,
  params: Type.Object({ channel: Id }),
  body: Type.Object(
    {
      senderStaffId: Type.Optional(Type.String({ maxLength: 100 })),
      text: Type.Optional(
        Type.Object({ content: Type.String({ maxLength: 5000 }) }, { additionalProperties: true }),
      ),
    },
    { additionalProperties: true },
  ),
};

/**
 * A message to the robot in a DingTalk group (`@robot ack 198`), signed under the robot's AppSecret. It
 * counts as the person whose contact on this channel is the sender's user id; the answer goes into
 * the group.
 */
export function dingTalkCallbacks(app: ApiApp, context: RouteContext): void {
  const path = '/api/v1/callbacks/dingtalk/:channel';
  app.post(path, { schema, onRequest: requireJson }, async (request, reply) => {
    const { channel: id } = request.params;
    const channel = context.getConfig().channels.find((each) => each.id === id);
    if (channel?.kind !== 'dingtalk' || !isSigned(context, channel, request)) {
      return refuseCallback(context, reply, 'unsigned', 'The request is not signed by DingTalk.');
    }
    const signed = `${request.headers.timestamp} ${request.headers.sign}`;
    const isNew = await takeOnce(context, channel.id, signed).catch(() => null);
    if (isNew === false) return refuseCallback(context, reply, 'replayed', PLAYED_AGAIN);
    const { senderStaffId = '', text } = request.body;
    const content = await answerTo(context, channel, senderStaffId, text?.content ?? '');
    const isKnown = senderStaffId !== '';
    const at = isKnown ? { at: { atUserIds: [senderStaffId], isAtAll: false } } : {};
    return reply.send({ msgtype: 'text', text: { content }, ...at });
  });
}

async function answerTo(
  context: RouteContext,
  channel: DingTalkChannel,
  senderId: string,
  text: string,
): Promise<string> {
  const config = context.getConfig();
  const person = personAt(config, channel.id, senderId);
  if (person === null) return CALLBACK_MESSAGES[config.service.language].unknownSender;
  try {
    return (await acknowledgeByReply(context, text.trim(), person, 'dingtalk')).text;
  } catch {
    return CALLBACK_MESSAGES[person.language].busy;
  }
}

function isSigned(
  context: RouteContext,
  { appSecret }: DingTalkChannel,
  { headers }: FastifyRequest,
): boolean {
  const timestamp = String(headers.timestamp ?? '');
  if (appSecret === null || !/^\d{1,16}$/.test(timestamp)) return false;
  if (Math.abs(context.clock.now() - Number(timestamp)) > OLDEST_MS) return false;
  const expected = Buffer.from(dingTalkSign(appSecret.reveal(), timestamp));
  const given = Buffer.from(String(headers.sign ?? ''));
  return given.length === expected.length && timingSafeEqual(given, expected);
}
