import { describe, expect, test } from 'vitest';
import type { Page } from '../../alerting/state.ts';
import { NO_TEXT } from '../../lib/local-text.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../lib/time.ts';
import { Network, topology } from './network.ts';

/** One try that comes to nothing, as the sender reports it. */
function failOnce(network: Network, page: Page): void {
  const failure = { result: 'failed', reason: NO_TEXT, permanent: false } as const;
  const nextAttemptAt = network.now + 10 * SECOND;
  const attempt = page.attempts + 1;
  const delivery = { pageId: page.id, attempt, ...failure, nextAttemptAt };
  network.tick([{ kind: 'delivery', delivery }]);
}

function wait(network: Network, ms: number): void {
  network.now += ms;
  network.tick([{ kind: 'lease' }]);
}

function failing(topo = topology()): Network {
  const network = new Network(topo);
  network.delivers = false;
  network.silence('acc-1');
  network.run(2 * MINUTE);
  return network;
}

const BREACH = 'breached,queued';
const firstPage = (network: Network) => network.pages()[0]!;

describe('the effort for a page', () => {
  test('is an hour from the start of a service that it has outlived', () => {
    const network = failing();
    network.run(HOUR);
    const { id } = network.pages().find(({ kind, status }) => [kind, status].join() === BREACH)!;
    const breach = () => network.state.pages.get(id)!;
    failOnce(network, breach());
    network.now += 5 * HOUR;
    network.restart();
    failOnce(network, breach());
    wait(network, 59 * MINUTE);
    expect(breach()).toMatchObject({ status: 'queued', attempts: 2 });
    wait(network, 2 * MINUTE);
    expect(breach().status).toBe('abandoned');
    expect(network.liveText()).toBe(network.replayedText());
  });

  test('begins only now where a clock that is set ahead leaps over the morning it was held for', () => {
    const hours = { days: [1, 2, 3, 4, 5, 6, 7], from: 0, to: 7 * 60, timeZone: 'UTC' };
    const topo = topology();
    const people = topo.people.map((person) => ({ ...person, quietHours: [hours] }));
    const network = failing({ ...topo, people });
    expect(firstPage(network).notBefore).not.toBeNull();
    network.setClockBack(-DAY);
    network.tick([{ kind: 'lease' }]);
    failOnce(network, firstPage(network));
    wait(network, 50 * MINUTE);
    expect(firstPage(network)).toMatchObject({ status: 'queued', attempts: 1 });
    expect(network.now - firstPage(network).waitingSince).toBeLessThan(HOUR);
    expect(network.liveText()).toBe(network.replayedText());
  });
});
