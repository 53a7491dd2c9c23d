import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Channel } from '../../config/model.ts';
import type { HttpClient } from '../../lib/http-client.ts';
import { say } from '../../lib/local-text.ts';
import type { MailClient } from '../../lib/mail-client.ts';
import { SECOND } from '../../lib/time.ts';
import { MailServerRig } from './mail-server.ts';
import { configWith, queuedPage, secret, webhookChannel } from './page-fixtures.ts';
import { createRig } from './sender-rig.ts';
import { type Behaviour, WebhookReceiver } from './webhook-receiver.ts';

const CANARIES = {
  path: 'canary-path-5d1f',
  query: 'canary-query-77aa',
  key: 'canary-key-c0de',
  password: 'canary-password-9b3e',
  token: 'canary-token-11ff',
};

const LINKS = () => ({
  incident: 'https://noc.example.org/incidents/INC-7',
  acknowledge: `https://noc.example.org/a/${CANARIES.token}`,
});

/** Everything that leaves the sender other than the page itself. */
function traces(rig: ReturnType<typeof createRig>): string {
  return JSON.stringify([rig.host.deliveries, rig.logLines, [...rig.host.state.pages.values()]]);
}

function expectNoCanary(text: string): void {
  for (const canary of Object.values(CANARIES)) {
    expect(text).not.toContain(canary);
    expect(text).not.toContain(Buffer.from(canary).toString('base64').slice(0, 12));
  }
}

let receiver: WebhookReceiver;
beforeEach(async () => {
  receiver = await WebhookReceiver.start(CANARIES.key);
});
afterEach(() => receiver[Symbol.asyncDispose]());

const secretUrl = () => receiver.url(`/${CANARIES.path}?token=${CANARIES.query}`);

describe('no secret reaches a reason, a receipt or a log line', () => {
  const echo = JSON.stringify({ id: `http://x/${CANARIES.path}?token=${CANARIES.query}` });
  const behaviours: readonly Behaviour[] = [
    { answer: 200, body: echo },
    { answer: 500, body: echo },
    { answer: 404, body: echo },
    { answer: 302, location: `/${CANARIES.path}` },
    'close',
    'hang',
  ];

  test.each(behaviours)('whatever the receiver does: %j', async (behaviour) => {
    receiver.script.push(behaviour);
    const config = configWith([webhookChannel('hook', secretUrl(), CANARIES.key)]);
    const rig = createRig(() => config, { linksFor: LINKS });
    rig.sender.start();
    rig.host.queue(queuedPage());
    await receiver.received(1);
    if (behaviour === 'hang') rig.clock.advance(10 * SECOND);
    await rig.host.delivered(1);
    expect(receiver.badSignatures).toBe(0);
    expect(rig.logLines).not.toHaveLength(0);
    expectNoCanary(traces(rig));
    await receiver[Symbol.asyncDispose]();
    await rig.sender.stop();
    receiver = await WebhookReceiver.start(CANARIES.key);
  });

  test.each([
    `ftp://host/${CANARIES.path}`,
    `${CANARIES.path} is not a URL`,
    `http://user:${CANARIES.password}@127.0.0.1/${CANARIES.path}`,
    `http://127.0.0.1:1/${CANARIES.path}?token=${CANARIES.query}`,
    `http://[::1]:99999/${CANARIES.path}`,
  ])('whatever is wrong with the address: %s', async (url) => {
    const rig = createRig(() => configWith([webhookChannel('hook', url, CANARIES.key)]));
    rig.sender.start();
    rig.host.queue(queuedPage());
    await rig.host.delivered(1);
    await rig.sender.stop();
    expect(rig.host.deliveries[0]?.result).toBe('failed');
    expectNoCanary(traces(rig));
  });

  test('not even when a client breaks its contract and throws', async () => {
    const bug = () => Promise.reject(new TypeError(`cannot send to ${secretUrl()}`));
    const http: HttpClient = { send: bug };
    const mail: MailClient = { send: bug };
    const config = configWith([webhookChannel('hook', secretUrl(), CANARIES.key)]);
    const rig = createRig(() => config, { http, mail });
    rig.sender.start();
    rig.host.queue(queuedPage());
    await rig.host.delivered(1);
    await rig.sender.stop();
    expect(rig.host.deliveries[0]).toMatchObject({
      reason: say('internal error (TypeError)', '内部错误（TypeError）'),
      permanent: false,
    });
    expect(rig.logLines.join('')).toContain('unexpected error in a channel');
    expectNoCanary(traces(rig));
  });

  test('nor when a client puts the address into its own explanation', async () => {
    const send = async () =>
      ({ kind: 'failed', failure: 'failed', detail: `GET ${secretUrl()}` }) as const;
    const config = configWith([webhookChannel('hook', secretUrl(), CANARIES.key)]);
    const rig = createRig(() => config, { http: { send } });
    rig.sender.start();
    rig.host.queue(queuedPage());
    await rig.host.delivered(1);
    await rig.sender.stop();
    expectNoCanary(traces(rig));
  });

  test('nor when a mail server repeats what it was told', async () => {
    await using server = await MailServerRig.start({
      user: 'pager',
      password: 'another',
      authReply: `535 5.7.8 bad password ${CANARIES.password} for pager`,
    });
    const mail: Channel = {
      id: 'mail',
      kind: 'email',
      host: '127.0.0.1',
      port: server.port,
      security: 'none',
      from: 'noc@example.org',
      user: 'pager',
      password: secret(CANARIES.password),
      timeoutMs: 10 * SECOND,
    };
    const rig = createRig(() => configWith([mail]), { linksFor: LINKS });
    rig.sender.start();
    rig.host.queue(queuedPage({ channelId: 'mail' }));
    await rig.host.delivered(1);
    await rig.sender.stop();
    expect(rig.host.deliveries[0]).toMatchObject({
      reason: { en: 'SMTP 535 5.7.8 at AUTH PLAIN' },
      permanent: false,
    });
    expectNoCanary(traces(rig));
  });
});
