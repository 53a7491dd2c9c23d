const LONGEST_URL = 500;

/**
 * An http or https address from outside in a form that can stand in any message: without a login, and
 * with whatever chat programs or mark-up act on written as %xx. Null for anything else.
 */
export function webAddress(text: unknown): string | null {
  if (typeof text !== 'string' || text.length > LONGEST_URL) return null;
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return null;
  if (url.username !== '' || url.password !== '') return null;
  const origin = url.origin;
  const rest = url.href
    .slice(origin.length)
    .replace(
      /[@()[\]<>|*`'"\\^{}]/g,
      (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`,
    );
  const safe = origin + rest;
  return safe.length <= 2 * LONGEST_URL ? safe : null;
}
