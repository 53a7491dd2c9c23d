import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../lib/canonical-json.ts';
import type { Journal, JournalEntry, NewEntry } from '../../lib/journal.ts';
import { CHAIN_START, chainHash } from '../../storage/chain.ts';

export type TestEvent = { readonly type: string; readonly [key: string]: unknown };

const at = (seconds: number) => 1_795_000_000_000 + seconds * 1000;
const entry = (seconds: number, subject: string | null, extra = {}): NewEntry<TestEvent> => ({
  at: at(seconds),
  subject,
  event: { type: 'noted', seconds, ...extra },
});
const sequences = (entries: Iterable<JournalEntry<TestEvent>>) =>
  Array.from(entries, ({ sequence }) => sequence);

/** What every journal must do, whatever it is kept on. `make` gives a fresh, empty journal. */
export function describeJournalContract(
  name: string,
  make: () => Journal<TestEvent> & Partial<Disposable>,
): void {
  describe(`${name}: journal contract`, () => {
    it('is empty at first', () => {
      const journal = make();
      expect(journal.lastSequence()).toBe(0);
      expect(Array.from(journal.read())).toEqual([]);
    });

    it('numbers entries from 1 without gaps, over several appends', async () => {
      const journal = make();
      const first = await journal.append([entry(1, null), entry(2, 'core-1')]);
      const second = await journal.append([entry(3, 'core-2')]);
      expect([...sequences(first), ...sequences(second)]).toEqual([1, 2, 3]);
      expect(journal.lastSequence()).toBe(3);
    });

    it('gives back from append exactly what a reader gets', async () => {
      const journal = make();
      const appended = await journal.append([entry(1, 'a', { gone: undefined, nested: [null] })]);
      expect(Array.from(journal.read())).toStrictEqual(appended);
      expect(appended[0]!.event).not.toHaveProperty('gone');
    });

    it('hands over the same events as it reads, in order, proofs of observation among them', async () => {
      const journal = make();
      const lease = { at: at(2), subject: null, event: { type: 'lease-renewed', at: at(2) } };
      const long = entry(3, 'core-1', { text: '市电中断 "quoted" '.repeat(200) });
      const alike = { ...entry(4, null), event: { type: 'lease-renewed', at: at(4), more: 'x' } };
      await journal.append([entry(1, null), lease, long, alike]);
      await journal.append([entry(5, 'core-2')]);
      const visited: unknown[] = [];
      journal.visitEvents((event, sequence) => visited.push({ sequence, event }));
      const read = Array.from(journal.read(), ({ sequence, event }) => ({ sequence, event }));
      expect(visited).toStrictEqual(read);
      expect(read).toHaveLength(5);
    });

    it('does nothing for an empty append', async () => {
      const journal = make();
      expect(await journal.append([])).toEqual([]);
      expect(journal.lastSequence()).toBe(0);
    });

    it('chains every entry to the one before', async () => {
      const journal = make();
      await journal.append([entry(1, null), entry(2, 'core-1', { b: 1, a: 'é"\\' })]);
      let previousHash = CHAIN_START;
      for (const { sequence, at, subject, event, hash } of journal.read()) {
        const eventText = canonicalJson(event);
        expect(hash).toBe(chainHash(previousHash, { sequence, at, subject, eventText }));
        previousHash = hash;
      }
    });

    it('reads by first sequence, subject and instant, oldest first', async () => {
      const journal = make();
      await journal.append([
        entry(10, 'a'),
        entry(20, 'b'),
        // The wall clock was set back between these two.
        entry(15, 'a'),
        entry(30, null),
        entry(40, 'a'),
      ]);
      expect(sequences(journal.read({ fromSequence: 3 }))).toEqual([3, 4, 5]);
      expect(sequences(journal.read({ subject: 'a' }))).toEqual([1, 3, 5]);
      expect(sequences(journal.read({ beforeAt: at(20) }))).toEqual([1, 3]);
      expect(sequences(journal.read({ beforeAt: at(5) }))).toEqual([]);
      expect(sequences(journal.read({ subject: 'a', fromSequence: 2, beforeAt: at(40) }))).toEqual([
        3,
      ]);
      expect(sequences(journal.read({ subject: 'nobody' }))).toEqual([]);
      expect(sequences(journal.read({ fromSequence: 6 }))).toEqual([]);
    });

    it('reads on through many pages, nested and abandoned half-way', async () => {
      const journal = make();
      const many = Array.from({ length: 1234 }, (_, index) =>
        entry(index, index % 2 ? 'odd' : null),
      );
      await journal.append(many);
      let outer = 0;
      for (const { sequence } of journal.read()) {
        outer += 1;
        if (sequence !== 501) continue;
        for (const inner of journal.read({ subject: 'odd' })) if (inner.sequence > 600) break;
      }
      expect(outer).toBe(1234);
      expect(sequences(journal.read({ subject: 'odd' })).length).toBe(617);
    });

    it('does not hand a reader what was appended after it began', async () => {
      const journal = make();
      await journal.append([entry(1, null), entry(2, null)]);
      const seen: number[] = [];
      for (const { sequence } of journal.read()) {
        seen.push(sequence);
        await journal.append([entry(3, null)]);
      }
      expect(seen).toEqual([1, 2]);
      expect(journal.lastSequence()).toBe(4);
    });

    it('keeps any JSON exactly, and any subject that is text', async () => {
      const json = fc.jsonValue({ maxDepth: 3 });
      await fc.assert(
        fc.asyncProperty(fc.array(fc.tuple(fc.string({ unit: 'binary' }), json)), async (drawn) => {
          const journal = make();
          try {
            const entries = drawn.map(([subject, value], index) =>
              entry(index, subject, { value }),
            );
            await journal.append(entries);
            const read = Array.from(journal.read());
            expect(read.map(({ event }) => canonicalJson(event))).toEqual(
              entries.map(({ event }) => canonicalJson(event)),
            );
            expect(read.map(({ subject }) => subject)).toEqual(drawn.map(([subject]) => subject));
          } finally {
            journal[Symbol.dispose]?.();
          }
        }),
        { numRuns: 25 },
      );
    });

    it('visits the events behind an entry, in order, with their numbers', async () => {
      const journal = make();
      await journal.append([entry(1, null), entry(2, 'core-1'), entry(3, null)]);
      const visited = (after?: number) => {
        const seen: (readonly [number, unknown])[] = [];
        journal.visitEvents((event, sequence) => seen.push([sequence, event.seconds]), after);
        return seen;
      };
      const all = [1, 2, 3].map((number) => [number, number]);
      expect(visited()).toEqual(all);
      expect(visited(1)).toEqual(all.slice(1));
      expect(visited(3)).toEqual([]);
    });
  });
}
