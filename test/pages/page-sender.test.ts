import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createInbox, LONGEST_INBOX } from '../../alerting/channels/inbox.ts';
import { LARGEST_PARALLEL_PER_CHANNEL } from '../../alerting/page-sender.ts';
import { DEFAULT_DELIVERY } from '../../config/delivery.ts';
import type { Channel, Config } from '../../config/model.ts';
import type { HttpClient } from '../../lib/http-client.ts';
import { HOUR, MINUTE, SECOND } from '../../lib/time.ts';
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

const INBOX: Channel = { id: 'inbox', kind: 'inbox' };
let receiver: WebhookReceiver;
let config: Config;
let rig: Rig;

beforeEach(async () => {
  receiver = await WebhookReceiver.start();
  receiver.hangingPaths.add('/slow');
  const slow = webhookChannel('slow', receiver.url('/slow'));
  config = configWith([webhookChannel('hook', receiver.url()), slow, INBOX]);
  rig = createRig(() => config);
  rig.sender.start();
});

afterEach(async () => {
  await receiver[Symbol.asyncDispose]();
  await rig.sender.stop();
});

/** Pages of as many incidents: each may go out whatever becomes of the others. */
function pages(count: number, channelId: string) {
  return Array.from({ length: count }, (_, index) =>
    queuedPage({ channelId, id: `${channelId}-${index}`, incidentId: `INC-${index}` }),
  );
}

const requestsOn = (path: string) => receiver.requests.filter((r) => r.path === path).length;

describe('many pages', () => {
  test('a channel that hangs holds up only itself', async () => {
    rig.host.queue(...pages(20, 'slow'), ...pages(20, 'hook'));
    await rig.host.delivered(20);
    expect(rig.host.deliveries.every(({ result }) => result === 'sent')).toBe(true);
    await receiver.received(20 + LARGEST_PARALLEL_PER_CHANNEL);
    expect(requestsOn('/slow')).toBe(LARGEST_PARALLEL_PER_CHANNEL);
    rig.clock.advance(10 * SECOND);
    await receiver.received(20 + 2 * LARGEST_PARALLEL_PER_CHANNEL);
    expect(requestsOn('/slow')).toBe(2 * LARGEST_PARALLEL_PER_CHANNEL);
  });

  test('about one incident to one person go out one after the other', async () => {
    const sent: string[] = [];
    const answers: (() => void)[] = [];
    const http: HttpClient = {
      send: ({ body }) => {
        sent.push(String(JSON.parse(String(body)).pageId));
        const ok = { kind: 'response', status: 200, body: '' } as const;
        return new Promise((resolve) => answers.push(() => resolve(ok)));
      },
    };
    const held = createRig(() => config, { http });
    held.sender.start();
    held.host.queue(
      queuedPage({ id: 'newer', queuedAt: OPENED_AT }),
      queuedPage({ id: 'older', queuedAt: OPENED_AT - SECOND }),
      queuedPage({ id: 'of another incident', incidentId: 'INC-8' }),
    );
    await settle();
    expect(sent).toEqual(['older', 'of another incident']);
    answers[0]?.();
    await held.host.delivered(1);
    await settle();
    expect(sent.slice(2)).toEqual(['newer']);
    for (const answer of answers) answer();
    await held.sender.stop();
  });

  test('go out in order of what presses most', async () => {
    const plain = (id: string, changes: object) =>
      queuedPage({ id, channelId: 'inbox', ...changes });
    rig.host.queue(
      plain('quiet', { urgent: false, facts: facts({ tier: 1 }) }),
      plain('general', { facts: facts({ tier: 4 }) }),
      plain('major, later', { queuedAt: OPENED_AT }),
      plain('major, earlier', { queuedAt: OPENED_AT - SECOND }),
    );
    await rig.host.delivered(4);
    expect(rig.host.deliveries.map(({ pageId }) => pageId)).toEqual([
      'major, earlier',
      'major, later',
      'quiet',
      'general',
    ]);
  });
});

describe('one page', () => {
  test('is not sent again while it is under way or not yet counted', async () => {
    rig.host.holding = true;
    rig.host.queue(queuedPage());
    for (let index = 0; index < 5; index += 1) rig.sender.wake();
    await rig.host.delivered(1);
    rig.sender.wake();
    rig.clock.advance(HOUR);
    await settle();
    expect(receiver.requests).toHaveLength(1);
    rig.host.release();
    rig.sender.wake();
    await settle();
    expect(receiver.requests).toHaveLength(1);
  });

  test('whose failed try is counted late is tried again only then', async () => {
    receiver.script.push({ answer: 503 });
    rig.host.holding = true;
    rig.host.queue(queuedPage());
    await rig.host.delivered(1);
    rig.clock.advance(MINUTE);
    await settle();
    expect(receiver.requests).toHaveLength(1);
    rig.host.release();
    await rig.host.delivered(2);
    expect(rig.host.deliveries.map(({ attempt }) => attempt)).toEqual([1, 2]);
    expect(receiver.taken.size).toBe(1);
  });

  test('that was cancelled while it waited is not sent', async () => {
    receiver.script.push({ answer: 503 });
    const page = queuedPage();
    rig.host.queue(page);
    await rig.host.delivered(1);
    rig.host.cancel(page.id);
    rig.clock.advance(HOUR);
    await settle();
    expect(receiver.requests).toHaveLength(1);
  });

  test('is found without a wake', async () => {
    await settle();
    const page = queuedPage();
    rig.host.state.pages.set(page.id, page);
    await settle();
    expect(receiver.requests).toHaveLength(0);
    rig.clock.advance(5 * SECOND);
    await rig.host.delivered(1);
    expect(rig.host.page(page.id).status).toBe('sent');
  });

  test('is sent although the clock was set back after it was queued', async () => {
    rig.clock.stepWallClock(-MINUTE);
    rig.host.queue(queuedPage());
    await rig.host.delivered(1);
    expect(receiver.taken.size).toBe(1);
  });

  test('is tried again although the clock was set back between two tries', async () => {
    receiver.script.push({ answer: 503 });
    rig.host.queue(queuedPage());
    await rig.host.delivered(1);
    rig.clock.stepWallClock(-HOUR);
    rig.clock.advance(5 * SECOND);
    await rig.host.delivered(2);
    expect(receiver.taken.size).toBe(1);
  });
});

describe('a page for which the configuration has no place any more', () => {
  test.each([
    ['person', { people: [] }, 'person "duty-primary" is no longer in the configuration'],
    ['channel', { channels: [] }, 'channel "hook" is no longer in the configuration'],
    [
      'contact',
      { people: [person({ contacts: [] })] },
      'person "duty-primary" is no longer reached by channel "hook"',
    ],
  ])('fails for good, naming the %s', async (_what, changes, reason) => {
    config = { ...config, ...changes };
    rig.host.queue(queuedPage());
    await rig.host.delivered(1);
    expect(rig.host.deliveries[0]).toMatchObject({
      result: 'failed',
      reason: { en: reason },
      permanent: true,
    });
    expect(receiver.requests).toHaveLength(0);
  });

  test('goes to the corrected address at the next try', async () => {
    config = configWith([webhookChannel('hook', receiver.url('/old'))]);
    receiver.script.push({ answer: 500 });
    rig.host.queue(queuedPage());
    await rig.host.delivered(1);
    config = configWith([webhookChannel('hook', receiver.url('/new'))]);
    rig.clock.advance(6 * SECOND);
    await rig.host.delivered(2);
    expect(receiver.requests.map(({ path }) => path)).toEqual(['/old', '/new']);
  });
});

describe('a restart', () => {
  test('sends what was queued, with the same key', async () => {
    receiver.script.push('accept-then-close');
    rig.host.queue(queuedPage());
    await rig.host.delivered(1);
    await rig.sender.stop();
    const { clock, host } = rig;
    const again = createRig(() => config, { clock, host });
    clock.advance(MINUTE);
    again.sender.start();
    await host.delivered(2);
    await again.sender.stop();
    expect(receiver.requests).toHaveLength(2);
    expect(receiver.taken.size).toBe(1);
  });

  test('waits for the page that is on its way, then starts none', async () => {
    rig.host.queue(queuedPage());
    await receiver.received(1);
    await rig.sender.stop();
    expect(rig.host.deliveries).toHaveLength(1);
    rig.host.queue(queuedPage({ id: 'late' }));
    rig.sender.wake();
    rig.clock.advance(HOUR);
    await settle();
    expect(receiver.requests).toHaveLength(1);
  });

  test('waits no longer than its bound', async () => {
    const never: HttpClient = { send: () => new Promise(() => {}) };
    const patient = { ...webhookChannel('hook', receiver.url()), timeoutMs: HOUR };
    const stuck = createRig(() => configWith([patient]), { http: never });
    stuck.sender.start();
    stuck.host.queue(queuedPage({ channelId: 'hook' }));
    await settle();
    const stopped = stuck.sender.stop();
    stuck.clock.advance(10 * SECOND);
    await stopped;
    expect(stuck.host.page(queuedPage().id).status).toBe('queued');
  });
});

describe('the inbox', () => {
  test('shows what was sent to it, newest first, without an acknowledge link', async () => {
    const linksFor = () => ({
      incident: 'https://noc.example.org/incidents/INC-7',
      acknowledge: 'https://noc.example.org/a/secret-token',
    });
    const linked = createRig(() => config, { linksFor });
    linked.sender.start();
    linked.host.queue(queuedPage({ channelId: 'inbox' }));
    await linked.host.delivered(1);
    linked.host.queue(queuedPage({ channelId: 'inbox', kind: 'resolved' }));
    await linked.host.delivered(2);
    await linked.sender.stop();
    expect(linked.inbox.messages().map(({ kind }) => kind)).toEqual(['resolved', 'opened']);
    expect(linked.inbox.messages()[0]).toMatchObject({
      personName: 'Primary on duty',
      tier: 2,
      link: 'https://noc.example.org/incidents/INC-7',
      deliveredAt: OPENED_AT,
    });
    expect(JSON.stringify(linked.inbox.messages())).not.toContain('secret-token');
  });

  test('is filled again after a restart, as it read before', async () => {
    rig.host.queue(queuedPage({ channelId: 'inbox' }), queuedPage({ channelId: 'hook' }));
    await rig.host.delivered(2);
    rig.clock.advance(MINUTE);
    rig.host.queue(queuedPage({ channelId: 'inbox', kind: 'repeat' }));
    await rig.host.delivered(3);
    const before = rig.inbox.messages();
    expect(before).toHaveLength(2);
    rig.clock.advance(HOUR);
    const again = createRig(() => config, { clock: rig.clock, host: rig.host });
    again.sender.start();
    await again.sender.stop();
    expect(again.inbox.messages()).toEqual(before);
  });

  test('shows a storm to its person as one summary, also after a restart, and takes no room from other channels', async () => {
    const least = { facts: facts({ tier: 4 }), nextAttemptAt: OPENED_AT };
    const storm = Array.from({ length: 200 }, (_, index) =>
      queuedPage({ id: `p-${index}`, channelId: 'inbox', incidentId: `INC-${index}`, ...least }),
    );
    rig.host.queue(...storm);
    rig.clock.advance(4 * SECOND);
    await rig.host.delivered(storm.length);
    expect(rig.inbox.messages()).toHaveLength(1);
    expect(rig.inbox.messages()[0]?.subject).toContain('200 incidents in one message');
    const again = createRig(() => config, { clock: rig.clock, host: rig.host });
    again.sender.start();
    await again.sender.stop();
    expect(again.inbox.messages()).toEqual(rig.inbox.messages());
    for (let index = 0; index < 29; index += 1) {
      const own = { id: `own-${index}`, incidentId: `INC-own-${index}`, ...least };
      rig.host.queue(queuedPage({ ...own, channelId: 'inbox' }));
    }
    rig.clock.advance(30 * SECOND);
    await rig.host.delivered(storm.length + 29);
    expect(rig.inbox.messages().length).toBeLessThanOrEqual(DEFAULT_DELIVERY.mostPages);
    rig.host.queue(queuedPage({ id: 'by hook', channelId: 'hook', ...least }));
    await rig.host.delivered(storm.length + 30);
  });

  test('keeps the pages of a person who has left', async () => {
    rig.host.queue(queuedPage({ channelId: 'inbox' }));
    await rig.host.delivered(1);
    const alone = configWith([INBOX], []);
    const again = createRig(() => alone, { clock: rig.clock, host: rig.host });
    again.sender.start();
    await again.sender.stop();
    expect(again.inbox.messages()).toMatchObject([{ personName: 'duty-primary' }]);
  });

  test('folds a repeated page and keeps the last five hundred', () => {
    const inbox = createInbox();
    const message = (pageId: string, text = '') => ({
      pageId,
      text,
      channelId: 'inbox',
      personId: 'duty-primary',
      personName: 'Primary on duty',
      incidentId: 'INC-7',
      kind: 'opened' as const,
      tier: 2 as const,
      urgent: true,
      language: 'en',
      subject: '',
      short: '',
      link: '',
      queuedAt: 0,
      deliveredAt: 0,
    });
    inbox.put(message('a', 'first'));
    inbox.put(message('a', 'second'));
    expect(inbox.messages()).toMatchObject([{ pageId: 'a', text: 'second' }]);
    for (let index = 0; index < LONGEST_INBOX; index += 1) inbox.put(message(`page-${index}`));
    expect(inbox.messages()).toHaveLength(LONGEST_INBOX);
    expect(inbox.messages()[0]?.pageId).toBe(`page-${LONGEST_INBOX - 1}`);
    expect(inbox.messages().at(-1)?.pageId).toBe('page-0');
  });
});

describe('the metrics', () => {
  test('count every try by how it ended, from zero', async () => {
    receiver.script.push({ answer: 503 }, { answer: 200 }, { answer: 410 });
    rig.host.queue(queuedPage());
    await rig.host.delivered(1);
    rig.clock.advance(6 * SECOND);
    await rig.host.delivered(2);
    rig.host.queue(queuedPage({ id: 'refused' }));
    await rig.host.delivered(3);
    const text = await rig.registry.metrics();
    for (const line of [
      'threenines_pages_total{channel="hook",result="sent"} 1',
      'threenines_pages_total{channel="hook",result="failed"} 1',
      'threenines_pages_total{channel="hook",result="rejected"} 1',
      'threenines_pages_total{channel="inbox",result="sent"} 0',
      'threenines_page_delivery_duration_seconds_bucket{le="2",channel="hook"} 0',
      'threenines_page_delivery_duration_seconds_bucket{le="10",channel="hook"} 1',
      'threenines_page_delivery_duration_seconds_count{channel="hook"} 1',
    ])
      expect(text).toContain(line);
  });
});
