import { expect, test } from 'vitest';
import type { Topology } from '../../alerting/topology.ts';
import type { TierTargets } from '../../config/model.ts';
import { MINUTE } from '../../lib/time.ts';
import { Network, topology } from './network.ts';

const CHANNELS = ['voice', 'sms', 'chat'];

function withRepeats(change: Partial<TierTargets>): Topology {
  const base = topology();
  const targets = { ...base.tiers[1], reminderRatios: [], repeatEveryMs: 3 * MINUTE, ...change };
  return {
    ...base,
    channels: CHANNELS.map((id) => ({ id, kind: 'webhook' })),
    people: base.people.map((each) => ({
      ...each,
      channelIds: each.id === 'first' ? CHANNELS : ['sms'],
    })),
    tiers: { ...base.tiers, 2: targets },
  };
}

function failing(change: Partial<TierTargets>): Network {
  const network = new Network(withRepeats(change));
  network.run(MINUTE);
  network.silence('core-1');
  network.run(14 * MINUTE);
  return network;
}

/** On which channels each repetition went to the person, in order. */
const repeats = (network: Network, person: string) =>
  network
    .pages()
    .filter(({ personId, kind }) => personId === person && kind === 'repeat')
    .map(({ step, channelId }) => `${step.split(':').at(-1)} ${channelId}`);

test('each repetition goes by another channel of the person, in order and round again', () => {
  const network = failing({ rotatesChannels: true });
  expect(repeats(network, 'first')).toEqual(['1 voice', '2 sms', '3 chat', '4 voice']);
  expect(repeats(network, 'second')).toEqual(['2 sms', '3 sms', '4 sms']);
  expect(network.replayedText()).toBe(network.liveText());
});

test('by all of them where the tier does not say so', () => {
  const network = failing({});
  expect(repeats(network, 'first').slice(0, 3)).toEqual(['1 voice', '1 sms', '1 chat']);
});

test('after a pause of the service it goes on where it was', () => {
  const network = failing({ rotatesChannels: true });
  network.run(2 * MINUTE);
  expect(repeats(network, 'first')).toHaveLength(4);
  network.now += 3 * MINUTE;
  network.restart(withRepeats({ rotatesChannels: true }));
  network.run(2 * MINUTE);
  expect(repeats(network, 'first').slice(4)).toEqual(['6 sms']);
});

test('a clock that starts anew begins with the first channel again', () => {
  const network = failing({ rotatesChannels: true });
  network.restore('core-1');
  network.run(5 * MINUTE);
  network.silence('core-1');
  network.run(5 * MINUTE);
  expect(repeats(network, 'first').slice(4)).toEqual(['1 voice']);
});
