import { describe, expect, test } from 'vitest';
import { kernelDrops } from '../../collector/proc-net-udp.ts';
import { KNOWN_TRAPS, knownTrap, TRAP_KINDS } from '../../collector/traps/known-traps.ts';
import { startOwnEngine } from '../../collector/traps/own-engine.ts';
import { sourceAddress } from '../../collector/traps/trap-source.ts';
import { isBlank } from '../../lib/local-text.ts';
import { seededRandom } from '../../lib/random.ts';
import { VirtualClock } from '../../lib/virtual-clock.ts';
import { message, notificationPdu, v1Pdu } from './trap-messages.ts';
import { START, SWITCH, startRig, TestSender } from './trap-rig.ts';

describe('RFC 3584 §3.1: a v1 trap', () => {
  test.each([
    [0, 0, '1.3.6.1.6.3.1.1.5.1', 'coldStart'],
    [1, 9, '1.3.6.1.6.3.1.1.5.2', 'warmStart'],
    [2, 0, '1.3.6.1.6.3.1.1.5.3', 'linkDown'],
    [3, 0, '1.3.6.1.6.3.1.1.5.4', 'linkUp'],
    [4, 0, '1.3.6.1.6.3.1.1.5.5', 'authenticationFailure'],
    [5, 0, '1.3.6.1.6.3.1.1.5.6', 'egpNeighborLoss'],
    [6, 1, '1.3.6.1.2.1.33.2.0.1', 'upsTrapOnBattery'],
    [6, 99, '1.3.6.1.2.1.33.2.0.99', 'other'],
  ])('generic %i, specific %i is %s, %s', async (genericTrap, specificTrap, oid, kind) => {
    await using rig = await startRig();
    await using sender = await TestSender.open();
    const enterprise = '1.3.6.1.2.1.33.2';
    await sender.send(message(v1Pdu({ enterprise, genericTrap, specificTrap })), rig.port);
    await rig.arrived(1);
    expect(rig.recorded).toMatchObject([{ oid, kind, count: 1, reportedAddress: '192.0.2.77' }]);
  });

  test('without an address of its own names none', async () => {
    await using rig = await startRig();
    await using sender = await TestSender.open();
    await sender.send(message(v1Pdu({ agentAddress: '0.0.0.0' })), rig.port);
    await rig.arrived(1);
    expect(rig.recorded[0]?.reportedAddress).toBeNull();
  });
});

describe('known traps', () => {
  test.each([
    ['1.3.6.1.2.1.33.2.1', 'upsTrapOnBattery'],
    ['1.3.6.1.2.1.33.2.0.1', 'upsTrapOnBattery'],
    ['1.3.6.1.4.1.318.0.5', 'apcUpsOnBattery'],
    ['1.3.6.1.4.1.318.5', 'apcUpsOnBattery'],
    ['1.3.6.1.2.1.15.0.2', 'bgpBackwardTransition'],
    ['1.3.6.1.2.1.15.7.2', 'bgpBackwardTransition'],
    ['1.3.6.1.2.1.47.2.0.1', 'entConfigChange'],
    ['1.3.6.1.4.1.9.9.117.2.0.2', 'cefcPowerStatusChange'],
  ])('%s is %s with and without the 0', (oid, name) => {
    expect(knownTrap(oid)?.name).toBe(name);
  });

  test('others are not', () => {
    for (const oid of ['1.3.6.1.6.3.1.1.5', '1.3.6.1.6.3.1.1.5.30', '1.3.6.1.4.1.318.0.0.5']) {
      expect(knownTrap(oid)).toBeNull();
    }
  });

  test('the table has each once, with a meaning in both languages', () => {
    expect(new Set(KNOWN_TRAPS.map(({ oid }) => oid)).size).toBe(KNOWN_TRAPS.length);
    for (const { meaning, name } of KNOWN_TRAPS) {
      expect([isBlank(meaning), meaning['zh-CN'] === '', TRAP_KINDS.includes(name)]).toEqual([
        false,
        false,
        true,
      ]);
    }
  });
});

test('values are recorded as clean text, bounded, and the community that a proxy adds is not', async () => {
  await using rig = await startRig();
  await using sender = await TestSender.open();
  const text = (oid: string, value: string) =>
    ({ oid, type: 'octet-string', value: Buffer.from(value) }) as const;
  const values = [
    { oid: '1.3.6.1.2.1.2.2.1.1.7', type: 'integer', value: 7 },
    text('1.3.6.1.6.3.18.1.4.0', 'secret-canary'),
    text('1.3.6.1.2.1.2.2.1.2.7', `<b>\u0000\u202eport\n${'x'.repeat(500)}`),
    ...Array.from({ length: 20 }, (_, index) => text(`1.3.6.1.4.1.32473.${index}`, 'more')),
  ] as const;
  await sender.send(
    message(notificationPdu('1.3.6.1.6.3.1.1.5.3', 1, 'trap-v2', values)),
    rig.port,
  );
  await rig.arrived(1);
  const [recorded] = rig.recorded;
  expect(recorded?.values).toHaveLength(8);
  expect(recorded?.values[0]).toEqual({ oid: '1.3.6.1.2.1.2.2.1.1.7', value: '7' });
  expect(recorded?.values[1]?.value).toMatch(/^<b>port x+…$/);
  expect(recorded?.values[1]?.value).toHaveLength(64);
  expect(JSON.stringify(rig.recorded)).not.toContain('secret-canary');
});

test.each([
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['::ffff:c000:201', '192.0.2.1'],
  ['2001:DB8:0::1', '2001:db8::1'],
  ['fe80::1%eth0', 'fe80::1%eth0'],
  [SWITCH.address, SWITCH.address],
])('the source %s is %s', (told, meant) => {
  expect(sourceAddress(told)).toBe(meant);
});

describe('our own engine', () => {
  const start = (kept: { text: string | null }, clock = new VirtualClock(START)) =>
    startOwnEngine(
      { load: () => kept.text, save: (text) => (kept.text = text) },
      seededRandom(5),
      clock,
    );

  test('keeps its id and counts its starts', () => {
    const kept: { text: string | null } = { text: null };
    const first = start(kept);
    const clock = new VirtualClock(START);
    const second = start(kept, clock);
    expect(Buffer.from(first.engineId).toString('hex')).toMatch(/^80007ed905[0-9a-f]{24}$/);
    expect(second.engineId).toEqual(first.engineId);
    expect([first.time().boots, second.time()]).toEqual([1, { boots: 2, timeSeconds: 0 }]);
    clock.stepWallClock(-500_000);
    clock.advance(2_500);
    expect(second.time()).toEqual({ boots: 2, timeSeconds: 2 });
  });

  test.each([
    ['nothing', null],
    ['noise', '{"form'],
    ['another form', '{"form":"x","engineId":"80007ed905000000000000000000000000","boots":4}'],
    ['no id', '{"form":"snmp-engine-1","engineId":"zz","boots":4}'],
    ['no count', '{"form":"snmp-engine-1","engineId":"80007ed90500","boots":-4}'],
    ['used up', '{"form":"snmp-engine-1","engineId":"80007ed90500","boots":2147483646}'],
  ])('is a new one when it finds %s', (_, text) => {
    const engine = start({ text });
    expect(Buffer.from(engine.engineId).toString('hex')).not.toBe('80007ed90500');
    expect(engine.time().boots).toBe(1);
  });

  test('does not start when its start cannot be kept', () => {
    const save = () => {
      throw new Error('no space left on device');
    };
    const clock = new VirtualClock(START);
    expect(() => startOwnEngine({ load: () => null, save }, seededRandom(5), clock)).toThrow(
      'no space',
    );
  });
});

test('drops of the kernel are those of the socket', () => {
  const text = [
    '   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops',
    '  399: 0100007F:23CA 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 225048 2 0000000054cc77fb 17',
    '  400: 0200007F:23CA 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 225049 2 0000000054cc77fc 4',
    '  401: 00000000000000000000000001000000:23CA 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000 0 0 1 2 0 9',
  ].join('\n');
  expect(kernelDrops(text, '127.0.0.1', 9162)).toBe(17);
  expect(kernelDrops(text, '127.0.0.2', 9162)).toBe(4);
  expect(kernelDrops(text, '::1', 9162)).toBe(9);
  expect(kernelDrops(text, '127.0.0.1', 162)).toBeNull();
});
