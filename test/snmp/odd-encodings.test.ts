import { describe, expect, test } from 'vitest';
import { decodeMessage } from '../../collector/snmp/decode-message.ts';
import { newMessageView } from '../../collector/snmp/message-view.ts';
import { pduObject, type ReadPdu } from '../../collector/snmp/pdu-object.ts';
import type { Refusal } from '../../collector/snmp/refusal.ts';
import { unhex } from './message-facts.ts';

type Octets = readonly number[];

function element(tag: number, ...content: readonly Octets[]): number[] {
  const octets = content.flat();
  const long = [0x82, octets.length >> 8, octets.length & 0xff];
  return [tag, ...(octets.length < 0x80 ? [octets.length] : long), ...octets];
}

const NAME = [0x06, 0x08, 0x2b, 6, 1, 2, 1, 1, 3, 0];
const ID = [0x02, 0x01, 0x4d];
const ZERO = [0x02, 0x01, 0x00];
const VERSION_2C = [0x02, 0x01, 0x01];
const COMMUNITY = [0x04, 0x03, 0x61, 0x6e, 0x79];

const varbind = (value: Octets) => element(0x30, NAME, value);
const message = (pdu: Octets, version: Octets = VERSION_2C) =>
  element(0x30, version, COMMUNITY, pdu);
const response = (...varbinds: readonly Octets[]) =>
  message(element(0xa2, ID, ZERO, ZERO, element(0x30, ...varbinds)));

function read(octets: Octets): ReadPdu | Refusal {
  const view = newMessageView();
  const refusal = decodeMessage(view, Uint8Array.from(octets));
  return refusal ?? pduObject(view.pdu);
}

/** The one value of a response, its reason when it has none, or why the response was refused. */
function singleValue(value: Octets): unknown {
  const pdu = read(response(varbind(value)));
  if (typeof pdu === 'string') return pdu;
  return pdu.varbinds[0]?.value ?? pdu.unreadable[0]?.reason ?? null;
}

describe('legal but odd values are exact', () => {
  test.each<[string, string, unknown]>([
    ['an integer with a zero octet before', '0202007f', 127],
    ['one with many', '020a00000000000000000001', 1],
    ['a negative one with ff octets before', '0206ffffffffff80', -128],
    ['the smallest', '020480000000', -2_147_483_648],
    ['a length in long form', '02810105', 5],
    ['one with zero octets before it', '0285000000000105', 5],
    ['a counter in five octets', '410500ffffffff', 4_294_967_295],
    ['one with the sign bit set', '4104ffffffff', 4_294_967_295],
    ['one octet with the sign bit set', '420180', 128],
    ['time ticks at their end', '4304ffffffff', 4_294_967_295],
    ['a Counter64 beyond 2^53', '46080020000000000001', 9_007_199_254_740_993n],
    ['one with the sign bit set', '4608ffffffffffffffff', 18_446_744_073_709_551_615n],
    ['one in nine octets', '460900ffffffffffffffff', 18_446_744_073_709_551_615n],
    ['a short one', '460105', 5n],
    ['an opaque float', '44079f780442f60000', 123],
    ['an opaque double', '440b9f7908405ec00000000000', 123],
    ['an address', '4004c0000201', '192.0.2.1'],
  ])('%s', (_, value, expected) => {
    expect(singleValue([...unhex(value)])).toBe(expected);
  });

  test('an opaque number that is none stays octets', () => {
    const octets = [0x9f, 0x78, 4, 0x7f, 0xc0, 0, 0];
    expect(singleValue([0x44, 7, ...octets])).toEqual(Uint8Array.from(octets));
  });

  test('octets of a value are a copy, not a view of the datagram', () => {
    const datagram = Buffer.from(response(varbind([4, 2, 1, 2])));
    const view = newMessageView();
    expect(decodeMessage(view, datagram)).toBeNull();
    const [found] = pduObject(view.pdu).varbinds;
    datagram.fill(0);
    expect(found?.value).toEqual(Uint8Array.of(1, 2));
  });

  test('octets behind the message mean nothing', () => {
    expect(read([...response(varbind([5, 0])), 0, 0, 0x30, 0xff])).toMatchObject({
      type: 'response',
    });
  });
});

describe('a value that cannot be read', () => {
  test.each<[string, string, string]>([
    ['an integer without octets', '0200', 'bad-integer'],
    ['an integer beyond 32 bits', '02050080000000', 'bad-integer'],
    ['a counter without octets', '4100', 'bad-integer'],
    ['a counter beyond 32 bits', '41050100000000', 'bad-integer'],
    ['a Counter64 without octets', '4600', 'bad-integer'],
    ['a Counter64 beyond 64 bits', '4609010000000000000000', 'bad-integer'],
    ['an OID without octets', '0600', 'bad-oid'],
    ['an OID that is cut', '06022b81', 'bad-oid'],
    ['a sub-identifier of 2^32', '06062b9080808000', 'bad-oid'],
    ['an address of five octets', '40050102030405', 'bad-value'],
    ['a NULL with octets', '050100', 'bad-value'],
    ['a noSuchInstance with octets', '810100', 'bad-value'],
    ['a BIT STRING', '03020fff', 'unknown-type'],
    ['a type of long ago', '47047fffffff', 'unknown-type'],
  ])('%s spoils its own row only', (_, value, reason) => {
    const good = varbind([2, 1, 9]);
    const pdu = read(response(good, varbind([...unhex(value)]), good));
    expect(pdu).toMatchObject({
      varbinds: [{ value: 9 }, { value: 9 }],
      unreadable: [{ oid: '1.3.6.1.2.1.1.3.0', reason }],
    });
  });
});

describe('a message is refused for', () => {
  const list = element(0x30, varbind([5, 0]));
  const trapOfV1 = element(
    0xa4,
    [0x06, 0x03, 0x2b, 6, 1],
    [0x40, 4, 192, 0, 2, 1],
    [2, 1, 6],
    [2, 1, 1],
    [0x43, 1, 5],
    list,
  );
  const bulk = element(0xa5, ID, ZERO, ZERO, list);
  const nested = Array.from({ length: 9_000 }, () => [0x30, 0x84, 0, 0, 0x7f, 0xff]).flat();

  test.each<[Refusal, string, Octets]>([
    ['truncated', 'no octets', []],
    ['truncated', 'one octet', [0x30]],
    ['truncated', 'a length that is cut', [0x30, 0x82, 1]],
    ['too-long', 'more than a datagram can hold', new Array(65_528).fill(0x30)],
    ['bad-length', 'a length past the end', [0x30, 5, 2, 1, 1]],
    ['bad-length', 'the reserved length 0xff', [0x30, 0xff, 2, 1, 1]],
    ['bad-length', 'a length of eight octets', [0x30, 0x88, 127, 1, 1, 1, 1, 1, 1, 1, 2, 1, 1]],
    ['wrong-tag', 'nesting without end', nested],
    ['indefinite-length', 'an indefinite length', [0x30, 0x80, 2, 1, 1, 0, 0]],
    ['multi-byte-tag', 'a multi-byte tag', [0x3f, 0x81, 1, 0]],
    ['multi-byte-tag', 'a multi-byte tag of a value', response(varbind([0x9f, 0x1f, 0]))],
    ['wrong-tag', 'another tag', [0x31, 0]],
    ['wrong-tag', 'a name that is no OID', response(element(0x30, [4, 1, 1], [5, 0]))],
    ['wrong-version', 'version 2', message(element(0xa2, ID, ZERO, ZERO, list), [2, 1, 2])],
    ['bad-integer', 'a version without octets', message(bulk, [2, 0])],
    ['bad-integer', 'a request id beyond 32 bits', message(element(0xa2, [2, 5, 0, 128, 0, 0, 0]))],
    ['wrong-pdu', 'a PDU tag that is none', message(element(0xa9, ID, ZERO, ZERO, list))],
    ['wrong-pdu', 'a trap of v1 in v2c', message(trapOfV1)],
    ['wrong-pdu', 'a GETBULK in v1', message(bulk, [2, 1, 0])],
    ['truncated', 'no PDU', message([])],
    [
      'trailing-octets',
      'octets behind the list',
      message(element(0xa2, ID, ZERO, ZERO, list, [5, 0])),
    ],
    ['trailing-octets', 'octets behind the PDU', message([...bulk, 5, 0])],
    ['trailing-octets', 'octets behind a value', response(element(0x30, NAME, [5, 0], [5, 0]))],
    ['bad-oid', 'a name without octets', response(element(0x30, [6, 0], [5, 0]))],
    [
      'bad-oid',
      'a name of 129 sub-identifiers',
      response(element(0x30, element(6, new Array(128).fill(1)), [5, 0])),
    ],
    [
      'bad-oid',
      'a name of 5,000 sub-identifiers',
      response(element(0x30, element(6, new Array(5_000).fill(1)), [5, 0])),
    ],
  ])('%s: %s', (refusal, _, octets) => {
    expect(read(octets)).toBe(refusal);
  });

  test('while the trap of v1 is read in v1', () => {
    expect(read(message(trapOfV1, [2, 1, 0]))).toMatchObject({
      type: 'trap-v1',
      enterprise: '1.3.6.1',
      agentAddress: '192.0.2.1',
      genericTrap: 6,
      specificTrap: 1,
      timestamp: 5,
    });
  });
});

describe('a v3 frame is refused for', () => {
  const usm = (boots: Octets = ZERO) =>
    element(0x04, element(0x30, [4, 2, 128, 1], boots, ZERO, [4, 1, 0x75], [4, 0], [4, 0]));
  const header = (size: Octets, flags: Octets, model: Octets) =>
    element(0x30, ID, size, element(4, flags), model);
  const scoped = element(0x30, [4, 0], [4, 0], element(0xa2, ID, ZERO, ZERO, [0x30, 0]));
  const frame = (...parts: readonly Octets[]) => element(0x30, [2, 1, 3], ...parts);
  const SIZE = [2, 2, 0x05, 0xdc];
  const USM = [2, 1, 3];
  const good = header(SIZE, [0], USM);

  test.each<[Refusal, string, Octets]>([
    ['bad-flags', 'privacy without authentication', frame(header(SIZE, [2], USM), usm(), scoped)],
    ['bad-flags', 'no flags', frame(header(SIZE, [], USM), usm(), scoped)],
    ['bad-flags', 'two octets of flags', frame(header(SIZE, [0, 0], USM), usm(), scoped)],
    ['bad-integer', 'a maximum size below 484', frame(header([2, 1, 9], [0], USM), usm(), scoped)],
    ['wrong-security-model', 'another model', frame(header(SIZE, [0], [2, 1, 2]), usm(), scoped)],
    ['bad-integer', 'negative boots', frame(good, usm([2, 1, 0xdd]), scoped)],
    [
      'wrong-tag',
      'a clear payload that claims to be encrypted',
      frame(header(SIZE, [3], USM), usm(), scoped),
    ],
    ['trailing-octets', 'octets behind the payload', frame(good, usm(), scoped, [5, 0])],
  ])('%s: %s', (refusal, _, octets) => {
    expect(decodeMessage(newMessageView(), Uint8Array.from(octets))).toBe(refusal);
  });

  test('nothing, when nothing is wrong with it', () => {
    expect(decodeMessage(newMessageView(), Uint8Array.from(frame(good, usm(), scoped)))).toBeNull();
  });
});
