const MOST_SHOWN = 5;

/** The few of `known` that somebody who wrote `given` may have meant, nearest first. */
export function nearMatches(given: string, known: readonly string[]): string[] {
  const wanted = given.toLowerCase();
  const most = Math.max(2, Math.ceil(wanted.length / 2));
  return known
    .map((name) => ({ name, distance: distanceOf(wanted, name.toLowerCase()) }))
    .filter(({ distance }) => distance <= most)
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, MOST_SHOWN)
    .map(({ name }) => name);
}

function distanceOf(wanted: string, name: string): number {
  const isPart = wanted.length > 1 && (name.includes(wanted) || wanted.includes(name));
  const edits = editDistance(wanted, name);
  return isPart ? Math.min(1, edits) : edits;
}

/** Characters to put in, leave out or change so that one text becomes the other. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, place) => place);
  for (let at = 0; at < from.length; at += 1) {
    const next = [at + 1];
    for (let place = 0; place < to.length; place += 1) {
      const changed = row[place]! + Number(from[at] !== to[place]);
      next.push(Math.min(changed, row[place + 1]! + 1, next[place]! + 1));
    }
    row = next;
  }
  return row[to.length]!;
}
