import { assert } from '../../lib/assert.ts';
import type { Varbind } from '../snmp-client.ts';
import { oidText } from './oid-octets.ts';
import type { PduView } from './pdu-view.ts';
import {
  GET,
  GET_BULK,
  GET_NEXT,
  INFORM,
  REPORT,
  RESPONSE,
  SET,
  TRAP_V1,
  TRAP_V2,
} from './tags.ts';
import { readableVarbinds, type UnreadableVarbind, unreadableVarbinds } from './varbind-objects.ts';

const IP_ADDRESS_OCTETS = 4;

/** RFC 3416 §3, without GETBULK, whose second and third field mean something else. */
export type PlainPduType =
  | 'get'
  | 'get-next'
  | 'response'
  | 'set'
  | 'inform'
  | 'trap-v2'
  | 'report';

export const TAG_OF_PDU: Readonly<Record<PlainPduType, number>> = {
  get: GET,
  'get-next': GET_NEXT,
  response: RESPONSE,
  set: SET,
  inform: INFORM,
  'trap-v2': TRAP_V2,
  report: REPORT,
};

const PDU_OF_TAG = new Map<number, PlainPduType>(
  Object.entries(TAG_OF_PDU).map(([type, tag]) => [tag, type as PlainPduType]),
);

/** A PDU as objects, for everybody who is not on the polling path. */
export type Pdu = (
  | {
      readonly type: PlainPduType;
      readonly requestId: number;
      /** RFC 3416 §3 error-status; numbers above 18 have no meaning. */
      readonly errorStatus: number;
      /** Which varbind, from 1; agents also send numbers that fit none. */
      readonly errorIndex: number;
    }
  | {
      readonly type: 'get-bulk';
      readonly requestId: number;
      readonly nonRepeaters: number;
      readonly maxRepetitions: number;
    }
  | {
      /** RFC 1157 §4.1.6. */
      readonly type: 'trap-v1';
      readonly enterprise: string;
      /** Dotted; written by the sender, who may be wrong or lie. */
      readonly agentAddress: string;
      readonly genericTrap: number;
      readonly specificTrap: number;
      /** Hundredths of a second. */
      readonly timestamp: number;
    }
) & { readonly varbinds: readonly Varbind[] };

export type ReadPdu = Pdu & { readonly unreadable: readonly UnreadableVarbind[] };

/** The PDU of a view as objects that own their octets. Only of a view that was filled without refusal. */
export function pduObject(pdu: PduView): ReadPdu {
  const varbinds = readableVarbinds(pdu);
  const unreadable = unreadableVarbinds(pdu);
  const { octets, requestId } = pdu;
  if (pdu.tag === TRAP_V1) {
    const at = pdu.agentAddressStart;
    return {
      type: 'trap-v1',
      enterprise: oidText(octets, pdu.enterpriseStart, pdu.enterpriseEnd),
      agentAddress: octets.subarray(at, at + IP_ADDRESS_OCTETS).join('.'),
      genericTrap: pdu.genericTrap,
      specificTrap: pdu.specificTrap,
      timestamp: pdu.timestamp,
      varbinds,
      unreadable,
    };
  }
  if (pdu.tag === GET_BULK) {
    const { errorStatus: nonRepeaters, errorIndex: maxRepetitions } = pdu;
    return { type: 'get-bulk', requestId, nonRepeaters, maxRepetitions, varbinds, unreadable };
  }
  const type = PDU_OF_TAG.get(pdu.tag);
  assert(type !== undefined, 'the view holds a PDU');
  const { errorStatus, errorIndex } = pdu;
  return { type, requestId, errorStatus, errorIndex, varbinds, unreadable };
}
