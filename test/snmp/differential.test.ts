import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newBerWriter, writtenOctets } from '../../collector/snmp/ber-writer.ts';
import { decodeMessage, decodeScopedPdu } from '../../collector/snmp/decode-message.ts';
import { encodeMessage } from '../../collector/snmp/encode-message.ts';
import { newMessageView, sameOctets } from '../../collector/snmp/message-view.ts';
import { oidFromText } from '../../collector/snmp/oid-octets.ts';
import { type Pdu, pduObject } from '../../collector/snmp/pdu-object.ts';
import { communityTemplate, patchRequestId } from '../../collector/snmp/request-template.ts';
import { isAuthentic, openPayload } from '../../collector/snmp/usm/open-payload.ts';
import { usmReport } from '../../collector/snmp/usm/reports.ts';
import { TAG_OF_TYPE } from '../../collector/snmp/varbind-objects.ts';
import type { Varbind } from '../../collector/snmp-client.ts';
import type { AuthenticationProtocol } from '../../config/model.ts';
import { varbind } from './message-arbitraries.ts';
import {
  type Answer,
  communitySession,
  PACKAGE_PRIVACY,
  type PackageVarbind,
  userSession,
} from './package-session.ts';
import { NO_KEYS, seal, store, userWith } from './v3-peers.ts';

const COMMUNITY = 'community';
const writer = newBerWriter(65_507);
const view = newMessageView();

/** A varbind as the package gives it. */
function inItsTerms({ oid, type, value }: Varbind): PackageVarbind {
  const tag = TAG_OF_TYPE[type];
  if (typeof value === 'bigint') return { oid, type: tag, value: BigInt.asUintN(64, value) };
  const octets = value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
  return { oid, type: tag, value: octets };
}

/** The package gives octets and Counter64 as Buffers. */
function comparable({ oid, type, value }: PackageVarbind): PackageVarbind {
  if (!Buffer.isBuffer(value)) return { oid, type, value };
  const hex = value.toString('hex');
  return { oid, type, value: type === TAG_OF_TYPE.counter64 ? BigInt(`0x${hex || '0'}`) : hex };
}

const responseOf = (requestId: number, varbinds: readonly Varbind[]): Pdu => ({
  type: 'response',
  requestId,
  errorStatus: 0,
  errorIndex: 0,
  varbinds,
});

/** The package has no OIDs below 2 from 2.40 on, and no numbers in Opaque. */
const isInItsReach = ({ oid, type, value }: Varbind) =>
  !oid.startsWith('2.') && type !== 'opaque' && !(type === 'oid' && String(value).startsWith('2.'));
const comparableVarbind = varbind.filter(isInItsReach);

describe('the package reads what we write', () => {
  test.each(['v1', 'v2c'] as const)('%s', async (version) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(comparableVarbind, { minLength: 1, maxLength: 20 }),
        async (sent) => {
          const answer: Answer = (request) => {
            expect(decodeMessage(view, request)).toBeNull();
            const pdu = responseOf(view.pdu.requestId, sent);
            expect(encodeMessage(writer, version, Buffer.from(COMMUNITY), pdu)).toBeNull();
            return writtenOctets(writer);
          };
          const session = communitySession(version, COMMUNITY, answer);
          const oids = sent.map(({ oid }) => oid);
          const read = await new Promise<PackageVarbind[]>((resolve, reject) => {
            session.get(oids, (error, varbinds) => (error ? reject(error) : resolve(varbinds)));
          });
          session.close();
          expect(read.map(comparable)).toEqual(sent.map(inItsTerms));
        },
      ),
    );
  });
});

describe('we read what the package writes', () => {
  test('requests, octet for octet like ours', () => {
    const oids = ['1.3.6.1.2.1.1.3.0', '1.3.6.1.2.1.2.2.1.10.4294967295'];
    const names = oids.map((oid) => oidFromText(oid)!);
    let requests = 0;
    const answer: Answer = (request) => {
      requests += 1;
      expect(decodeMessage(view, request)).toBeNull();
      expect(
        sameOctets(request, view.communityStart, view.communityEnd, Buffer.from(COMMUNITY)),
      ).toBe(true);
      const pdu = pduObject(view.pdu);
      expect(encodeMessage(writer, 'v2c', Buffer.from(COMMUNITY), pdu)).toBeNull();
      expect(Buffer.from(writtenOctets(writer))).toEqual(Buffer.from(request));
      expect(pdu.varbinds.map(({ oid }) => oid)).toEqual(oids);
      return null;
    };
    const session = communitySession('v2c', COMMUNITY, answer);
    session.get(oids, () => {});
    session.getBulk(oids, 1, 25, () => {});
    session.close();
    expect(requests).toBe(2);
    const limits = { nonRepeaters: 1, maxRepetitions: 25 };
    const template = communityTemplate(
      writer,
      'v2c',
      Buffer.from(COMMUNITY),
      'get-bulk',
      names,
      limits,
    )!;
    patchRequestId(template.octets, template.requestIdAt, 0x0a0b_0c0d);
    expect(decodeMessage(view, template.octets)).toBeNull();
    expect(pduObject(view.pdu)).toMatchObject({
      type: 'get-bulk',
      requestId: 0x0a0b_0c0d,
      ...limits,
    });
  });

  test('values of every type', async () => {
    const withValue = comparableVarbind.filter(
      ({ type }) =>
        !['counter64', 'null', 'no-such-object', 'no-such-instance', 'end-of-mib-view'].includes(
          type,
        ),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(withValue, { minLength: 1, maxLength: 20 }), async (sent) => {
        const seen: Varbind[] = [];
        const session = communitySession('v2c', COMMUNITY, (request) => {
          expect(decodeMessage(view, request)).toBeNull();
          seen.push(...pduObject(view.pdu).varbinds);
          return null;
        });
        const theirs = sent.map(({ oid, type, value }) => ({
          oid,
          type: TAG_OF_TYPE[type],
          value: value instanceof Uint8Array ? Buffer.from(value) : value,
        }));
        session.set(theirs, () => {});
        session.close();
        expect(seen).toEqual(sent);
      }),
    );
  });
});

describe('the package and we understand each other in v3', () => {
  const ENGINE_ID = Buffer.from('80001f8804656e67696e65', 'hex');
  const TIME = { boots: 5, timeSeconds: 1_234 };
  const ANSWER: Varbind = {
    oid: '1.3.6.1.2.1.1.5.0',
    type: 'octet-string',
    value: Buffer.from('ours'),
  };
  const protocols: readonly AuthenticationProtocol[] = [
    'md5',
    'sha1',
    'sha224',
    'sha256',
    'sha384',
    'sha512',
  ];
  const pairs = protocols.flatMap((authentication) =>
    (Object.keys(PACKAGE_PRIVACY) as (keyof typeof PACKAGE_PRIVACY)[]).map(
      (privacy) => [authentication, privacy] as const,
    ),
  );

  test.each(pairs)('%s with %s', async (authentication, privacy) => {
    const user = userWith(authentication, privacy);
    const keys = store.keys(user, ENGINE_ID);
    const sealing = { engineId: ENGINE_ID, time: TIME, userName: user.name };
    const steps: string[] = [];
    const answer: Answer = (request) => {
      expect(decodeMessage(view, request)).toBeNull();
      const { messageId } = view;
      if (view.engineIdEnd === view.engineIdStart) {
        steps.push('discovery');
        expect(decodeScopedPdu(view, request, view.payloadStart, view.payloadEnd)).toBeNull();
        const report = usmReport('unknown-engine-id', view.pdu.requestId, 1);
        return seal(report, { ...sealing, messageId, flags: 0, keys: NO_KEYS });
      }
      steps.push('request');
      expect(view.flags & 3).toBe(3);
      expect(isAuthentic(view, keys)).toBe(true);
      expect(openPayload(view, keys)).toBeNull();
      const response = responseOf(view.pdu.requestId, [ANSWER]);
      return seal(response, { ...sealing, messageId, flags: 3, keys });
    };
    const session = userSession(authentication, privacy, answer);
    const read = await new Promise<PackageVarbind[]>((resolve, reject) => {
      session.get([ANSWER.oid], (error, varbinds) => (error ? reject(error) : resolve(varbinds)));
    });
    session.close();
    expect(read.map(comparable)).toEqual([inItsTerms(ANSWER)]);
    expect(steps).toEqual(['discovery', 'request']);
  });
});
