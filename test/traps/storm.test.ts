import { describe, expect, test } from 'vitest';
import { StormControl } from '../../collector/traps/storm-control.ts';
import { openThreadedSocket } from '../../collector/traps/threaded-socket.ts';
import { device } from '../collector/collector-fixtures.ts';
import {
  AUTHENTICATION_FAILURE,
  LINK_DOWN,
  message,
  notificationPdu,
  pduOf,
  UNKNOWN,
} from './trap-messages.ts';
import { inThisThread, START, SWITCH, startRig, TestSender, trapConfig } from './trap-rig.ts';

const MINUTE = 60_000;

test.each([
  ['in a thread of its own', openThreadedSocket],
  ['in this thread', inThisThread],
])('20,000 traps in one storm are accounted for to the last, read %s', async (_, openSocket) => {
  await using rig = await startRig(undefined, null, openSocket);
  await using sender = await TestSender.open();
  await using stranger = await TestSender.open('127.0.0.9');
  const kinds = [LINK_DOWN, AUTHENTICATION_FAILURE, UNKNOWN].map((oid) =>
    message(notificationPdu(oid)),
  );
  const wrong = message(notificationPdu(LINK_DOWN), 'public');
  for (let sent = 0; sent < 20_000; sent += 100) {
    const batch = Array.from({ length: 100 }, (_, index) => {
      if (index % 10 === 8) return sender.send(wrong, rig.port);
      if (index % 10 === 9) return stranger.send(kinds[0]!, rig.port);
      return sender.send(kinds[index % 3]!, rig.port);
    });
    await Promise.all(batch);
  }
  const dropped = async () => await rig.metric('trap_kernel_drops_total');
  let count = 0;
  do {
    count = 20_000 - (await dropped());
    await rig.arrived(count);
  } while (count !== 20_000 - (await dropped()));

  const verdicts = await rig.verdicts();
  const sum = Object.values(verdicts).reduce((total, each) => total + each, 0);
  expect(sum).toBe(await rig.metric('trap_datagrams_total'));
  expect(sum).toBe(count);
  expect(Object.keys(verdicts).toSorted()).toEqual([
    'accepted',
    'summarised',
    'unknown-source',
    'wrong-community',
  ]);
  rig.clock.advance(MINUTE);
  const recorded = rig.recorded.reduce((total, each) => total + each.count, 0);
  expect(recorded).toBe(verdicts.accepted! + verdicts.summarised!);
  expect(rig.recorded.length).toBeLessThan(40);
});

describe('a storm', () => {
  test('is recorded one by one at first, then in summaries with first and last', () => {
    const storm = new StormControl();
    const subject = { deviceId: 'a', sourceAddress: '192.0.2.1', kind: 'linkDown', oid: LINK_DOWN };
    const taken = Array.from({ length: 1_000 }, (_, index) =>
      storm.take(subject, false, index, START + index),
    );
    expect(taken.filter((each) => each === null)).toHaveLength(5);
    expect(storm.takeDue(9_000)).toEqual([]);
    expect(storm.takeDue(10_005)).toMatchObject([
      { ...subject, count: 995, firstAt: START + 5, lastAt: START + 999 },
    ]);
    expect(storm.takeDue(10_005)).toEqual([]);
    storm.take(subject, false, 10_100, START + 10_100);
    expect(storm.takeDue(30_000)).toEqual([]);
    expect(storm.takeDue(70_100)).toMatchObject([{ count: 1 }]);
  });

  test('of one kind leaves room for another', () => {
    const storm = new StormControl();
    const from = { deviceId: 'a', sourceAddress: '192.0.2.1' };
    for (let index = 0; index < 1_000; index += 1) {
      storm.take({ ...from, kind: 'linkDown', oid: LINK_DOWN }, false, 0, START);
    }
    expect(storm.take({ ...from, kind: 'coldStart', oid: '1' }, false, 0, START)).toBeNull();
  });

  test('of ever new kinds and devices stays bounded and loses no count', () => {
    const storm = new StormControl();
    let singles = 0;
    for (let index = 0; index < 50_000; index += 1) {
      const subject = {
        deviceId: `device-${index % 300}`,
        sourceAddress: '192.0.2.1',
        kind: 'other',
        oid: `1.3.6.1.4.1.32473.${index}`,
      };
      if (storm.take(subject, false, 0, START) === null) singles += 1;
    }
    expect(storm.size).toBeLessThanOrEqual(4_096 + 300);
    const summarised = storm.takeDue(MINUTE).reduce((sum, { count }) => sum + count, 0);
    expect(singles + summarised).toBe(50_000);
  });

  test('is forgotten when it is over', () => {
    const storm = new StormControl();
    const subject = { deviceId: 'a', sourceAddress: '192.0.2.1', kind: 'linkDown', oid: LINK_DOWN };
    for (let index = 0; index < 20; index += 1) storm.take(subject, false, 0, START);
    storm.takeDue(MINUTE);
    storm.takeDue(10 * MINUTE);
    expect(storm.size).toBe(0);
    expect(storm.take(subject, false, 10 * MINUTE, START)).toBeNull();
  });
});

describe('verification', () => {
  test('a thousand linkDowns make one poll, and one more for those that came while it ran', async () => {
    await using rig = await startRig();
    await using sender = await TestSender.open();
    const storm = async (upTo: number, count: number) => {
      for (let sent = 0; sent < count; sent += 1) {
        await sender.send(message(notificationPdu(LINK_DOWN, sent + 1)), rig.port);
      }
      await rig.arrived(upTo);
    };
    await storm(1_000, 1_000);
    rig.clock.advance(2_000);
    expect(rig.polled).toEqual(['switch-1']);
    await storm(1_500, 500);
    rig.clock.advance(2_000);
    expect(rig.polled).toHaveLength(1);
    await rig.endPoll('switch-1');
    rig.clock.advance(2_000);
    expect(rig.polled).toHaveLength(2);
    await rig.endPoll('switch-1');
    rig.clock.advance(MINUTE);
    expect(rig.polled).toHaveLength(2);
  });

  test('a storm that does not end does not poll without end', async () => {
    await using rig = await startRig();
    await using sender = await TestSender.open();
    for (let second = 1; second <= 60; second += 1) {
      await sender.send(message(notificationPdu(LINK_DOWN)), rig.port);
      await rig.arrived(second);
      rig.clock.advance(1_000);
      await rig.endPoll('switch-1');
    }
    expect(rig.polled.length).toBeGreaterThanOrEqual(7);
    expect(rig.polled.length).toBeLessThanOrEqual(9);
  });

  test('each device has its own', async () => {
    const two = [SWITCH, device('switch-2', { address: '127.0.0.3', credentialId: 'campus' })];
    await using rig = await startRig(trapConfig(two));
    await using one = await TestSender.open(two[0]!.address);
    await using other = await TestSender.open(two[1]!.address);
    await one.send(message(notificationPdu(LINK_DOWN)), rig.port);
    await other.send(message(notificationPdu(LINK_DOWN)), rig.port);
    await rig.arrived(2);
    rig.clock.advance(2_000);
    expect(rig.polled.toSorted()).toEqual(['switch-1', 'switch-2']);
  });

  test.each([
    ['authenticationFailure', AUTHENTICATION_FAILURE],
    ['an unknown trap', UNKNOWN],
  ])('%s is recorded and polls nothing', async (_, oid) => {
    await using rig = await startRig();
    await using sender = await TestSender.open();
    await sender.send(message(notificationPdu(oid)), rig.port);
    await rig.arrived(1);
    rig.clock.advance(MINUTE);
    expect(rig.recorded).toHaveLength(1);
    expect(rig.polled).toEqual([]);
  });
});

test('in a thread of its own it answers too, and says what it cannot have', async () => {
  await using rig = await startRig(undefined, null, openThreadedSocket);
  await using sender = await TestSender.open();
  await sender.send(message(notificationPdu(LINK_DOWN, 5, 'inform')), rig.port);
  expect(pduOf(await sender.answer())).toMatchObject({ type: 'response', requestId: 5 });
  const taken = { listenHost: '127.0.0.1', listenPort: rig.port };
  const again = startRig({ ...trapConfig([SWITCH]), traps: taken }, null, openThreadedSocket);
  await expect(again).rejects.toThrow('EADDRINUSE');
});

describe('the listener', () => {
  test('takes over devices, and stops and starts with its section', async () => {
    const config = trapConfig([SWITCH]);
    await using rig = await startRig(config);
    await using sender = await TestSender.open();
    await rig.receiver.reconfigure({ ...config, devices: [] });
    await sender.send(message(notificationPdu(LINK_DOWN)), rig.port);
    await rig.arrived(1);
    expect(await rig.verdicts()).toEqual({ 'unknown-source': 1 });
    await rig.receiver.reconfigure({ ...config, traps: null });
    expect(rig.receiver.listening).toBeNull();
    expect(await rig.metric('trap_listening')).toBe(0);
    await rig.receiver.reconfigure(config);
    await sender.send(message(notificationPdu(LINK_DOWN)), rig.receiver.listening!.port);
    await rig.arrived(2);
    expect(await rig.verdicts()).toEqual({ 'unknown-source': 1, accepted: 1 });
  });

  test('says which address it cannot have', async () => {
    await using rig = await startRig();
    const traps = { listenHost: '127.0.0.1', listenPort: rig.port };
    await expect(startRig({ ...trapConfig([SWITCH]), traps })).rejects.toThrow(
      `traps cannot be received on UDP 127.0.0.1:${rig.port}: EADDRINUSE`,
    );
  });

  test('records what it has summarised when it stops', async () => {
    const rig = await startRig();
    await using sender = await TestSender.open();
    for (let sent = 0; sent < 50; sent += 1) {
      await sender.send(message(notificationPdu(LINK_DOWN)), rig.port);
    }
    await rig.arrived(50);
    await rig.receiver.stop();
    expect(rig.recorded.reduce((sum, { count }) => sum + count, 0)).toBe(50);
  });
});
