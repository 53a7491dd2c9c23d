import { newPduView, type PduView } from './pdu-view.ts';

/**
 * A decoded message, laid over the datagram it came in. Positions point into `octets`; those of
 * the scoped PDU (RFC 3412 §6.8) and all of `pdu` into `pdu.octets`, which are the datagram too
 * unless the message was encrypted. Made once and filled again for each message.
 */
export interface MessageView {
  octets: Uint8Array;
  /** How many of them are the message; some agents send more behind it, which means nothing. */
  length: number;
  /** VERSION_1, VERSION_2C or VERSION_3 of tags.ts. */
  version: number;
  communityStart: number;
  communityEnd: number;
  /** RFC 3412 §6.2-6.5. */
  messageId: number;
  maxSize: number;
  /** AUTHENTICATED, ENCRYPTED and REPORTABLE. */
  flags: number;
  /** RFC 3414 §2.4, the authoritative engine's. */
  engineIdStart: number;
  engineIdEnd: number;
  engineBoots: number;
  engineTimeSeconds: number;
  userStart: number;
  userEnd: number;
  digestStart: number;
  digestEnd: number;
  saltStart: number;
  saltEnd: number;
  /** Where the PDU begins (v1, v2c); the scoped PDU (v3); its encrypted octets (v3, encrypted). */
  payloadStart: number;
  payloadEnd: number;
  contextEngineIdStart: number;
  contextEngineIdEnd: number;
  contextNameStart: number;
  contextNameEnd: number;
  readonly pdu: PduView;
}

/** RFC 3412 §6.4 msgFlags. */
export const AUTHENTICATED = 0x01;
export const ENCRYPTED = 0x02;
export const REPORTABLE = 0x04;

/** An empty view, to be filled by `decodeMessage`. */
export function newMessageView(): MessageView {
  return {
    octets: new Uint8Array(0),
    length: 0,
    version: 0,
    communityStart: 0,
    communityEnd: 0,
    messageId: 0,
    maxSize: 0,
    flags: 0,
    engineIdStart: 0,
    engineIdEnd: 0,
    engineBoots: 0,
    engineTimeSeconds: 0,
    userStart: 0,
    userEnd: 0,
    digestStart: 0,
    digestEnd: 0,
    saltStart: 0,
    saltEnd: 0,
    payloadStart: 0,
    payloadEnd: 0,
    contextEngineIdStart: 0,
    contextEngineIdEnd: 0,
    contextNameStart: 0,
    contextNameEnd: 0,
    pdu: newPduView(),
  };
}

/** Whether `octets[start..end)` are the octets expected, like a community or an engine id. */
export function sameOctets(
  octets: Uint8Array,
  start: number,
  end: number,
  expected: Uint8Array,
): boolean {
  if (end - start !== expected.length) return false;
  for (let at = 0; at < expected.length; at += 1) {
    if (octets[start + at] !== expected[at]) return false;
  }
  return true;
}
