import dgram from 'node:dgram';
import { once } from 'node:events';
import { newBerWriter, writtenOctets } from '../../collector/snmp/ber-writer.ts';
import { decodeMessage } from '../../collector/snmp/decode-message.ts';
import { newMessageView, REPORTABLE } from '../../collector/snmp/message-view.ts';
import { oidFromText } from '../../collector/snmp/oid-octets.ts';
import { newRequestIds } from '../../collector/snmp/request-ids.ts';
import {
  type BulkLimits,
  communityTemplate,
  patchRequestId,
  type RequestOperation,
  scopedTemplate,
} from '../../collector/snmp/request-template.ts';
import {
  type EngineClock,
  engineTimeAt,
  UNKNOWN_ENGINE,
} from '../../collector/snmp/usm/engine-clock.ts';
import { type AskedV3, openReply, type ReplyV3 } from '../../collector/snmp/usm/open-reply.ts';
import { newSalts } from '../../collector/snmp/usm/salts.ts';
import { sealMessage } from '../../collector/snmp/usm/seal-message.ts';
import type { UsmUser } from '../../collector/snmp/usm/user-keys.ts';
import { readableVarbinds } from '../../collector/snmp/varbind-objects.ts';
import type { Varbind } from '../../collector/snmp-client.ts';
import { systemClock } from '../../lib/clock.ts';
import { systemRandom } from '../../lib/random.ts';
import { NO_KEYS, store } from './v3-peers.ts';

const MOST_TRIES = 6;
const NO_CONTEXT = new Uint8Array(0);

const ids = newRequestIds(systemRandom);
const ownSalts = newSalts(systemRandom);
const writer = newBerWriter(65_507);
const inner = newBerWriter(65_507);

export interface Question {
  readonly operation: RequestOperation;
  readonly oids: readonly string[];
  readonly limits?: BulkLimits;
}

/** A datagram socket that asks one port and waits for one answer at a time. */
export class Asker {
  readonly #socket = dgram.createSocket('udp4');
  readonly #port: number;
  readonly view = newMessageView();

  constructor(port: number) {
    this.#port = port;
  }

  async send(octets: Uint8Array): Promise<Buffer> {
    this.#socket.send(octets, this.#port, '127.0.0.1');
    const [datagram] = (await once(this.#socket, 'message')) as [Buffer];
    return datagram;
  }

  [Symbol.dispose]() {
    this.#socket.close();
  }
}

/** One request over v1 or v2c; the varbinds of its response. */
export async function askCommunity(
  asker: Asker,
  version: 'v1' | 'v2c',
  community: string,
  question: Question,
): Promise<Varbind[]> {
  const { operation, oids, limits } = question;
  const names = oids.map((oid) => oidFromText(oid)!);
  const name = Buffer.from(community);
  const template = communityTemplate(writer, version, name, operation, names, limits)!;
  patchRequestId(template.octets, template.requestIdAt, ids.next());
  const refusal = decodeMessage(asker.view, await asker.send(template.octets));
  if (refusal !== null) throw new Error(refusal);
  return readableVarbinds(asker.view.pdu);
}

export interface AskedAndTold {
  readonly reply: ReplyV3;
  /** What each datagram from the device led to. */
  readonly steps: readonly string[];
  readonly varbinds: readonly Varbind[];
}

/** One request over v3 with everything it takes: discovery, time, and again after a restart. */
export async function askUser(
  asker: Asker,
  user: UsmUser,
  question: Question,
  known: EngineClock = UNKNOWN_ENGINE,
): Promise<AskedAndTold> {
  const steps: string[] = [];
  let engine = known;
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const { asked, datagram } = encodeTry(user, question, engine);
    const refusal = decodeMessage(asker.view, await asker.send(datagram));
    if (refusal !== null) throw new Error(refusal);
    const reply = openReply(asker.view, asked, systemClock.monotonicMs());
    steps.push(reply.kind === 'response' ? reply.kind : reply.because);
    if (reply.kind === 'response') {
      return { reply, steps, varbinds: readableVarbinds(asker.view.pdu) };
    }
    if (reply.kind !== 'ask-again') return { reply, steps, varbinds: [] };
    engine = reply.engine;
  }
  throw new Error(`no end after ${steps.join(', ')}`);
}

function encodeTry(
  user: UsmUser,
  { operation, oids, limits }: Question,
  engine: EngineClock,
): { asked: AskedV3; datagram: Uint8Array } {
  const isDiscovery = engine.engineId.length === 0;
  const names = isDiscovery ? [] : oids.map((oid) => oidFromText(oid)!);
  const template = scopedTemplate(inner, engine.engineId, NO_CONTEXT, operation, names, limits)!;
  const asked: AskedV3 = {
    requestId: ids.next(),
    user,
    levelFlags: isDiscovery ? 0 : user.levelFlags,
    keys: isDiscovery ? NO_KEYS : store.keys(user, engine.engineId),
    contextName: NO_CONTEXT,
    engine,
  };
  patchRequestId(template.octets, template.requestIdAt, asked.requestId);
  const envelope = {
    messageId: ids.next(),
    flags: asked.levelFlags | REPORTABLE,
    engineId: engine.engineId,
    time: engineTimeAt(engine, systemClock.monotonicMs()),
    userName: isDiscovery ? NO_CONTEXT : user.name,
    keys: asked.keys,
  };
  if (!sealMessage(writer, template.octets, envelope, ownSalts)) throw new Error('too long');
  return { asked, datagram: writtenOctets(writer) };
}
