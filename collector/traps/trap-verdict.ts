/**
 * Why a datagram did not count as a notification; every one is a counter from the start. The words
 * of the codec and of USM are the same as theirs.
 */
export const TRAP_REFUSALS = [
  /** No configured device has that address. */
  'unknown-source',
  /** The devices at that address are not spoken to in that version. */
  'version-not-configured',
  'wrong-community',
  /** An authentic v3 trap that came before, octet for octet. */
  'replayed',
  /** Neither a generic trap of v1 nor a snmpTrapOID. */
  'no-trap-oid',
  /** An inform that was counted before; it is answered again. */
  'repeated-inform',
  /** More informs wait to be stored than may; it is not answered, so that it comes again. */
  'too-many-waiting',
  /** They came faster than they can be judged, for longer than memory holds. */
  'too-many-at-once',
  // snmp/refusal.ts
  'truncated',
  'too-long',
  'bad-length',
  'indefinite-length',
  'multi-byte-tag',
  'wrong-tag',
  'trailing-octets',
  'bad-integer',
  'bad-oid',
  'bad-value',
  'unknown-type',
  'wrong-version',
  'wrong-pdu',
  'bad-flags',
  'wrong-security-model',
  // snmp/usm/open-notification.ts
  'unsupported-security-level',
  'not-in-time-window',
  'unknown-user-name',
  'unknown-engine-id',
  'wrong-digest',
  'decryption-error',
  'time-went-back',
  'boots-went-back',
  'boots-exhausted',
  'no-engine-id',
] as const;

export type TrapRefusal = (typeof TRAP_REFUSALS)[number];

/** What became of a datagram: counted and recorded by itself, counted in a summary, or refused. */
export type TrapVerdict = 'accepted' | 'summarised' | TrapRefusal;
