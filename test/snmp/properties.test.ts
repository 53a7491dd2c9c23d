import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareOids } from '../../collector/oid.ts';
import { newBerWriter, writtenOctets } from '../../collector/snmp/ber-writer.ts';
import { decodeMessage } from '../../collector/snmp/decode-message.ts';
import { type CommunityVersion, encodeMessage } from '../../collector/snmp/encode-message.ts';
import { newMessageView, sameOctets } from '../../collector/snmp/message-view.ts';
import {
  compareOidOctets,
  isOid,
  isOidWithin,
  oidFromText,
  oidText,
} from '../../collector/snmp/oid-octets.ts';
import { type Pdu, pduObject } from '../../collector/snmp/pdu-object.ts';
import { newRequestIds } from '../../collector/snmp/request-ids.ts';
import {
  communityTemplate,
  patchRequestId,
  type RequestOperation,
} from '../../collector/snmp/request-template.ts';
import { seededRandom } from '../../lib/random.ts';
import { integer32, oid, pduOfV1, pduOfV2, unsigned32 } from './message-arbitraries.ts';

const community = fc.uint8Array({ maxLength: 200 });
const writer = newBerWriter(65_507);
/** Used again and again, so that nothing of one message may show in the next. */
const view = newMessageView();

function roundTrip(version: CommunityVersion, name: Uint8Array, pdu: Pdu): void {
  expect(encodeMessage(writer, version, name, pdu)).toBeNull();
  const octets = writtenOctets(writer);
  expect(decodeMessage(view, octets)).toBeNull();
  expect(view.length).toBe(octets.length);
  expect(sameOctets(octets, view.communityStart, view.communityEnd, name)).toBe(true);
  expect(pduObject(view.pdu)).toEqual({ ...pdu, unreadable: [] });
}

describe('what is written is read back', () => {
  test('v1', () => {
    fc.assert(fc.property(community, pduOfV1, (name, pdu) => roundTrip('v1', name, pdu)));
  });

  test('v2c', () => {
    fc.assert(fc.property(community, pduOfV2, (name, pdu) => roundTrip('v2c', name, pdu)));
  });

  test('and is refused when cut anywhere', () => {
    fc.assert(
      fc.property(pduOfV2, fc.nat(), (pdu, seed) => {
        expect(encodeMessage(writer, 'v2c', Buffer.from('any'), pdu)).toBeNull();
        const octets = writtenOctets(writer);
        expect(decodeMessage(view, octets.subarray(0, seed % octets.length))).not.toBeNull();
        expect(view.pdu.count).toBe(0);
      }),
    );
  });

  test('and what does not fit its type or the buffer is not written', () => {
    const write = (varbind: Pdu['varbinds'][number]) =>
      encodeMessage(writer, 'v2c', Buffer.from('any'), {
        type: 'response',
        requestId: 1,
        errorStatus: 0,
        errorIndex: 0,
        varbinds: [varbind],
      });
    expect(write({ oid: '1.3', type: 'integer', value: 2 ** 31 })).toBe('bad-integer');
    expect(write({ oid: '1.3', type: 'gauge32', value: -1 })).toBe('bad-integer');
    expect(write({ oid: '1.3', type: 'counter64', value: 2n ** 64n })).toBe('bad-integer');
    expect(write({ oid: '1.40', type: 'null', value: null })).toBe('bad-oid');
    expect(write({ oid: '1.3', type: 'oid', value: '3.1' })).toBe('bad-oid');
    expect(write({ oid: '1.3', type: 'ip-address', value: '1.2.3' })).toBe('bad-value');
    expect(write({ oid: '1.3', type: 'null', value: 0 })).toBe('bad-value');
    const long = { oid: '1.3', type: 'octet-string', value: new Uint8Array(65_500) } as const;
    expect(write(long)).toBe('too-long');
  });
});

describe('OIDs', () => {
  test('turn from text to octets and back', () => {
    fc.assert(
      fc.property(oid, (text) => {
        const octets = oidFromText(text)!;
        expect(isOid(octets, 0, octets.length)).toBe(true);
        expect(oidText(octets, 0, octets.length)).toBe(text);
      }),
    );
  });

  test('are ordered by sub-identifier', () => {
    const near = fc.tuple(oid, fc.array(unsigned32, { maxLength: 3 }), unsigned32);
    fc.assert(
      fc.property(near, oid, fc.boolean(), ([base, rest, last], other, isNear) => {
        const a = [base, ...rest].join('.');
        const b = isNear ? `${base}.${last}` : other;
        const [x, y] = [oidFromText(a), oidFromText(b)];
        if (x === null || y === null) return;
        const order = compareOidOctets(x, 0, x.length, y, 0, y.length);
        expect(Math.sign(order)).toBe(Math.sign(compareOids(a, b)));
        const reverse = compareOidOctets(y, 0, y.length, x, 0, x.length);
        expect(Math.sign(reverse)).toBe(Math.sign(compareOids(b, a)));
        expect(isOidWithin(x, y, 0, y.length)).toBe(b === a || b.startsWith(`${a}.`));
      }),
    );
  });

  test.each([
    [
      'a padded sub-identifier counts by its value',
      [0x2b, 0x80, 0x06, 0x01],
      [0x2b, 0x06, 0x01],
      0,
    ],
    ['and still comes before a larger one', [0x2b, 0x80, 0x06], [0x2b, 0x07], -1],
    ['16383 comes before 16384', [0x2b, 0xff, 0x7f], [0x2b, 0x81, 0x80, 0x00], -1],
  ])('%s', (_, a, b, sign) => {
    const [x, y] = [Uint8Array.from(a), Uint8Array.from(b)];
    expect(Math.sign(compareOidOctets(x, 0, x.length, y, 0, y.length))).toBe(sign);
  });

  test.each(['', '1', '.1.3', '1.3.', '1..3', '3.1', '1.40', '1.3.4294967296', '1.3.a', '1.-3'])(
    '%j is none',
    (text) => {
      expect(oidFromText(text)).toBeNull();
    },
  );

  test('have at most 128 sub-identifiers', () => {
    const arcs = (count: number) => Array.from({ length: count }, () => 1).join('.');
    expect(oidFromText(arcs(128))).not.toBeNull();
    expect(oidFromText(arcs(129))).toBeNull();
    const octets = new Uint8Array(128).fill(1);
    expect(isOid(octets, 0, 127)).toBe(true);
    expect(isOid(octets, 0, 128)).toBe(false);
  });
});

describe('a request template', () => {
  const operation = fc.constantFrom<RequestOperation[]>('get', 'get-next', 'get-bulk');
  const ids = newRequestIds(seededRandom(5));

  test('is the same message with another id', () => {
    fc.assert(
      fc.property(operation, fc.array(oid, { maxLength: 70 }), integer32, (kind, oids, repeat) => {
        const names = oids.map((text) => oidFromText(text)!);
        const isBulk = kind === 'get-bulk';
        const limits = isBulk ? { nonRepeaters: 1, maxRepetitions: repeat } : undefined;
        const template = communityTemplate(writer, 'v2c', Buffer.from('any'), kind, names, limits)!;
        for (let tries = 0; tries < 2; tries += 1) {
          const requestId = ids.next();
          patchRequestId(template.octets, template.requestIdAt, requestId);
          expect(decodeMessage(view, template.octets)).toBeNull();
          const varbinds = oids.map((text) => ({ oid: text, type: 'null', value: null }) as const);
          const rest = { requestId, varbinds };
          const pdu: Pdu = isBulk
            ? { type: 'get-bulk', nonRepeaters: 1, maxRepetitions: repeat, ...rest }
            : { type: kind as 'get', errorStatus: 0, errorIndex: 0, ...rest };
          expect(pduObject(view.pdu)).toEqual({ ...pdu, unreadable: [] });
          // Byte for byte what encoding it anew gives: every length and integer is the shortest.
          expect(encodeMessage(writer, 'v2c', Buffer.from('any'), pdu)).toBeNull();
          expect(Buffer.from(writtenOctets(writer)).equals(template.octets)).toBe(true);
        }
      }),
    );
  });

  test('that does not fit is none', () => {
    const small = newBerWriter(60);
    const names = Array.from({ length: 8 }, () => oidFromText('1.3.6.1.2.1.1.3.0')!);
    expect(communityTemplate(small, 'v1', Buffer.from('any'), 'get', names)).toBeNull();
    expect(
      communityTemplate(small, 'v1', Buffer.from('any'), 'get', names.slice(0, 1)),
    ).not.toBeNull();
  });
});

describe('request ids', () => {
  test('take four octets, begin elsewhere each time, and tell nothing about the next', () => {
    const starts = new Set<number>();
    for (let seed = 1; seed <= 50; seed += 1) {
      const ids = newRequestIds(seededRandom(seed));
      const drawn = Array.from({ length: 2_000 }, () => ids.next());
      for (const id of drawn) expect(id >= 0x0100_0000 && id <= 0x7fff_ffff).toBe(true);
      expect(new Set(drawn).size).toBeGreaterThan(1_990);
      const steps = drawn.slice(1).map((id, place) => id - drawn[place]!);
      expect(new Set(steps).size).toBeGreaterThan(1_990);
      starts.add(drawn[0]!);
    }
    expect(starts.size).toBe(50);
  });
});
