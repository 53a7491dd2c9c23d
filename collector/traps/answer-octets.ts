import { readLongLength } from '../snmp/ber-length.ts';
import {
  type BerWriter,
  newBerWriter,
  startWriting,
  writeRaw,
  writtenOctets,
} from '../snmp/ber-writer.ts';
import { writeCommunityFrame } from '../snmp/encode-message.ts';
import { writePdu } from '../snmp/encode-pdu.ts';
import { AUTHENTICATED, ENCRYPTED, type MessageView } from '../snmp/message-view.ts';
import { writeScopedFrame } from '../snmp/request-template.ts';
import { RESPONSE, VERSION_3 } from '../snmp/tags.ts';
import { type UsmReportKind, usmReport } from '../snmp/usm/reports.ts';
import type { Salts } from '../snmp/usm/salts.ts';
import { sealMessage } from '../snmp/usm/seal-message.ts';
import type { KeyStore, UsmKeys, UsmUser } from '../snmp/usm/user-keys.ts';
import type { OwnEngine } from './own-engine.ts';

const LONGEST_ANSWER_OCTETS = 65_507;
const LEVEL = AUTHENTICATED | ENCRYPTED;
const NO_KEYS: UsmKeys = { digest: null, cipher: null };

/** Writes what we send back. */
export interface Answers {
  /**
   * The response to the accepted inform in `view` (RFC 3416 §4.2.7): the same PDU as a response.
   * `user` is that of a v3 inform. Null when it does not fit into a datagram.
   */
  response(view: MessageView, user: UsmUser | null): Uint8Array | null;
  /** The report on the refused v3 message in `view` (RFC 3414 §3.2); null when it cannot be made. */
  report(
    view: MessageView,
    kind: UsmReportKind,
    requestId: number,
    user: UsmUser | null,
  ): Uint8Array | null;
}

/** Answers under our engine id. */
export function newAnswers(own: OwnEngine, keys: KeyStore, salts: Salts): Answers {
  const inner = newBerWriter(LONGEST_ANSWER_OCTETS);
  const outer = newBerWriter(LONGEST_ANSWER_OCTETS);
  /** usmStats (RFC 3414 §5), each counted from the start. */
  const reports = new Map<UsmReportKind, number>();

  const seal = (view: MessageView, flags: number, userKeys: UsmKeys): Uint8Array | null => {
    if (inner.hasOverflowed) return null;
    const envelope = {
      messageId: view.messageId,
      flags,
      engineId: own.engineId,
      time: own.time(),
      userName: view.octets.subarray(view.userStart, view.userEnd),
      keys: userKeys,
    };
    const isWhole = sealMessage(outer, writtenOctets(inner), envelope, salts);
    return isWhole ? copyOf(outer) : null;
  };

  return {
    response(view, user) {
      const pdu = responsePdu(view);
      startWriting(inner);
      writeRaw(inner, pdu);
      if (view.version !== VERSION_3) {
        const { octets, communityStart, communityEnd } = view;
        writeCommunityFrame(inner, 'v2c', octets.subarray(communityStart, communityEnd));
        return inner.hasOverflowed ? null : copyOf(inner);
      }
      const { octets } = view.pdu;
      writeScopedFrame(
        inner,
        octets.subarray(view.contextEngineIdStart, view.contextEngineIdEnd),
        octets.subarray(view.contextNameStart, view.contextNameEnd),
      );
      const userKeys = user === null ? NO_KEYS : keys.keys(user, own.engineId);
      return seal(view, view.flags & LEVEL, userKeys);
    },
    report(view, kind, requestId, user) {
      const count = (reports.get(kind) ?? 0) + 1;
      reports.set(kind, count);
      startWriting(inner);
      if (writePdu(inner, usmReport(kind, requestId, count)) !== null) return null;
      writeScopedFrame(inner, own.engineId, new Uint8Array(0));
      // RFC 3414 §3.2 step 7a: the sender learns our time from it, so that it must be proven.
      const isSigned = kind === 'not-in-time-window' && user !== null;
      const userKeys = isSigned ? keys.keys(user, own.engineId) : NO_KEYS;
      return seal(view, isSigned ? AUTHENTICATED : 0, userKeys);
    },
  };
}

/** The octets of the inform's PDU with the tag of a response: its varbinds come back octet for octet. */
function responsePdu(view: MessageView): Uint8Array {
  const start = view.version === VERSION_3 ? view.contextNameEnd : view.payloadStart;
  const { octets } = view.pdu;
  const pdu = Uint8Array.from(octets.subarray(start, endOfElement(octets, start)));
  pdu[0] = RESPONSE;
  return pdu;
}

/** The end of a whole element that starts there. */
function endOfElement(octets: Uint8Array, start: number): number {
  const first = octets[start + 1]!;
  if (first < 0x80) return start + 2 + first;
  return start + 2 + (first & 0x7f) + readLongLength(octets, start + 1, octets.length);
}

/** The writer is used again for the next message. */
function copyOf(writer: BerWriter): Uint8Array {
  return Uint8Array.from(writtenOctets(writer));
}
