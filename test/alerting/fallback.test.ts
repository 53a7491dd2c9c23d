import { describe, expect, test } from 'vitest';
import { audit } from '../../alerting/auditor.ts';
import type { Page } from '../../alerting/state.ts';
import type { Topology } from '../../alerting/topology.ts';
import { NO_TEXT, say } from '../../lib/local-text.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { Network, topology } from './network.ts';

const CHANNELS = ['chat', 'sms', 'voice', 'console'];

/** Steps page by chat alone; people have a short message, a call and the console beside it. */
function withChannels(change: Partial<Topology> = {}): Topology {
  const plain = topology();
  const [first, second] = plain.escalationPolicies[0]!.steps[2];
  const steps = [
    { ...first!, channelIds: ['chat'] },
    { ...second!, channelIds: ['chat'] },
  ];
  return {
    ...plain,
    people: plain.people.map((each) => ({ ...each, channelIds: CHANNELS })),
    channels: [
      { id: 'chat', kind: 'slack' },
      { id: 'sms', kind: 'twilio-sms' },
      { id: 'voice', kind: 'twilio-voice' },
      { id: 'console', kind: 'inbox' },
    ],
    escalationPolicies: [
      { id: 'default', siteIds: [], steps: { 1: steps, 2: steps, 3: steps, 4: steps } },
    ],
    ...change,
  };
}

/** A network in which a device has just been confirmed down, and nothing is delivered. */
function inTrouble(change: Partial<Topology> = {}, deviceId = 'agg-1'): Network {
  const network = new Network(withChannels(change));
  network.delivers = false;
  network.silence(deviceId);
  while (network.incidents().length === 0) network.run(10 * SECOND);
  return network;
}

/** The far end says no to one try of the page. */
function refuse(network: Network, page: Page): void {
  const attempt = page.attempts + 1;
  const reason = say('SMTP 554', 'SMTP 554');
  const failed = { attempt, result: 'failed', permanent: false, refused: true, reason } as const;
  const delivery = { pageId: page.id, ...failed, nextAttemptAt: network.now + 5 * SECOND };
  network.tick([{ kind: 'delivery', delivery }]);
}

const onChannels = (network: Network, personId = 'first') =>
  network.pages().flatMap((page) => (page.personId === personId ? [page.channelId] : []));

describe('a page that does not get through', () => {
  test('goes out on the next channel as well, one after the other, and never to the console', () => {
    const network = inTrouble();
    expect(onChannels(network)).toEqual(['chat']);
    network.run(20 * SECOND);
    expect(onChannels(network)).toEqual(['chat']);
    network.run(10 * SECOND);
    expect(onChannels(network)).toEqual(['chat', 'sms']);
    network.run(30 * SECOND);
    expect(onChannels(network)).toEqual(['chat', 'sms', 'voice']);
    network.run(2 * MINUTE);
    expect(onChannels(network)).toEqual(['chat', 'sms', 'voice']);
    const [chat, sms] = network.pages();
    expect([sms!.step, sms!.kind]).toEqual([chat!.step, chat!.kind]);
    const queued = network.eventsOf('page-queued');
    expect(queued.map(({ insteadOf }) => insteadOf)).toEqual([undefined, chat!.id, chat!.id]);
    expect(network.replayedText()).toBe(network.liveText());
  });

  test('does not once one channel has taken it', () => {
    const network = inTrouble();
    network.run(30 * SECOND);
    network.deliver(network.pages()[1]!);
    network.run(2 * MINUTE);
    expect(onChannels(network)).toEqual(['chat', 'sms']);
  });

  test('does at once when its channel gives it up', () => {
    const network = inTrouble();
    const reason = say('no such number', '号码不存在');
    const page = network.pages()[0]!;
    const failed = { attempt: 1, result: 'failed', permanent: true, reason } as const;
    network.tick([
      { kind: 'delivery', delivery: { pageId: page.id, ...failed, nextAttemptAt: network.now } },
    ]);
    expect(onChannels(network)).toEqual(['chat', 'sms']);
  });

  test('does at once when the far end refuses it, which is tried on all the same', () => {
    const network = inTrouble();
    refuse(network, network.pages()[0]!);
    expect(onChannels(network)).toEqual(['chat', 'sms']);
    expect(network.pages()[0]).toMatchObject({ status: 'queued', attempts: 1 });
    network.deliver(network.pages()[0]!);
    network.run(20 * SECOND);
    expect(onChannels(network)).toEqual(['chat', 'sms']);
    expect(network.replayedText()).toBe(network.liveText());
  });

  test('does at once when the provider says that it did not arrive, and not when it did', () => {
    const network = inTrouble();
    const page = network.pages()[0]!;
    network.deliver(page);
    const about = { pageId: page.id, reason: NO_TEXT };
    network.tick([{ kind: 'confirmation', confirmation: { ...about, status: 'failed' } }]);
    expect(onChannels(network)).toEqual(['chat', 'sms']);
    const sms = network.pages()[1]!;
    network.deliver(sms);
    const arrived = { pageId: sms.id, reason: NO_TEXT, status: 'delivered' } as const;
    network.tick([{ kind: 'confirmation', confirmation: arrived }]);
    network.tick([{ kind: 'confirmation', confirmation: { ...arrived, status: 'failed' } }]);
    expect(network.pages()[1]!.confirmation).toMatchObject({ status: 'delivered' });
    network.run(2 * MINUTE);
    expect(onChannels(network)).toEqual(['chat', 'sms']);
    expect(network.replayedText()).toBe(network.liveText());
  });

  test('does not after an acknowledgement, which cancels what waits on every channel', () => {
    const network = inTrouble();
    network.run(30 * SECOND);
    network.acknowledge('inc-000001');
    network.run(2 * MINUTE);
    expect(onChannels(network)).toEqual(['chat', 'sms']);
    expect(network.pages().map(({ status }) => status)).toEqual(['cancelled', 'cancelled']);
  });

  test('is told the end on every channel that carried it', () => {
    const network = inTrouble();
    network.run(30 * SECOND);
    network.delivers = true;
    network.restore('agg-1');
    network.run(2 * MINUTE);
    const ends = network.pages().filter(({ kind }) => kind === 'resolved');
    expect(ends.map(({ channelId }) => channelId)).toEqual(['chat', 'sms']);
  });

  test('waits when its person has had enough pages of lesser incidents, and then alone', () => {
    const delivery = { fallbackAfterMs: 30 * SECOND, mostPages: 0, mostPagesWithinMs: 10 * MINUTE };
    const lesser = new Network(withChannels({ delivery }));
    lesser.delivers = false;
    lesser.silence('acc-1');
    lesser.run(3 * MINUTE);
    expect(lesser.incidents()[0]!.tier).toBe(4);
    expect(onChannels(lesser)).toEqual(['chat']);
    expect(audit(lesser.state, lesser.now, lesser.now)).toEqual([]);
    const major = inTrouble({ delivery }, 'core-1');
    expect(major.incidents()[0]!.tier).toBe(2);
    major.run(30 * SECOND);
    expect(onChannels(major)).toEqual(['chat', 'sms']);
  });
});

describe('an on-call system with a state of its own', () => {
  const channels = [
    { id: 'chat', kind: 'pagerduty' },
    { id: 'sms', kind: 'twilio-sms' },
  ];

  test('hears of the acknowledgement once, and people do not', () => {
    const network = inTrouble({ channels });
    network.deliver(network.pages()[0]!);
    network.acknowledge('inc-000001');
    network.run(2 * MINUTE);
    const told = network.pages().filter(({ kind }) => kind === 'acknowledged');
    expect(told).toMatchObject([{ channelId: 'chat', urgent: false, status: 'queued' }]);
    expect(told[0]!.facts.acknowledgedBy).toBe('first');
    expect(network.replayedText()).toBe(network.liveText());
  });
});

describe('a step whose pages are all refused', () => {
  const oneChannel = () => {
    const people = topology().people.map((each) => ({ ...each, channelIds: ['chat', 'console'] }));
    return inTrouble({ people });
  };
  const steps = (network: Network) =>
    network
      .eventsOf('clock-step-taken')
      .map(({ step, late, afterLost = null }) => [step, late, afterLost]);

  test('hands over to the next one at once, and to the catch-all after the last', () => {
    const network = oneChannel();
    expect(steps(network)).toEqual([['step:4:0', false, null]]);
    refuse(network, network.pages()[0]!);
    network.tick([]);
    expect(steps(network)).toEqual([
      ['step:4:0', false, null],
      ['step:4:1', false, 'step:4:0'],
    ]);
    expect(onChannels(network, 'second')).toEqual(['chat']);
    network.run(20 * SECOND);
    expect(steps(network)).toHaveLength(2);
    expect(network.pages()[0]!.status).toBe('queued');
    expect(network.replayedText()).toBe(network.liveText());
  });

  test('does not while its person has another channel, or once a page of it has arrived', () => {
    const several = inTrouble();
    refuse(several, several.pages()[0]!);
    several.tick([]);
    expect(steps(several)).toHaveLength(1);
    const arrived = oneChannel();
    arrived.deliver(arrived.pages()[0]!);
    arrived.run(10 * SECOND);
    expect(steps(arrived)).toHaveLength(1);
  });
});

test('after the last step that reaches nobody, the catch-all is paged at once', () => {
  const people = topology().people.map((each) => ({ ...each, channelIds: ['chat'] }));
  const network = inTrouble({ people, catchAll: ['lead'] });
  refuse(network, network.pages()[0]!);
  network.tick([]);
  const second = network.pages().find(({ personId }) => personId === 'second')!;
  refuse(network, second);
  network.tick([]);
  expect(onChannels(network, 'lead')).toEqual(['chat']);
  expect(network.eventsOf('clock-step-taken').at(-1)).toMatchObject({
    ...{ step: 'step:4:catch-all', afterLost: 'step:4:1' },
  });
});
