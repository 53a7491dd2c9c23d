import { describe, expect, test } from 'vitest';
import { decodeMessage } from '../../collector/snmp/decode-message.ts';
import { newMessageView } from '../../collector/snmp/message-view.ts';
import { isAuthentic, openPayload } from '../../collector/snmp/usm/open-payload.ts';
import {
  localizeKey,
  localizePrivacyKey,
  passwordToKey,
} from '../../collector/snmp/usm/password-key.ts';
import type { Privacy } from '../../collector/snmp/usm/protocols.ts';
import { newKeyStore } from '../../collector/snmp/usm/user-keys.ts';
import type { AuthenticationProtocol } from '../../config/model.ts';
import { seededRandom } from '../../lib/random.ts';
import { frameFacts, hex, readFacts, scopedFacts, unhex } from './message-facts.ts';
import { type KeyVector, type MessageVector, readVectors, withoutVectors } from './vectors.ts';

const MESSAGE_FILES = [
  'peer-decode.json',
  'captures.json',
  'peer-primitives.json',
  'peer-malformed.json',
  'ber-suite.json',
];

const AUTHENTICATION: Readonly<Record<string, AuthenticationProtocol>> = {
  MD5: 'md5',
  SHA: 'sha1',
  'SHA-224': 'sha224',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

const PRIVACY: Readonly<Record<string, Privacy>> = {
  DES: 'des',
  AES: 'aes128',
  'AES-192': 'aes192',
  'AES-256': 'aes256',
  'AES-192-C': 'aes192c',
  'AES-256-C': 'aes256c',
  '3DES-C': '3desc',
};

describe.skipIf(withoutVectors)('messages of other implementations', () => {
  for (const file of MESSAGE_FILES) {
    test.each(readVectors(file).map((vector) => [vector.id, vector] as const))(
      '%s',
      (_, vector) => {
        const read = readFacts(unhex(vector.hex));
        const isDelivered = read.refusal === null && read.unreadable.length === 0;
        if (vector.verdict === 'accept') {
          expect(read.refusal).toBeNull();
          expect(isDelivered && read.facts).toMatchObject(vector.expect ?? {});
        } else if (vector.verdict === 'reject') {
          expect(isDelivered).toBe(false);
        } else if (isDelivered && vector.expectIfAccepted !== undefined) {
          expect(read.facts).toMatchObject(vector.expectIfAccepted);
        }
      },
    );
  }

  test('what is legal, if odd, is accepted', () => {
    const odd = MESSAGE_FILES.flatMap((file) => readVectors(file)).filter(
      ({ verdict, expectIfAccepted }) => verdict === 'either' && expectIfAccepted !== undefined,
    );
    const refused = odd.filter(({ hex: text }) => {
      const read = readFacts(unhex(text));
      return read.refusal !== null || read.unreadable.length > 0;
    });
    // Types that SNMP does not have, an IpAddress not of four octets, a NULL with octets, negative boots.
    const argued = /unknown:0x|"IpAddress"|"Null","value":null|engineBoots/;
    expect(
      refused.filter((vector) => !argued.test(JSON.stringify(vector.expectIfAccepted))),
    ).toEqual([]);
  });
});

describe.skipIf(withoutVectors)('keys of other implementations', () => {
  const cases = readVectors<KeyVector>('usm-keys.json');
  test.each(cases.map((vector) => [vector.id, vector] as const))('%s', (_, vector) => {
    const protocol = AUTHENTICATION[vector.auth]!;
    const ku = passwordToKey(protocol, Buffer.from(vector.password));
    const engineId = unhex(vector.engineId);
    if (vector.ku !== undefined) expect(hex(ku)).toBe(vector.ku);
    if (vector.kul !== undefined) expect(hex(localizeKey(protocol, ku, engineId))).toBe(vector.kul);
    if (vector.privKey !== undefined) {
      const key = localizePrivacyKey(protocol, PRIVACY[vector.priv!]!, ku, engineId);
      expect(hex(key)).toBe(vector.privKey);
    }
  });
});

describe.skipIf(withoutVectors)('authentic messages of other implementations', () => {
  const store = newKeyStore(seededRandom(1));
  const open = (vector: MessageVector) => {
    const view = newMessageView();
    expect(decodeMessage(view, unhex(vector.hex))).toBeNull();
    const { auth, authPassword, priv, privPassword } = vector.credentials!;
    const user = store.user({
      name: 'any',
      authentication: { protocol: AUTHENTICATION[auth]!, password: Buffer.from(authPassword) },
      privacy:
        priv === null ? null : { protocol: PRIVACY[priv]!, password: Buffer.from(privPassword!) },
    });
    const engineId = view.octets.subarray(view.engineIdStart, view.engineIdEnd);
    const keys = store.keys(user, engineId);
    return { view, keys, authentic: isAuthentic(view, keys) };
  };

  const cases = readVectors('usm-messages.json');
  test.each(cases.map((vector) => [vector.id, vector] as const))('%s', (_, vector) => {
    const { view, keys, authentic } = open(vector);
    expect(authentic).toBe(vector.verdict !== 'reject-auth');
    if (!authentic) return;
    if (vector.verdict === 'reject') {
      expect(openPayload(view, keys)).toBe('decryption-error');
      return;
    }
    expect(openPayload(view, keys)).toBeNull();
    const { scoped, encrypted, ...frame } = vector.expect!;
    const { authentic: _proof, ...facts } = frame as typeof frame & { authentic?: boolean };
    expect(frameFacts(view)).toMatchObject(facts);
    expect(scopedFacts(view)).toMatchObject(scoped!);
    if (encrypted !== undefined) {
      expect(hex(view.octets.subarray(view.payloadStart, view.payloadEnd))).toBe(encrypted);
    }
  });

  test.each(
    cases
      .filter(({ verdict }) => verdict === 'accept')
      .map((vector) => [vector.id, vector] as const),
  )('%s with any octet changed is not authentic', (_, vector) => {
    const { view, keys } = open(vector);
    const octets = view.octets;
    for (let at = 0; at < view.length; at += 1) {
      octets[at]! ^= 1;
      expect(isAuthentic(view, keys), `octet ${at}`).toBe(false);
      octets[at]! ^= 1;
    }
    expect(isAuthentic(view, keys)).toBe(true);
  });
});
