import { expect, test } from 'vitest';
import { MOST_TAKEN_CALLBACKS } from '../../alerting/state.ts';
import { Network, topology } from './network.ts';

const take = (network: Network, callbackId: string) =>
  network.command({ type: 'take-callback', channelId: 'sms', callbackId });

test('what a provider has signed is taken once, also by a service that has started again', () => {
  const network = new Network(topology());
  expect(take(network, 'a')).toMatchObject({ accepted: true });
  expect(take(network, 'b')).toMatchObject({ accepted: true });
  expect(take(network, 'a')).toMatchObject({ accepted: false, reason: 'already-taken' });
  network.restart();
  expect(take(network, 'a')).toMatchObject({ accepted: false, reason: 'already-taken' });
  expect(network.replayedText()).toBe(network.liveText());
});

test('and remembered in bounded memory', () => {
  const network = new Network(topology());
  network.tick(
    Array.from({ length: MOST_TAKEN_CALLBACKS + 5 }, (_, index) => ({
      kind: 'command' as const,
      command: { type: 'take-callback' as const, channelId: 'sms', callbackId: `${index}` },
    })),
  );
  expect(network.state.takenCallbacks!.size).toBe(MOST_TAKEN_CALLBACKS);
  expect(take(network, `${MOST_TAKEN_CALLBACKS}`)).toMatchObject({ accepted: false });
});
