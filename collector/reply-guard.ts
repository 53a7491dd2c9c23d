import { isIPv6, SocketAddress } from 'node:net';
import { REPORT_PDU, RESPONSE_PDU, type ScannedMessage, scanMessage } from './message-scan.ts';
import type { IgnoredReplyReason } from './self-metrics.ts';

/** Where a datagram came from, as `dgram` tells it. */
export interface Sender {
  readonly address: string;
  readonly port: number;
}

/** What was asked of whom: only a reply that fits is one. */
export interface Expectation {
  readonly address: string;
  readonly port: number;
  readonly version: 'v1' | 'v2c' | 'v3';
  /** Octets of the community; empty for v3. */
  readonly community: Uint8Array;
  /** RFC 3412 msgFlags that a v3 answer must carry at least: 0, 1 or 3. */
  readonly securityFlags: number;
}

export type Verdict =
  | {
      readonly accepted: true;
      readonly id: number;
      readonly isReport: boolean;
      /** Octets of the datagram that belong to the message. */
      readonly length: number;
    }
  | { readonly accepted: false; readonly reason: IgnoredReplyReason };

/** Longest UDP payload over IPv4; nothing longer can arrive whole. */
const LONGEST_DATAGRAM_OCTETS = 65_507;
const SECURITY_FLAGS = 3;
/** 1.3.6.1.6.3.15.1.1, usmStats (RFC 3414 §5): the only objects a report about security names. */
const USM_STATS = Uint8Array.of(0x2b, 6, 1, 6, 3, 15, 1, 1);

/** The same address always as the same text; the zone of a link-local one is left out. */
export function canonicalAddress(address: string): string {
  const plain = address.replace(/%.*$/, '');
  if (!isIPv6(plain)) return plain;
  const canonical = new SocketAddress({ address: plain, family: 'ipv6' }).address;
  return canonical.startsWith('::ffff:') && canonical.includes('.')
    ? canonical.slice(7)
    : canonical;
}

/**
 * Decides whether a datagram can be the reply to a pending request: from the asked address and
 * port, well formed, of the asked version and community, and at no lower a security level than
 * asked. The one exception is a plain report about security, without which v3 discovery and its
 * error answers (RFC 3414 §3.2) could not be.
 */
export function judgeReply(
  datagram: Uint8Array,
  sender: Sender,
  expected: Expectation,
  isPending: (id: number) => boolean,
): Verdict {
  if (canonicalAddress(sender.address) !== expected.address) return ignored('other-address');
  if (sender.port !== expected.port) return ignored('other-port');
  if (datagram.length > LONGEST_DATAGRAM_OCTETS) return ignored('too-long');
  const message = scanMessage(datagram);
  if (message === null) return ignored('malformed');
  if (message.version !== expected.version) return ignored('wrong-version');
  if (message.version === 'v3') return judgeV3(message, expected, isPending);
  if (!equalOctets(message.community, expected.community)) return ignored('wrong-community');
  if (message.pdu.tag !== RESPONSE_PDU) return ignored('malformed');
  if (!isPending(message.pdu.requestId)) return ignored('no-pending-request');
  return { accepted: true, id: message.pdu.requestId, isReport: false, length: message.length };
}

function judgeV3(
  message: ScannedMessage & { version: 'v3' },
  expected: Expectation,
  isPending: (id: number) => boolean,
): Verdict {
  if (!isPending(message.messageId)) return ignored('no-pending-request');
  const isReport = message.pdu?.tag === REPORT_PDU;
  const tooLow =
    (message.flags & SECURITY_FLAGS & expected.securityFlags) !== expected.securityFlags;
  if (tooLow && !(isReport && startsWith(message.pdu!.firstOid, USM_STATS))) {
    return ignored('security-downgrade');
  }
  const otherPdu = message.pdu !== null && !isReport && message.pdu.tag !== RESPONSE_PDU;
  const protectedUnasked = (message.flags & SECURITY_FLAGS & ~expected.securityFlags) !== 0;
  if (otherPdu || protectedUnasked) return ignored('malformed');
  return { accepted: true, id: message.messageId, isReport, length: message.length };
}

/** The id by which a reply to this request will be known, or null when it is no request of ours. */
export function idOfRequest(datagram: Uint8Array): number | null {
  const message = scanMessage(datagram);
  if (message === null) return null;
  return message.version === 'v3' ? message.messageId : message.pdu.requestId;
}

function ignored(reason: IgnoredReplyReason): Verdict {
  return { accepted: false, reason };
}

function startsWith(octets: Uint8Array, prefix: Uint8Array): boolean {
  return octets.length >= prefix.length && prefix.every((octet, index) => octets[index] === octet);
}

function equalOctets(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((octet, index) => octet === b[index]);
}
