/**
 * node test/simulation/play-seeds.ts FIRST COUNT DAYS: plays seeds until one fails; the last line is
 * JSON. A seed that failed is played again by `play-seeds.ts SEED 1 DAYS`.
 */
import { playSeed } from './simulation.ts';

const [first, count, days] = process.argv.slice(2).map(Number) as [number, number, number];
const total = { seeds: 0, days: 0, steps: 0, incidents: 0, pages: 0, kills: 0 };
let failed: { seed: number; violations: readonly string[]; plan: unknown } | null = null;
for (let seed = first; seed < first + count && failed === null; seed++) {
  const result = await playSeed(seed, days);
  total.seeds += 1;
  for (const key of ['days', 'steps', 'incidents', 'pages', 'kills'] as const)
    total[key] += result[key];
  const { violations, plan, journalEnd } = result;
  if (violations.length === 0) continue;
  failed = { seed, violations: violations.slice(0, 10), plan };
  process.stderr.write(`${journalEnd.join('\n')}\n`);
}
process.stdout.write(`${JSON.stringify({ ...total, failed })}\n`);
process.exitCode = failed === null ? 0 : 1;
