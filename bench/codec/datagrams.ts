import { newBerWriter, writtenOctets } from '../../collector/snmp/ber-writer.ts';
import { encodeMessage } from '../../collector/snmp/encode-message.ts';
import type { Pdu } from '../../collector/snmp/pdu-object.ts';
import type { Varbind } from '../../collector/snmp-client.ts';
import { PORT_COLUMNS, PORTS } from '../network/port-columns.ts';

/** UDP payload of one Ethernet frame over IPv4. */
const FRAME_OCTETS = 1_472;
const COLUMNS_AT_ONCE = 11;
const FIRST_REQUEST_ID = 0x0100_0000;

export const COMMUNITY = Buffer.from('public');
export const writer = newBerWriter(65_507);

/** The values of one port as a switch under load has them. */
function portValue(column: (typeof PORT_COLUMNS)[number], port: number): Omit<Varbind, 'oid'> {
  if (column.kind === 'text') {
    return { type: 'octet-string', value: Buffer.from(`${column.name} GigabitEthernet0/${port}`) };
  }
  if (column.kind === 'gauge') return { type: 'gauge32', value: port * 20_000_001 };
  return column.name.includes('HC')
    ? { type: 'counter64', value: 123_456_789_012_345n * BigInt(port) }
    : { type: 'counter32', value: port };
}

function varbindsOf(columns: readonly (typeof PORT_COLUMNS)[number][]): Varbind[] {
  return Array.from({ length: PORTS }, (_, row) =>
    columns.map((column) => ({ oid: `${column.oid}.${row + 1}`, ...portValue(column, row + 1) })),
  ).flat();
}

/** A response with these varbinds. */
export function responseWith(requestId: number, varbinds: readonly Varbind[]): Pdu {
  return { type: 'response', requestId, errorStatus: 0, errorIndex: 0, varbinds };
}

function encoded(pdu: Pdu): Buffer {
  if (encodeMessage(writer, 'v2c', COMMUNITY, pdu) !== null) throw new Error('does not fit');
  return Buffer.from(writtenOctets(writer));
}

/** The responses to one poll of all columns, each filling a frame as far as whole varbinds do. */
export function pollResponses(): { readonly pdus: Pdu[]; readonly datagrams: Buffer[] } {
  const pdus: Pdu[] = [];
  const halves = [PORT_COLUMNS.slice(0, COLUMNS_AT_ONCE), PORT_COLUMNS.slice(COLUMNS_AT_ONCE)];
  for (const half of halves) {
    let rest = varbindsOf(half);
    while (rest.length > 0) {
      let count = rest.length;
      const pduOf = (varbindCount: number) =>
        responseWith(FIRST_REQUEST_ID + pdus.length, rest.slice(0, varbindCount));
      while (encoded(pduOf(count)).length > FRAME_OCTETS) count -= 1;
      pdus.push(pduOf(count));
      rest = rest.slice(count);
    }
  }
  return { pdus, datagrams: pdus.map(encoded) };
}
