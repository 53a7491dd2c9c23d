import { describe, expect, test } from 'vitest';
import { formatInstant, MINUTE, SECOND } from '../../lib/time.ts';
import { Posted, pair, RESEND, sayAgain, TOPOLOGY } from './posted.ts';

describe('an alert that two Prometheus servers tell of, each by itself', () => {
  test('fires on while one of them says so, and ends promptly once both have said that it is over', () => {
    const network = new Posted();
    const [a, b] = pair(network);
    a.fires();
    network.run(15 * SECOND);
    b.fires();
    sayAgain(network, [a, b], 5 * MINUTE);
    a.resolves();
    sayAgain(network, [a, b], 20 * MINUTE);
    expect(network.incident).toMatchObject({ resolvedAt: null, episode: 1 });
    b.resolves();
    expect(network.incident.resolvedAt).toBe(network.now);
    sayAgain(network, [a, b], 20 * MINUTE);
    expect(network.pagesSent).toEqual(['first opened', 'first resolved']);
    expect(network.eventsOf('fault-raised')).toHaveLength(1);
    expect(network.replayedText()).toBe(network.liveText());
  });

  test('is over at the end that the silent one told, when the other has said that it is over', () => {
    const network = new Posted();
    const [a, b] = pair(network);
    a.fires();
    b.fires();
    const toldUntil = network.now + 4 * RESEND;
    network.run(MINUTE);
    a.resolves();
    sayAgain(network, [a], 2 * MINUTE);
    expect(network.incident.resolvedAt).toBeNull();
    sayAgain(network, [a], 2 * MINUTE);
    expect(network.incident.restoredAt).toBe(toldUntil);
  });

  test('fires when one has said "resolved" before the other said "firing"', () => {
    const network = new Posted();
    const [a, b] = pair(network);
    a.startsAt = network.now - 5 * MINUTE;
    b.startsAt = network.now - MINUTE;
    a.resolves();
    network.run(SECOND);
    b.say();
    sayAgain(network, [a, b], 20 * MINUTE);
    expect(network.incident).toMatchObject({ resolvedAt: null, episode: 1 });
  });

  test('opens again once, and not every minute, when both give the same address', () => {
    const network = new Posted();
    const [a, b] = pair(network, 'http://prometheus-a:9090');
    a.fires();
    b.fires();
    sayAgain(network, [a, b], 5 * MINUTE);
    a.resolves();
    sayAgain(network, [a, b], 20 * MINUTE);
    expect(network.incident).toMatchObject({ resolvedAt: null, episode: 2 });
    b.resolves();
    expect(network.incident.resolvedAt).toBe(network.now);
    expect(network.replayedText()).toBe(network.liveText());
  });

  test('that both send on without a name of theirs is what was said last', () => {
    const network = new Posted();
    network.post({});
    network.run(MINUTE);
    const endsAt = formatInstant(network.now);
    network.post({ endsAt });
    expect(network.incident.resolvedAt).toBe(network.now);
    network.run(SECOND);
    network.post({});
    expect(network.incident).toMatchObject({ resolvedAt: null, episode: 2 });
    network.run(SECOND);
    network.post({ endsAt });
    expect(network.incident.resolvedAt).toBeNull();
  });

  test('is ended promptly after a restart by the only server that told of it', () => {
    const network = new Posted();
    const [a] = pair(network);
    a.fires();
    network.run(MINUTE);
    network.restart(TOPOLOGY);
    network.run(MINUTE);
    a.resolves();
    expect(network.incident.resolvedAt).toBe(network.now);
  });
});

describe('an alert that fires after its end', () => {
  test('fires again, half a minute later too, though nobody tells of it again for hours', () => {
    const network = new Posted();
    const startsAt = network.now;
    network.webhook('firing', startsAt);
    network.run(30 * SECOND);
    network.webhook('resolved', startsAt, network.now);
    expect(network.incident.resolvedAt).toBe(network.now);
    network.run(30 * SECOND);
    network.webhook('firing', startsAt);
    expect(network.incident).toMatchObject({ resolvedAt: null, episode: 2 });
    network.run(3 * MINUTE);
    expect(network.incident.resolvedAt).toBeNull();
  });

  test('fires until the end that is told, whatever was said before', () => {
    const network = new Posted();
    const startsAt = formatInstant(network.now - 2 * MINUTE);
    network.post({ startsAt, endsAt: formatInstant(network.now + 4 * MINUTE) });
    network.run(3 * SECOND);
    network.post({ startsAt, endsAt: formatInstant(network.now) });
    network.run(3 * SECOND);
    const endsAt = network.now + 60 * MINUTE;
    network.post({ startsAt, endsAt: formatInstant(endsAt) });
    expect(network.incident).toMatchObject({ resolvedAt: null, episode: 2 });
    network.run(59 * MINUTE);
    expect(network.incident.resolvedAt).toBeNull();
    network.run(2 * MINUTE);
    expect(network.incident.restoredAt).toBe(endsAt);
  });

  test('is ended at once by its only sender, also after an edit of its rule', () => {
    const network = new Posted();
    const [a] = pair(network);
    a.fires();
    network.run(MINUTE);
    const generatorURL = `${a.address}/graph?g0.expr=disk_full+%3E+0&g0.tab=1`;
    network.post({ generatorURL, endsAt: formatInstant(network.now) });
    expect(network.incident.resolvedAt).toBe(network.now);
  });
});

describe('an alert that an Alertmanager tells of', () => {
  test('ends with any end that it tells while it fires, be that an old one of one of its servers', () => {
    const network = new Posted();
    const startsAt = network.now;
    network.webhook('firing', startsAt);
    network.run(2 * MINUTE);
    const first = network.now;
    network.webhook('resolved', startsAt, first);
    network.run(5 * MINUTE);
    network.webhook('firing', startsAt);
    network.run(5 * MINUTE);
    network.webhook('resolved', startsAt, first);
    expect(network.incident).toMatchObject({ resolvedAt: network.now, restoredAt: network.now });
    network.run(5 * MINUTE);
    network.webhook('firing', startsAt);
    network.run(5 * MINUTE);
    network.webhook('resolved', startsAt, first - MINUTE);
    expect(network.incident.resolvedAt).toBe(network.now);
    network.run(5 * MINUTE);
    network.webhook('firing', network.now);
    network.webhook('resolved', startsAt, first);
    expect(network.incident.resolvedAt).toBe(network.now);
    expect(network.replayedText()).toBe(network.liveText());
  });

  test('is one when both of a cluster tell of it, at once or late', () => {
    const network = new Posted();
    const startsAt = network.now;
    network.webhook('firing', startsAt);
    network.run(20 * SECOND);
    network.webhook('firing', startsAt);
    network.run(5 * MINUTE);
    const endsAt = network.now;
    network.webhook('resolved', startsAt, endsAt);
    network.run(MINUTE);
    network.webhook('resolved', startsAt, endsAt);
    network.run(15 * MINUTE);
    expect(network.pagesSent).toEqual(['first opened', 'first resolved']);
  });

  test('fires on while it says so, though a server that told of it too has fallen silent', () => {
    const network = new Posted();
    const [a] = pair(network);
    a.fires();
    network.webhook('firing', network.now);
    sayAgain(network, [a], 3 * MINUTE);
    network.run(30 * MINUTE);
    expect(network.incident).toMatchObject({ resolvedAt: null, episode: 1 });
    network.restart(TOPOLOGY);
    network.run(10 * MINUTE);
    expect(network.incident.resolvedAt).toBeNull();
    network.webhook('resolved', a.startsAt, network.now);
    expect(network.incident.resolvedAt).toBe(network.now);
    expect(network.pagesSent).toEqual(['first opened', 'first resolved']);
    expect(network.replayedText()).toBe(network.liveText());
  });

  test('has no longer than its own time, though the other sender has hours', () => {
    const network = new Posted();
    const [a] = pair(network);
    network.webhook('firing', network.now);
    a.fires();
    sayAgain(network, [a], 3 * MINUTE);
    network.webhook('resolved', a.startsAt, network.now);
    network.restart(TOPOLOGY);
    network.run(4 * MINUTE);
    expect(network.incident.resolvedAt).toBeNull();
    network.run(2 * MINUTE);
    expect(network.incident.resolvedAt).not.toBeNull();
  });
});
