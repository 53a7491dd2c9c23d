import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { DomainEvent } from '../../alerting/events.ts';
import { MOST_STREAM_CLIENTS, STREAM_PING_MS } from '../../api/limits.ts';
import { openApi } from './open-api.ts';
import { openStream } from './stream-client.ts';

async function listen(overrides: Parameters<typeof openApi>[0] = {}) {
  const opened = await openApi(overrides);
  await opened.app.listen({ host: '127.0.0.1', port: 0 });
  return { ...opened, port: (opened.app.server.address() as AddressInfo).port };
}

const lease = (at: number): DomainEvent => ({ type: 'lease-renewed', at });

describe('GET /api/v1/events', () => {
  it('sends headers, a retry hint and the time at once', async () => {
    const { port } = await listen();
    await using client = openStream(port);
    const time = await client.next('time');
    expect(JSON.parse(time.data)).toEqual({
      now: '2026-03-01T11:20:00.000Z',
      dataAt: '2026-03-01T11:19:56.000Z',
    });
    expect(client.received()).toMatch(/^HTTP\/1.1 200 OK/);
    expect(client.received()).toContain('content-type: text/event-stream');
    expect(client.received().toLowerCase()).toContain('content-security-policy:');
    expect(client.received()).toContain('retry: 2000\n');
  });

  it('sends what becomes durable, with its journal sequence and a sentence', async () => {
    const { port, service, clock } = await listen();
    await using client = openStream(port);
    await client.next('time');
    const [entry] = await service.record({
      ...{ type: 'health-changed', at: clock.now(), deviceId: 'core-1', from: 'up', to: 'down' },
      ...{ since: clock.now(), reason: 'confirmed-failure' },
    });
    const event = await client.next('entry');
    expect(event.id).toBe(String(entry!.sequence));
    expect(JSON.parse(event.data)).toMatchObject({
      sequence: entry!.sequence,
      type: 'health-changed',
      subject: 'core-1',
      text: {
        en: 'core-1 went from up to down: failure confirmed',
        'zh-CN': 'core-1 由正常变为中断：故障已确认',
      },
    });
  });

  it('keeps text from outside inside its data line', async () => {
    const { port, service, clock } = await listen();
    await using client = openStream(port);
    await client.next('time');
    const text = 'a\n\nevent: entry\ndata: {"type":"forged"}\n\n';
    await service.record({
      ...{ type: 'incident-noted', at: clock.now(), incidentId: 'inc-000006', by: 'x', text },
    });
    expect(JSON.parse((await client.next('entry')).data).type).toBe('incident-noted');
    await service.record(lease(clock.now()));
    expect(JSON.parse((await client.next('entry')).data).type).toBe('lease-renewed');
  });

  it.each(['header', 'query'])(
    'resumes after the last entry that the client had (%s)',
    async (how) => {
      const { port, service, clock } = await listen();
      const had = service.deps.journal.lastSequence();
      await service.record(lease(clock.now()), lease(clock.now() + 1), lease(clock.now() + 2));
      await using client = openStream(
        port,
        how === 'header' ? { lastEventId: had } : { path: `/api/v1/events?after=${had}` },
      );
      for (const step of [1, 2, 3])
        expect((await client.next('entry')).id).toBe(String(had + step));
      await service.record(lease(clock.now() + 3));
      expect((await client.next('entry')).id).toBe(String(had + 4));
    },
  );

  it('gives each entry once when a resume and a publication meet', async () => {
    const { port, service, clock } = await listen();
    const had = service.deps.journal.lastSequence();
    const [entry] = await service.record(lease(clock.now()));
    await using client = openStream(port, { lastEventId: had });
    expect((await client.next('entry')).id).toBe(String(entry!.sequence));
    service.republish([entry!]);
    await service.record(lease(clock.now() + 1));
    expect((await client.next('entry')).id).toBe(String(entry!.sequence + 1));
  });

  it.each([
    ['too much was missed', 0],
    ['it comes from another journal', 999_999_999],
  ])('tells the client to load everything again when %s', async (_, lastEventId) => {
    const { port, service, clock } = await listen();
    const many = Array.from({ length: 1001 }, (__, index) => lease(clock.now() + index));
    await service.record(...many);
    await using client = openStream(port, { lastEventId });
    expect((await client.next('reset')).id).toBe(String(service.deps.journal.lastSequence()));
    expect(client.received()).not.toContain('event: entry');
  });

  it('pings with a comment and the time', async () => {
    const { port, clock } = await listen();
    await using client = openStream(port);
    await client.next('time');
    clock.advance(STREAM_PING_MS);
    const time = await client.next('time');
    expect(JSON.parse(time.data).now).toBe('2026-03-01T11:20:15.000Z');
    expect(client.received()).toContain(': ping\n');
  });

  it('drops a client that does not read, and no other', async () => {
    const { port, service, clock, app } = await listen();
    await using good = openStream(port);
    await using _stuck = openStream(port, { paused: true });
    await good.next('time');
    const metric = async (name: string) =>
      Number(
        new RegExp(`^${name} (\\d+)$`, 'm').exec((await app.inject({ url: '/metrics' })).body)![1],
      );
    while ((await metric('threenines_sse_clients')) < 2) await new Promise(setImmediate);
    const note = { type: 'incident-noted', incidentId: 'inc-000006', by: 'x' } as const;
    const text = 'x'.repeat(100_000);
    let last = '';
    while ((await metric('threenines_sse_clients_dropped_total')) === 0) {
      const [entry] = await service.record({ ...note, at: clock.now(), text });
      last = (await good.next('entry')).id!;
      expect(last).toBe(String(entry!.sequence));
    }
    expect(await metric('threenines_sse_clients')).toBe(1);
    expect(await metric('threenines_sse_clients_dropped_total')).toBe(1);
  });

  it('takes a bounded number of clients and room is made when one leaves', async () => {
    const { port, app } = await listen();
    await using clients = new AsyncDisposableStack();
    const opened = [];
    for (let count = 0; count < MOST_STREAM_CLIENTS; count++) {
      const client = clients.use(openStream(port));
      await client.next('time');
      opened.push(client);
    }
    const refused = await app.inject({ url: '/api/v1/events' });
    expect(refused.statusCode).toBe(503);
    expect(refused.headers['content-type']).toContain('application/problem+json');
    await opened[0]![Symbol.asyncDispose]();
    while (
      !(await app.inject({ url: '/metrics' })).body.includes(
        `sse_clients ${MOST_STREAM_CLIENTS - 1}`,
      )
    )
      await new Promise(setImmediate);
    await clients.use(openStream(port)).next('time');
  });

  it('ends the streams when the service stops', async () => {
    const { port, app } = await listen();
    await using client = openStream(port);
    await client.next('time');
    await Promise.all([app.close(), client.closed]);
  });

  it('counts nothing for a HEAD request', async () => {
    const { app } = await listen();
    const answer = await app.inject({ method: 'HEAD', url: '/api/v1/events' });
    expect(answer.statusCode).toBe(405);
  });
});
