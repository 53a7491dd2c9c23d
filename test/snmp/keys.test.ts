import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newBoundedCache } from '../../collector/snmp/usm/bounded-cache.ts';
import { decrypt, encrypt, newCipherKey } from '../../collector/snmp/usm/cipher.ts';
import { isDigestRight, newDigestKey, signMessage } from '../../collector/snmp/usm/digest.ts';
import { AUTHENTICATION, PRIVACY, type Privacy } from '../../collector/snmp/usm/protocols.ts';
import { newSalts } from '../../collector/snmp/usm/salts.ts';
import { newKeyStore } from '../../collector/snmp/usm/user-keys.ts';
import type { AuthenticationProtocol } from '../../config/model.ts';
import { seededRandom } from '../../lib/random.ts';

const PROTOCOLS = Object.keys(AUTHENTICATION) as AuthenticationProtocol[];
const PRIVACIES = Object.keys(PRIVACY) as Privacy[];

describe('a digest', () => {
  test.each(PROTOCOLS)('of %s is the HMAC over the message with zeros in its place', (protocol) => {
    const { digestOctets, keyOctets } = AUTHENTICATION[protocol];
    const octets = fc.uint8Array({ minLength: digestOctets, maxLength: 1_500 });
    const key = fc.uint8Array({ minLength: keyOctets, maxLength: keyOctets });
    fc.assert(
      fc.property(octets, key, fc.nat(), fc.nat({ max: 20 }), (message, secret, seed, before) => {
        const at = seed % (message.length - digestOctets + 1);
        message.fill(0, at, at + digestOctets);
        const hmac = createHmac(protocol, secret).update(message).digest();
        const buffer = Buffer.concat([Buffer.alloc(before, 7), message]);
        const digestKey = newDigestKey(protocol, secret);
        signMessage(digestKey, buffer, before, buffer.length, before + at);
        const signed = buffer.subarray(before);
        expect(signed.subarray(at, at + digestOctets)).toEqual(hmac.subarray(0, digestOctets));
        const isRight = (end: number) => isDigestRight(digestKey, signed, signed.length, at, end);
        expect(isRight(at + digestOctets)).toBe(true);
        expect(isRight(at + digestOctets - 1)).toBe(false);
        expect(isRight(at)).toBe(false);
      }),
    );
  });
});

describe('encryption', () => {
  const parameters = {
    boots: fc.nat(),
    timeSeconds: fc.nat(),
    salt: fc.uint8Array({ minLength: 8, maxLength: 8 }),
    clear: fc.uint8Array({ minLength: 1, maxLength: 1_500 }),
    secret: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  };

  test.each(PRIVACIES)('with %s is undone by decryption', (privacy) => {
    fc.assert(
      fc.property(fc.record(parameters), ({ boots, timeSeconds, salt, clear, secret }) => {
        const key = newCipherKey(privacy, secret.subarray(0, PRIVACY[privacy].keyOctets));
        const encrypted = encrypt(key, boots, timeSeconds, salt, clear);
        const octets = Buffer.concat([salt, encrypted]);
        const message = {
          octets,
          payloadStart: 8,
          payloadEnd: octets.length,
          saltStart: 0,
          saltEnd: 8,
          engineBoots: boots,
          engineTimeSeconds: timeSeconds,
        };
        const back = decrypt(key, message)!;
        expect(Buffer.from(back.subarray(0, clear.length)).equals(clear)).toBe(true);
        expect(back.length - clear.length).toBeLessThan(8);
        expect(decrypt(key, { ...message, saltEnd: 7 })).toBeNull();
        expect(decrypt(key, { ...message, payloadEnd: 8 })).toBeNull();
      }),
    );
  });

  test.each([
    ['aes128', 16],
    ['aes192', 24],
    ['aes256', 32],
  ] as const)('with %s is cipher feedback as OpenSSL does it', (privacy, keyOctets) => {
    fc.assert(
      fc.property(fc.record(parameters), ({ boots, timeSeconds, salt, clear, secret }) => {
        const raw = secret.subarray(0, keyOctets);
        const iv = Buffer.alloc(16);
        iv.writeUInt32BE(boots, 0);
        iv.writeUInt32BE(timeSeconds, 4);
        iv.set(salt, 8);
        const name = `aes-${keyOctets * 8}-cfb`;
        const key = newCipherKey(privacy, raw);
        const encrypted = encrypt(key, boots, timeSeconds, salt, clear);
        expect(createCipheriv(name, raw, iv).update(clear).equals(encrypted)).toBe(true);
        const part = { payloadStart: 8, saltStart: 0, saltEnd: 8, engineBoots: boots };
        const octets = Buffer.concat([salt, clear]);
        const rest = { octets, payloadEnd: octets.length, engineTimeSeconds: timeSeconds };
        const expected = createDecipheriv(name, raw, iv).update(clear);
        expect(expected.equals(decrypt(key, { ...part, ...rest })!)).toBe(true);
      }),
    );
  });

  test('with one key is the same for every message, whatever went before', () => {
    const raw = new Uint8Array(16).fill(9);
    const key = newCipherKey('aes128', raw);
    const message = fc.record({ clear: parameters.clear, salt: parameters.salt });
    fc.assert(
      fc.property(fc.array(message, { minLength: 1, maxLength: 5 }), (messages) => {
        for (const { clear, salt } of messages) {
          const iv = Buffer.concat([Buffer.alloc(8), salt]);
          const expected = createCipheriv('aes-128-cfb', raw, iv).update(clear);
          expect(expected.equals(encrypt(key, 0, 0, salt, clear))).toBe(true);
        }
      }),
    );
  });

  test('with DES takes whole blocks only', () => {
    const key = newCipherKey('des', new Uint8Array(16));
    const octets = new Uint8Array(8 + 15);
    const place = { octets, payloadStart: 8, saltStart: 0, saltEnd: 8 };
    const time = { engineBoots: 0, engineTimeSeconds: 0 };
    expect(decrypt(key, { ...place, ...time, payloadEnd: 8 + 15 })).toBeNull();
    expect(decrypt(key, { ...place, ...time, payloadEnd: 8 + 8 })).not.toBeNull();
  });

  test('never takes a salt twice', () => {
    const starts = new Set<string>();
    for (let seed = 1; seed <= 20; seed += 1) {
      const salts = newSalts(seededRandom(seed));
      const seen = new Set<string>();
      for (let count = 0; count < 600; count += 1)
        seen.add(Buffer.from(salts.next()).toString('hex'));
      expect(seen.size).toBe(600);
      starts.add([...seen][0]!);
    }
    expect(starts.size).toBe(20);
  });

  test('carries a salt over all its octets', () => {
    const salts = newSalts({ next: () => 0, bytes: (count) => new Uint8Array(count).fill(0xff) });
    expect([...salts.next()]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    expect([...salts.next()]).toEqual([0, 0, 0, 0, 0, 0, 0, 1]);
  });
});

describe('the key store', () => {
  const secrets = (password: string) => ({
    name: 'monitor',
    authentication: { protocol: 'sha256', password: Buffer.from(password) } as const,
    privacy: { protocol: 'aes128', password: Buffer.from(`${password} too`) } as const,
  });
  const engine = (number: number) => Uint8Array.of(0x80, 0, 0, number >> 8, number & 0xff);

  test('makes the keys of a user at an engine once', () => {
    const store = newKeyStore(seededRandom(1));
    const user = store.user(secrets('a pass phrase'));
    const again = store.user(secrets('a pass phrase'));
    expect(again.authentication?.ku).toBe(user.authentication?.ku);
    expect(store.keys(again, engine(1))).toBe(store.keys(user, engine(1)));
    expect(store.keys(user, engine(2))).not.toBe(store.keys(user, engine(1)));
    const other = store.user(secrets('other pass phrase'));
    expect(store.keys(other, engine(1))).not.toBe(store.keys(user, engine(1)));
  });

  test('forgets the engine that was used least recently', () => {
    const store = newKeyStore(seededRandom(1), 3);
    const user = store.user(secrets('a pass phrase'));
    const first = store.keys(user, engine(1));
    for (const number of [2, 3, 1, 4]) store.keys(user, engine(number));
    expect(store.keys(user, engine(1))).toBe(first);
    for (const number of [5, 6, 7]) store.keys(user, engine(number));
    expect(store.keys(user, engine(1))).not.toBe(first);
  });

  test('shows no secret to a log', () => {
    const store = newKeyStore(seededRandom(1));
    const user = store.user({ ...secrets('a pass phrase'), privacy: null });
    const des = store.user({
      ...secrets('a pass phrase'),
      privacy: { protocol: 'des', password: Buffer.from('a pass phrase') },
    });
    const digest = store.keys(user, engine(1)).digest!;
    const text = [store, user, des, store.keys(user, engine(1)), store.keys(des, engine(1))]
      .map((value) => inspect(value, { depth: 9 }) + JSON.stringify(value))
      .join();
    expect(text).not.toContain('a pass phrase');
    expect(text).not.toMatch(/inner|outer|preIv|Uint8Array\((16|20|24|32|64)\)/);
    expect(digest.inner.length).toBe(64);
  });

  test('of nothing in particular is bounded', () => {
    const cache = newBoundedCache<number>(2);
    for (let number = 0; number < 10; number += 1) cache.get(String(number), () => number);
    expect(cache.size).toBe(2);
    expect(cache.get('9', () => -1)).toBe(9);
    expect(cache.get('0', () => -1)).toBe(-1);
  });
});
