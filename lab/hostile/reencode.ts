import type { Octets } from './ber.ts';

/** One element of a well-formed message; the content of a constructed one is rewritten already. */
export interface Element {
  readonly tag: number;
  readonly content: Octets;
  /** 0 for the message, 1 for its parts, and so on inward. */
  readonly level: number;
  /** Place among its siblings, from 0. */
  readonly place: number;
}

const CONSTRUCTED = 0x20;

/**
 * Writes a well-formed message anew, element by element from the inside out, each as `write` says:
 * so can a lie be told at any level. Lengths of at most four octets; what stands behind is dropped.
 */
export function reencode(octets: Octets, write: (element: Element) => Octets): Octets {
  return rewrite(octets, 0, 0, write);
}

function rewrite(
  octets: Octets,
  level: number,
  place: number,
  write: (element: Element) => Octets,
): Octets {
  const tag = octets[0]!;
  const { start, end } = contentOf(octets);
  let content = octets.subarray(start, end);
  if ((tag & CONSTRUCTED) !== 0) {
    const parts = elementsOf(content).map((part, at) => rewrite(part, level + 1, at, write));
    content = Buffer.concat(parts);
  }
  return write({ tag, content, level, place });
}

function contentOf(octets: Octets): { readonly start: number; readonly end: number } {
  const first = octets[1]!;
  const lengthOctets = first < 0x80 ? 0 : first & 0x7f;
  const start = 2 + lengthOctets;
  const length = lengthOctets === 0 ? first : octets.readUIntBE(2, lengthOctets);
  return { start, end: start + length };
}

function elementsOf(content: Octets): Octets[] {
  const parts: Octets[] = [];
  for (let at = 0; at < content.length; ) {
    const { end } = contentOf(content.subarray(at));
    parts.push(content.subarray(at, at + end));
    at += end;
  }
  return parts;
}

/** Tag and length as they should be. */
export function plainly({ tag, content }: Pick<Element, 'tag' | 'content'>): Octets {
  return headed(tag, lengthOctets(content.length), content);
}

/** An element whose length is written as these octets, true or not. */
export function headed(tag: number, length: readonly number[], content: Octets): Octets {
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

/** X.690 §8.1.3: the shortest form. */
export function lengthOctets(length: number): number[] {
  if (length < 0x80) return [length];
  return length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
}

/** The long form in so many octets, with zeros in front: X.690 §8.1.3.5 allows it. */
export function paddedLength(length: number, octetCount: number): number[] {
  const octets = Array.from({ length: octetCount }, (_, at) => {
    const shift = 8 * (octetCount - 1 - at);
    return shift > 24 ? 0 : (length >>> shift) & 0xff;
  });
  return [0x80 | octetCount, ...octets];
}
