import { expect, test } from 'vitest';
import { ON_RECORD_AFTER_MS } from '../../alerting/page-doubt.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { Network, rule, START, topology } from './network.ts';

const MOST = 2;

/** Switches of one site, each an incident of tier 4 of its own; `first` may get so few pages. */
function withFewPages() {
  const base = topology();
  return {
    ...base,
    gradingRules: [rule('any', 4, {})],
    delivery: { fallbackAfterMs: 30 * SECOND, mostPages: MOST, mostPagesWithinMs: 10 * MINUTE },
  };
}

const dies = (network: Network, id: string) => {
  network.silence(id);
  for (let poll = 0; poll < 4; poll++) {
    network.now += 10 * SECOND;
    network.pollAll();
  }
};

const kindsOf = (network: Network, deviceId: string) =>
  network
    .pages()
    .filter(({ facts }) => facts.rootDeviceId === deviceId)
    .map(({ kind, status }) => `${kind} ${status}`);

/** Restored, seen as well, and everything told that is to be told. */
function recovers(network: Network, deviceId: string): void {
  network.restore(deviceId);
  network.run(2 * MINUTE);
}

test('the end of an incident whose only page was held back is told to nobody after a crash', () => {
  const network = new Network(withFewPages());
  for (const id of ['acc-1', 'acc-2']) dies(network, id);
  network.delivers = false;
  dies(network, 'srv-1');
  expect(kindsOf(network, 'srv-1')).toEqual(['opened queued']);
  network.restart(withFewPages());
  recovers(network, 'srv-1');
  expect(kindsOf(network, 'srv-1')).toEqual(['opened cancelled']);
});

test('the end is told where the page may have gone out, because there was room for it', () => {
  const network = new Network(withFewPages());
  dies(network, 'acc-1');
  network.delivers = false;
  dies(network, 'srv-1');
  network.restart(withFewPages());
  recovers(network, 'srv-1');
  expect(kindsOf(network, 'srv-1')).toEqual(['opened cancelled', 'resolved queued']);
});

test('the end is told to a program, which has a limit of its own', () => {
  const base = { ...withFewPages(), channels: [{ id: 'mail', kind: 'webhook' as const }] };
  const network = new Network(base);
  for (const id of ['acc-1', 'acc-2']) dies(network, id);
  network.delivers = false;
  dies(network, 'srv-1');
  network.restart(base);
  recovers(network, 'srv-1');
  expect(kindsOf(network, 'srv-1')).toEqual(['opened cancelled', 'resolved queued']);
});

test('the end is told where what is pressing may have gone out beyond the limit', () => {
  const base = { ...withFewPages(), gradingRules: [rule('any', 2, {})] };
  const network = new Network(base);
  for (const id of ['acc-1', 'acc-2']) dies(network, id);
  network.delivers = false;
  network.run(8 * MINUTE);
  const waiting = network.pages().filter(({ status }) => status === 'queued');
  expect(waiting.length).toBeGreaterThan(0);
  network.restart(base);
  expect(network.pages().filter(({ id }) => waiting.some((each) => each.id === id))).toEqual(
    waiting.map(() => expect.objectContaining({ mayHaveGoneOut: true })),
  );
});

test('the end is told where there was room for the page once, before the crash', () => {
  const network = new Network(withFewPages());
  for (const id of ['acc-1', 'acc-2']) dies(network, id);
  network.delivers = false;
  dies(network, 'srv-1');
  network.run(10 * MINUTE);
  network.restart(withFewPages());
  recovers(network, 'srv-1');
  expect(kindsOf(network, 'srv-1')).toContain('resolved queued');
});

/** An incident that came and went while nothing could be delivered: its page is cancelled without a try. */
function endsUntold(): Network {
  const network = new Network(withFewPages());
  network.delivers = false;
  dies(network, 'srv-1');
  network.restore('srv-1');
  network.run(MINUTE);
  expect(kindsOf(network, 'srv-1')).toEqual(['opened cancelled']);
  return network;
}

test('a stop with no try under way leaves no doubt: the end is told to nobody', () => {
  const network = endsUntold();
  network.stop();
  network.restart(withFewPages());
  network.run(2 * MINUTE);
  expect(kindsOf(network, 'srv-1')).toEqual(['opened cancelled']);
  // Nor does the end of a later run, which never had that page to send.
  network.restart(withFewPages());
  network.run(MINUTE);
  expect(kindsOf(network, 'srv-1')).toEqual(['opened cancelled']);
});

test('a page that waits over a stop was not sent before it', () => {
  const network = new Network(withFewPages());
  network.delivers = false;
  dies(network, 'srv-1');
  network.stop();
  network.restart(withFewPages());
  recovers(network, 'srv-1');
  expect(kindsOf(network, 'srv-1')).toEqual(['opened cancelled']);
});

test('the end is told where the try was under way when the service stopped', () => {
  const network = endsUntold();
  network.stop([network.pages()[0]!.id]);
  network.restart(withFewPages());
  network.run(MINUTE);
  expect(kindsOf(network, 'srv-1')).toEqual(['opened cancelled', 'resolved queued']);
  expect(network.replayedText()).toBe(network.liveText());
});

test('the end is told where a try of the cancelled page may have been under way at a crash', () => {
  const network = endsUntold();
  network.restart(withFewPages());
  network.run(MINUTE);
  expect(kindsOf(network, 'srv-1')).toEqual(['opened cancelled', 'resolved queued']);
});

test('a page cancelled longer before a crash than a try may take has not gone out', () => {
  const network = endsUntold();
  network.run(ON_RECORD_AFTER_MS);
  network.restart(withFewPages());
  network.run(MINUTE);
  expect(kindsOf(network, 'srv-1')).toEqual(['opened cancelled']);
});

test('a page held through quiet hours has not gone out before they are over', () => {
  const from = new Date(START).getUTCHours() * 60;
  const quietHours = [
    { days: [1, 2, 3, 4, 5, 6, 7], from, to: from + 60, timeZone: 'UTC' },
  ] as const;
  const base = withFewPages();
  const people = base.people.map((person) => ({ ...person, quietHours }));
  const network = new Network({ ...base, people });
  network.delivers = false;
  dies(network, 'srv-1');
  expect(network.pages()[0]).toMatchObject({ kind: 'opened', status: 'queued' });
  expect(network.pages()[0]!.notBefore).not.toBeNull();
  network.restart({ ...base, people });
  recovers(network, 'srv-1');
  const kinds = kindsOf(network, 'srv-1');
  expect(kinds[0]).toBe('opened cancelled');
  expect(kinds.filter((each) => each.startsWith('resolved'))).toEqual([]);
});
