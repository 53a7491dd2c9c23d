import { createHmac } from 'node:crypto';
import { HOUR, SECOND } from '../../lib/time.ts';
import { answerJson, type Provider, type ProviderRequest } from './provider-server.ts';

/**
 * Chats as their documentation describes them: what they check, with arithmetic of their own, and
 * how they say no. Most of them say no with a 200.
 */

// biome-ignore lint/suspicious/noExplicitAny: bodies of many shapes, checked field by field
type Body = any;

function bodyOf({ body, headers }: ProviderRequest): Body {
  if (!headers['content-type']?.startsWith('application/json')) return null;
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

const isText = (value: unknown, longest: number): boolean =>
  typeof value === 'string' && value.length > 0 && value.length <= longest;

const isWebLink = (value: unknown): boolean => /^https?:\/\//.test(String(value));

/** DingTalk group robot: access token, signature over milliseconds within an hour, Markdown with its title. */
export function dingTalkRobot(token: string, secret: string | null, now: () => number): Provider {
  return (request) => {
    const refuse = (errcode: number, errmsg: string) => answerJson(200, { errcode, errmsg });
    const query = request.url.searchParams;
    if (query.get('access_token') !== token) return refuse(300001, 'token is not exist');
    if (secret !== null) {
      const timestamp = query.get('timestamp') ?? '';
      if (Math.abs(now() - Number(timestamp)) > HOUR) return refuse(310000, 'timestamp invalid');
      const mac = createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64');
      if (query.get('sign') !== mac) return refuse(310000, 'sign not match');
    }
    const body = bodyOf(request);
    if (body?.msgtype !== 'markdown') return refuse(40035, 'missing parameter msgtype');
    const { title, text } = body.markdown ?? {};
    if (!isText(title, 500) || !isText(text, 20_000)) return refuse(40035, 'missing markdown');
    const mentioned = [...(body.at?.atMobiles ?? []), ...(body.at?.atUserIds ?? [])];
    if (!mentioned.every((each: string) => text.includes(`@${each}`)))
      return refuse(40035, 'mention not in text');
    return answerJson(200, { errcode: 0, errmsg: 'ok' });
  };
}

/** WeCom group robot: key, lengths in octets, mentions by mobile number in text only. */
export function weComRobot(key: string): Provider {
  return (request) => {
    const refuse = (errcode: number, errmsg: string) => answerJson(200, { errcode, errmsg });
    if (request.url.searchParams.get('key') !== key) return refuse(93000, 'invalid webhook url');
    const body = bodyOf(request);
    const content = body?.[body.msgtype]?.content;
    const longest = body?.msgtype === 'markdown' ? 4096 : body?.msgtype === 'text' ? 2048 : 0;
    if (typeof content !== 'string' || Buffer.byteLength(content) > longest)
      return refuse(40058, 'markdown.content exceed max length');
    return answerJson(200, { errcode: 0, errmsg: 'ok' });
  };
}

/** Feishu custom bot: signature over seconds within an hour, with the secret in the key and an empty message. */
export function feishuBot(secret: string | null, now: () => number): Provider {
  return (request) => {
    const body = bodyOf(request);
    if (secret !== null) {
      const { timestamp, sign } = body ?? {};
      const mac = createHmac('sha256', `${timestamp}\n${secret}`).digest('base64');
      const isLate = Math.abs(now() - Number(timestamp) * SECOND) > HOUR;
      if (isLate || sign !== mac)
        return answerJson(200, {
          code: 19021,
          msg: 'sign match fail or timestamp is not within one hour',
        });
    }
    const isCard = body?.msg_type === 'interactive' && Array.isArray(body.card?.elements);
    const actions = body?.card?.elements?.find((each: Body) => each.tag === 'action')?.actions;
    if (!isCard || !actions?.every((each: Body) => isWebLink(each.url)))
      return answerJson(200, { code: 9499, msg: 'Bad Request' });
    return answerJson(200, { code: 0, msg: 'success', data: {} });
  };
}

/** Blocks as Slack takes them; null when they are in order, else its error. */
function blocksProblem(body: Body): string | null {
  if (!isText(body?.text, 4000) || !Array.isArray(body.blocks)) return 'no_text';
  for (const block of body.blocks) {
    if (block.type === 'header' && !isText(block.text?.text, 150)) return 'invalid_blocks';
    if (block.type !== 'actions') continue;
    for (const button of block.elements) {
      const says = isText(button.text?.text, 75) && isText(button.action_id, 255);
      const leads = isWebLink(button.url) || isText(button.value, 2000);
      if (!says || !leads) return 'invalid_blocks';
    }
  }
  return null;
}

/** Slack incoming webhook: plain `ok`, or 4xx and a word. */
export const slackWebhook: Provider = (request) => {
  if (request.url.pathname !== '/services/T/B/x') return { status: 403, body: 'invalid_token' };
  const problem = blocksProblem(bodyOf(request));
  return problem === null ? { status: 200, body: 'ok' } : { status: 400, body: problem };
};

/** Slack `chat.postMessage`: 200 whatever happened, `ok` in the body. */
export function slackApi(token: string): Provider {
  return (request) => {
    const refuse = (error: string) => answerJson(200, { ok: false, error });
    if (request.url.pathname !== '/api/chat.postMessage') return refuse('unknown_method');
    if (request.headers.authorization !== `Bearer ${token}`) return refuse('invalid_auth');
    const body = bodyOf(request);
    if (!/^[CDGUW][A-Z0-9]{4,}$/.test(body?.channel)) return refuse('channel_not_found');
    const problem = blocksProblem(body);
    if (problem !== null) return refuse(problem);
    return answerJson(200, { ok: true, channel: body.channel, ts: '1763810000.000100' });
  };
}

/** Teams workflow: an Adaptive Card in a message, 202. */
export const teamsWorkflow: Provider = (request) => {
  const body = bodyOf(request);
  const [attachment] = body?.attachments ?? [];
  const card = attachment?.content;
  const isCard =
    body?.type === 'message' &&
    attachment?.contentType === 'application/vnd.microsoft.card.adaptive' &&
    card?.type === 'AdaptiveCard' &&
    /^1\.[0-5]$/.test(card.version) &&
    card.actions.every((each: Body) => each.type === 'Action.OpenUrl' && isWebLink(each.url));
  return isCard && request.body.length <= 28 * 1024 ? { status: 202 } : { status: 400 };
};
