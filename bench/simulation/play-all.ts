/** node bench/simulation/play-all.ts FIRST COUNT DAYS: plays every seed, failed ones too; prints JSON. */
import { playSeed } from '../../test/simulation/simulation.ts';

export interface Played {
  days: number;
  steps: number;
  incidents: number;
  pages: number;
  kills: number;
  readonly failed: { readonly seed: number; readonly violation: string }[];
}

const [first, count, days] = process.argv.slice(2).map(Number) as [number, number, number];
const played: Played = { days: 0, steps: 0, incidents: 0, pages: 0, kills: 0, failed: [] };
for (let seed = first; seed < first + count; seed++) {
  const result = await playSeed(seed, days);
  for (const key of ['days', 'steps', 'incidents', 'pages', 'kills'] as const)
    played[key] += result[key];
  const [violation] = result.violations;
  if (violation !== undefined) played.failed.push({ seed, violation });
}
process.stdout.write(`${JSON.stringify(played)}\n`);
