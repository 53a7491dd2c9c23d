import { hash } from 'node:crypto';
import { expect, it } from 'vitest';
import { seededRandom } from '../../lib/random.ts';
import { FREE_FROM, LANES, PADDING_OCTETS, Sha256Lanes } from '../../lib/sha256/lanes.ts';

const BLOCK = 64;

function opened(octetCount: number): Sha256Lanes {
  const sha = Sha256Lanes.open();
  if (sha === null) throw new Error('this machine has no WebAssembly with vectors');
  sha.reserve(octetCount);
  return sha;
}

interface Message {
  readonly octets: Uint8Array;
  readonly blocks: number;
  readonly at: number;
}

/** Lays messages one behind the other and pads them. */
function lay(sha: Sha256Lanes, contents: readonly Uint8Array[]): Message[] {
  let at = FREE_FROM + BLOCK;
  return contents.map((octets) => {
    sha.octets.set(octets, at);
    const message = { octets, at, blocks: sha.pad(at + octets.length, octets.length) };
    at += octets.length + PADDING_OCTETS;
    return message;
  });
}

function hexOf(sha: Sha256Lanes, lane: number): string {
  sha.writeHex(lane, FREE_FROM);
  return Buffer.from(sha.octets.subarray(FREE_FROM, FREE_FROM + BLOCK)).toString('latin1');
}

it('hashes messages of every length around the edges of blocks as node:crypto does', () => {
  const sha = opened(200_000);
  const random = seededRandom(1);
  const contents = Array.from({ length: 200 }, (_, length) =>
    Uint8Array.from({ length }, () => Math.floor(random.next() * 256)),
  );
  for (const { octets, at, blocks } of lay(sha, contents)) {
    for (let lane = 0; lane < LANES; lane += 1) sha.start(lane);
    for (let block = 0; block < blocks; block += 1) {
      const place = at + block * BLOCK;
      sha.compress(place, place, place, place);
    }
    for (let lane = 0; lane < LANES; lane += 1) {
      expect(hexOf(sha, lane), `${octets.length} octets`).toBe(hash('sha256', octets));
    }
  }
});

it('keeps lanes apart that begin and end at different times', () => {
  const sha = opened(400_000);
  const random = seededRandom(2);
  const contents = Array.from({ length: 100 }, () =>
    Uint8Array.from({ length: Math.floor(random.next() * 500) }, () => random.next() * 256),
  );
  const waiting = lay(sha, contents);
  const running: { message: Message; block: number }[] = [];
  const begin = (lane: number) => {
    const message = waiting.pop();
    if (message === undefined) return false;
    sha.start(lane);
    running[lane] = { message, block: 0 };
    return true;
  };
  for (let lane = 0; lane < LANES; lane += 1) begin(lane);
  let checked = 0;
  while (checked <= contents.length - LANES) {
    const [p0, p1, p2, p3] = running.map(({ message, block }) => message.at + block * BLOCK);
    sha.compress(p0!, p1!, p2!, p3!);
    for (const [lane, each] of running.entries()) {
      each.block += 1;
      if (each.block < each.message.blocks) continue;
      expect(hexOf(sha, lane)).toBe(hash('sha256', each.message.octets));
      checked += 1;
      if (!begin(lane)) return;
    }
  }
});
