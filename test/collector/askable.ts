import type { PollClient } from '../../collector/poll-client.ts';
import { newBerWriter, startWriting, writtenOctets } from '../../collector/snmp/ber-writer.ts';
import { decodePdu } from '../../collector/snmp/decode-pdu.ts';
import { writePdu } from '../../collector/snmp/encode-pdu.ts';
import { newPduView } from '../../collector/snmp/pdu-view.ts';
import { VERSION_2C } from '../../collector/snmp/tags.ts';
import { nameAt } from '../../collector/snmp/varbind-objects.ts';
import { NO_CONNECTION, type SnmpClient, type Varbind } from '../../collector/snmp-client.ts';

const writer = newBerWriter(65_507);
const endless = new AbortController().signal;

/** A client that is asked by questions, out of one that is asked for varbinds. What it does not answer it does not have. */
export function askable(client: SnmpClient): PollClient {
  return {
    frameOctets: 64,
    get: (...request) => client.get(...request),
    getBulk: (...request) => client.getBulk(...request),
    walk: (...request) => client.walk(...request),
    close: () => client.close(),
    connection: () => client.connection?.() ?? NO_CONNECTION,
    traffic: () => client.traffic?.() as ReturnType<NonNullable<SnmpClient['traffic']>>,
    async ask(question, deadlineMs, asker) {
      question.write(writer);
      const oids = viewOf().names;
      const answer = await client.get(oids, { deadlineMs, signal: endless });
      if (answer.error !== null) {
        asker.failed(answer.error);
        return;
      }
      const found = new Map(answer.varbinds.map((varbind) => [varbind.oid, varbind]));
      const varbinds = oids.map(
        (oid): Varbind => found.get(oid) ?? { oid, type: 'no-such-instance', value: null },
      );
      startWriting(writer);
      const status = { errorStatus: 0, errorIndex: 0 };
      const refusal = writePdu(writer, { type: 'response', requestId: 1, ...status, varbinds });
      if (refusal !== null) throw new Error(`a test client cannot say this: ${refusal}`);
      asker.replied(viewOf().pdu, answer.rttMs ?? 1);
    },
  };
}

/** What the writer holds, read. */
function viewOf() {
  const octets = writtenOctets(writer).slice();
  const pdu = newPduView();
  const refusal = decodePdu(pdu, octets, 0, octets.length, VERSION_2C);
  if (refusal !== null) throw new Error(`a test client cannot say this: ${refusal}`);
  return { pdu, names: Array.from({ length: pdu.count }, (_, row) => nameAt(pdu, row)) };
}
