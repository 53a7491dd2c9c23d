import { InternPool } from './plan/intern-pool.ts';

const pool = new InternPool<readonly string[]>((texts) => [
  Buffer.from(texts.join('')),
  Uint32Array.from(texts, ({ length }) => length),
]);

/** The same texts for all devices of one kind that have them. Never changed. */
export function shareTexts(texts: readonly string[]): readonly string[] {
  return pool.share(texts);
}
