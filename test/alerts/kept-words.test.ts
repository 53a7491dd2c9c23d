import { describe, expect, test } from 'vitest';
import { formatInstant, MINUTE, SECOND } from '../../lib/time.ts';
import { Posted, pair, Server, sayAgain, TOPOLOGY } from './posted.ts';

describe('after a restart', () => {
  test('the end that one server repeats is old, and the other one still fires', () => {
    const network = new Posted();
    const [a, b] = pair(network);
    a.fires();
    b.fires();
    sayAgain(network, [a, b], 2 * MINUTE);
    a.resolves();
    sayAgain(network, [a, b], 2 * MINUTE);
    network.restart(TOPOLOGY);
    network.run(5 * SECOND);
    a.say();
    expect(network.incident.resolvedAt).toBeNull();
    sayAgain(network, [a, b], 5 * MINUTE);
    b.resolves();
    expect(network.incident.resolvedAt).toBe(network.now);
    expect(network.pagesSent).toEqual(['first opened', 'first resolved']);
    expect(network.replayedText()).toBe(network.liveText());
  });

  test('a first end is held too while the other one was last heard to fire', () => {
    const network = new Posted();
    const [a, b] = pair(network);
    a.fires();
    b.fires();
    network.restart(TOPOLOGY);
    network.run(5 * SECOND);
    a.resolves();
    expect(network.incident.resolvedAt).toBeNull();
    sayAgain(network, [a, b], 20 * MINUTE);
    expect(network.incident).toMatchObject({ resolvedAt: null, episode: 1 });
  });

  test('an end that opened again under one address is old as well', () => {
    const network = new Posted();
    const [a, b] = pair(network, 'http://prometheus-a:9090');
    a.fires();
    b.fires();
    sayAgain(network, [a, b], 2 * MINUTE);
    a.resolves();
    sayAgain(network, [a, b], 2 * MINUTE);
    network.restart(TOPOLOGY);
    sayAgain(network, [a, b], 5 * MINUTE);
    expect(network.incident).toMatchObject({ resolvedAt: null, episode: 2 });
  });

  test('a far end holds that was told later than the first word', () => {
    const network = new Posted();
    network.post({ endsAt: formatInstant(network.now + 4 * MINUTE) });
    network.run(2 * MINUTE);
    const endsAt = network.now + 3 * 60 * MINUTE;
    network.post({ endsAt: formatInstant(endsAt) });
    network.run(MINUTE);
    network.restart(TOPOLOGY);
    network.run(2 * 60 * MINUTE);
    expect(network.incident.resolvedAt).toBeNull();
    network.run(60 * MINUTE);
    expect(network.incident.restoredAt).toBe(endsAt);
    expect(network.replayedText()).toBe(network.liveText());
  });

  test('old journals, which know no senders, are read as before', () => {
    const network = new Posted();
    const [a] = pair(network);
    a.fires();
    const raised = network.events.findIndex(({ type }) => type === 'fault-raised');
    const event = network.events[raised]!;
    if (event.type !== 'fault-raised') throw new Error('no fault was raised');
    const { senders: _senders, ...alert } = event.alert!;
    network.events[raised] = { ...event, alert };
    network.restart(TOPOLOGY);
    sayAgain(network, [a], 5 * MINUTE);
    a.resolves();
    expect(network.incident.resolvedAt).toBe(network.now);
    expect(network.replayedText()).toBe(network.liveText());
  });
});

describe('what enters the journal', () => {
  test('grows with the senders and with what they change, not with what they repeat', () => {
    const network = new Posted();
    const [a, b] = pair(network);
    a.fires();
    b.fires();
    sayAgain(network, [a, b], 60 * MINUTE);
    expect(network.eventsOf('fault-updated')).toHaveLength(1);
    a.resolves();
    sayAgain(network, [a, b], 20 * MINUTE);
    expect(network.eventsOf('fault-updated')).toHaveLength(2);
  });

  test('an end days ahead that is moved on every minute is written a few times a day', () => {
    const network = new Posted();
    for (let minute = 0; minute < 60; minute += 1) {
      network.post({ endsAt: formatInstant(network.now + 48 * 60 * MINUTE) });
      network.run(MINUTE);
    }
    expect(network.eventsOf('fault-updated')).toEqual([]);
  });

  test('more servers than are kept leave it at that', () => {
    const network = new Posted();
    const servers = Array.from({ length: 12 }, (_, n) => new Server(network, `http://p${n}:9090`));
    for (const server of servers) server.fires();
    sayAgain(network, servers, 10 * MINUTE);
    expect(network.eventsOf('fault-updated')).toHaveLength(7);
    expect(network.incident).toMatchObject({ resolvedAt: null, episode: 1 });
  });
});

describe('a server whose clock is three minutes behind', () => {
  test('is waited for until it has had time to say it again', () => {
    const network = new Posted();
    const generatorURL = 'http://prometheus-a:9090/graph?g0.expr=up';
    const say = () => network.post({ endsAt: formatInstant(network.now + MINUTE), generatorURL });
    for (let time = 0; time < 10; time += 1) {
      say();
      network.run(68 * SECOND);
    }
    expect(network.incident).toMatchObject({ resolvedAt: null, episode: 1 });
    say();
    const told = network.now + MINUTE;
    network.run(3 * MINUTE);
    expect(network.incident.restoredAt).toBe(told);
  });

  test('ends at once what it tells the end of', () => {
    const network = new Posted();
    const generatorURL = 'http://prometheus-a:9090/graph?g0.expr=up';
    network.post({ endsAt: formatInstant(network.now + MINUTE), generatorURL });
    network.run(30 * SECOND);
    network.post({ endsAt: formatInstant(network.now), generatorURL });
    expect(network.incident.resolvedAt).toBe(network.now);
  });
});
