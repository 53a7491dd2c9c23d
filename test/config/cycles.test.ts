import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findCycles } from '../../config/cycles.ts';

describe('findCycles', () => {
  it('names each cycle once, in order', () => {
    const links: Record<string, string[]> = {
      a: ['b'],
      b: ['c', 'x'],
      c: ['a'],
      x: ['x', 'nowhere'],
      y: ['a'],
    };
    expect(findCycles(Object.keys(links), (id) => links[id]!)).toEqual([['a', 'b', 'c'], ['x']]);
  });

  it('is not deceived by two ways to one place', () => {
    const links: Record<string, string[]> = { a: ['b', 'c'], b: ['d'], c: ['d'], d: [] };
    expect(findCycles(Object.keys(links), (id) => links[id]!)).toEqual([]);
  });

  it('follows a chain of any length', () => {
    const ids = Array.from({ length: 50_000 }, (_, index) => `${index}`);
    expect(findCycles(ids, (id) => [`${Number(id) + 1}`])).toEqual([]);
  });

  it('finds a cycle exactly when no order puts every parent first', () => {
    const graph = fc.array(fc.array(fc.nat(6), { maxLength: 3 }), { minLength: 7, maxLength: 7 });
    fc.assert(
      fc.property(graph, (links) => {
        const ids = links.map((_, index) => `${index}`);
        const linksOf = (id: string) => links[Number(id)]!.map(String);
        const cycles = findCycles(ids, linksOf);
        for (const cycle of cycles) {
          cycle.forEach((id, index) => {
            expect(linksOf(id)).toContain(cycle[(index + 1) % cycle.length]);
          });
        }
        expect(cycles.length > 0).toBe(!canBeOrdered(ids, linksOf));
      }),
      { seed: 7, numRuns: 500 },
    );
  });
});

function canBeOrdered(ids: readonly string[], linksOf: (id: string) => string[]): boolean {
  const placed = new Set<string>();
  for (let round = 0; round < ids.length; round += 1) {
    for (const id of ids) {
      if (linksOf(id).every((link) => placed.has(link))) placed.add(id);
    }
  }
  return placed.size === ids.length;
}
