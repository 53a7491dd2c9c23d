import { describe, expect, test } from 'vitest';
import { integer } from '../../lab/hostile/ber.ts';
import { OBJECT } from '../../lab/hostile/honest-device.ts';
import { SPOOFED_SOURCES } from '../../lab/hostile/modes/traps.ts';
import { type Logger, silentLogger } from '../../lib/logger.ts';
import { startTrapStages, V3_DEVICE } from './trap-stages.ts';

const sumOf = (counts: Readonly<Record<string, number>>) =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

describe.concurrent('35: a flood of traps', () => {
  test('is accounted for to the last, and the polls of its device are ok', async () => {
    await using rig = await startTrapStages('flood');
    await rig.firstPoll;
    const verdicts = await rig.sendAll();
    expect(sumOf(verdicts)).toBe(3_000);
    expect(Object.keys(verdicts).toSorted()).toEqual(['accepted', 'summarised', 'wrong-community']);
    expect(verdicts['wrong-community']).toBe(300);
    const observation = await rig.collector.pollNow('switch-1');
    expect(observation?.outcome).toBe('ok');
    expect(rig.eventsOf('fault-raised')).toEqual([]);
    expect(rig.eventsOf('incident-opened')).toEqual([]);
    expect(rig.eventsOf('page-queued')).toEqual([]);
    expect(rig.eventsOf('notification-received').length).toBeLessThan(40);
  });

  test.skipIf(process.platform !== 'linux')(
    'from 200 sources that nobody knows creates nothing',
    async () => {
      await using rig = await startTrapStages('spoofed-sources');
      await rig.firstPoll;
      expect(await rig.sendAll()).toEqual({ 'unknown-source': SPOOFED_SOURCES });
      const entries = await rig.registry.getSingleMetric('threenines_trap_storm_entries')!.get();
      expect(entries.values.map(({ value }) => value)).toEqual([0]);
      expect(rig.eventsOf('notification-received')).toEqual([]);
      expect((await rig.collector.pollNow('switch-1'))?.outcome).toBe('ok');
    },
  );
});

test.concurrent('36: v1 traps are mapped, and belong to whoever sent them', async () => {
  await using rig = await startTrapStages('v1-lying');
  await rig.firstPoll;
  expect(await rig.sendAll()).toEqual({ accepted: 7, 'no-trap-oid': 1 });
  while (rig.eventsOf('notification-received').length < 7) await rig.collector.pollNow('switch-1');
  const received = rig.eventsOf('notification-received');
  expect(received.map(({ oid }) => oid)).toEqual([
    ...[1, 2, 3, 4, 5, 6].map((trap) => `1.3.6.1.6.3.1.1.5.${trap}`),
    '1.3.6.1.4.1.32473.7.0.42',
  ]);
  for (const { deviceId, sourceAddress, reportedAddress } of received) {
    expect([deviceId, sourceAddress, reportedAddress]).toEqual([
      'switch-1',
      '127.0.0.1',
      '192.0.2.77',
    ]);
  }
});

test.concurrent('37: an inform that comes five times is answered five times and counted once', async () => {
  await using rig = await startTrapStages('inform-repeated');
  await rig.firstPoll;
  expect(await rig.sendAll()).toEqual({ accepted: 1, 'repeated-inform': 4 });
  await rig.sender.answered(5);
  expect(rig.eventsOf('notification-received')).toMatchObject([{ count: 1, isInform: true }]);
});

describe.concurrent('38: what is no trap', () => {
  test('is counted by reason, and the program lives', async () => {
    await using rig = await startTrapStages('malformed-traps');
    await rig.firstPoll;
    const verdicts = await rig.sendAll();
    expect(verdicts).toMatchObject({ accepted: 1, 'wrong-pdu': 1, 'no-trap-oid': 1 });
    expect(Object.keys(verdicts)).toContain('bad-length');
    await rig.event('notification-received');
    const [long] = rig.eventsOf('notification-received');
    expect(long?.values[0]?.value.length).toBe(64);
    expect((await rig.collector.pollNow('switch-1'))?.outcome).toBe('ok');
  });

  test('without sysUpTime is one all the same', async () => {
    await using rig = await startTrapStages('traps-without-uptime');
    await rig.firstPoll;
    expect(await rig.sendAll()).toEqual({ accepted: 1 });
    expect(await rig.event('notification-received')).toMatchObject({ kind: 'coldStart' });
  });

  test('of an ever new kind makes no more series than one does', async () => {
    await using rig = await startTrapStages('ever-new-kinds');
    await rig.firstPoll;
    const series = async () => (await rig.registry.metrics()).split('\n').length;
    const before = await series();
    const verdicts = await rig.sendAll();
    expect(sumOf(verdicts)).toBe(400);
    expect((await series()) - before).toBeLessThanOrEqual(2);
    const entries = await rig.registry.getSingleMetric('threenines_trap_storm_entries')!.get();
    expect(entries.values[0]!.value).toBeLessThanOrEqual(33);
  });
});

test.concurrent('39: forged, replayed and old v3 traps never reach the engine', async () => {
  const warned: object[] = [];
  const log: Logger = { ...silentLogger, warn: (fields: unknown) => warned.push(Object(fields)) };
  await using rig = await startTrapStages('forged-v3-traps', { credential: V3_DEVICE, log });
  expect(await rig.sendAll()).toEqual({
    accepted: 1,
    'wrong-digest': 1,
    'unknown-user-name': 1,
    'unsupported-security-level': 1,
    replayed: 1,
    'time-went-back': 1,
    'boots-went-back': 1,
  });
  await rig.event('notification-received');
  expect(rig.eventsOf('notification-received')).toHaveLength(1);
  const said = warned.filter((fields) => 'reason' in fields);
  expect(said).toHaveLength(6);
  for (const fields of said) expect(fields).toMatchObject({ address: '127.0.0.1', before: 0 });
  await rig.sendAll();
  expect(warned.filter((fields) => 'reason' in fields)).toHaveLength(6);
});

describe.concurrent('40: a flapping port', () => {
  test('whose traps are not true opens nothing', async () => {
    await using rig = await startTrapStages('flap');
    await rig.firstPoll;
    const verified = rig.fullPoll();
    expect(sumOf(await rig.sendAll())).toBe(500);
    await verified;
    expect(rig.eventsOf('incident-opened')).toEqual([]);
    const counted = await rig.registry.getSingleMetric('threenines_trap_verification_polls_total')!;
    expect((await counted.get()).values[0]!.value).toBeLessThanOrEqual(4);
  });

  test.each([
    ['that every poll finds in its other state', (poll: number) => poll % 2 === 1, false],
    ['that is well for two polls and down for one', (poll: number) => poll % 3 === 1, true],
  ])('%s is one incident and one page', async (_, isDown, isSaidToFlap) => {
    let polls = 0;
    await using rig = await startTrapStages('flap', {
      prepare: ({ device }) =>
        device.objects.set(`${OBJECT.ifOperStatus}.1`, () => integer(isDown(polls) ? 2 : 1)),
    });
    await rig.firstPoll;
    polls += 1;
    const verified = rig.fullPoll();
    await rig.sendAll();
    await verified;
    for (; polls < 12; polls += 1) await rig.collector.pollNow('switch-1');
    if (isSaidToFlap) await rig.event('flapping-started');
    expect(rig.eventsOf('incident-opened')).toHaveLength(1);
    const takenBack = new Set(rig.eventsOf('page-cancelled').map(({ pageId }) => pageId));
    const pages = rig.eventsOf('page-queued').filter(({ pageId }) => !takenBack.has(pageId));
    expect(pages).toHaveLength(1);
    const flaps = rig.eventsOf('flapping-started');
    expect(flaps.length).toBe(isSaidToFlap ? 1 : 0);
  });
});
