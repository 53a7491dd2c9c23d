/** FNV-1a with 64 bits. */
const OFFSET = 0xcbf29ce484222325n;
const PRIME = 0x100000001b3n;
const MASK = 0xffffffffffffffffn;
/** Cannot be in UTF-8, so that a name and a value cannot be shifted into each other. */
const SEPARATOR = 0xff;

/**
 * The fingerprint of a set of labels as Prometheus and Alertmanager compute it: FNV-1a over the
 * names in order, each with its value, all of them separated; 16 hexadecimal digits.
 */
export function fingerprintOf(labels: Readonly<Record<string, string>>): string {
  let hash = OFFSET;
  const add = (octet: number) => {
    hash = ((hash ^ BigInt(octet)) * PRIME) & MASK;
  };
  const names = Object.keys(labels).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  for (const name of names) {
    for (const text of [name, labels[name]!]) {
      for (const octet of Buffer.from(text)) add(octet);
      add(SEPARATOR);
    }
  }
  return hash.toString(16).padStart(16, '0');
}
