/** Identifier octets of BER as SNMP uses it (X.690 §8.1.2, RFC 2578 §7.1, RFC 3416 §3). */
export const INTEGER = 0x02;
export const OCTET_STRING = 0x04;
export const NULL = 0x05;
export const OBJECT_IDENTIFIER = 0x06;
export const SEQUENCE = 0x30;
export const IP_ADDRESS = 0x40;
export const COUNTER32 = 0x41;
export const GAUGE32 = 0x42;
export const TIME_TICKS = 0x43;
export const OPAQUE = 0x44;
export const COUNTER64 = 0x46;
export const NO_SUCH_OBJECT = 0x80;
export const NO_SUCH_INSTANCE = 0x81;
export const END_OF_MIB_VIEW = 0x82;

/** RFC 1157 §4.1 and RFC 3416 §3: the PDUs. */
export const GET = 0xa0;
export const GET_NEXT = 0xa1;
export const RESPONSE = 0xa2;
export const SET = 0xa3;
export const TRAP_V1 = 0xa4;
export const GET_BULK = 0xa5;
export const INFORM = 0xa6;
export const TRAP_V2 = 0xa7;
export const REPORT = 0xa8;

/** RFC 1157 §4, RFC 1901 §3, RFC 3412 §6.1: the version field of a message. */
export const VERSION_1 = 0;
export const VERSION_2C = 1;
export const VERSION_3 = 3;
