import { describe, expect, test } from 'vitest';
import type { Channel } from '../../config/model.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { base, HOSTILE, now, withProvider } from './channel-rig.ts';
import {
  dingTalkRobot,
  feishuBot,
  slackApi,
  slackWebhook,
  teamsWorkflow,
  weComRobot,
} from './chat-providers.ts';
import { ntfyServer, pagerDuty, twilioApi } from './message-providers.ts';
import { facts, OPENED_AT, secret } from './page-fixtures.ts';
import { answerJson, type Provider, type ProviderServer } from './provider-server.ts';

const SID = `AC${'a'.repeat(32)}`;
const PUBLIC = 'https://pager.example.org';

const SLACK = { ...base, kind: 'slack', room: null, signingSecret: null, token: null } as const;

interface Case {
  readonly name: string;
  readonly provider: () => Provider;
  readonly channel: (server: ProviderServer) => Channel;
  readonly wrong: (server: ProviderServer) => Channel;
  /** What the provider says to the wrong channel, as the timeline shows it. */
  readonly refusal: string;
  readonly receipt: string;
  readonly address: string;
}

const CASES: readonly Case[] = [
  {
    name: 'Slack, incoming webhook',
    provider: () => slackWebhook,
    channel: (at) => ({ ...SLACK, url: secret(at.url('/services/T/B/x')), apiUrl: '' }),
    wrong: (at) => ({ ...SLACK, url: secret(at.url('/services/T/B/y')), apiUrl: '' }),
    ...{ refusal: 'HTTP 403', receipt: 'ok', address: 'U0123456789' },
  },
  {
    name: 'Slack, bot',
    provider: () => slackApi('xoxb-1'),
    channel: (at) => slackBot(at, 'xoxb-1'),
    wrong: (at) => slackBot(at, 'xoxb-2'),
    refusal: 'refused by the provider (invalid_auth)',
    ...{ receipt: '1763810000.000100', address: 'U0123456789' },
  },
  {
    name: 'DingTalk',
    provider: () => dingTalkRobot('t1', 'SECx', now),
    channel: (at) => dingTalk(at, 'SECx'),
    wrong: (at) => dingTalk(at, 'SECy'),
    refusal: 'refused by the provider (310000)',
    ...{ receipt: 'errcode 0', address: '13800138000' },
  },
  {
    name: 'WeCom',
    provider: () => weComRobot('k1'),
    channel: (at) => ({ ...base, kind: 'wecom', url: secret(at.url('/send?key=k1')) }),
    wrong: (at) => ({ ...base, kind: 'wecom', url: secret(at.url('/send?key=k2')) }),
    refusal: 'refused by the provider (93000)',
    ...{ receipt: 'errcode 0', address: 'zhangsan' },
  },
  {
    name: 'Feishu',
    provider: () => feishuBot('s1', now),
    channel: (at) => feishu(at, 's1'),
    wrong: (at) => feishu(at, 's2'),
    refusal: 'refused by the provider (19021)',
    ...{ receipt: 'code 0', address: 'ou_123' },
  },
  {
    name: 'Twilio SMS',
    provider: () => twilioApi(SID, 'token'),
    channel: (at) => twilio(at, 'twilio-sms', 'token'),
    wrong: (at) => twilio(at, 'twilio-sms', 'other'),
    refusal: 'HTTP 401',
    ...{ receipt: `SM${'0'.repeat(31)}1`, address: '+8613800138000' },
  },
  {
    name: 'Twilio voice',
    provider: () => twilioApi(SID, 'token'),
    channel: (at) => twilio(at, 'twilio-voice', 'token'),
    wrong: (at) => twilio(at, 'twilio-voice', 'other'),
    refusal: 'HTTP 401',
    ...{ receipt: `CA${'0'.repeat(31)}2`, address: '+8613800138000' },
  },
  {
    name: 'ntfy',
    provider: () => ntfyServer('tk_1'),
    channel: (at) => ntfy(at, 'tk_1'),
    wrong: (at) => ntfy(at, 'tk_2'),
    ...{ refusal: 'HTTP 403', receipt: 'sPs71M8A2T', address: 'duty' },
  },
];

function slackBot(at: ProviderServer, token: string): Channel {
  const apiUrl = at.url('/api');
  return { ...SLACK, url: null, token: secret(token), room: 'C0123', apiUrl };
}

function dingTalk(at: ProviderServer, signing: string): Channel {
  const url = secret(at.url('/robot/send?access_token=t1'));
  return { ...base, kind: 'dingtalk', url, signingSecret: secret(signing), appSecret: null };
}

function feishu(at: ProviderServer, signing: string): Channel {
  return { ...base, kind: 'feishu', url: secret(at.url('/hook')), signingSecret: secret(signing) };
}

function twilio(at: ProviderServer, kind: 'twilio-sms' | 'twilio-voice', token: string): Channel {
  const account = { accountSid: SID, authToken: secret(token), apiUrl: at.url() };
  return { ...base, kind, ...account, from: '+15005550006' };
}

function ntfy(at: ProviderServer, token: string): Channel {
  return { ...base, kind: 'ntfy', url: at.url(), topic: null, token: secret(token) };
}

describe.each(CASES)('$name', ({ provider, channel, wrong, refusal, receipt, address }) => {
  test('takes a page in either language, and gives a receipt', async () => {
    const send = await withProvider(provider(), channel);
    expect(await send({ address })).toEqual({ result: 'sent', receipt });
    expect(await send({ address, person: { language: 'zh-CN' } })).toMatchObject({
      result: 'sent',
    });
    const { body } = send.server.requests[1]!;
    expect(decodeURIComponent(body.replaceAll('+', ' '))).toMatch(/确认/);
  });

  test('takes what devices are called as text, whatever it is', async () => {
    const send = await withProvider(provider(), channel);
    expect(await send({ address, page: { facts: HOSTILE } })).toMatchObject({ result: 'sent' });
    const { body } = send.server.requests[0]!;
    const told = decodeURIComponent(body.replaceAll('+', ' '));
    expect(told).not.toMatch(/<!channel>|@all|\]\(http:\/\/evil|<at user_id|<Say>"site/);
  });

  test('tells of the end, and asks nobody to acknowledge it', async () => {
    const send = await withProvider(provider(), channel);
    const over = facts({ resolvedAt: now() });
    const page = { kind: 'resolved', urgent: false, facts: over } as const;
    expect(await send({ address, page })).toMatchObject({ result: 'sent' });
    expect(send.server.requests[0]!.body).not.toContain('/a/');
  });

  test('refuses a wrong key in its own way, which is tried again and shown', async () => {
    const send = await withProvider(provider(), wrong);
    const outcome = await send({ address });
    expect(outcome).toMatchObject({ result: 'failed', permanent: false });
    expect(outcome.result === 'failed' && outcome.reason.en).toBe(refusal);
  });

  test('is not believed when it answers 200 with an error, or nonsense', async () => {
    const send = await withProvider(provider(), channel);
    const bodies = ['{"ok":false,"error":"x","errcode":1,"code":1}', '<html>', '[]', 'null', ''];
    for (const body of bodies) {
      send.server.script.push({ status: 200, body });
      expect(await send({ address }), body).toMatchObject({ result: 'failed', permanent: false });
    }
  });

  test('is left alone for as long as it asks', async () => {
    const send = await withProvider(provider(), channel);
    send.server.script.push({ status: 429, headers: { 'retry-after': '37' } });
    expect(await send({ address })).toMatchObject({ result: 'failed', waitMs: 37 * SECOND });
    const date = new Date(now() + 90 * SECOND).toUTCString();
    send.server.script.push({ status: 503, headers: { 'retry-after': date } });
    const outcome = await send({ address });
    const waitMs = (outcome.result === 'failed' && outcome.waitMs) || 0;
    expect(Math.abs(waitMs - 90 * SECOND)).toBeLessThanOrEqual(SECOND);
    send.server.script.push({ status: 503, headers: { 'retry-after': '99999' } });
    expect(await send({ address })).toMatchObject({ waitMs: 10 * MINUTE });
  });

  test('that hangs up or is not there is tried again', async () => {
    const send = await withProvider(provider(), channel);
    send.server.script.push('close');
    expect(await send({ address })).toMatchObject({ result: 'failed', permanent: false });
    await send.server[Symbol.asyncDispose]();
    const outcome = await send({ address });
    expect(outcome.result === 'failed' && outcome.reason.en).toBe('connection refused');
  });
});

describe('mentions and buttons', () => {
  test('Slack names the member, and its button carries the token when it can be verified', async () => {
    const send = await withProvider(slackWebhook, (at) => ({
      ...{
        ...SLACK,
        url: secret(at.url('/services/T/B/x')),
        apiUrl: '',
        signingSecret: secret('s'),
      },
    }));
    await send({ address: 'U0123456789' });
    const [, text, actions] = send.lastBody().blocks;
    expect(text.elements[0].elements[0]).toEqual({ type: 'user', user_id: 'U0123456789' });
    expect(actions.elements[0]).toMatchObject({ action_id: 'threenines_acknowledge' });
    expect(actions.elements[0].value).toMatch(/^INC-7~/);
    expect(actions.elements[0].url).toBeUndefined();
  });

  test('Teams takes a card, and mentions the user', async () => {
    const send = await withProvider(teamsWorkflow, (at) => ({
      ...{ ...base, kind: 'teams', url: secret(at.url('/workflows/x')) },
    }));
    const sent = await send({ address: 'duty@example.org', page: { facts: HOSTILE } });
    expect(sent).toEqual({ result: 'sent', receipt: 'HTTP 202' });
    const card = send.lastBody().attachments[0].content;
    expect(card.msteams.entities[0].mentioned.id).toBe('duty@example.org');
    expect(card.actions[0]).toMatchObject({ style: 'positive' });
    const blocks = card.body.filter((each: { type: string }) => each.type === 'TextBlock');
    expect(blocks).toEqual([{ type: 'TextBlock', text: '<at>Primary on duty</at>' }]);
    send.server.script.push({ status: 500 });
    expect(await send()).toMatchObject({ result: 'failed', permanent: false });
  });

  test('WeCom mentions a mobile number in text, and a user id in Markdown', async () => {
    const send = await withProvider(weComRobot('k'), (at) => ({
      ...{ ...base, kind: 'wecom', url: secret(at.url('/send?key=k')) },
    }));
    await send({ address: '13800138000' });
    expect(send.lastBody().text.mentioned_mobile_list).toEqual(['13800138000']);
    await send({ address: 'zhangsan' });
    expect(send.lastBody().markdown.content).toMatch(/^<@zhangsan>\n### /);
  });

  test('ntfy acknowledges from the notification, and wakes nobody for the end', async () => {
    const send = await withProvider(ntfyServer(null), (at) => ({
      ...{ ...base, kind: 'ntfy', url: at.url(), topic: secret('duty'), token: null },
    }));
    await send();
    expect(send.lastBody()).toMatchObject({ topic: 'duty', priority: 5 });
    expect(send.lastBody().actions[0]).toMatchObject({ action: 'http', method: 'POST' });
    await send({ page: { kind: 'resolved', urgent: false, facts: facts({ resolvedAt: now() }) } });
    expect(send.lastBody()).toMatchObject({ priority: 2, tags: ['white_check_mark'] });
    const removed = facts({ resolvedAt: now(), isRemoved: true });
    await send({ page: { kind: 'resolved', urgent: false, facts: removed } });
    expect(send.lastBody()).toMatchObject({ priority: 2, tags: ['see_no_evil'] });
  });
});

describe('PagerDuty', () => {
  test('files every page of an incident under one key, through to its end', async () => {
    const provider = pagerDuty('R0');
    const send = await withProvider(provider, (at) => ({
      ...{ ...base, kind: 'pagerduty', routingKey: secret('R0'), url: at.url('/v2/enqueue') },
    }));
    const key = `threenines-INC-7-${OPENED_AT}`;
    expect(await send()).toEqual({ result: 'sent', receipt: key });
    expect(await send({ page: { kind: 'repeat' } })).toMatchObject({ result: 'sent' });
    expect([...provider.open]).toEqual([[key, 'triggered']]);
    expect(send.lastBody().payload).toMatchObject({ severity: 'error', class: 'device-down' });
    await send({ page: { facts: facts({ acknowledgedBy: 'duty-primary' }) } });
    expect([...provider.open]).toEqual([[key, 'acknowledged']]);
    await send({ page: { kind: 'resolved', facts: facts({ resolvedAt: now() }) } });
    expect([...provider.open]).toEqual([]);
  });

  test('is asked again when it is busy, and when it does not know the key', async () => {
    const send = await withProvider(pagerDuty('R0'), (at) => ({
      ...{ ...base, kind: 'pagerduty', routingKey: secret('R1'), url: at.url('/v2/enqueue') },
    }));
    expect(await send()).toMatchObject({ result: 'failed', permanent: false });
    send.server.script.push({ status: 429, headers: { 'retry-after': '5' } });
    expect(await send()).toMatchObject({ result: 'failed', waitMs: 5 * SECOND });
    send.server.script.push(answerJson(200, { status: 'invalid event' }));
    expect(await send()).toMatchObject({ result: 'failed' });
  });
});

describe('Twilio', () => {
  test('gives a number that does not exist up at once', async () => {
    const send = await withProvider(twilioApi(SID, 'token'), (at) =>
      twilio(at, 'twilio-sms', 'token'),
    );
    const outcome = await send({ address: '+15005550001' });
    expect(outcome).toMatchObject({ result: 'failed', permanent: true });
    expect(outcome.result === 'failed' && outcome.reason.en).toContain('(21211)');
  });

  test('says how to reply, and is asked for receipts where it can reach us', async () => {
    const send = await withProvider(twilioApi(SID, 'token'), (at) =>
      twilio(at, 'twilio-sms', 'token'),
    );
    const incidentId = 'inc-000198';
    await send({ address: '+8613800138000', page: { incidentId }, publicUrl: PUBLIC });
    expect(send.lastForm().get('Body')).toContain('Reply "ack 198" to acknowledge.');
    expect(send.lastForm().get('Body')).toContain(`${PUBLIC}/a/inc-000198~`);
    const callback = new URL(send.lastForm().get('StatusCallback')!);
    expect(callback.pathname).toBe('/api/v1/callbacks/twilio/chat/status');
    expect(callback.searchParams.get('page')).toContain('inc-000198');
    await send({ address: '+8613800138000' });
    expect(send.lastForm().has('StatusCallback')).toBe(false);
  });

  test('reads the page out and asks for a key, with everything escaped', async () => {
    const send = await withProvider(twilioApi(SID, 'token'), (at) =>
      twilio(at, 'twilio-voice', 'token'),
    );
    const address = '+8613800138000';
    await send({ address, page: { facts: HOSTILE }, publicUrl: PUBLIC });
    const twiml = send.lastForm().get('Twiml')!;
    expect(twiml).toContain('Press 1 to acknowledge.</Say></Gather>');
    expect(twiml).toContain(`action="${PUBLIC}/api/v1/callbacks/twilio/chat/digits?token=`);
    expect(twiml.match(/<\/?(\w+)/g)!.map((tag) => tag.replace(/\W/g, ''))).toEqual(
      expect.arrayContaining(['Response', 'Gather', 'Say']),
    );
    expect(twiml).not.toMatch(/<(?!\/?(Response|Gather|Say|Pause)\b)/);
    await send({ address, person: { language: 'zh-CN' } });
    expect(send.lastForm().get('Twiml')).toContain('<Say language="zh-CN">');
    expect(send.lastForm().get('Twiml')).not.toContain('<Gather');
  });
});

test('a channel that takes too long is given up for this try', async () => {
  const send = await withProvider(
    () => ({ status: 200 }),
    (at) => ({ ...ntfy(at, 'x'), timeoutMs: 60 }) as Channel,
  );
  send.server.script.push('hang');
  const outcome = await send({ address: 'duty' });
  expect(outcome.result === 'failed' && outcome.reason.en).toBe('no answer in time');
});
