/**
 * Why octets from the network were not taken for an SNMP message, or a value not for a value.
 * The same words serve in results, logs and metric labels.
 */
export type Refusal =
  /** The octets end inside the header of an element. */
  | 'truncated'
  /** More octets than a UDP datagram can carry. */
  | 'too-long'
  /** A length reaches past what encloses it, or is the reserved 0xff (X.690 §8.1.3.5). */
  | 'bad-length'
  /** X.690 §8.1.3.6, which RFC 3417 §8 forbids. */
  | 'indefinite-length'
  /** A tag number above 30 (X.690 §8.1.2.4); SNMP has none. */
  | 'multi-byte-tag'
  /** Another element than the one that must stand here. */
  | 'wrong-tag'
  /** Octets inside an element, behind its last part. */
  | 'trailing-octets'
  /** An integer without octets or outside the range of its type. */
  | 'bad-integer'
  /** Empty, cut off, more than 128 sub-identifiers, or one above 2^32 − 1 (RFC 2578 §3.5). */
  | 'bad-oid'
  /** A value whose type allows no such length, like an IpAddress of five octets. */
  | 'bad-value'
  /** A value of a type that RFC 2578 does not know. */
  | 'unknown-type'
  /** Neither SNMPv1, SNMPv2c nor SNMPv3. */
  | 'wrong-version'
  /** No PDU, or one that the version of the message does not have. */
  | 'wrong-pdu'
  /** msgFlags that are not one octet, or ask for privacy without authentication (RFC 3412 §6.4). */
  | 'bad-flags'
  /** Another security model than USM (RFC 3412 §6.5). */
  | 'wrong-security-model';
