import type { AuthenticationProtocol, PrivacyProtocol } from '../../../config/model.ts';

/** RFC 3414 §6-7 (MD5, SHA-1) and RFC 7860 §4 (SHA-2). */
export interface AuthenticationFacts {
  /** Octets of the digest that are sent. */
  readonly digestOctets: number;
  /** Octets of the hash and so of a key. */
  readonly keyOctets: number;
  /** Octets of a block of the hash, for HMAC (RFC 2104 §2). */
  readonly blockOctets: number;
}

/** The names are those of the hash functions in OpenSSL too. */
export const AUTHENTICATION: Readonly<Record<AuthenticationProtocol, AuthenticationFacts>> = {
  md5: { digestOctets: 12, keyOctets: 16, blockOctets: 64 },
  sha1: { digestOctets: 12, keyOctets: 20, blockOctets: 64 },
  sha224: { digestOctets: 16, keyOctets: 28, blockOctets: 64 },
  sha256: { digestOctets: 24, keyOctets: 32, blockOctets: 64 },
  sha384: { digestOctets: 32, keyOctets: 48, blockOctets: 128 },
  sha512: { digestOctets: 48, keyOctets: 64, blockOctets: 128 },
};

/** `3desc` is Triple-DES in CBC (draft-reeder-snmpv3-usm-3desede-00), which some agents offer. */
export type Privacy = PrivacyProtocol | '3desc';

export interface PrivacyFacts {
  readonly cipher: 'des' | '3des' | 'aes';
  /** Octets of the localised key that are used, with the pre-IV of DES. */
  readonly keyOctets: number;
  /** How a hash that is too short is made longer; `none` where even MD5 is long enough. */
  readonly extension: 'none' | 'blumenthal' | 'reeder';
}

export const PRIVACY: Readonly<Record<Privacy, PrivacyFacts>> = {
  des: { cipher: 'des', keyOctets: 16, extension: 'none' },
  '3desc': { cipher: '3des', keyOctets: 32, extension: 'reeder' },
  aes128: { cipher: 'aes', keyOctets: 16, extension: 'none' },
  aes192: { cipher: 'aes', keyOctets: 24, extension: 'blumenthal' },
  aes256: { cipher: 'aes', keyOctets: 32, extension: 'blumenthal' },
  aes192c: { cipher: 'aes', keyOctets: 24, extension: 'reeder' },
  aes256c: { cipher: 'aes', keyOctets: 32, extension: 'reeder' },
};
