const LONGEST_DEVICE_TEXT = 128;

/**
 * Makes text that a device sent safe to store and show: UTF-8, else Latin-1; control, NUL and
 * bidirectional-override characters dropped; white space folded; cut to 128 code points.
 * It stays text: whoever shows it still escapes it for HTML, CSV, logs or Prometheus.
 */
export function deviceText(octets: Uint8Array, longest: number = LONGEST_DEVICE_TEXT): string {
  return cleanText(decode(octets), longest);
}

/**
 * Text for another program to read as the device sent it: decoded as above, white space and line ends
 * kept; only other control characters and those that can deceive a reader are dropped.
 */
export function plainText(octets: Uint8Array, longest: number): string {
  const text = decode(octets).replace(/[^\P{Cc}\t\r\n]|[\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/gu, '');
  const points = Array.from(text);
  return points.length <= longest ? text : `${points.slice(0, longest - 1).join('')}…`;
}

/** The same cleaning for text that is already decoded. */
export function cleanText(text: string, longest: number = LONGEST_DEVICE_TEXT): string {
  const folded = text
    .replace(/[\s\u0085]+/gu, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/gu, '')
    .trim();
  const points = Array.from(folded);
  return points.length <= longest ? folded : `${points.slice(0, longest - 1).join('')}…`;
}

function decode(octets: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(octets);
  } catch {
    return new TextDecoder('latin1').decode(octets);
  }
}
