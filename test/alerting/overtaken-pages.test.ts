import { describe, expect, test } from 'vitest';
import { replay } from '../../alerting/apply.ts';
import type { DomainEvent } from '../../alerting/events.ts';
import { say } from '../../lib/local-text.ts';
import { HOUR, MINUTE, SECOND } from '../../lib/time.ts';
import { Network, topology } from './network.ts';

const repeating = topology();
const REPEATING = topology({
  tiers: { ...repeating.tiers, 2: { ...repeating.tiers[2], repeatEveryMs: 5 * MINUTE } },
});

/** A core switch that fell silent, tier 2; from then on nothing is delivered. */
function networkInOutage(topo = repeating): Network {
  const network = new Network(topo);
  network.delivers = false;
  network.silence('core-1');
  network.run(30 * SECOND);
  return network;
}

const pagesTo = (network: Network, personId: string) =>
  network.pages().filter((page) => page.personId === personId);

const statesOf = (network: Network, personId: string) =>
  pagesTo(network, personId).map((page) => `${page.kind} ${page.status}`);

const waitingTo = (network: Network, personId: string) =>
  pagesTo(network, personId).filter((page) => page.status === 'queued');

/** The next try of the page fails. */
function fail(network: Network, pageId: string): void {
  const attempt = network.state.pages.get(pageId)!.attempts + 1;
  const reason = say('no answer', '无应答');
  const failed = { result: 'failed', reason, permanent: false } as const;
  const delivery = { pageId, attempt, ...failed, nextAttemptAt: network.now + SECOND };
  network.tick([{ kind: 'delivery', delivery }]);
}

describe('while nothing can be delivered', () => {
  test('one page waits for each person: the newest, which knows since when and for how many', () => {
    const network = networkInOutage(REPEATING);
    const openedAt = network.now;
    network.run(11 * MINUTE);
    expect(statesOf(network, 'first')).toEqual([
      'opened cancelled',
      'repeat cancelled',
      'reminder cancelled',
      'repeat queued',
    ]);
    const [page] = waitingTo(network, 'first');
    expect(page).toMatchObject({
      waitingSince: openedAt,
      queuedAt: openedAt + 10 * MINUTE,
      replacedCount: 3,
    });
    const replaced = network.eventsOf('page-cancelled').map((event) => event.reason);
    expect(new Set(replaced)).toEqual(new Set(['replaced']));
    expect(waitingTo(network, 'second')).toHaveLength(1);
  });

  test('when it works again each gets that one page, and all of them the end', () => {
    const network = networkInOutage(REPEATING);
    network.run(11 * MINUTE);
    network.delivers = true;
    network.pollAll();
    expect(waitingTo(network, 'first')).toEqual([]);
    network.restore('core-1');
    network.run(20 * SECOND);
    for (const person of ['first', 'second', 'lead']) {
      const sent = pagesTo(network, person).filter((page) => page.status === 'sent');
      expect(sent).toHaveLength(2);
      expect(sent.at(-1)?.kind).toBe('resolved');
    }
  });

  test('that is told since the first try that has failed since something came through', () => {
    const network = networkInOutage();
    const [opened] = pagesTo(network, 'first');
    network.run(MINUTE);
    fail(network, opened!.id);
    const failedAt = network.now;
    network.run(12 * MINUTE);
    const [page] = waitingTo(network, 'first');
    expect(page).toMatchObject({ replacedCount: 2, failingSince: failedAt });
    network.deliver(opened!);
    expect(page).toMatchObject({ replacedCount: 1 });
    expect(page).not.toHaveProperty('failingSince');
    network.run(10 * SECOND);
    fail(network, page!.id);
    expect(page).toMatchObject({ failingSince: network.now });
    network.setClockBack(HOUR);
    network.run(10 * SECOND);
    const at = network.now - 10 * SECOND;
    expect(network.state.pages.get(page!.id)).toMatchObject({
      failingSince: at,
      firstFailedAt: at,
    });
    expect(network.liveText()).toBe(network.replayedText());
  });

  test('a replaced page that arrives after all counts as sent, and is no longer waited for', () => {
    const network = networkInOutage();
    const [opened] = pagesTo(network, 'first');
    network.run(13 * MINUTE);
    const [page] = waitingTo(network, 'first');
    expect(page).toMatchObject({ kind: 'reminder', replacedCount: 2 });
    network.deliver(opened!);
    const [, between] = pagesTo(network, 'first');
    expect(opened?.status).toBe('sent');
    expect(page).toMatchObject({ replacedCount: 1, waitingSince: between?.queuedAt });
    network.restore('core-1');
    network.run(MINUTE);
    expect(statesOf(network, 'first').at(-1)).toBe('resolved queued');
  });

  test('an end not yet told gives way when it opens again, and is told when it is true', () => {
    const network = networkInOutage();
    network.deliverAll();
    network.restore('core-1');
    network.run(MINUTE);
    expect(statesOf(network, 'first')).toEqual(['opened sent', 'resolved queued']);
    network.silence('core-1');
    network.run(40 * SECOND);
    expect(statesOf(network, 'first')).toEqual([
      'opened sent',
      'resolved cancelled',
      'reopened queued',
    ]);
    // Nobody hears of the second outbreak: it is over before a try was made.
    network.restore('core-1');
    network.run(MINUTE);
    expect(statesOf(network, 'first').slice(-2)).toEqual(['reopened cancelled', 'resolved queued']);
    network.deliverAll();
    expect(statesOf(network, 'first').at(-1)).toBe('resolved sent');
  });

  test('pages of other incidents, and to other people, keep waiting for themselves', () => {
    const network = networkInOutage();
    network.silence('agg-2');
    network.run(6 * MINUTE);
    const waiting = network.pages().filter((page) => page.status === 'queued');
    const threads = waiting.map((page) => `${page.incidentId} ${page.personId}`);
    expect(new Set(threads).size).toBe(threads.length);
    expect(new Set(waiting.map((page) => page.incidentId)).size).toBeGreaterThan(1);
  });

  test('the pile that an older version left behind becomes one page at the first look', () => {
    const network = networkInOutage();
    network.run(13 * MINUTE);
    const old = network.events.filter((event) => event.type !== 'page-cancelled');
    network.events.splice(0, Number.POSITIVE_INFINITY, ...old);
    network.restart();
    expect(waitingTo(network, 'first')).toHaveLength(1);
    expect(waitingTo(network, 'first')[0]?.replacedCount).toBe(2);
  });
});

describe('the idempotency key', () => {
  test('of one run differs from that of any other', () => {
    const network = networkInOutage();
    expect(network.pages()[0]?.id).toBe('run-1/inc-000001/e1/step:2:0/first/mail/opened');
    network.restart();
    network.run(5 * MINUTE);
    const second = waitingTo(network, 'second');
    expect(second.map((page) => page.id)).toEqual([
      'run-2/inc-000001/e1/step:2:1/second/mail/escalated',
    ]);
  });

  test('of a page queued by an older version stays as it was, and nobody is paged twice', () => {
    const network = networkInOutage();
    const old = network.events.map(withoutRun);
    network.events.splice(0, Number.POSITIVE_INFINITY, ...old);
    expect(replay(old).runId).toBeNull();
    network.restart();
    network.run(HOUR);
    network.restore('core-1');
    network.delivers = true;
    network.run(MINUTE);
    const opened = network.pages().filter((page) => page.kind === 'opened');
    expect(opened.map((page) => page.id)).toEqual(['inc-000001/e1/step:2:0/first/mail/opened']);
    const ends = network.pages().filter((page) => page.kind === 'resolved');
    expect(ends.length).toBe(new Set(ends.map((page) => page.personId)).size);
    expect(network.liveText()).toBe(network.replayedText());
  });
});

/** The event as a version wrote it that knew of no runs. */
function withoutRun(event: DomainEvent): DomainEvent {
  const text = JSON.stringify(event)
    .replace(/,"runId":"run-1"/, '')
    .replaceAll('"run-1/', '"');
  return JSON.parse(text) as DomainEvent;
}

describe('the end of an incident', () => {
  function failOnce(network: Network): void {
    for (const page of network.pages().filter(({ status }) => status === 'queued')) {
      const nextAttemptAt = network.now + MINUTE;
      const reason = say('HTTP status 500', 'HTTP 状态 500');
      const rest = { result: 'failed', permanent: false, reason, nextAttemptAt } as const;
      const delivery = { pageId: page.id, attempt: page.attempts + 1, ...rest };
      network.tick([{ kind: 'delivery', delivery }]);
    }
  }

  function networkWithAnEndToTell(): Network {
    const network = new Network();
    network.silence('core-1');
    network.run(30 * SECOND);
    network.delivers = false;
    network.restore('core-1');
    network.run(20 * SECOND);
    expect(statesOf(network, 'first').at(-1)).toBe('resolved queued');
    failOnce(network);
    return network;
  }

  test('is still told when the clock leaps ahead by more than it is told for', () => {
    const network = networkWithAnEndToTell();
    network.setClockBack(-30 * HOUR);
    network.run(MINUTE);
    expect(statesOf(network, 'first').at(-1)).toBe('resolved queued');
    network.delivers = true;
    network.run(10 * SECOND);
    expect(statesOf(network, 'first').at(-1)).toBe('resolved sent');
  });

  test('is still told after the service was down for more than that', () => {
    const network = networkWithAnEndToTell();
    network.now += 30 * HOUR;
    network.restart();
    network.run(MINUTE);
    expect(statesOf(network, 'first').at(-1)).toBe('resolved queued');
  });

  test('is given up once its time is over and it was tried in earnest', () => {
    const network = networkWithAnEndToTell();
    network.run(25 * HOUR);
    expect(statesOf(network, 'first').at(-1)).toBe('resolved queued');
    for (let tries = 1; tries < 30; tries++) failOnce(network);
    network.tick([]);
    expect(statesOf(network, 'first').at(-1)).toBe('resolved abandoned');
  });
});
