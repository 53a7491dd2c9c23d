import { newBerWriter, writtenOctets } from '../../collector/snmp/ber-writer.ts';
import { decodeMessage } from '../../collector/snmp/decode-message.ts';
import { encodeMessage } from '../../collector/snmp/encode-message.ts';
import { newMessageView } from '../../collector/snmp/message-view.ts';
import { type Pdu, pduObject, type ReadPdu } from '../../collector/snmp/pdu-object.ts';
import type { Varbind } from '../../collector/snmp-client.ts';
import { COMMUNITY } from './trap-rig.ts';

export const LINK_DOWN = '1.3.6.1.6.3.1.1.5.3';
export const AUTHENTICATION_FAILURE = '1.3.6.1.6.3.1.1.5.5';
export const UNKNOWN = '1.3.6.1.4.1.32473.7.0.1';

/** A trap or inform of v2c and v3 as RFC 3416 §4.2.6 has it. */
export function notificationPdu(
  trapOid: string,
  requestId = 1,
  type: 'trap-v2' | 'inform' = 'trap-v2',
  values: readonly Varbind[] = [],
): Pdu {
  const varbinds: Varbind[] = [
    { oid: '1.3.6.1.2.1.1.3.0', type: 'time-ticks', value: 4_200 },
    { oid: '1.3.6.1.6.3.1.1.4.1.0', type: 'oid', value: trapOid },
    ...values,
  ];
  return { type, requestId, errorStatus: 0, errorIndex: 0, varbinds };
}

export function v1Pdu(fields: Partial<Extract<Pdu, { type: 'trap-v1' }>> = {}): Pdu {
  return {
    type: 'trap-v1',
    enterprise: '1.3.6.1.4.1.32473.7',
    agentAddress: '192.0.2.77',
    genericTrap: 2,
    specificTrap: 0,
    timestamp: 4_200,
    varbinds: [],
    ...fields,
  };
}

const writer = newBerWriter(65_507);

/** A whole message of v1 or v2c. */
export function message(pdu: Pdu, community: string = COMMUNITY): Buffer {
  const version = pdu.type === 'trap-v1' ? 'v1' : 'v2c';
  const refusal = encodeMessage(writer, version, Buffer.from(community), pdu);
  if (refusal !== null) throw new Error(`cannot be written: ${refusal}`);
  return Buffer.from(writtenOctets(writer));
}

/** The PDU of a v1 or v2c message that came back. */
export function pduOf(octets: Uint8Array): ReadPdu {
  const view = newMessageView();
  const refusal = decodeMessage(view, octets);
  if (refusal !== null) throw new Error(`cannot be read: ${refusal}`);
  return pduObject(view.pdu);
}
