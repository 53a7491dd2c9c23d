import { decodeScopedPdu } from '../decode-message.ts';
import { AUTHENTICATED, ENCRYPTED, type MessageView } from '../message-view.ts';
import type { Refusal } from '../refusal.ts';
import { decrypt } from './cipher.ts';
import { isDigestRight } from './digest.ts';
import type { UsmKeys } from './user-keys.ts';

/** Whether the message carries the right digest (RFC 3414 §3.2 step 6). Without a key it does not. */
export function isAuthentic(view: MessageView, keys: UsmKeys): boolean {
  if ((view.flags & AUTHENTICATED) === 0 || keys.digest === null) return false;
  const { octets, length, digestStart, digestEnd } = view;
  return isDigestRight(keys.digest, octets, length, digestStart, digestEnd);
}

/**
 * Decrypts (RFC 3414 §3.2 step 8) and reads the scoped PDU of a message that needs no digest or was
 * found authentic. Null when `view.pdu` holds it. Clear text that is no scoped PDU means a wrong
 * key just as an impossible length does.
 */
export function openPayload(view: MessageView, keys: UsmKeys): Refusal | 'decryption-error' | null {
  if ((view.flags & ENCRYPTED) === 0) {
    return decodeScopedPdu(view, view.octets, view.payloadStart, view.payloadEnd);
  }
  const clear = keys.cipher === null ? null : decrypt(keys.cipher, view);
  if (clear === null) return 'decryption-error';
  return decodeScopedPdu(view, clear, 0, clear.length) === null ? null : 'decryption-error';
}
