import { describe, expect, test } from 'vitest';
import { decodeMessage } from '../../collector/snmp/decode-message.ts';
import { newMessageView } from '../../collector/snmp/message-view.ts';
import type { Pdu } from '../../collector/snmp/pdu-object.ts';
import { type EngineClock, hearOfEngine } from '../../collector/snmp/usm/engine-clock.ts';
import { openNotification, type Receiver } from '../../collector/snmp/usm/open-notification.ts';
import { NO_KEYS, type Sealing, seal, store, userWith } from './v3-peers.ts';

const OWN = new Uint8Array(Buffer.from('80001f8804726563656976', 'hex'));
const SENDER = new Uint8Array(Buffer.from('80001f880473656e646572', 'hex'));
const NOW = 50_000;
const user = userWith('sha512', 'aes256');
const pdu: Pdu = { type: 'trap-v2', requestId: 9, errorStatus: 0, errorIndex: 0, varbinds: [] };
const inform: Pdu = { ...pdu, type: 'inform' };

const trapSealing: Sealing = {
  messageId: 1,
  flags: 3,
  engineId: SENDER,
  time: { boots: 3, timeSeconds: 600 },
  userName: user.name,
  keys: store.keys(user, SENDER),
};
const informSealing: Sealing = {
  ...trapSealing,
  flags: 7,
  engineId: OWN,
  time: { boots: 4, timeSeconds: 5_000 },
  keys: store.keys(user, OWN),
};

const heard = hearOfEngine(SENDER, { boots: 0, timeSeconds: 0 }, NOW);

function open(datagram: Uint8Array, sender: EngineClock = heard) {
  const view = newMessageView();
  expect(decodeMessage(view, datagram)).toBeNull();
  const receiver: Receiver = {
    engineId: OWN,
    time: { boots: 4, timeSeconds: 5_010 },
    findUser: (name) => (Buffer.from(name).equals(user.name) ? user : null),
    keys: store.keys,
    sender: () => sender,
  };
  return openNotification(view, receiver, NOW);
}

/** The sender as it is believed after the first trap. */
function afterFirstTrap(): EngineClock {
  const first = open(seal(pdu, trapSealing));
  if (first.kind !== 'accepted' || first.sender === null) throw new Error('the trap is good');
  return first.sender;
}

describe('a trap', () => {
  test('is taken, and its time believed', () => {
    expect(open(seal(pdu, trapSealing))).toMatchObject({ kind: 'accepted', isInform: false });
    expect(afterFirstTrap()).toMatchObject({ isSynchronised: true, boots: 3, timeSeconds: 600 });
  });

  const stranger = { ...trapSealing, userName: Buffer.from('stranger') };
  const wrongKeys = { ...trapSealing, keys: store.keys(user, OWN) };
  test.each<[string, string, () => Uint8Array]>([
    ['unknown-user-name', 'of an unknown user', () => seal(pdu, stranger)],
    ['unsupported-security-level', 'in clear text', () => seal(pdu, { ...trapSealing, flags: 0 })],
    ['unsupported-security-level', 'not encrypted', () => seal(pdu, { ...trapSealing, flags: 1 })],
    ['wrong-digest', 'with the keys of another engine', () => seal(pdu, wrongKeys)],
    ['wrong-pdu', 'that is an inform', () => seal(inform, trapSealing)],
    ['wrong-pdu', 'that is a request', () => seal({ ...pdu, type: 'get' }, trapSealing)],
    [
      'no-engine-id',
      'of nobody',
      () => seal(pdu, { ...trapSealing, engineId: new Uint8Array(0), flags: 0 }),
    ],
  ])('is refused as %s when %s, and no report goes back', (because, _, datagram) => {
    expect(open(datagram())).toEqual({ kind: 'refused', because, report: null, requestId: 0 });
  });

  test('is refused when it is from before what was seen', () => {
    const sender = afterFirstTrap();
    const old = (boots: number, timeSeconds: number) =>
      open(seal(pdu, { ...trapSealing, time: { boots, timeSeconds } }), sender);
    expect(old(3, 500).kind).toBe('accepted');
    expect(old(3, 449)).toMatchObject({ kind: 'refused', because: 'time-went-back' });
    expect(old(2, 9_999)).toMatchObject({ kind: 'refused', because: 'boots-went-back' });
  });
});

describe('an inform', () => {
  test('is taken under our engine id and time', () => {
    expect(open(seal(inform, informSealing))).toMatchObject({
      kind: 'accepted',
      isInform: true,
      sender: null,
    });
  });

  const unsealed = { ...informSealing, flags: 4, keys: NO_KEYS };
  test.each<[string, string, () => Uint8Array, number]>([
    [
      'unknown-engine-id',
      'discovery',
      () => seal(inform, { ...unsealed, engineId: new Uint8Array(0) }),
      9,
    ],
    [
      'unknown-engine-id',
      'another engine id',
      () => seal(inform, { ...informSealing, engineId: SENDER }),
      0,
    ],
    [
      'unknown-user-name',
      'a stranger',
      () => seal(inform, { ...unsealed, userName: Buffer.from('x') }),
      9,
    ],
    ['unsupported-security-level', 'clear text', () => seal(inform, unsealed), 9],
    [
      'wrong-digest',
      'other keys',
      () => seal(inform, { ...informSealing, keys: trapSealing.keys }),
      0,
    ],
    [
      'not-in-time-window',
      'an old time',
      () => seal(inform, { ...informSealing, time: { boots: 4, timeSeconds: 4_000 } }),
      0,
    ],
    [
      'not-in-time-window',
      'other boots',
      () => seal(inform, { ...informSealing, time: { boots: 3, timeSeconds: 5_000 } }),
      0,
    ],
  ])('gets the report %s for %s', (because, _, datagram, requestId) => {
    expect(open(datagram())).toEqual({ kind: 'refused', because, report: because, requestId });
  });

  test('that is a trap is refused', () => {
    expect(open(seal(pdu, informSealing))).toMatchObject({ kind: 'refused', because: 'wrong-pdu' });
  });
});
