import { describe, expect, test } from 'vitest';
import { newBerWriter, writtenOctets } from '../../collector/snmp/ber-writer.ts';
import { decodeMessage, decodeScopedPdu } from '../../collector/snmp/decode-message.ts';
import { encodeMessage } from '../../collector/snmp/encode-message.ts';
import { ENCRYPTED, newMessageView } from '../../collector/snmp/message-view.ts';
import { type Pdu, pduObject } from '../../collector/snmp/pdu-object.ts';
import { VERSION_1, VERSION_3 } from '../../collector/snmp/tags.ts';
import { hearOfEngine } from '../../collector/snmp/usm/engine-clock.ts';
import { openReply } from '../../collector/snmp/usm/open-reply.ts';
import type { Varbind } from '../../collector/snmp-client.ts';
import { seededRandom } from '../../lib/random.ts';
import { seal, store, userWith } from './v3-peers.ts';

const DATAGRAMS = 100_000;
const FORGERIES = 5_000;
/** A varbind takes at least this many octets: two headers, a name of one octet, an empty value. */
const FEWEST_VARBIND_OCTETS = 7;

const random = seededRandom(20_260_101);
const below = (limit: number) => Math.floor(random.next() * limit);
const writer = newBerWriter(65_507);
const view = newMessageView();

const VALUES: readonly Omit<Varbind, 'oid'>[] = [
  { type: 'integer', value: -5 },
  { type: 'octet-string', value: Buffer.from('a name of some length') },
  { type: 'oid', value: '1.3.6.1.4.1.4294967295.1' },
  { type: 'ip-address', value: '192.0.2.1' },
  { type: 'counter32', value: 4_294_967_295 },
  { type: 'gauge32', value: 1_000_000_000 },
  { type: 'time-ticks', value: 12_345 },
  { type: 'opaque', value: 21.5 },
  { type: 'counter64', value: 2n ** 60n + 1n },
  { type: 'no-such-instance', value: null },
  { type: 'end-of-mib-view', value: null },
];
const VARBINDS = VALUES.map((value, index) => ({
  oid: `1.3.6.1.2.1.2.2.1.${index}.1000`,
  ...value,
}));
const RESPONSE: Pdu = {
  type: 'response',
  requestId: 0x0102_0304,
  errorStatus: 0,
  errorIndex: 0,
  varbinds: VARBINDS,
};
const TRAP: Pdu = {
  type: 'trap-v1',
  enterprise: '1.3.6.1.4.1.8072',
  agentAddress: '192.0.2.1',
  genericTrap: 6,
  specificTrap: 1,
  timestamp: 5,
  varbinds: VARBINDS,
};

const ENGINE_ID = Buffer.from('80001f8804656e67696e65', 'hex');
const TIME = { boots: 3, timeSeconds: 1_000 };
const user = userWith('sha256', 'aes128');
const keys = store.keys(user, ENGINE_ID);
const sealed = (flags: number) =>
  seal(RESPONSE, {
    messageId: 0x0203_0405,
    flags,
    engineId: ENGINE_ID,
    time: TIME,
    userName: user.name,
    keys,
  });

function encoded(version: 'v1' | 'v2c', pdu: Pdu): Buffer {
  expect(encodeMessage(writer, version, Buffer.from('community'), pdu)).toBeNull();
  return Buffer.from(writtenOctets(writer));
}

/** Changes a message in one to four places, each in a way that has broken decoders before. */
function mutate(original: Buffer): Buffer {
  let octets = Buffer.from(original);
  for (let changes = 1 + below(4); changes > 0; changes -= 1) {
    const at = below(octets.length);
    const length = 1 + below(8);
    switch (below(7)) {
      case 0:
        octets[at]! ^= 1 << below(8);
        break;
      case 1:
        octets[at] = [0x00, 0x1f, 0x7f, 0x80, 0x81, 0x84, 0xff][below(7)]!;
        break;
      case 2:
        octets[at] = below(256);
        break;
      case 3:
        octets = octets.subarray(0, Math.max(1, at));
        break;
      case 4:
        octets = Buffer.concat([octets.subarray(0, at), octets.subarray(at + length)]);
        break;
      case 5:
        octets = Buffer.concat([octets.subarray(0, at), random.bytes(length), octets.subarray(at)]);
        break;
      default:
        octets = Buffer.concat([octets, octets.subarray(at)]);
    }
    if (octets.length === 0) return Buffer.of(0x30);
  }
  return Buffer.from(octets);
}

/** Reads everything there is to read; gives the PDU when it was accepted. */
function readAll(datagram: Buffer): ReturnType<typeof pduObject> | null {
  if (decodeMessage(view, datagram) !== null) return null;
  if (view.version === VERSION_3) {
    if ((view.flags & ENCRYPTED) !== 0) return null;
    if (decodeScopedPdu(view, datagram, view.payloadStart, view.payloadEnd) !== null) return null;
  }
  return pduObject(view.pdu);
}

describe('100,000 mutated datagrams', () => {
  test('are read in bounded space or refused, and what is read is written the same', () => {
    const seeds = [
      encoded('v1', RESPONSE),
      encoded('v2c', RESPONSE),
      encoded('v1', TRAP),
      encoded('v2c', { ...RESPONSE, type: 'inform' }),
      sealed(0),
      sealed(1),
      sealed(3),
    ];
    let accepted = 0;
    for (let round = 0; round < DATAGRAMS; round += 1) {
      const datagram = mutate(seeds[round % seeds.length]!);
      const pdu = readAll(datagram);
      const mostVarbinds = Math.floor(datagram.length / FEWEST_VARBIND_OCTETS);
      if (view.pdu.count > mostVarbinds) throw new Error(`too many: ${datagram.toString('hex')}`);
      if (pdu === null) continue;
      accepted += 1;
      if (accepted % 10 !== 0) continue;
      const { unreadable: _, ...readable } = pdu;
      const version = view.version === VERSION_1 ? 'v1' : 'v2c';
      const again = readAll(encoded(version, readable));
      expect(again, datagram.toString('hex')).toEqual({ ...readable, unreadable: [] });
    }
    // Most of what is left whole by a mutation is still a message; a decoder that refuses all is none.
    expect(accepted).toBeGreaterThan(DATAGRAMS / 20);
    expect(view.pdu.columns.types.length).toBeLessThanOrEqual(16_384);
  });

  test('of them not one that claims to be authentic is taken for a reply', () => {
    const asked = {
      requestId: 0x0102_0304,
      user,
      levelFlags: 3,
      keys,
      contextName: new Uint8Array(0),
      engine: hearOfEngine(ENGINE_ID, TIME, 0),
    };
    const original = sealed(3);
    const judge = (datagram: Buffer) =>
      decodeMessage(view, datagram) === null ? openReply(view, asked, 0).kind : 'refused';
    expect(judge(original)).toBe('response');
    const kinds = new Set<string>();
    for (let round = 0; round < FORGERIES; round += 1) {
      const datagram = mutate(original);
      const isUnchanged = datagram.subarray(0, original.length).equals(original);
      if (!isUnchanged) kinds.add(judge(datagram));
    }
    expect([...kinds].sort()).toEqual(['ignored', 'refused']);
  });
});
