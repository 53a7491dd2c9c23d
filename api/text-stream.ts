import { pipeline, Readable } from 'node:stream';
import { constants, createGzip } from 'node:zlib';

/** A piece of an answer: text, or text that is octets already. */
export type TextPiece = string | Uint8Array;

/** What waits for a reader who is slower than we are. */
const BACKLOG_OCTETS = 64 * 1024;
const GZIP_OCTETS_AT_ONCE = 64 * 1024;

/**
 * A long answer, taken from `pieces` only as fast as its reader takes it. After every piece all else
 * that waits gets its turn: a reader on this machine takes pieces so readily that no write ever
 * waits, and the whole answer would be made in one go.
 */
export function streamText(pieces: Iterable<TextPiece> | AsyncIterable<TextPiece>): Readable {
  return Readable.from(giveWay(pieces), { objectMode: false, highWaterMark: BACKLOG_OCTETS });
}

async function* giveWay(
  pieces: Iterable<TextPiece> | AsyncIterable<TextPiece>,
): AsyncGenerator<TextPiece> {
  for await (const piece of pieces) {
    if (piece.length > 0) yield piece;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** The same, compressed by threads of Node's own while this one does other work. */
export function gzipped(source: Readable): Readable {
  const options = { level: constants.Z_BEST_SPEED, chunkSize: GZIP_OCTETS_AT_ONCE };
  // The end of either one ends the other; whoever sends the answer hears of an error by itself.
  return pipeline(source, createGzip(options), () => {});
}

/** Whether an Accept-Encoding header wants gzip (RFC 9110 §12.5.3). */
export function asksForGzip(header: string | string[] | undefined): boolean {
  const codings = String(header ?? '').split(',');
  return codings.some((coding) => {
    const [name, ...parameters] = coding.split(';').map((part) => part.trim().toLowerCase());
    const isRefused = parameters.some((parameter) => /^q=0(\.0{0,3})?$/.test(parameter));
    return (name === 'gzip' || name === 'x-gzip') && !isRefused;
  });
}
