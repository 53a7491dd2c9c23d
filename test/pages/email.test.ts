import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PageFacts } from '../../alerting/events.ts';
import { SUMMARY_STEP } from '../../alerting/page-summary.ts';
import type { Channel } from '../../config/model.ts';
import { say } from '../../lib/local-text.ts';
import { type MailClient, systemMailClient } from '../../lib/mail-client.ts';
import { SECOND } from '../../lib/time.ts';
import { MailServerRig, type MailServerSettings } from './mail-server.ts';
import { configWith, facts, person, queuedPage, secret } from './page-fixtures.ts';
import { createRig, type Rig } from './sender-rig.ts';

type EmailChannel = Extract<Channel, { kind: 'email' }>;

const fixture = (name: string) =>
  readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8');
const CERTIFICATE = { key: fixture('localhost-key.pem'), cert: fixture('localhost.pem') };

let server: MailServerRig;
let channel: EmailChannel;
let rig: Rig;

async function serve(settings: MailServerSettings, changes: Partial<EmailChannel> = {}) {
  server = await MailServerRig.start(settings);
  channel = {
    id: 'mail',
    kind: 'email',
    host: '127.0.0.1',
    port: server.port,
    security: 'none',
    from: 'Night Watch <noc@example.org>',
    user: null,
    password: null,
    timeoutMs: 10 * SECOND,
    ...changes,
  };
  rig = createRig(() => configWith([channel]));
  rig.sender.start();
}

afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await rig.sender.stop();
});

/** Queues one page by mail and waits for the end of its first try. */
async function sendPage(changes: Parameters<typeof queuedPage>[0] = {}) {
  const before = rig.host.deliveries.length;
  rig.host.queue(queuedPage({ channelId: 'mail', ...changes }));
  await rig.host.delivered(before + 1);
  return rig.host.deliveries.at(-1)!;
}

/** RFC 5322 §2.2.3: header fields unfolded, by name in lower case; a name that comes twice is an error. */
function headersOf(raw: string): Map<string, string> {
  const head = raw.slice(0, raw.indexOf('\r\n\r\n')).replace(/\r\n[ \t]/g, ' ');
  const headers = new Map<string, string>();
  for (const line of head.split('\r\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    expect(headers.has(name), `${name} twice`).toBe(false);
    headers.set(name, line.slice(colon + 1).trim());
  }
  return headers;
}

describe('a page by mail', () => {
  beforeEach(() => serve({}));

  test('arrives as text and HTML, for one recipient, in one conversation', async () => {
    expect(await sendPage()).toMatchObject({
      result: 'sent',
      receipt: '250 2.0.0 queued as M1',
    });
    rig.host.state.incidents.set('INC-7', { pageIds: [...rig.host.state.pages.keys()] } as never);
    await sendPage({ kind: 'resolved' });
    const [opened, resolved] = server.received;
    expect(opened).toMatchObject({ from: 'noc@example.org', to: ['duty@example.org'] });
    const headers = headersOf(opened!.raw);
    expect(headers.get('from')).toBe('Night Watch <noc@example.org>');
    expect(headers.get('to')).toBe('duty@example.org');
    expect(headers.get('auto-submitted')).toBe('auto-generated');
    expect(headers.get('message-id')).toMatch(/^<[0-9a-f]{40}@example\.org>$/);
    expect(headers.get('references')).toMatch(/^<[0-9a-f]{40}@example\.org>$/);
    expect(headers.has('in-reply-to')).toBe(false);
    expect(opened!.raw).toContain('Content-Type: text/plain; charset=utf-8');
    expect(opened!.raw).toContain('Content-Type: text/html; charset=utf-8');
    const later = headersOf(resolved!.raw);
    expect(later.get('references')).toBe(headers.get('references'));
    expect(later.get('in-reply-to')).toBe(headers.get('references'));
    expect(later.get('message-id')).not.toBe(headers.get('message-id'));
  });

  test('that was greylisted is tried again under the same Message-ID', async () => {
    server.script.push({ rcpt: '451 4.7.1 come back later' }, { data: '421 4.3.2 shutting down' });
    expect(await sendPage()).toMatchObject({
      reason: say('SMTP 451 4.7.1 at RCPT TO', 'SMTP 451 4.7.1（RCPT TO 阶段）'),
      permanent: false,
    });
    const [page] = rig.host.state.pages.values();
    for (let attempt = 2; attempt <= 3; attempt += 1) {
      rig.clock.advance(page!.nextAttemptAt - rig.clock.now());
      await rig.host.delivered(attempt);
    }
    expect(rig.host.deliveries[1]).toMatchObject({ reason: { en: 'SMTP 421 4.3.2 at DATA' } });
    expect(rig.host.deliveries[2]).toMatchObject({ result: 'sent' });
    expect(server.received).toHaveLength(1);
  });

  test('whose connection breaks in the middle is sent again, and is the same message', async () => {
    await sendPage();
    server.script.push('drop-mid-data');
    const broken = await sendPage({ id: 'broken' });
    expect(broken).toMatchObject({ result: 'failed', permanent: false });
    expect(broken).not.toHaveProperty('notTaken');
    rig.clock.advance(rig.host.page('broken').nextAttemptAt - rig.clock.now());
    await rig.host.delivered(3);
    // The first page once more, as after a crash before its delivery was counted.
    rig.host.queue(queuedPage({ channelId: 'mail' }));
    await rig.host.delivered(4);
    const ids = server.received.map(({ raw }) => headersOf(raw).get('message-id'));
    expect(ids).toHaveLength(3);
    expect(ids[2]).toBe(ids[0]);
    expect(ids[1]).not.toBe(ids[0]);
  });

  test('that begins a summary is another message than by itself, in no conversation', async () => {
    await sendPage({ id: 'first' });
    await sendPage({ id: 'first', step: SUMMARY_STEP });
    const [alone, summary] = server.received.map(({ raw }) => headersOf(raw));
    expect(summary!.get('message-id')).not.toBe(alone!.get('message-id'));
    expect(alone!.has('references')).toBe(true);
    expect(summary!.has('references') || summary!.has('in-reply-to')).toBe(false);
  });

  test('whose recipient does not exist is not tried again', async () => {
    server.script.push({ rcpt: '550 5.1.1 no such user' });
    const reason = { en: 'SMTP 550 5.1.1 at RCPT TO' };
    const delivery = await sendPage();
    expect(delivery).toMatchObject({ reason, permanent: true });
    expect(delivery).not.toHaveProperty('refused');
  });

  test.each([
    ['message', { data: '554 5.7.1 refused by policy' }, 'SMTP 554 5.7.1 at DATA'],
    ['recipient by a rule', { rcpt: '550 5.7.1 not today' }, 'SMTP 550 5.7.1 at RCPT TO'],
    ['recipient for a full mailbox', { rcpt: '552 5.2.2 full' }, 'SMTP 552 5.2.2 at RCPT TO'],
    ['recipient by a broken server', { rcpt: '554 no' }, 'SMTP 554 at RCPT TO'],
  ])('whose %s is refused is tried again, but not waited for', async (_what, behaviour, reason) => {
    server.script.push(behaviour);
    const refusal = { reason: { en: reason }, permanent: false, refused: true, notTaken: true };
    expect(await sendPage()).toMatchObject(refusal);
    const [page] = rig.host.state.pages.values();
    rig.clock.advance(page!.nextAttemptAt - rig.clock.now());
    await rig.host.delivered(2);
    expect(rig.host.deliveries[1]).toMatchObject({ result: 'sent' });
  });

  test('cannot be given headers or recipients by a device', async () => {
    const name = 'agg\r\nBcc: everyone@example.org\r\nX-Injected: 1\r\n\r\n.\r\nQUIT\r\n';
    const hostile: Partial<PageFacts> = {
      incidentId: name,
      rootDeviceName: name,
      component: name,
      faultText: say(name, name),
      siteName: name,
      because: say(name, name),
      affectedNames: [name],
    };
    expect(await sendPage({ facts: facts(hostile) })).toMatchObject({ result: 'sent' });
    const [mail] = server.received;
    expect(mail!.to).toEqual(['duty@example.org']);
    const headers = headersOf(mail!.raw);
    expect([...headers.keys()].sort()).toEqual([
      'auto-submitted',
      'content-type',
      'date',
      'from',
      'message-id',
      'mime-version',
      'references',
      'subject',
      'to',
    ]);
  });
});

describe('an address', () => {
  const sent: unknown[] = [];
  const recorder: MailClient = {
    async send(_server, message) {
      sent.push(message);
      return { kind: 'accepted', receipt: '250 ok' };
    },
  };

  async function sendTo(from: string, address: string | null) {
    await serve({}, { from });
    const contacts = [{ channelId: 'mail', address }];
    const config = configWith([channel], [person({ contacts })]);
    await rig.sender.stop();
    rig = createRig(() => config, { mail: recorder });
    rig.sender.start();
    sent.length = 0;
    return sendPage();
  }

  test.each([
    null,
    '',
    'duty',
    'duty@',
    'a@example.org, b@example.org',
    'a@example.org b@example.org',
    'a@example.org\r\nBcc: b@example.org',
    'a@example.org\n',
    '"x" <a@example.org>',
    '<a@example.org>',
    'group: a@example.org;',
    'a@b@example.org',
    `${'x'.repeat(65)}@example.org`,
    `a@${'x'.repeat(260)}.org`,
  ])('%j is refused as a recipient', async (address) => {
    expect(await sendTo('noc@example.org', address)).toMatchObject({
      reason: say('the mail address of the person is not usable', '该人员的邮件地址无法使用'),
      permanent: true,
    });
    expect(sent).toEqual([]);
  });

  test.each([
    'noc',
    'Night Watch <noc@example.org>\r\nBcc: b@example.org',
    'Night\r\nBcc: b <noc@example.org>',
    'Night, Watch <noc@example.org>',
    '"Night" <noc@example.org>',
    'Night <noc@example.org> <b@example.org>',
  ])('%j is refused as a sender', async (from) => {
    expect(await sendTo(from, 'duty@example.org')).toMatchObject({
      reason: say('the sender address of the channel is not usable', '通道的发件人地址无法使用'),
      permanent: true,
    });
    expect(sent).toEqual([]);
  });

  test.each([
    'noc@example.org',
    '<noc@example.org>',
    'Night Watch <noc@example.org>',
    '值班 <n@a.cn>',
  ])('%j is a sender', async (from) => {
    expect(await sendTo(from, 'first.last+pager@mail.example.org')).toMatchObject({
      result: 'sent',
    });
    expect(sent).toMatchObject([{ to: 'first.last+pager@mail.example.org' }]);
  });
});

describe('a mail server that asks for a password', () => {
  const settings = { user: 'pager', password: 'right' };

  test('takes the page with the right one', async () => {
    await serve(settings, { user: 'pager', password: secret('right') });
    expect(await sendPage()).toMatchObject({ result: 'sent' });
    expect(server.received[0]?.user).toBe('pager');
  });

  test('refuses the wrong one, which is tried on, for it may be corrected', async () => {
    await serve(settings, { user: 'pager', password: secret('wrong') });
    expect(await sendPage()).toMatchObject({
      reason: { en: 'SMTP 535 5.7.8 at AUTH PLAIN' },
      ...{ permanent: false, refused: true },
    });
  });

  test('refuses a page that comes without', async () => {
    await serve(settings);
    expect(await sendPage()).toMatchObject({ result: 'failed' });
    expect(server.received).toEqual([]);
  });

  test('and one that takes no password is not trusted with the page', async () => {
    await serve({}, { user: 'pager', password: secret('right') });
    expect(await sendPage()).toMatchObject({ result: 'failed' });
    expect(server.received).toEqual([]);
  });
});

describe('encryption', () => {
  test.each([
    ['starttls', { tls: 'starttls', certificate: CERTIFICATE }],
    ['tls', { tls: 'from-start', certificate: CERTIFICATE }],
  ] as const)('%s refuses a certificate nobody vouches for', async (security, settings) => {
    await serve(settings, { security, host: 'localhost' });
    const delivery = await sendPage();
    expect(delivery).toMatchObject({ result: 'failed', permanent: false });
    expect(JSON.stringify(delivery)).toMatch(/TLS refused \(\w+\)/);
    expect(server.received).toEqual([]);
  });

  test('starttls gives nothing to a server that does not offer it', async () => {
    await serve({ tls: 'never' }, { security: 'starttls' });
    expect(await sendPage()).toMatchObject({ result: 'failed', permanent: false });
    expect(server.received).toEqual([]);
  });

  test('none does not ask for any', async () => {
    await serve({ tls: 'starttls', certificate: CERTIFICATE }, { security: 'none' });
    expect(await sendPage()).toMatchObject({ result: 'sent' });
    expect(server.received[0]?.secure).toBe(false);
  });

  describe('with a certificate that the machine trusts', () => {
    const trusted = getCACertificates('default');
    beforeEach(() => setDefaultCACertificates([...trusted, fixture('test-authority.pem')]));
    afterEach(() => setDefaultCACertificates(trusted));

    test.each([
      ['starttls', { tls: 'starttls', certificate: CERTIFICATE }],
      ['tls', { tls: 'from-start', certificate: CERTIFICATE }],
    ] as const)('%s delivers', async (security, settings) => {
      await serve(settings, { security, host: 'localhost' });
      expect(await sendPage()).toMatchObject({ result: 'sent' });
      expect(server.received[0]?.secure).toBe(true);
    });
  });
});

describe('a mail server in trouble', () => {
  test('that says nothing costs one time-out', async () => {
    await serve({ silent: true });
    rig.host.queue(queuedPage({ channelId: 'mail' }));
    await server.connected(1);
    rig.clock.advance(10 * SECOND);
    await rig.host.delivered(1);
    expect(rig.host.deliveries[0]).toMatchObject({
      reason: say('no answer in time', '未在时限内应答'),
      permanent: false,
    });
  });

  test('ends the conversation itself when its time is up', async () => {
    await serve({ silent: true });
    const outcome = await systemMailClient.send(
      { ...channel, user: null, password: null, timeoutMs: 50 },
      {
        from: 'noc@example.org',
        to: 'duty@example.org',
        subject: 's',
        text: 't',
        html: 'h',
        messageId: '<1@example.org>',
        references: [],
      },
    );
    expect(outcome).toEqual({
      kind: 'failed',
      permanent: false,
      detail: say('no answer in time', '未在时限内应答'),
    });
  });

  test('that is not there is tried again', async () => {
    await serve({});
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    taken.close();
    await once(taken, 'close');
    channel = { ...channel, port };
    expect(await sendPage()).toMatchObject({
      reason: say('connection refused', '连接被拒绝'),
      permanent: false,
      notTaken: true,
    });
  });
});
