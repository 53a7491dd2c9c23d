import type { Random } from '../../lib/random.ts';

/** Octets that mean something special in BER: tags, lengths, signs. */
const TELLING_OCTETS = [0x00, 0x1f, 0x7f, 0x80, 0x81, 0x84, 0xff];
const MOST_CHANGES = 4;
const LONGEST_CHANGE = 8;
const KINDS = 7;
const ONE_EMPTY = Buffer.of(0x30);

/** Changes a message in one to four places, each in a way that has broken decoders before. */
export function mutate(original: Buffer, random: Random): Buffer {
  const below = (limit: number) => Math.floor(random.next() * limit);
  let octets = Buffer.from(original);
  for (let changes = 1 + below(MOST_CHANGES); changes > 0; changes -= 1) {
    const at = below(octets.length);
    const length = 1 + below(LONGEST_CHANGE);
    const before = octets.subarray(0, at);
    switch (below(KINDS)) {
      case 0:
        octets[at]! ^= 1 << below(8);
        break;
      case 1:
        octets[at] = TELLING_OCTETS[below(TELLING_OCTETS.length)]!;
        break;
      case 2:
        octets[at] = below(256);
        break;
      case 3:
        octets = Buffer.from(before);
        break;
      case 4:
        octets = Buffer.concat([before, octets.subarray(at + length)]);
        break;
      case 5:
        octets = Buffer.concat([before, random.bytes(length), octets.subarray(at)]);
        break;
      default:
        octets = Buffer.concat([octets, octets.subarray(at)]);
    }
    if (octets.length === 0) return ONE_EMPTY;
  }
  return octets;
}
