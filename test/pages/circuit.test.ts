import { afterEach, beforeEach, describe, expect, test } from 'vitest';
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
  test('gets the first ones, the rest later, and what is of tier 1 or 2 at once', async () => {
    config = { ...config, delivery: { ...DEFAULT_DELIVERY, mostPages: 3 } };
    const lesser = facts({ tier: 4 });
    for (let step = 0; step < 6; step++) rig.host.queue(page(step, { facts: lesser }));
    await pass(10 * SECOND);
    expect(server.requests).toHaveLength(3);
    rig.host.queue(page(6));
    await pass(2 * SECOND);
    expect(rig.host.page(page(6).id).status).toBe('sent');
    const again = page(7, { kind: 'repeat' });
    rig.host.queue(again);
    await pass(2 * SECOND);
    expect(rig.host.page(again.id).status).toBe('queued');
    await pass(DEFAULT_DELIVERY.mostPagesWithinMs);
    const left = [...rig.host.state.pages.values()].filter(({ status }) => status === 'queued');
    expect(left.length).toBeLessThanOrEqual(2);
  });
});
