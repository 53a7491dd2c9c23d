/**
 * Finds the cycles of a directed graph: each as the ids on it, in order, beginning with the one
 * that `ids` names first. Links to unknown ids are passed over. Works without recursion, so that a
 * chain of any length is safe.
 */
export function findCycles(
  ids: readonly string[],
  linksOf: (id: string) => readonly string[],
): string[][] {
  const known = new Set(ids);
  const finished = new Set<string>();
  const cycles: string[][] = [];
  for (const start of ids) {
    if (finished.has(start)) continue;
    const trail: string[] = [start];
    const position = new Map([[start, 0]]);
    const pending = [[...linksOf(start)]];
    while (trail.length > 0) {
      const next = pending.at(-1)!.shift();
      if (next === undefined) {
        pending.pop();
        const left = trail.pop()!;
        position.delete(left);
        finished.add(left);
      } else if (position.has(next)) {
        cycles.push(trail.slice(position.get(next)!));
      } else if (known.has(next) && !finished.has(next)) {
        position.set(next, trail.length);
        trail.push(next);
        pending.push([...linksOf(next)]);
      }
    }
  }
  return cycles;
}
