import { describe, expect, test } from 'vitest';
import { say } from '../../lib/local-text.ts';
import { MINUTE } from '../../lib/time.ts';
import { Network } from './network.ts';

/** Every page that waits is tried once, and fails. */
function failAll(network: Network, notTaken: boolean): void {
  for (const page of network.pages()) {
    if (page.status !== 'queued') continue;
    const failed = { result: 'failed', permanent: false, nextAttemptAt: network.now } as const;
    const reason = say('connection refused', '连接被拒绝');
    const about = { pageId: page.id, attempt: page.attempts + 1, reason };
    const delivery = { ...about, ...failed, ...(notTaken ? ({ notTaken: true } as const) : {}) };
    network.tick([{ kind: 'delivery', delivery }]);
  }
}

/** An incident opens and is over while every try fails; then its channel works again. */
function outageWithoutMail(notTaken: boolean): Network {
  const network = new Network();
  network.delivers = false;
  network.silence('core-1');
  network.run(MINUTE);
  failAll(network, notTaken);
  network.restore('core-1');
  network.run(2 * MINUTE);
  expect(network.incidents()[0]!.resolvedAt).not.toBeNull();
  network.delivers = true;
  network.run(10 * MINUTE);
  return network;
}

describe('the end is told to whoever was told of the start', () => {
  test('not where every try is known to have reached nobody', () => {
    const network = outageWithoutMail(true);
    expect(network.pageList()).toContain('first opened');
    expect(network.pageList()).not.toContain('first resolved');
    expect(network.replayedText()).toBe(network.liveText());
  });

  test('but where the end of a try is in doubt, as in journals that do not say', () => {
    expect(outageWithoutMail(false).pageList()).toContain('first resolved');
  });

  test('and where the service was killed while it may have tried again', () => {
    const network = new Network();
    network.delivers = false;
    network.silence('core-1');
    network.run(MINUTE);
    failAll(network, true);
    network.restart();
    network.restore('core-1');
    network.run(3 * MINUTE);
    expect(network.pageList()).toContain('first resolved');
  });
});
