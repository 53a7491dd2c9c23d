import { describe, expect, it } from 'vitest';
import { CHAIN_START, chainHash, type StoredEntry } from '../../storage/chain.ts';
import { HASH_ROOM, isProvenStretch } from '../../storage/chain-stretch.ts';

function entry(sequence: number, words: string): Omit<StoredEntry, 'hash'> {
  const eventText = JSON.stringify({ at: sequence, text: words, type: 'noted' });
  return { sequence, at: sequence, subject: null, eventText };
}

function textOf({ at, eventText, sequence }: Omit<StoredEntry, 'hash'>): string {
  return `{"at":${at},"event":${eventText},"sequence":${sequence},"subject":null}`;
}

function stretch(texts: readonly string[], hashOfLast: string, entryCount = texts.length) {
  const octets = new TextEncoder().encode(texts.map((text) => HASH_ROOM + text).join('\n'));
  return { first: 1, entryCount, hashBefore: CHAIN_START, hashOfLast, texts: octets };
}

const neverAsked = () => {
  throw new Error('every entry has its text');
};

describe('a stretch of a chain', () => {
  const entries = [entry(1, 'a'), entry(2, '中文'.repeat(300)), entry(3, '')];
  const [first, second, third] = entries.map(textOf) as [string, string, string];
  const hashes: string[] = [];
  for (const each of entries) hashes.push(chainHash(hashes.at(-1) ?? CHAIN_START, each));

  it('leads to the hash of its last entry, and to no other', () => {
    const texts = [first, second, third];
    expect(isProvenStretch(stretch(texts, hashes[2]!), neverAsked)).toBe(true);
    expect(isProvenStretch(stretch(texts, hashes[1]!), neverAsked)).toBe(false);
    const changed = [first, second.replace('中', '申'), third];
    expect(isProvenStretch(stretch(changed, hashes[2]!), neverAsked)).toBe(false);
  });

  it('has as many texts as entries: neither one more behind the right hash, nor one less', () => {
    expect(isProvenStretch(stretch([first, second], hashes[1]!), neverAsked)).toBe(true);
    expect(isProvenStretch(stretch([first, second, third], hashes[1]!, 2), neverAsked)).toBe(false);
    expect(isProvenStretch(stretch([first, second], hashes[1]!, 3), neverAsked)).toBe(false);
  });

  it('takes the hash of an entry without text from whoever knows it', () => {
    const asked: unknown[] = [];
    const hashOf = (sequence: number, hashBefore: string) => {
      asked.push([sequence, hashBefore]);
      return hashes[1]!;
    };
    expect(isProvenStretch(stretch([first, '', third], hashes[2]!), hashOf)).toBe(true);
    expect(asked).toEqual([[2, hashes[0]]]);
  });
});
