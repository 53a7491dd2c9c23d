import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Config } from '../../config/model.ts';
import { say } from '../../lib/local-text.ts';
import { DAY, MINUTE, SECOND } from '../../lib/time.ts';
import {
  configWith,
  facts,
  OPENED_AT,
  person,
  queuedPage,
  webhookChannel,
} from './page-fixtures.ts';
import { createRig, type Rig, settle } from './sender-rig.ts';
import { WebhookReceiver } from './webhook-receiver.ts';

let receiver: WebhookReceiver;
let config: Config;
let rig: Rig;

beforeEach(async () => {
  receiver = await WebhookReceiver.start();
  config = configWith([webhookChannel('hook', receiver.url())]);
  rig = createRig(() => config);
  rig.sender.start();
});

afterEach(async () => {
  await receiver[Symbol.asyncDispose]();
  await rig.sender.stop();
});

/** Moves to the instant of the next retry and no further, so that the retry itself does not time out. */
function reachRetry(): void {
  const [page] = rig.host.state.pages.values();
  rig.clock.advance(page!.nextAttemptAt - rig.clock.now());
}

describe('a page by webhook', () => {
  test('arrives signed, with its key, and is counted as sent', async () => {
    receiver.script.push({ answer: 202, body: '{"id":"msg-42"}' });
    const page = queuedPage();
    rig.host.queue(page);
    await rig.host.delivered(1);
    expect(receiver.badSignatures).toBe(0);
    expect(receiver.requests).toHaveLength(1);
    expect(receiver.requests[0]).toMatchObject({ key: page.id, timestamp: OPENED_AT / SECOND });
    expect(rig.host.deliveries).toEqual([
      { pageId: page.id, attempt: 1, result: 'sent', receipt: 'msg-42' },
    ]);
    expect(rig.host.page(page.id).status).toBe('sent');
  });

  test('carries the documented fields', async () => {
    const reminder = { reminderRatio: 0.5, batteryMinutes: 22, component: 'port:Gi0/1' };
    rig.clock.advance(450_000);
    rig.host.queue(queuedPage({ kind: 'reminder', facts: facts(reminder) }));
    await rig.host.delivered(1);
    expect([...receiver.taken.values()][0]).toMatchSnapshot();
  });

  test('speaks the language of its recipient and passes the address on', async () => {
    const contacts = [{ channelId: 'hook', address: '+00 555 0100' }];
    config = configWith(config.channels, [person({ language: 'zh-CN', contacts })]);
    rig.host.queue(queuedPage());
    await rig.host.delivered(1);
    const [payload] = receiver.taken.values();
    expect(payload).toMatchObject({
      recipient: { id: 'duty-primary', address: '+00 555 0100', language: 'zh-CN' },
    });
    expect(payload?.text).toContain('确认时限：2026-11-22 19:28:35 GMT+8');
    expect(payload?.text).toContain('3 次轮询无应答');
    expect(payload?.fault).toMatchObject({
      text: { en: 'no reply to 3 polls', 'zh-CN': '3 次轮询无应答' },
    });
  });

  test('whose answer names no usable id is receipted by its status', async () => {
    const bodies = ['', '[]', 'null', '{"id":{}}', `{"id":"${'x'.repeat(129)}"}`, '{"id":"a b"}'];
    bodies.push('{"__proto__":{"id":"p"}}');
    for (const [index, body] of bodies.entries()) {
      receiver.script.push({ answer: 200, body });
      rig.host.queue(queuedPage({ id: `page-${index}` }));
      await rig.host.delivered(index + 1);
    }
    const receipts = rig.host.deliveries.map((d) => (d.result === 'sent' ? d.receipt : null));
    expect(receipts).toEqual(bodies.map(() => 'HTTP 200'));
  });
});

describe('a receiver in trouble', () => {
  test('gets the same page with the same key until it takes it', async () => {
    receiver.script.push({ answer: 500 }, { answer: 429 }, 'close', { answer: 408 });
    receiver.script.push({ answer: 425 }, { answer: 302, location: receiver.url('/elsewhere') });
    rig.host.queue(queuedPage());
    for (let attempt = 1; attempt <= 6; attempt += 1) {
      await rig.host.delivered(attempt);
      expect(rig.host.deliveries.at(-1)).toMatchObject({ result: 'failed', permanent: false });
      reachRetry();
    }
    await rig.host.delivered(7);
    expect(rig.host.deliveries.map((d) => ('reason' in d ? d.reason['zh-CN'] : d.receipt))).toEqual(
      [
        'HTTP 500',
        'HTTP 429',
        '连接失败（UND_ERR_SOCKET）',
        'HTTP 408',
        'HTTP 425',
        'HTTP 302',
        'HTTP 200',
      ],
    );
    expect(new Set(receiver.requests.map(({ key }) => key)).size).toBe(1);
    expect(receiver.requests.every(({ path }) => path === '/pages')).toBe(true);
    expect(receiver.taken.size).toBe(1);
  });

  test('is asked again after 5 s, 10 s, 20 s … 2 min, each give or take a fifth', async () => {
    for (let index = 0; index < 8; index += 1) receiver.script.push({ answer: 503 });
    rig.host.queue(queuedPage());
    const expected = [5, 10, 20, 40, 80, 120, 120, 120].map((seconds) => seconds * SECOND);
    for (const [index, plainMs] of expected.entries()) {
      await rig.host.delivered(index + 1);
      const page = [...rig.host.state.pages.values()][0]!;
      const waitMs = page.nextAttemptAt - rig.clock.now();
      expect(waitMs).toBeGreaterThanOrEqual(plainMs * 0.8);
      expect(waitMs).toBeLessThanOrEqual(plainMs * 1.2);
      rig.clock.advance(waitMs - 1);
      await settle();
      expect(receiver.requests).toHaveLength(index + 1);
      rig.clock.advance(1);
      await receiver.received(index + 2);
    }
  });

  test('that took the page and lost its answer takes it once', async () => {
    receiver.script.push('accept-then-close');
    rig.host.queue(queuedPage());
    await rig.host.delivered(1);
    reachRetry();
    await rig.host.delivered(2);
    expect(receiver.requests).toHaveLength(2);
    expect(receiver.taken.size).toBe(1);
    expect(rig.host.deliveries.at(-1)?.result).toBe('sent');
  });

  test('that says it is gone is not asked again', async () => {
    receiver.script.push({ answer: 410 });
    rig.host.queue(queuedPage());
    await rig.host.delivered(1);
    expect(rig.host.deliveries[0]).toMatchObject({
      reason: say('HTTP 410', 'HTTP 410'),
      permanent: true,
    });
    rig.clock.advance(DAY);
    await settle();
    expect(receiver.requests).toHaveLength(1);
  });

  test.each([400, 401, 403, 404, 413, 422])(
    'that says %i for a while is asked again: a proxy in between may be the one that says no',
    async (status) => {
      receiver.script.push({ answer: status });
      rig.host.queue(queuedPage());
      await rig.host.delivered(1);
      expect(rig.host.deliveries[0]).toMatchObject({
        reason: { en: `HTTP ${status}` },
        ...{ permanent: false, refused: true },
      });
      reachRetry();
      await rig.host.delivered(2);
      expect(rig.host.deliveries[1]).toMatchObject({ result: 'sent', attempt: 2 });
    },
  );

  test.each([408, 409, 425, 429, 500, 503])(
    'that says %i asks to come again, and is waited for',
    async (status) => {
      receiver.script.push({ answer: status });
      rig.host.queue(queuedPage());
      await rig.host.delivered(1);
      expect(rig.host.deliveries[0]).toMatchObject({ reason: { en: `HTTP ${status}` } });
      expect(rig.host.deliveries[0]).not.toHaveProperty('refused');
    },
  );

  test('that never answers costs one time-out, and the page stays alive', async () => {
    receiver.script.push('hang');
    rig.host.queue(queuedPage());
    await receiver.received(1);
    rig.clock.advance(10 * SECOND);
    await rig.host.delivered(1);
    expect(rig.host.deliveries[0]).toMatchObject({
      reason: say('no answer in time', '未在时限内应答'),
      permanent: false,
    });
    reachRetry();
    await rig.host.delivered(2);
    expect(rig.host.deliveries[1]).toMatchObject({ result: 'sent', attempt: 2 });
  });

  test('with another key is noticed', async () => {
    config = configWith([webhookChannel('hook', receiver.url(), 'another key')]);
    rig.host.queue(queuedPage());
    await rig.host.delivered(1);
    expect(receiver.badSignatures).toBe(1);
    expect(rig.host.deliveries[0]).toMatchObject({ reason: { en: 'HTTP 401' }, permanent: false });
  });

  test('that is not there is tried again', async () => {
    const gone = await WebhookReceiver.start();
    const url = gone.url();
    await gone[Symbol.asyncDispose]();
    config = configWith([webhookChannel('hook', url)]);
    rig.host.queue(queuedPage());
    await rig.host.delivered(1);
    expect(rig.host.deliveries[0]).toMatchObject({
      reason: say('connection refused', '连接被拒绝'),
      permanent: false,
    });
  });
});

describe('a page says how long is left at the instant it is sent', () => {
  test('also after retries', async () => {
    for (let index = 0; index < 5; index += 1) receiver.script.push({ answer: 503 });
    rig.host.queue(queuedPage());
    await rig.host.delivered(1);
    for (let attempt = 2; attempt <= 6; attempt += 1) {
      reachRetry();
      await rig.host.delivered(attempt);
    }
    const minutes = receiver.requests.map(({ body }) => JSON.parse(body).minutesLeft);
    const sentAt = receiver.requests.map(({ timestamp }) => timestamp * SECOND);
    expect(minutes).toEqual(
      sentAt.map((at) => Math.floor((OPENED_AT + 15 * MINUTE - at) / MINUTE)),
    );
    expect(minutes[5]).toBeLessThan(minutes[0]);
  });

  test('below zero once it is missed', async () => {
    rig.clock.advance(15 * MINUTE + 1);
    rig.host.queue(queuedPage({ kind: 'breached' }));
    await rig.host.delivered(1);
    expect(JSON.parse(receiver.requests[0]!.body).minutesLeft).toBe(-1);
  });

  test('and nothing once somebody has it', async () => {
    const owned = facts({ acknowledgedBy: 'duty-primary' });
    rig.host.queue(queuedPage({ kind: 'upgraded', facts: owned }));
    await rig.host.delivered(1);
    const payload = JSON.parse(receiver.requests[0]!.body);
    expect(payload).toMatchObject({ minutesLeft: null, acknowledgedBy: 'duty-primary' });
    expect(payload.text).toContain('Acknowledged by: Primary on duty');
  });
});

describe('a webhook URL', () => {
  test.each([
    ['ftp://receiver.example.org/x', 'the webhook URL is neither http nor https'],
    ['file:///etc/hostname', 'the webhook URL is neither http nor https'],
    ['javascript:alert(1)', 'the webhook URL is neither http nor https'],
    ['gopher://127.0.0.1/', 'the webhook URL is neither http nor https'],
    ['not a url', 'the webhook URL is not a URL'],
    ['', 'the webhook URL is not a URL'],
    [
      'http://user:pass@127.0.0.1/',
      'the webhook URL carries a user name or password; use the signing key instead',
    ],
  ])('%j is refused without a request', async (url, reason) => {
    config = configWith([webhookChannel('hook', url)]);
    rig.host.queue(queuedPage());
    await rig.host.delivered(1);
    expect(rig.host.deliveries[0]).toMatchObject({ reason: { en: reason }, permanent: true });
  });
});
