import { describe, expect, test } from 'vitest';
import { device } from '../collector/collector-fixtures.ts';
import { NO_KEYS, type Sealing, seal, store, userWith } from '../snmp/v3-peers.ts';
import { LINK_DOWN, message, notificationPdu, v1Pdu } from './trap-messages.ts';
import { ROUTER, SWITCH, startRig, TestSender, type TrapRig, trapConfig } from './trap-rig.ts';

const linkDown = notificationPdu(LINK_DOWN);
const user = userWith('sha256', 'aes128');
const SENDER = Uint8Array.from(Buffer.from('80007ed905726f75746572', 'hex'));

const sealing: Sealing = {
  messageId: 1,
  flags: 3,
  engineId: SENDER,
  time: { boots: 3, timeSeconds: 600 },
  userName: user.name,
  keys: store.keys(user, SENDER),
};

/** Sends datagrams one after the other and gives the verdicts on them. */
async function verdictsOn(rig: TrapRig, address: string, ...datagrams: Uint8Array[]) {
  await using sender = await TestSender.open(address);
  for (const datagram of datagrams) await sender.send(datagram, rig.port);
  await rig.arrived(datagrams.length);
  expect(sender.answerCount).toBe(0);
  return rig.verdicts();
}

const flipped = (octets: Buffer, at: number) => {
  const copy = Buffer.from(octets);
  copy[copy.length + at]! ^= 1;
  return copy;
};

describe('what does not count is refused by reason, makes no record and no poll', () => {
  const get = message({ ...linkDown, type: 'get' } as typeof linkDown);
  const good = message(linkDown);
  const v3 = seal(linkDown, sealing);
  const clear = { ...sealing, flags: 0, keys: NO_KEYS };
  test.each<[string, string, string, Uint8Array]>([
    ['wrong-community', 'another community', SWITCH.address, message(linkDown, 'public')],
    ['wrong-community', 'that of another device', SWITCH.address, message(linkDown, 'elsewhere')],
    ['wrong-pdu', 'a GET', SWITCH.address, get],
    [
      'wrong-pdu',
      'a response',
      SWITCH.address,
      message({ ...linkDown, type: 'response' } as never),
    ],
    ['truncated', 'nothing', SWITCH.address, Buffer.alloc(0)],
    ['bad-length', 'half a message', SWITCH.address, good.subarray(0, good.length / 2)],
    ['wrong-tag', 'noise', SWITCH.address, Buffer.from('not a message at all')],
    [
      'no-trap-oid',
      'no trap in it',
      SWITCH.address,
      message({ ...linkDown, varbinds: [] } as never),
    ],
    ['no-trap-oid', 'a generic trap 7', SWITCH.address, message(v1Pdu({ genericTrap: 7 }))],
    ['unknown-source', 'a stranger', '127.0.0.9', good],
    ['version-not-configured', 'v2c of a v3 device', ROUTER.address, good],
    ['version-not-configured', 'v3 of a v2c device', SWITCH.address, v3],
    ['wrong-digest', 'a forged digest', ROUTER.address, flipped(v3, -1)],
    ['unsupported-security-level', 'clear text', ROUTER.address, seal(linkDown, clear)],
    [
      'unknown-user-name',
      'another user',
      ROUTER.address,
      seal(linkDown, { ...sealing, userName: Buffer.from('guest') }),
    ],
    [
      'no-engine-id',
      'nobody',
      ROUTER.address,
      seal(linkDown, { ...clear, engineId: new Uint8Array(0) }),
    ],
  ])('%s: %s', async (verdict, _, address, datagram) => {
    await using rig = await startRig();
    expect(await verdictsOn(rig, address, datagram)).toEqual({ [verdict]: 1 });
    rig.clock.advance(60_000);
    expect(rig.recorded).toEqual([]);
    expect(rig.polled).toEqual([]);
    expect(await rig.metric('trap_datagrams_total')).toBe(1);
  });

  test('a v3 trap counts once, however often it comes', async () => {
    await using rig = await startRig();
    expect(await verdictsOn(rig, ROUTER.address, v3, v3, v3)).toEqual({
      accepted: 1,
      replayed: 2,
    });
    expect(rig.recorded).toMatchObject([{ deviceId: 'router-1', kind: 'linkDown' }]);
  });

  test('a v3 trap that comes again when its time is over is refused for that', async () => {
    await using rig = await startRig();
    const at = (timeSeconds: number) =>
      seal(linkDown, { ...sealing, time: { boots: 3, timeSeconds } });
    const [old, fresh] = [at(600), at(900)];
    expect(await verdictsOn(rig, ROUTER.address, fresh, old)).toEqual({
      accepted: 1,
      'time-went-back': 1,
    });
    rig.clock.advance(400_000);
    await using sender = await TestSender.open(ROUTER.address);
    await sender.send(fresh, rig.port);
    await rig.arrived(3);
    expect((await rig.verdicts())['time-went-back']).toBe(2);
    const restarted = seal(linkDown, { ...sealing, time: { boots: 2, timeSeconds: 5_000 } });
    await sender.send(restarted, rig.port);
    await rig.arrived(4);
    expect((await rig.verdicts())['boots-went-back']).toBe(1);
  });
});

describe('sources', () => {
  test('200 strangers in 127/8 are refused and none is remembered', async () => {
    await using rig = await startRig();
    const datagram = message(linkDown);
    for (let last = 1; last <= 200; last += 1) {
      await using sender = await TestSender.open(`127.7.0.${last}`);
      await sender.send(datagram, rig.port);
    }
    await rig.arrived(200);
    expect(await rig.verdicts()).toEqual({ 'unknown-source': 200 });
    expect(await rig.metric('trap_storm_entries')).toBe(0);
    expect(rig.recorded).toEqual([]);
  });

  test('what a message says about its origin is recorded and changes nothing', async () => {
    await using rig = await startRig();
    const claims = [
      { oid: '1.3.6.1.6.3.18.1.3.0', type: 'ip-address', value: ROUTER.address },
    ] as const;
    const v1 = message(v1Pdu({ agentAddress: ROUTER.address }));
    const v2 = message(notificationPdu(LINK_DOWN, 1, 'trap-v2', claims));
    await verdictsOn(rig, SWITCH.address, v1, v2);
    expect(rig.recorded).toMatchObject([
      { deviceId: 'switch-1', sourceAddress: '127.0.0.1', reportedAddress: '127.0.0.2' },
      { deviceId: 'switch-1', sourceAddress: '127.0.0.1', reportedAddress: '127.0.0.2' },
    ]);
  });

  test('devices at one address are told apart by port, then by credential, else all are looked at', async () => {
    await using sender = await TestSender.open();
    const twins = [
      device('by-port', { credentialId: 'campus', port: sender.port }),
      device('twin', { credentialId: 'campus', port: 9_999 }),
      device('by-community', { credentialId: 'other', port: 9_998 }),
    ];
    await using rig = await startRig(trapConfig(twins));
    await sender.send(message(linkDown), rig.port);
    await rig.arrived(1);
    await using elsewhere = await TestSender.open();
    await elsewhere.send(message(linkDown, 'elsewhere'), rig.port);
    await elsewhere.send(message(linkDown), rig.port);
    await rig.arrived(3);
    expect(rig.recorded.map(({ deviceId }) => deviceId)).toEqual(['by-port', 'by-community', null]);
    rig.clock.advance(2_000);
    expect(rig.polled.toSorted()).toEqual(['by-community', 'by-port', 'twin']);
  });

  test('an IPv6 listener knows IPv4 devices', async () => {
    await using rig = await startRig(trapConfig([SWITCH], '::'));
    expect(await verdictsOn(rig, SWITCH.address, message(linkDown))).toEqual({ accepted: 1 });
  });
});
