/** RFC 2578 §3.5: at most 128 sub-identifiers of at most 2^32 − 1. */
const MOST_SUB_IDENTIFIERS = 128;
const LARGEST_SUB_IDENTIFIER = 4_294_967_295;

/** The sub-identifiers of a dotted OID, or null when it is not one. A leading dot is refused. */
export function parseOid(text: string): readonly number[] | null {
  if (!/^\d{1,10}(\.\d{1,10})*$/.test(text)) return null;
  const parts = text.split('.').map(Number);
  const fits = parts.every((part) => part <= LARGEST_SUB_IDENTIFIER);
  return fits && parts.length <= MOST_SUB_IDENTIFIERS ? parts : null;
}

/** Lexicographic order of RFC 3416 §4.2.2: negative when `a` comes before `b`. Both are valid OIDs. */
export function compareOids(a: string, b: string): number {
  let at = 0;
  let bt = 0;
  while (at < a.length && bt < b.length) {
    const aEnd = endOfPart(a, at);
    const bEnd = endOfPart(b, bt);
    // Without leading zeros a longer number is a larger one.
    const difference = aEnd - at - (bEnd - bt);
    if (difference !== 0) return difference;
    for (let offset = 0; at + offset < aEnd; offset += 1) {
      const digits = a.charCodeAt(at + offset) - b.charCodeAt(bt + offset);
      if (digits !== 0) return digits;
    }
    at = aEnd + 1;
    bt = bEnd + 1;
  }
  return (at < a.length ? 1 : 0) - (bt < b.length ? 1 : 0);
}

function endOfPart(text: string, from: number): number {
  const dot = text.indexOf('.', from);
  return dot === -1 ? text.length : dot;
}

/** Whether `oid` is `root` or below it. */
export function isWithin(root: string, oid: string): boolean {
  return oid.startsWith(root) && (oid.length === root.length || oid[root.length] === '.');
}

/** What follows `column.` in an instance's OID: the row index; null when it is not below the column. */
export function indexBelow(column: string, oid: string): string | null {
  return oid.length > column.length + 1 && oid.startsWith(column) && oid[column.length] === '.'
    ? oid.slice(column.length + 1)
    : null;
}
