/** Writes SNMP messages octet by octet, right ones and wrong ones, for whoever plays a device. */

export type Octets = Buffer;

/** Tag, length, content. `lengthLie` is added to the length that is written. */
export function tlv(tag: number, content: Octets | readonly number[], lengthLie = 0): Octets {
  const body = Buffer.from(content);
  const length = body.length + lengthLie;
  const head = length < 0x80 ? [tag, length] : [tag, 0x82, (length >> 8) & 0xff, length & 0xff];
  return Buffer.concat([Buffer.from(head), body]);
}

/** INTEGER, or another whole number by its tag (RFC 2578 §7.1), in the fewest octets. */
export function integer(value: number | bigint, tag = 0x02): Octets {
  const octets: number[] = [];
  let rest = BigInt(value);
  do {
    octets.unshift(Number(rest & 0xffn));
    rest >>= 8n;
  } while (rest !== 0n && rest !== -1n);
  const negative = value < 0;
  if (!negative && (octets[0]! & 0x80) !== 0) octets.unshift(0);
  if (negative && (octets[0]! & 0x80) === 0) octets.unshift(0xff);
  return tlv(tag, octets);
}

/** OCTET STRING; text as UTF-8. */
export function octetString(text: string | Octets): Octets {
  return tlv(0x04, Buffer.from(text as string));
}

/** OBJECT IDENTIFIER of dotted numbers (X.690 §8.19), however many and large. */
export function oid(dotted: string): Octets {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const octets = [first * 40 + second];
  for (const part of rest) {
    const groups = [part % 128];
    for (let left = Math.floor(part / 128); left > 0; left = Math.floor(left / 128)) {
      groups.unshift((left % 128) | 0x80);
    }
    octets.push(...groups);
  }
  return tlv(0x06, octets);
}

/** SEQUENCE of whole elements. */
export function sequence(...parts: readonly Octets[]): Octets {
  return tlv(0x30, Buffer.concat(parts));
}

/** One VarBind (RFC 3416 §3): a dotted name and a whole element. */
export function varbind(name: string, value: Octets): Octets {
  return sequence(oid(name), value);
}

export const NULL = tlv(0x05, []);
export const NO_SUCH_OBJECT = tlv(0x80, []);
export const END_OF_MIB_VIEW = tlv(0x82, []);
/** TimeTicks (RFC 2578 §7.1.8): hundredths of a second. */
export const timeTicks = (ticks: number) => integer(ticks, 0x43);

export interface PduParts {
  readonly tag?: number;
  readonly requestId: number;
  readonly errorStatus?: number;
  readonly errorIndex?: number;
  readonly varbinds: readonly Octets[];
}

/** A PDU of RFC 3416 §3, a response unless its tag says otherwise. */
export function pdu({
  tag = 0xa2,
  requestId,
  errorStatus = 0,
  errorIndex = 0,
  varbinds,
}: PduParts): Octets {
  return tlv(
    tag,
    Buffer.concat([
      integer(requestId),
      integer(errorStatus),
      integer(errorIndex),
      sequence(...varbinds),
    ]),
  );
}

/** A message of v1 (version 0) or v2c (version 1, as without it), RFC 1901 §3. */
export function communityMessage(
  parts: PduParts & { community?: string; version?: number },
): Octets {
  return sequence(
    integer(parts.version ?? 1),
    octetString(parts.community ?? 'public'),
    pdu(parts),
  );
}

export interface V3Parts extends PduParts {
  readonly messageId: number;
  readonly flags: number;
  readonly engineId: Octets;
  readonly user: string;
  readonly boots?: number;
  readonly timeSeconds?: number;
  readonly digest?: Octets;
  readonly salt?: Octets;
  /** In place of the scoped PDU. */
  readonly payload?: Octets;
}

/** A v3 message without true authentication or privacy, whatever its flags claim. */
export function plainV3Message(parts: V3Parts): Octets {
  const { boots = 1, timeSeconds = 1000, digest = '', salt = '' } = parts;
  const scopedPdu = () => sequence(octetString(parts.engineId), octetString(''), pdu(parts));
  return sequence(
    integer(3),
    sequence(
      integer(parts.messageId),
      integer(65_507),
      octetString(Buffer.from([parts.flags])),
      integer(3),
    ),
    octetString(
      sequence(
        octetString(parts.engineId),
        integer(boots),
        integer(timeSeconds),
        octetString(parts.user),
        octetString(digest),
        octetString(salt),
      ),
    ),
    parts.payload ?? scopedPdu(),
  );
}
