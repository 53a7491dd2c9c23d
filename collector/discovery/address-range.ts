import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { canonicalAddress, faultOfAddress } from '../../config/address.ts';

/** Addresses asked in one run: a /16 of IPv4, a /112 of IPv6. */
export const MOST_ADDRESSES = 65_536;

const EXAMPLE = 'expected a range such as 192.0.2.0/24, 192.0.2.10-192.0.2.20 or 2001:db8::/120';

export type ParsedRanges =
  | { readonly kind: 'addresses'; readonly addresses: readonly string[] }
  /** One sentence for each text that is no range, or for too many addresses. */
  | { readonly kind: 'faults'; readonly faults: readonly string[] };

/** First and last address as numbers; `bits` is 32 or 128. */
interface Span {
  readonly first: bigint;
  readonly last: bigint;
  readonly bits: 32 | 128;
}

/**
 * The single addresses of ranges, each once, in the order given. Accepts `192.0.2.0/24`,
 * `192.0.2.10-192.0.2.20`, single addresses, and the same in IPv6. Network and broadcast address of
 * an IPv4 network (RFC 1122 §3.2.1.3) are left out, except in a /31 (RFC 3021) and a /32.
 */
export function addressesOf(texts: readonly string[]): ParsedRanges {
  const faults: string[] = [];
  const spans: Span[] = [];
  for (const text of texts) {
    const span = spanOf(text.trim());
    if (typeof span === 'string') faults.push(span);
    else spans.push(span);
  }
  const count = spans.reduce((sum, { first, last }) => sum + (last - first + 1n), 0n);
  if (faults.length === 0 && count > BigInt(MOST_ADDRESSES)) {
    const most = MOST_ADDRESSES.toLocaleString('en');
    faults.push(
      `${texts.join(' ')}: ${count.toLocaleString('en')} addresses; at most ${most} are asked in one run`,
    );
  }
  if (faults.length > 0) return { kind: 'faults', faults };
  const addresses = new Set<string>();
  for (const { first, last, bits } of spans) {
    for (let at = first; at <= last; at += 1n) addresses.add(addressText(at, bits));
  }
  return { kind: 'addresses', addresses: [...addresses] };
}

/** The span, or a sentence that says why it is none. */
function spanOf(text: string): Span | string {
  const wrong = `${JSON.stringify(text)} is not a range of addresses; ${EXAMPLE}`;
  const slash = text.indexOf('/');
  const dash = text.indexOf('-');
  if (slash >= 0) return networkSpan(text.slice(0, slash), text.slice(slash + 1)) ?? wrong;
  const [from = '', to = from] = dash >= 0 ? splitAt(text, dash) : [text];
  for (const end of [from, to]) {
    const fault = isIP(end) === 0 ? wrong : faultOfAddress(end);
    if (fault !== null) return fault;
  }
  if (isIP(from) !== isIP(to)) return `${text}: the two ends are of different kinds`;
  const span = { first: numberOf(from), last: numberOf(to), bits: bitsOf(from) };
  return span.first <= span.last ? span : `${text}: the range ends before it begins`;
}

function splitAt(text: string, at: number): [string, string] {
  return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}

function networkSpan(address: string, length: string): Span | null {
  if (isIP(address) === 0 || !/^\d{1,3}$/.test(length)) return null;
  const bits = bitsOf(address);
  const prefix = Number(length);
  if (prefix > bits) return null;
  const size = 1n << BigInt(bits - prefix);
  const first = (numberOf(address) / size) * size;
  const last = first + size - 1n;
  const hasEnds = bits === 32 && prefix < 31;
  return hasEnds ? { first: first + 1n, last: last - 1n, bits } : { first, last, bits };
}

function bitsOf(address: string): 32 | 128 {
  return isIP(address) === 4 ? 32 : 128;
}

function numberOf(address: string): bigint {
  const octets = ipaddr.parse(address.split('%')[0]!).toByteArray();
  return octets.reduce((sum, octet) => (sum << 8n) | BigInt(octet), 0n);
}

function addressText(value: bigint, bits: 32 | 128): string {
  const octets = Array.from({ length: bits / 8 }, (_, at) =>
    Number((value >> BigInt(bits - 8 * (at + 1))) & 0xffn),
  );
  return canonicalAddress(ipaddr.fromByteArray(octets).toString());
}
