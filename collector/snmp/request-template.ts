import {
  type BerWriter,
  makeRoom,
  startWriting,
  writeElement,
  writeHeader,
  writeInteger32,
  writeOctet,
} from './ber-writer.ts';
import { type CommunityVersion, writeCommunityFrame } from './encode-message.ts';
import {
  GET,
  GET_BULK,
  GET_NEXT,
  INTEGER,
  NULL,
  OBJECT_IDENTIFIER,
  OCTET_STRING,
  SEQUENCE,
} from './tags.ts';

/**
 * Requests encoded once and sent many times. The request id takes four octets, so that the next one
 * can be put in its place; ids come from request-ids.ts, whose range makes four octets the shortest
 * form. A walk, whose names change, fills a writer again with `beginRequest`, `writeName` and
 * `finishRequest`: nothing is allocated for a varbind.
 */
export interface RequestTemplate {
  /** The whole message (v1, v2c), or the scoped PDU (v3). */
  readonly octets: Uint8Array;
  /** Where the four octets of the request id are. */
  readonly requestIdAt: number;
}

export type RequestOperation = 'get' | 'get-next' | 'get-bulk';

/** What follows the request id (RFC 3416 §3): both 0 unless the operation is a GETBULK. */
export interface BulkLimits {
  readonly nonRepeaters: number;
  readonly maxRepetitions: number;
}

const TAGS: Readonly<Record<RequestOperation, number>> = {
  get: GET,
  'get-next': GET_NEXT,
  'get-bulk': GET_BULK,
};

const REQUEST_ID_OCTETS = 4;
const NO_LIMITS: BulkLimits = { nonRepeaters: 0, maxRepetitions: 0 };

/** Starts a request in the writer. Names follow from the last to the first. */
export function beginRequest(writer: BerWriter): void {
  startWriting(writer);
}

/** Puts a varbind with the name `octets[start..end)` and no value before those already there. */
export function writeName(writer: BerWriter, octets: Uint8Array, start: number, end: number): void {
  const varbindEnd = writer.at;
  writeOctet(writer, 0);
  writeOctet(writer, NULL);
  writeElement(writer, OBJECT_IDENTIFIER, octets, start, end);
  writeHeader(writer, SEQUENCE, varbindEnd);
}

/** Closes the PDU around the names; gives the place of the request id in the writer's octets. */
export function finishRequest(
  writer: BerWriter,
  operation: RequestOperation,
  requestId: number,
  limits: BulkLimits = NO_LIMITS,
): number {
  writeHeader(writer, SEQUENCE, writer.end);
  writeInteger32(writer, limits.maxRepetitions);
  writeInteger32(writer, limits.nonRepeaters);
  const idEnd = writer.at;
  makeRoom(writer, REQUEST_ID_OCTETS);
  const requestIdAt = writer.at;
  if (!writer.hasOverflowed) patchRequestId(writer.octets, requestIdAt, requestId);
  writeHeader(writer, INTEGER, idEnd);
  writeHeader(writer, TAGS[operation], writer.end);
  return requestIdAt;
}

/** Puts another request id into an encoded request. */
export function patchRequestId(octets: Uint8Array, requestIdAt: number, requestId: number): void {
  octets[requestIdAt] = requestId >>> 24;
  octets[requestIdAt + 1] = requestId >>> 16;
  octets[requestIdAt + 2] = requestId >>> 8;
  octets[requestIdAt + 3] = requestId;
}

/** A v1 or v2c request for `names`, ready to be sent; null when it does not fit the writer. */
export function communityTemplate(
  writer: BerWriter,
  version: CommunityVersion,
  community: Uint8Array,
  operation: RequestOperation,
  names: readonly Uint8Array[],
  limits?: BulkLimits,
): RequestTemplate | null {
  const requestIdAt = writeRequest(writer, operation, names, limits);
  writeCommunityFrame(writer, version, community);
  return cutTemplate(writer, requestIdAt);
}

/** The scoped PDU (RFC 3412 §6.8) of a v3 request for `names`; null when it does not fit the writer. */
export function scopedTemplate(
  writer: BerWriter,
  contextEngineId: Uint8Array,
  contextName: Uint8Array,
  operation: RequestOperation,
  names: readonly Uint8Array[],
  limits?: BulkLimits,
): RequestTemplate | null {
  const requestIdAt = writeRequest(writer, operation, names, limits);
  writeScopedFrame(writer, contextEngineId, contextName);
  return cutTemplate(writer, requestIdAt);
}

/** RFC 3412 §6.8: closes a scoped PDU around the PDU that the writer holds. */
export function writeScopedFrame(
  writer: BerWriter,
  contextEngineId: Uint8Array,
  contextName: Uint8Array,
): void {
  writeElement(writer, OCTET_STRING, contextName);
  writeElement(writer, OCTET_STRING, contextEngineId);
  writeHeader(writer, SEQUENCE, writer.end);
}

function writeRequest(
  writer: BerWriter,
  operation: RequestOperation,
  names: readonly Uint8Array[],
  limits: BulkLimits | undefined,
): number {
  beginRequest(writer);
  for (let row = names.length - 1; row >= 0; row -= 1) {
    writeName(writer, names[row]!, 0, names[row]!.length);
  }
  return finishRequest(writer, operation, 0, limits);
}

/** The message or scoped PDU that the writer holds, to be sent again and again; null when it did not fit. */
export function cutTemplate(writer: BerWriter, requestIdAt: number): RequestTemplate | null {
  if (writer.hasOverflowed) return null;
  const octets = Buffer.from(writer.octets.subarray(writer.at, writer.end));
  return { octets, requestIdAt: requestIdAt - writer.at };
}
