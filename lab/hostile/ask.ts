import type { RemoteInfo } from 'node:dgram';
import { decodeMessage } from '../../collector/snmp/decode-message.ts';
import { newMessageView } from '../../collector/snmp/message-view.ts';
import { type Pdu, pduObject } from '../../collector/snmp/pdu-object.ts';
import { VERSION_1, VERSION_3 } from '../../collector/snmp/tags.ts';
import { communityMessage, END_OF_MIB_VIEW, NO_SUCH_OBJECT, type Octets, varbind } from './ber.ts';
import type { StoredObject } from './object-store.ts';

export type Operation = 'get' | 'get-next' | 'get-bulk';

/** What is asked, whatever stands around it. */
export interface Question {
  readonly operation: Operation;
  readonly requestId: number;
  readonly oids: readonly string[];
  /** Of GETBULK; 1 for the others. */
  readonly maxRepetitions: number;
}

/** One datagram that came to an agent. */
export interface Ask {
  /** From 1, of this agent. */
  readonly number: number;
  readonly octets: Buffer;
  readonly from: RemoteInfo;
  /** Number on the wire; -1 for what is no SNMP. */
  readonly version: number;
  readonly community: string;
  /** request-id, or msgID of a v3 message. */
  readonly id: number;
  /** null for v3, where it may be encrypted. */
  readonly question: Question | null;
}

/** What goes back, as one would say it before it is encoded. */
export interface Answer {
  readonly errorStatus: number;
  readonly errorIndex: number;
  readonly objects: readonly StoredObject[];
}

/** Where answers come from: an object store, or a liar in front of one. */
export interface Knowledge {
  get(oid: string): StoredObject | null;
  next(oid: string): StoredObject | null;
}

const TOO_BIG = 1;
const NO_SUCH_NAME = 2;
const COUNTER64 = 0x46;
/** What an agent puts into one answer beyond its first round, so that it fits an Ethernet frame. */
const MOST_ANSWER_OCTETS = 1_200;

/** What a datagram holds, and no more. */
const LONGEST_ANSWER_OCTETS = 65_000;

const view = newMessageView();

/** Reads a datagram with the codec of the product: what that refuses is no question. */
export function readAsk(octets: Buffer, from: RemoteInfo, number: number): Ask {
  const ask = { number, octets, from, community: '', question: null };
  if (decodeMessage(view, octets) !== null) return { ...ask, version: -1, id: -1 };
  if (view.version === VERSION_3) return { ...ask, version: VERSION_3, id: view.messageId };
  return {
    ...ask,
    version: view.version,
    community: octets.toString('latin1', view.communityStart, view.communityEnd),
    id: view.pdu.requestId,
    question: questionOf(pduObject(view.pdu)),
  };
}

/** What a PDU asks; null when it is no question. */
export function questionOf(pdu: Pdu): Question | null {
  if (pdu.type !== 'get' && pdu.type !== 'get-next' && pdu.type !== 'get-bulk') return null;
  return {
    operation: pdu.type,
    requestId: pdu.requestId,
    oids: pdu.varbinds.map(({ oid }) => oid),
    maxRepetitions: pdu.type === 'get-bulk' ? pdu.maxRepetitions : 1,
  };
}

/** The right answer: RFC 3416 §4.2.1 to §4.2.3, or RFC 1157 §4.1 for version 0. */
export function honestAnswer(store: Knowledge, question: Question, version: number): Answer {
  const isV1 = version === VERSION_1;
  if (question.operation === 'get-bulk') return complete(bulk(store, question));
  const objects: StoredObject[] = [];
  for (const [place, oid] of question.oids.entries()) {
    const found = question.operation === 'get' ? store.get(oid) : nextFor(store, oid, isV1);
    const isHidden = isV1 && found?.value[0] === COUNTER64;
    if (found !== null && !isHidden) objects.push(found);
    else if (isV1) return refusal(NO_SUCH_NAME, place + 1, question);
    else
      objects.push({ oid, value: question.operation === 'get' ? NO_SUCH_OBJECT : END_OF_MIB_VIEW });
  }
  const octets = objects.reduce((sum, { oid, value }) => sum + varbind(oid, value).length, 0);
  if (octets > LONGEST_ANSWER_OCTETS) return { errorStatus: TOO_BIG, errorIndex: 0, objects: [] };
  return complete(objects);
}

function nextFor(store: Knowledge, oid: string, isV1: boolean): StoredObject | null {
  let found = store.next(oid);
  while (isV1 && found?.value[0] === COUNTER64) found = store.next(found.oid);
  return found;
}

function bulk(store: Knowledge, { oids, maxRepetitions }: Question): StoredObject[] {
  const objects: StoredObject[] = [];
  const at = [...oids];
  let octets = 0;
  for (let round = 0; round < maxRepetitions; round += 1) {
    for (const [column, oid] of at.entries()) {
      const found = store.next(oid) ?? { oid, value: END_OF_MIB_VIEW };
      octets += varbind(found.oid, found.value).length;
      if (octets > (round === 0 ? LONGEST_ANSWER_OCTETS : MOST_ANSWER_OCTETS)) return objects;
      objects.push(found);
      at[column] = found.oid;
    }
  }
  return objects;
}

/** An answer without an error. */
export function complete(objects: readonly StoredObject[]): Answer {
  return { errorStatus: 0, errorIndex: 0, objects };
}

/** An answer that refuses, with the objects that were asked for and no values. */
export function refusal(errorStatus: number, errorIndex: number, question: Question): Answer {
  const objects = question.oids.map((oid) => ({ oid, value: Buffer.from([0x05, 0x00]) }));
  return { errorStatus, errorIndex, objects };
}

/** The response of v1 or v2c that carries the answer, to whoever asked. */
export function encodeAnswer(ask: Ask, answer: Answer): Octets {
  return communityMessage({
    version: ask.version,
    community: ask.community,
    requestId: ask.id,
    errorStatus: answer.errorStatus,
    errorIndex: answer.errorIndex,
    varbinds: answer.objects.map(({ oid, value }) => varbind(oid, value)),
  });
}
