import { hash } from 'node:crypto';
import type { AuthenticationProtocol } from '../../../config/model.ts';
import { assert } from '../../../lib/assert.ts';
import { PRIVACY, type Privacy } from './protocols.ts';

/** RFC 3414 A.2: the password is repeated to this many octets. */
const HASHED_OCTETS = 1_048_576;

/**
 * RFC 3414 A.2 (RFC 7860 §9.3 for SHA-2): the key Ku of a password, the same for every engine. About
 * a millisecond of work. The password must not be empty.
 */
export function passwordToKey(protocol: AuthenticationProtocol, password: Uint8Array): Uint8Array {
  assert(password.length > 0, 'a USM password has octets');
  return hash(protocol, Buffer.alloc(HASHED_OCTETS, password), 'buffer');
}

/** RFC 3414 §2.6: the key of one engine, H(Ku ‖ snmpEngineID ‖ Ku). */
export function localizeKey(
  protocol: AuthenticationProtocol,
  ku: Uint8Array,
  engineId: Uint8Array,
): Uint8Array {
  return hash(protocol, Buffer.concat([ku, engineId, ku]), 'buffer');
}

/**
 * The localised privacy key, as long as the cipher needs it (RFC 3414 §8.2.1, RFC 3826 §1.2.1). A
 * hash that is too short is extended: by draft-blumenthal-aes-usm-04 §3.1.2.1, with the hash of all
 * octets so far, or by Reeder's draft.
 */
export function localizePrivacyKey(
  protocol: AuthenticationProtocol,
  privacy: Privacy,
  ku: Uint8Array,
  engineId: Uint8Array,
): Uint8Array {
  const { keyOctets, extension } = PRIVACY[privacy];
  let key = localizeKey(protocol, ku, engineId);
  let last = key;
  while (key.length < keyOctets) {
    last =
      extension === 'reeder'
        ? nextReederPart(protocol, last, engineId)
        : hash(protocol, key, 'buffer');
    key = Buffer.concat([key, last]);
  }
  return key.subarray(0, keyOctets);
}

/**
 * draft-reeder-snmpv3-usm-3desede-00 §2.1, used for AES too by Cisco and others: the part before is
 * taken for a password. Costs as much as a password does, for every engine.
 */
function nextReederPart(
  protocol: AuthenticationProtocol,
  part: Uint8Array,
  engineId: Uint8Array,
): Uint8Array {
  return localizeKey(protocol, passwordToKey(protocol, part), engineId);
}
