/** FNV-1a with 64 bits, in two halves: its offset, and its prime, which is 2^40 + 0x1b3. */
const OFFSET_HIGH = 0xcbf29ce4;
const OFFSET_LOW = 0x84222325;
const PRIME_LOW = 0x1b3;
const HALF = 2 ** 32;
/** Cannot be in UTF-8, so that a name and a value cannot be shifted into each other. */
const SEPARATOR = 0xff;

/**
 * The fingerprint of a set of labels as Prometheus and Alertmanager compute it: FNV-1a over the
 * names in order, each with its value, all of them separated; 16 hexadecimal digits.
 */
export function fingerprintOf(labels: Readonly<Record<string, string>>): string {
  let high = OFFSET_HIGH;
  let low = OFFSET_LOW;
  const add = (octet: number) => {
    const mixed = (low ^ octet) >>> 0;
    // Neither product reaches 2^53, so that both are exact.
    const product = mixed * PRIME_LOW;
    high = (high * PRIME_LOW + Math.floor(product / HALF) + mixed * 2 ** 8) % HALF;
    low = product % HALF;
  };
  const names = Object.keys(labels).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  for (const name of names) {
    for (const text of [name, labels[name]!]) {
      for (const octet of Buffer.from(text)) add(octet);
      add(SEPARATOR);
    }
  }
  return [high, low].map((half) => half.toString(16).padStart(8, '0')).join('');
}
