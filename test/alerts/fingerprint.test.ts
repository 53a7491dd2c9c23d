import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fingerprintOf } from '../../api/alerts/fingerprint.ts';

/** FNV-1a as its authors define it, for labels in the order of their names. */
function reference(labels: Readonly<Record<string, string>>): string {
  let hash = 0xcbf29ce484222325n;
  const names = Object.keys(labels).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  for (const octet of names.flatMap((name) =>
    [name, labels[name]!].flatMap((text) => [...Buffer.from(text), 0xff]),
  )) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(octet)) * 0x100000001b3n);
  }
  return hash.toString(16).padStart(16, '0');
}

test('a fingerprint is the hash that Prometheus computes, whatever the labels', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 30 });
  fc.assert(
    fc.property(fc.dictionary(text, text, { maxKeys: 6 }), (labels) => {
      expect(fingerprintOf(labels)).toBe(reference(labels));
    }),
    { seed: 7 },
  );
});
