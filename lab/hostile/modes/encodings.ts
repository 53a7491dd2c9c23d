import type { HostileMode } from '../agent.ts';
import { communityMessage, type Octets, octetString, oid, tlv } from '../ber.ts';
import { counter64, OBJECT } from '../honest-device.ts';
import { type Element, headed, paddedLength, plainly, reencode } from '../reencode.ts';
import { answering, knowing, type ModeFacts, sending } from '../saying.ts';

/** Levels of an element in a v2c response: message, PDU, list, varbind, name and value. */
const DEEPEST_LEVEL = 4;
const NESTED_DEPTH = 9_000;
const NOISE_DATAGRAMS = 20;
const LONGEST_NOISE_OCTETS = 300;
const LONG_TEXT_OCTETS = 60_000;
const INTEGER = 0x02;
const WHOLE_NUMBERS: readonly number[] = [INTEGER, 0x41, 0x42, 0x43, 0x46];

/** Row 8: how a length lies. */
const LYING_LENGTHS: Readonly<Record<string, readonly number[]>> = {
  indefinite: [0x80],
  overflowing: [0x84, 0xff, 0xff, 0xff, 0xff],
  negative: [0x84, 0x80, 0x00, 0x00, 0x01],
  'eight-octet': [0x88, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00],
  reserved: [0xff],
};

/** One level a datagram in turn, so that no place of a length is left out. */
function lyingLength(name: string, length: readonly number[]): HostileMode {
  const does = `writes a length that is ${name}`;
  return sending({ row: 8, name: `length-${name}`, does }, (right, ask) => {
    const level = ask.number % (DEEPEST_LEVEL + 1);
    const write = (element: Element) =>
      element.level === level ? headed(element.tag, length, element.content) : plainly(element);
    return [reencode(right, write)];
  });
}

/** A varbind in the right message, made octet by octet. */
function withVarbind(facts: ModeFacts, make: () => Octets): HostileMode {
  return sending(facts, (_right, ask) => [
    communityMessage({
      version: ask.version,
      community: ask.community,
      requestId: ask.id,
      varbinds: [make()],
    }),
  ]);
}

/** An OID whose sub-identifiers may be too many or too large. */
function longOid(count: number): Octets {
  return oid(`1.3.${Array.from({ length: count - 2 }, () => 7).join('.')}`);
}

/** Rows 8 to 14: what the octets are. */
export const ENCODING_MODES: readonly HostileMode[] = [
  sending(
    { row: 8, name: 'truncated', does: 'sends the reply without its end' },
    (right, _ask, { random }) => [
      right.subarray(0, 1 + Math.floor(random.next() * (right.length - 1))),
    ],
  ),
  ...Object.entries(LYING_LENGTHS).map(([name, length]) => lyingLength(name, length)),
  sending(
    { row: 9, name: 'noise', does: 'sends random octets, then the reply' },
    (right, _ask, { random }) => [
      ...Array.from({ length: NOISE_DATAGRAMS }, () =>
        Buffer.from(random.bytes(Math.floor(random.next() * LONGEST_NOISE_OCTETS))),
      ),
      right,
    ],
  ),
  sending({ row: 9, name: 'empty', does: 'sends a datagram without octets' }, () => [
    Buffer.alloc(0),
  ]),
  sending({ row: 9, name: 'nested', does: 'nests sequences 9,000 deep' }, () => [
    Buffer.alloc(NESTED_DEPTH * 2, Buffer.from([0x30, 0x80])),
    nested(NESTED_DEPTH),
  ]),
  sending({ row: 10, name: 'odd-lengths', does: 'writes every length in four octets' }, (right) => [
    reencode(right, ({ tag, content }) => headed(tag, paddedLength(content.length, 4), content)),
  ]),
  sending(
    { row: 10, name: 'odd-integers', does: 'writes numbers with zeros in front' },
    (right) => [reencode(right, padNumber)],
  ),
  knowing(
    { row: 11, name: 'signed-counters', does: 'sends counters without the leading zero octet' },
    ({ device: { objects } }) => {
      for (const name of objects.below(OBJECT.ifInErrors)) {
        objects.set(name, tlv(0x41, [0xff, 0xff, 0xff, 0xfe]));
      }
      for (const column of [OBJECT.ifHCInOctets, OBJECT.ifHCOutOctets]) {
        for (const name of objects.below(column)) {
          objects.set(name, tlv(0x46, [0x80, 0, 0, 0, 0, 0, 0, 1]));
        }
      }
    },
  ),
  answering(
    { row: 11, name: 'counter64-in-v1', does: 'sends 64-bit counters in v1', speaks: 'v1' },
    (answer) => ({
      ...answer,
      objects: answer.objects.map((object) =>
        object.oid.startsWith(`${OBJECT.ifInOctets}.`)
          ? { ...object, value: counter64(2n ** 63n + 1n) }
          : object,
      ),
    }),
  ),
  knowing(
    { row: 12, name: 'empty-integers', does: 'sends integers without octets' },
    ({ device: { objects } }) => {
      for (const name of [OBJECT.upsCharge, OBJECT.upsMinutesRemaining]) {
        objects.set(name, tlv(INTEGER, []));
      }
      for (const name of objects.below(OBJECT.ifOperStatus)) objects.set(name, tlv(INTEGER, []));
    },
  ),
  knowing(
    { row: 12, name: 'wrong-types', does: 'sends text, addresses and OIDs for numbers' },
    ({ device: { objects } }) => {
      objects.set(OBJECT.upsCharge, octetString('full'));
      objects.set(OBJECT.upsMinutesRemaining, tlv(0x40, [0, 0, 0, 1]));
      objects.set(OBJECT.upsBatteryStatus, oid('1.3.6.1.4'));
      for (const name of objects.below(OBJECT.ifHCInOctets)) objects.set(name, octetString('many'));
    },
  ),
  withVarbind({ row: 13, name: 'oid-of-130', does: 'names an object of 130 numbers' }, () =>
    varbindOf(longOid(130)),
  ),
  withVarbind({ row: 13, name: 'oid-of-5000', does: 'names an object of 5,000 numbers' }, () =>
    varbindOf(longOid(5_000)),
  ),
  withVarbind({ row: 13, name: 'oid-beyond-32-bits', does: 'names an object by 2^32' }, () =>
    varbindOf(oid('1.3.6.1.2.1.1.4294967296')),
  ),
  knowing(
    { row: 14, name: 'long-texts', does: 'sends texts of 60 kB' },
    ({ device: { objects } }) => {
      objects.set(OBJECT.sysDescr, octetString('x'.repeat(LONG_TEXT_OCTETS)));
      for (const name of objects.below(OBJECT.ifAlias)) {
        objects.set(name, octetString('y'.repeat(LONG_TEXT_OCTETS)));
      }
    },
  ),
  sending(
    { row: 14, name: 'junk-behind', does: 'sends octets behind the message' },
    (right, _ask, { random }) => [Buffer.concat([right, Buffer.from(random.bytes(40))])],
  ),
];

function nested(depth: number): Octets {
  const headers: Buffer[] = [];
  let length = 0;
  for (let level = 0; level < depth; level += 1) {
    const header = Buffer.from([0x30, ...paddedLength(length, 2)]);
    headers.push(header);
    length += header.length;
  }
  return Buffer.concat(headers.reverse());
}

function varbindOf(name: Octets): Octets {
  return plainly({ tag: 0x30, content: Buffer.concat([name, octetString('never')]) });
}

/** X.690 §8.3.2 forbids it, and agents do it. */
function padNumber({ tag, content }: Element): Octets {
  const isNumber = WHOLE_NUMBERS.includes(tag) && (content[0] ?? 0) < 0x80;
  return plainly({ tag, content: isNumber ? Buffer.concat([Buffer.alloc(2), content]) : content });
}
