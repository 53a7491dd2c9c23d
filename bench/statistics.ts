/** The middle value; the mean of the two middle ones of an even count. Null of nothing. */
export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** `±4 %`: half of what lies between the least and the greatest round, as a share of the median. */
export function noise(values: readonly number[]): string {
  const middle = median(values);
  if (middle === null || middle === 0 || values.length < 2) return '';
  const half = (Math.max(...values) - Math.min(...values)) / 2;
  return `±${Math.round((half / middle) * 100)} %`;
}

/** `a / b`, null when either is missing. */
export function ratio(a: number | null, b: number | null): number | null {
  return a === null || b === null || b === 0 ? null : a / b;
}

/** The value below which `share` of all values lie; null of nothing. */
export function quantile(values: readonly number[], share: number): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}
