import { describe, expect, it } from 'vitest';
import { CHAIN_START, chainHash, type StoredEntry } from '../../storage/chain.ts';
import { ChainLanes, ENTRY_END } from '../../storage/chain-lanes.ts';

function entry(sequence: number, words: string): Omit<StoredEntry, 'hash'> {
  const eventText = JSON.stringify({ at: sequence, text: words, type: 'noted' });
  return { sequence, at: sequence, subject: null, eventText };
}

function textOf({ at, eventText, sequence }: Omit<StoredEntry, 'hash'>): string {
  return `{"at":${at},"event":${eventText},"sequence":${sequence},"subject":null}`;
}

function stretch(texts: readonly string[], hashOfLast: string, entryCount = texts.length) {
  const octets = new TextEncoder().encode(texts.join(ENTRY_END));
  return { first: 1, entryCount, hashBefore: CHAIN_START, hashOfLast, texts: octets };
}

function opened(hashOf = () => 'never asked') {
  const lanes = ChainLanes.open(hashOf);
  if (lanes === null) throw new Error('this machine has no WebAssembly with vectors');
  return lanes;
}

describe('stretches side by side', () => {
  const entries = [entry(1, 'a'), entry(2, 'b'.repeat(300)), entry(3, '')];
  const [first, second, third] = entries.map(textOf) as [string, string, string];
  const hashes: string[] = [];
  for (const each of entries) hashes.push(chainHash(hashes.at(-1) ?? CHAIN_START, each));

  it('may have different lengths, and one that is wrong is not covered by the others', () => {
    const whole = [
      stretch([first], hashes[0]!),
      stretch([first, second, third], hashes[2]!),
      stretch([first, second], hashes[1]!),
    ];
    expect(opened().prove(whole)).toBe(true);
    for (let place = 0; place < whole.length; place += 1) {
      const one = whole.with(place, stretch([first, second, third], hashes[1]!));
      expect(opened().prove(one)).toBe(false);
    }
  });

  it('have as many texts as entries: neither one more behind the right hash, nor one less', () => {
    expect(opened().prove([stretch([first, second], hashes[1]!)])).toBe(true);
    expect(opened().prove([stretch([first, second, third], hashes[1]!, 2)])).toBe(false);
    expect(opened().prove([stretch([first, second], hashes[1]!, 3)])).toBe(false);
  });

  it('take the hash of an entry without text from whoever knows it', () => {
    const asked: unknown[] = [];
    const lanes = ChainLanes.open((sequence, hashBefore) => {
      asked.push([sequence, hashBefore]);
      return hashes[1]!;
    });
    expect(lanes!.prove([stretch([first, '', third], hashes[2]!)])).toBe(true);
    expect(asked).toEqual([[2, hashes[0]]]);
  });
});
