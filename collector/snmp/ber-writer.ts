import { INTEGER } from './tags.ts';

/**
 * Writes BER from its end to its beginning, so that each length is known when its turn comes and is
 * always the shortest form. What is written stands in `octets[at..end)`, ready to be sent from
 * there. The buffer is made once; `hasOverflowed` says that the content did not fit and is void.
 */
export interface BerWriter {
  readonly octets: Uint8Array;
  at: number;
  end: number;
  hasOverflowed: boolean;
}

/** Up to this many octets a loop is faster than a view and a native copy. */
const FEW_OCTETS = 64;

/** A writer for content of at most `capacity` octets. */
export function newBerWriter(capacity: number): BerWriter {
  return { octets: Buffer.alloc(capacity), at: capacity, end: capacity, hasOverflowed: false };
}

/** Empties the writer. */
export function startWriting(writer: BerWriter): void {
  writer.at = writer.octets.length;
  writer.end = writer.octets.length;
  writer.hasOverflowed = false;
}

/** A view of what was written; valid until the writer is used again. */
export function writtenOctets(writer: BerWriter): Uint8Array {
  return writer.octets.subarray(writer.at, writer.end);
}

/** Makes room for `count` octets before what was written; false when there is none. */
export function makeRoom(writer: BerWriter, count: number): boolean {
  if (writer.at < count) writer.hasOverflowed = true;
  if (writer.hasOverflowed) return false;
  writer.at -= count;
  return true;
}

/** Puts one octet before what was written. */
export function writeOctet(writer: BerWriter, octet: number): void {
  if (makeRoom(writer, 1)) writer.octets[writer.at] = octet;
}

/** Puts `octets[start..end)` before what was written. */
export function writeRaw(
  writer: BerWriter,
  octets: Uint8Array,
  start: number = 0,
  end: number = octets.length,
): void {
  if (!makeRoom(writer, end - start)) return;
  const { at } = writer;
  if (end - start > FEW_OCTETS) {
    writer.octets.set(octets.subarray(start, end), at);
    return;
  }
  for (let offset = 0; offset < end - start; offset += 1) {
    writer.octets[at + offset] = octets[start + offset]!;
  }
}

/** Closes an element: its header goes before the content written since `writer.at` was `contentEnd`. */
export function writeHeader(writer: BerWriter, tag: number, contentEnd: number): void {
  const length = contentEnd - writer.at;
  if (length < 0x80) {
    writeOctet(writer, length);
  } else {
    let octetCount = 0;
    for (let rest = length; rest > 0; rest >>>= 8) {
      writeOctet(writer, rest & 0xff);
      octetCount += 1;
    }
    writeOctet(writer, 0x80 | octetCount);
  }
  writeOctet(writer, tag);
}

/** A primitive element with the given content. */
export function writeElement(
  writer: BerWriter,
  tag: number,
  octets: Uint8Array,
  start: number = 0,
  end: number = octets.length,
): void {
  const contentEnd = writer.at;
  writeRaw(writer, octets, start, end);
  writeHeader(writer, tag, contentEnd);
}

/** X.690 §8.3, of −2^31..2^31 − 1, in as few octets as can be. */
export function writeInteger32(writer: BerWriter, value: number): void {
  const contentEnd = writer.at;
  let rest = value | 0;
  let octet = 0;
  do {
    octet = rest & 0xff;
    writeOctet(writer, octet);
    rest >>= 8;
  } while (rest !== (octet << 24) >> 31);
  writeHeader(writer, INTEGER, contentEnd);
}

/** Counter32, Gauge32 and TimeTicks: of 0..2^32 − 1, with a zero octet before a set sign bit. */
export function writeUnsigned32(writer: BerWriter, tag: number, value: number): void {
  const contentEnd = writer.at;
  let rest = value >>> 0;
  let octet = 0;
  do {
    octet = rest & 0xff;
    writeOctet(writer, octet);
    rest >>>= 8;
  } while (rest !== 0);
  if (octet >= 0x80) writeOctet(writer, 0);
  writeHeader(writer, tag, contentEnd);
}

/** Counter64: of 0..2^64 − 1. */
export function writeUnsigned64(writer: BerWriter, tag: number, value: bigint): void {
  const contentEnd = writer.at;
  let rest = BigInt.asUintN(64, value);
  let octet = 0;
  do {
    octet = Number(rest & 0xffn);
    writeOctet(writer, octet);
    rest >>= 8n;
  } while (rest !== 0n);
  if (octet >= 0x80) writeOctet(writer, 0);
  writeHeader(writer, tag, contentEnd);
}
