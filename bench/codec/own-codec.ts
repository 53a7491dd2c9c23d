/** A process of its own: what the product's codec costs without any network. */
import { newBerWriter, startWriting, writtenOctets } from '../../collector/snmp/ber-writer.ts';
import { decodeMessage } from '../../collector/snmp/decode-message.ts';
import { encodeMessage } from '../../collector/snmp/encode-message.ts';
import { writePdu } from '../../collector/snmp/encode-pdu.ts';
import { newMessageView, REPORTABLE } from '../../collector/snmp/message-view.ts';
import { oidFromText } from '../../collector/snmp/oid-octets.ts';
import type { Pdu } from '../../collector/snmp/pdu-object.ts';
import {
  communityTemplate,
  patchRequestId,
  scopedTemplate,
  writeScopedFrame,
} from '../../collector/snmp/request-template.ts';
import { hearOfEngine } from '../../collector/snmp/usm/engine-clock.ts';
import { type AskedV3, openReply } from '../../collector/snmp/usm/open-reply.ts';
import { newSalts } from '../../collector/snmp/usm/salts.ts';
import { sealMessage } from '../../collector/snmp/usm/seal-message.ts';
import { newKeyStore } from '../../collector/snmp/usm/user-keys.ts';
import { seededRandom } from '../../lib/random.ts';
import { ownCpuSeconds } from '../cpu-time.ts';
import { PORT_COLUMNS } from '../network/port-columns.ts';
import { takeTask, tell } from '../processes.ts';
import { COMMUNITY, pollResponses, writer } from './datagrams.ts';
import { cpuNanosecondsPerCall } from './timing.ts';

export interface OwnCodecResult {
  readonly varbindsPerPdu: number;
  readonly decodeNsPerPdu: number;
  readonly encodeNsPerPdu: number;
  readonly requestNs: number;
  readonly pairV2cNs: number;
  readonly pairV3Ns: number;
  readonly keysSeconds: number;
}

const ENGINES = 10_000;
const CALLS = 500;
const NO_CONTEXT = new Uint8Array(0);
const FIRST_ENGINE = 0x8000_1f88;
const TIME = { boots: 3, timeSeconds: 1_000 };

const task = takeTask<{ readonly seconds: number }>();
const random = seededRandom(1);
const view = newMessageView();
const { pdus, datagrams } = pollResponses();
const names = PORT_COLUMNS.slice(0, 11).map(({ oid }) => oidFromText(oid)!);
const limits = { nonRepeaters: 0, maxRepetitions: 7 };
const store = newKeyStore(random);
const salts = newSalts(random);
let place = 0;

const time = (step: () => void) => cpuNanosecondsPerCall(step, task.seconds, CALLS);
const nextDatagram = () => datagrams[place++ % datagrams.length]!;

function decodeNext(): void {
  if (decodeMessage(view, nextDatagram()) !== null) throw new Error('refused');
}

function engineIdOf(engine: number): Uint8Array {
  const octets = Buffer.alloc(12);
  octets.writeUInt32BE(FIRST_ENGINE);
  octets.writeUInt32BE(engine, 8);
  return octets;
}

function userOf(number: number) {
  const secret = (text: string) => Buffer.from(`${text} password ${number}`);
  return store.user({
    name: 'monitor',
    authentication: { protocol: 'sha256', password: secret('authentication') },
    privacy: { protocol: 'aes128', password: secret('privacy') },
  });
}

/** One password for all, as in most networks; every engine still has keys of its own. */
function keysSeconds(): number {
  const startedAt = ownCpuSeconds();
  const user = userOf(1);
  for (let engine = 0; engine < ENGINES; engine += 1) store.keys(user, engineIdOf(engine));
  return ownCpuSeconds() - startedAt;
}

/** A request to be sealed and a reply to be opened, again and again. */
function pairV3(): () => void {
  const user = userOf(2);
  const engineId = engineIdOf(1);
  const keys = store.keys(user, engineId);
  const outer = newBerWriter(2_048);
  const template = scopedTemplate(outer, engineId, NO_CONTEXT, 'get-bulk', names, limits)!;
  const flags = user.levelFlags;
  const envelope = { engineId, time: TIME, userName: user.name, keys };
  const replies = pdus.map((pdu) => sealedReply(pdu, { ...envelope, messageId: 1, flags }));
  const engine = hearOfEngine(engineId, TIME, 0);
  return () => {
    const reply = place++ % replies.length;
    const { requestId } = pdus[reply] as Extract<Pdu, { requestId: number }>;
    patchRequestId(template.octets, template.requestIdAt, requestId);
    const request = { ...envelope, messageId: 1, flags: flags | REPORTABLE };
    if (!sealMessage(outer, template.octets, request, salts)) throw new Error('too long');
    if (decodeMessage(view, replies[reply]!) !== null) throw new Error('refused');
    const asked: AskedV3 = {
      requestId,
      user,
      levelFlags: flags,
      keys,
      contextName: NO_CONTEXT,
      engine,
    };
    if (openReply(view, asked, 0).kind !== 'response') throw new Error('no response');
  };
}

function sealedReply(pdu: Pdu, envelope: Parameters<typeof sealMessage>[2]): Buffer {
  const inner = newBerWriter(2_048);
  startWriting(inner);
  if (writePdu(inner, pdu) !== null) throw new Error('does not fit');
  writeScopedFrame(inner, envelope.engineId, NO_CONTEXT);
  if (!sealMessage(writer, writtenOctets(inner), envelope, salts)) throw new Error('too long');
  return Buffer.from(writtenOctets(writer));
}

const template = communityTemplate(writer, 'v2c', COMMUNITY, 'get-bulk', names, limits)!;
const varbinds = pdus.reduce((sum, pdu) => sum + pdu.varbinds.length, 0);
const keys = keysSeconds();
const result: OwnCodecResult = {
  varbindsPerPdu: varbinds / pdus.length,
  decodeNsPerPdu: time(decodeNext),
  encodeNsPerPdu: time(() => encodeMessage(writer, 'v2c', COMMUNITY, pdus[place++ % pdus.length]!)),
  requestNs: time(() => patchRequestId(template.octets, template.requestIdAt, place++)),
  pairV2cNs: time(() => {
    patchRequestId(template.octets, template.requestIdAt, place);
    decodeNext();
  }),
  pairV3Ns: time(pairV3()),
  keysSeconds: keys,
};
tell(result);
