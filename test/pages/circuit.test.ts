import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PAGE_MESSAGES } from '../../alerting/page-messages.ts';
import { DEFAULT_DELIVERY } from '../../config/delivery.ts';
import type { Config } from '../../config/model.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { configWith, facts, queuedPage, secret } from './page-fixtures.ts';
import { type ProviderAnswer, ProviderServer } from './provider-server.ts';
import { createRig, type Rig, settle } from './sender-rig.ts';

let server: ProviderServer;
let answer: ProviderAnswer;
let config: Config;
let rig: Rig;

beforeEach(async () => {
  answer = { status: 200, body: '{"id":"m"}' };
  server = await ProviderServer.start(() => answer);
  config = configWith([
    {
      ...{ id: 'hook', kind: 'ntfy', url: server.url(), topic: secret('t'), token: null },
      timeoutMs: 10 * SECOND,
    },
  ]);
  rig = createRig(() => config);
  rig.sender.start();
});

afterEach(async () => {
  await rig.sender.stop();
  await server[Symbol.asyncDispose]();
});

/** Lets so much time pass that everything that is due by then has been tried. */
async function pass(durationMs: number): Promise<void> {
  const until = rig.clock.now() + durationMs;
  while (rig.clock.now() < until) {
    rig.clock.advance(SECOND);
    for (let turn = 0; turn < 5; turn++) await settle();
    await rig.host.delivered(server.requests.length);
  }
}

function page(step: number, changes: object = {}) {
  return queuedPage({ step: `step:${step}`, incidentId: `INC-${step}`, ...changes });
}

async function circuit(): Promise<string | undefined> {
  const lines = (await rig.registry.metrics()).split('\n');
  return lines.find((line) => line.startsWith('threenines_channel_circuit_open{'))?.split(' ')[1];
}

describe('a channel that fails again and again', () => {
  test('is tried by one page at a time until one goes out, then by all', async () => {
    answer = { status: 500 };
    for (let step = 0; step < 5; step++) rig.host.queue(page(step));
    await pass(2 * SECOND);
    expect(server.requests.length).toBeGreaterThanOrEqual(5);
    expect(await circuit()).toBe('1');
    const before = server.requests.length;
    for (let step = 5; step < 25; step++) rig.host.queue(page(step));
    await pass(30 * SECOND);
    const probes = server.requests.length - before;
    expect(probes).toBeGreaterThan(0);
    expect(probes).toBeLessThanOrEqual(4);
    answer = { status: 200, body: '{"id":"m"}' };
    await pass(3 * MINUTE);
    expect([...rig.host.state.pages.values()].every(({ status }) => status === 'sent')).toBe(true);
    expect(await circuit()).toBe('0');
  });

  test('that asks to be left alone is, for every page', async () => {
    answer = { status: 429, headers: { 'retry-after': '60' } };
    rig.host.queue(page(0));
    await pass(2 * SECOND);
    rig.host.queue(page(1));
    await pass(50 * SECOND);
    expect(server.requests).toHaveLength(1);
    answer = { status: 200, body: '{"id":"m"}' };
    await pass(15 * SECOND);
    expect(rig.host.page(page(1).id).status).toBe('sent');
  });
});

describe('a person who gets many pages', () => {
  const lesser = facts({ tier: 4 });
  const message = (index: number) =>
    JSON.parse(server.requests[index]!.body) as Record<string, string>;

  test('gets a storm as one summary, and what is of tier 1 or 2 at once by itself', async () => {
    config = { ...config, delivery: { ...DEFAULT_DELIVERY, mostPages: 30 } };
    const due = { facts: lesser, nextAttemptAt: rig.clock.now() };
    const pages = Array.from({ length: 300 }, (_, step) => page(step, due));
    rig.host.queue(...pages);
    await pass(4 * SECOND);
    expect(server.requests).toHaveLength(1);
    expect(message(0).title).toBe('[4 general 一般] 300 incidents in one message, as you get many');
    expect(message(0).message).toContain('INC-0 4 general 一般: New: ');
    expect(message(0).message).toContain('And: 288 incidents more');
    expect(pages.every(({ id }) => rig.host.page(id).status === 'sent')).toBe(true);
    expect(new Set(pages.map(({ id }) => rig.host.page(id).inSummary))).toEqual(
      new Set([pages[0]!.id]),
    );
    rig.host.queue(page(1000));
    await pass(2 * SECOND);
    expect(message(1).title).toBe('[2 major 重大] New incident');
  });

  test('gets pages one by one as long as there is room, then a summary of what has gathered', async () => {
    config = { ...config, delivery: { ...DEFAULT_DELIVERY, mostPages: 3 } };
    for (let step = 0; step < 6; step++) {
      rig.host.queue(page(step, { facts: lesser, nextAttemptAt: rig.clock.now() }));
      await pass(SECOND);
    }
    expect(server.requests).toHaveLength(2);
    await pass(30 * SECOND);
    expect(server.requests).toHaveLength(3);
    expect(message(2).title).toContain('4 incidents in one message');
    const again = page(7, { kind: 'repeat', facts: lesser });
    rig.host.queue(again);
    await pass(MINUTE);
    expect(rig.host.page(again.id).status).toBe('queued');
    await pass(DEFAULT_DELIVERY.mostPagesWithinMs);
    expect(rig.host.page(again.id).status).toBe('sent');
  });

  test('reads in the subject that everything in a summary is over', async () => {
    config = { ...config, delivery: { ...DEFAULT_DELIVERY, mostPages: 2 } };
    const over = (step: number) =>
      page(step, { kind: 'resolved', facts: lesser, nextAttemptAt: rig.clock.now() });
    rig.host.queue(...Array.from({ length: 5 }, (_, step) => over(step)));
    await pass(30 * SECOND);
    expect(message(0).title).toBe(
      '[4 general 一般] All resolved: 5 incidents in one message, as you get many',
    );
    expect(PAGE_MESSAGES['zh-CN'].headlineSummaryResolved(5)).toBe(
      '通知较多，5 个事件合并为一条，均已恢复',
    );
  });

  test('does not read that everything is over where one incident is not', async () => {
    config = { ...config, delivery: { ...DEFAULT_DELIVERY, mostPages: 2 } };
    const due = { facts: lesser, nextAttemptAt: rig.clock.now() };
    rig.host.queue(
      ...Array.from({ length: 4 }, (_, step) => page(step, { ...due, kind: 'resolved' })),
    );
    rig.host.queue(page(4, due));
    await pass(30 * SECOND);
    expect(message(0).title).toBe('[4 general 一般] 5 incidents in one message, as you get many');
  });

  describe('beside a program that gets each of them', () => {
    beforeEach(() => {
      const [ntfy] = config.channels;
      const hook = {
        ...({ id: 'program', kind: 'webhook' } as const),
        ...{ url: secret(server.url()), timeoutMs: 10 * SECOND },
        signingKey: secret('a-signing-key-of-some-length'),
      };
      const [person] = config.people;
      const contacts = [...person!.contacts, { channelId: 'program', address: null }];
      config = {
        ...config,
        channels: [ntfy!, hook],
        people: [{ ...person!, contacts }, ...config.people.slice(1)],
      };
    });

    const statusOf = (ids: readonly string[]) => new Set(ids.map((id) => rig.host.page(id).status));

    test('has the messages to the program not counted, and the storm reaches the program', async () => {
      const due = { facts: lesser, nextAttemptAt: rig.clock.now() };
      const storm = Array.from({ length: 200 }, (_, step) =>
        page(step, { ...due, channelId: 'program' }),
      );
      rig.host.queue(...storm);
      await pass(MINUTE);
      expect(statusOf(storm.map(({ id }) => id))).toEqual(new Set(['sent']));
      const own = page(900, { ...due, nextAttemptAt: rig.clock.now() });
      rig.host.queue(own);
      await pass(2 * SECOND);
      expect(rig.host.page(own.id).status).toBe('sent');
    });

    test('in a storm gets what a clock of tier 2 asks for, a minute late at most', async () => {
      config = { ...config, delivery: { ...DEFAULT_DELIVERY, mostPages: 5 } };
      for (let second = 0; second < 120; second += 1) {
        const due = { facts: lesser, nextAttemptAt: rig.clock.now() };
        rig.host.queue(page(second, due), page(second + 500, { ...due, channelId: 'program' }));
        await pass(SECOND);
      }
      for (const kind of ['reminder', 'repeat', 'breached'] as const) {
        const due = { kind, nextAttemptAt: rig.clock.now() };
        const step = `step:${kind}`;
        const pages = [
          queuedPage({ step, incidentId: 'INC-grave', ...due }),
          queuedPage({ step, incidentId: 'INC-grave', ...due, channelId: 'program' }),
        ];
        rig.host.queue(...pages);
        await pass(MINUTE + 10 * SECOND);
        expect(statusOf(pages.map(({ id }) => id)), kind).toEqual(new Set(['sent']));
      }
    });

    test('hears of an end before more beginnings of the lowest tier', async () => {
      const hook = config.channels[1]!;
      const due = { facts: lesser, nextAttemptAt: rig.clock.now(), channelId: hook.id };
      const opened = Array.from({ length: 40 }, (_, step) => page(step, due));
      const end = page(99, { ...due, kind: 'resolved', urgent: false });
      rig.host.queue(...opened, end);
      await rig.host.delivered(8);
      expect(rig.host.page(end.id).status).toBe('sent');
    });
  });

  test('tries a summary again as a whole', async () => {
    answer = { status: 500 };
    config = { ...config, delivery: { ...DEFAULT_DELIVERY, mostPages: 5 } };
    rig.host.queue(...Array.from({ length: 20 }, (_, step) => page(step, { facts: lesser })));
    await pass(4 * SECOND);
    expect(server.requests).toHaveLength(1);
    answer = { status: 200, body: '{"id":"m"}' };
    await pass(15 * SECOND);
    expect(server.requests).toHaveLength(2);
    expect(message(1).title).toContain('20 incidents in one message');
  });
});
