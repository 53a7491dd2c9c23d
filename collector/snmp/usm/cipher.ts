import {
  type Cipheriv,
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  type KeyObject,
} from 'node:crypto';
import { LONGEST_MESSAGE_OCTETS } from '../ber-length.ts';
import { hideSecrets } from './hide-secrets.ts';
import { PRIVACY, type Privacy } from './protocols.ts';
import { SALT_OCTETS } from './salts.ts';

/**
 * A localised privacy key, ready to be used. Key objects, because a raw key costs several
 * microseconds more at each use.
 */
export type CipherKey = AesKey | DesKey;

interface AesKey {
  readonly cipher: 'aes';
  readonly bits: 128 | 192 | 256;
  readonly key: KeyObject;
  /** Made at their first use; see `encryptCfb` and `decryptCfb`. */
  encryptor: Cipheriv | null;
  decryptor: Cipheriv | null;
  /** The last block that the encryptor gave. */
  readonly lastBlock: Uint8Array;
}

interface DesKey {
  readonly cipher: 'des';
  readonly key: KeyObject;
  /** RFC 3414 §8.1.1.1. */
  readonly preIv: Uint8Array;
}

const AES_BLOCK_OCTETS = 16;
const DES_BLOCK_OCTETS = 8;
const DES_KEY_OCTETS = 8;
const TRIPLE_DES_KEY_OCTETS = 24;
/** With three equal keys Triple-DES is DES, which OpenSSL 3 has put away. */
const DES_CIPHER = 'des-ede3-cbc';

const aesIv = Buffer.alloc(AES_BLOCK_OCTETS);
const desIv = Buffer.alloc(DES_BLOCK_OCTETS);
/** Room for the initial vector and a text, in whole blocks. */
const MOST_BLOCKS = Math.ceil(LONGEST_MESSAGE_OCTETS / AES_BLOCK_OCTETS) + 1;
const chain = new Uint8Array(MOST_BLOCKS * AES_BLOCK_OCTETS);
const textWords = new Uint32Array(chain.buffer, AES_BLOCK_OCTETS);

/** `localized` as `localizePrivacyKey` makes it for the protocol. */
export function newCipherKey(privacy: Privacy, localized: Uint8Array): CipherKey {
  const { cipher } = PRIVACY[privacy];
  if (cipher === 'aes') {
    const bits = (localized.length * 8) as 128 | 192 | 256;
    const key = createSecretKey(localized);
    const lastBlock = new Uint8Array(AES_BLOCK_OCTETS);
    const made = { cipher, bits, key, encryptor: null, decryptor: null, lastBlock };
    return hideSecrets<AesKey>(made, 'encryptor', 'decryptor', 'lastBlock');
  }
  const keyOctets = cipher === 'des' ? DES_KEY_OCTETS : TRIPLE_DES_KEY_OCTETS;
  const key = localized.subarray(0, keyOctets);
  const tripled = cipher === 'des' ? Buffer.concat([key, key, key]) : key;
  const preIv = Uint8Array.from(localized.subarray(keyOctets, keyOctets + DES_BLOCK_OCTETS));
  return hideSecrets({ cipher: 'des', key: createSecretKey(tripled), preIv }, 'preIv');
}

/** Encrypts a scoped PDU (RFC 3414 §8.1.1, RFC 3826 §3.1.3). Boots and time are those in the message. */
export function encrypt(
  key: CipherKey,
  boots: number,
  timeSeconds: number,
  salt: Uint8Array,
  clear: Uint8Array,
): Uint8Array {
  if (key.cipher === 'aes') {
    setAesIv(boots, timeSeconds, salt, 0);
    return encryptCfb(key, clear);
  }
  setDesIv(key.preIv, salt, 0);
  const cipher = createCipheriv(DES_CIPHER, key.key, desIv).setAutoPadding(false);
  const padded = Buffer.alloc(Math.ceil(clear.length / DES_BLOCK_OCTETS) * DES_BLOCK_OCTETS);
  padded.set(clear);
  return cipher.update(padded);
}

/** Where the encrypted octets of a message and its salt are. */
export interface EncryptedPart {
  readonly octets: Uint8Array;
  readonly payloadStart: number;
  readonly payloadEnd: number;
  readonly saltStart: number;
  readonly saltEnd: number;
  readonly engineBoots: number;
  readonly engineTimeSeconds: number;
}

/**
 * The clear text of an encrypted scoped PDU, perhaps with padding behind it; null when there can be
 * none: a salt of another length, or DES without whole blocks (RFC 3414 §8.3.2, RFC 3826 §3.1.4).
 */
export function decrypt(key: CipherKey, message: EncryptedPart): Uint8Array | null {
  const { octets, payloadStart, payloadEnd, saltStart } = message;
  const length = payloadEnd - payloadStart;
  if (message.saltEnd - saltStart !== SALT_OCTETS || length === 0) return null;
  if (key.cipher === 'aes') {
    setAesIv(message.engineBoots, message.engineTimeSeconds, octets, saltStart);
    return decryptCfb(key, octets, payloadStart, length);
  }
  if (length % DES_BLOCK_OCTETS !== 0) return null;
  setDesIv(key.preIv, octets, saltStart);
  const cipher = createDecipheriv(DES_CIPHER, key.key, desIv).setAutoPadding(false);
  return cipher.update(octets.subarray(payloadStart, payloadEnd));
}

/**
 * Cipher feedback (NIST SP 800-38A §6.3): each encrypted block is the clear one XOR the cipher of the
 * encrypted block before it. Node needs a new object for each message, which costs more than the
 * work; so the same is done with one object that lives as long as the key. In CBC each block given
 * is the cipher of the block taken XOR the block given before. Taken the initial vector and then the
 * clear blocks, it gives just the key stream of CFB; what it gave last is taken out of the first.
 */
function encryptCfb(key: AesKey, clear: Uint8Array): Uint8Array {
  key.encryptor ??= newBlockCipher(key, 'cbc', new Uint8Array(AES_BLOCK_OCTETS));
  const { lastBlock } = key;
  for (let at = 0; at < AES_BLOCK_OCTETS; at += 1) aesIv[at]! ^= lastBlock[at]!;
  const stream = keyStream(key.encryptor, clear, 0, clear.length);
  lastBlock.set(stream.subarray(stream.length - AES_BLOCK_OCTETS));
  return xorWithText(stream, clear.length);
}

/** The encrypted blocks are all at hand here, so that their ciphers can be taken at once. */
function decryptCfb(key: AesKey, octets: Uint8Array, start: number, length: number): Uint8Array {
  key.decryptor ??= newBlockCipher(key, 'ecb', null);
  return xorWithText(keyStream(key.decryptor, octets, start, length), length);
}

function newBlockCipher(key: AesKey, mode: 'cbc' | 'ecb', iv: Uint8Array | null): Cipheriv {
  return createCipheriv(`aes-${key.bits}-${mode}`, key.key, iv).setAutoPadding(false);
}

/** What the cipher gives for the initial vector and all but the last block of the text. */
function keyStream(
  cipher: Cipheriv,
  octets: Uint8Array,
  start: number,
  length: number,
): Uint8Array {
  const blocks = Math.ceil(length / AES_BLOCK_OCTETS);
  chain.set(aesIv, 0);
  chain.set(octets.subarray(start, start + length), AES_BLOCK_OCTETS);
  return cipher.update(chain.subarray(0, blocks * AES_BLOCK_OCTETS));
}

/** The key stream XOR the text that still stands in `chain`, four octets at a time. */
function xorWithText(stream: Uint8Array, length: number): Uint8Array {
  const isAligned = stream.byteOffset % Uint32Array.BYTES_PER_ELEMENT === 0;
  const octets = isAligned ? stream : new Uint8Array(stream);
  const words = new Uint32Array(octets.buffer, octets.byteOffset, octets.length / 4);
  for (let at = 0; at < words.length; at += 1) words[at]! ^= textWords[at]!;
  return octets.subarray(0, length);
}

/** RFC 3826 §3.1.2.1: boots, time and salt. */
function setAesIv(boots: number, timeSeconds: number, salt: Uint8Array, saltAt: number): void {
  aesIv.writeUInt32BE(boots, 0);
  aesIv.writeUInt32BE(timeSeconds, 4);
  for (let at = 0; at < SALT_OCTETS; at += 1) aesIv[8 + at] = salt[saltAt + at]!;
}

/** RFC 3414 §8.1.1.1: the salt XOR the pre-IV. */
function setDesIv(preIv: Uint8Array, salt: Uint8Array, saltAt: number): void {
  for (let at = 0; at < SALT_OCTETS; at += 1) desIv[at] = preIv[at]! ^ salt[saltAt + at]!;
}
