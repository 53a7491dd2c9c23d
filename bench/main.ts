import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../lib/clock.ts';
import { formatInstant, SECOND } from '../lib/time.ts';
import type { Bench, BenchContext } from './bench.ts';
import { boardsBench } from './boards/boards.ts';
import { codecBench } from './codec/codec.ts';
import { crashBench } from './crash/crash.ts';
import { engineBench } from './engine/engine.ts';
import { expositionBench } from './exposition/exposition.ts';
import { fleetBench } from './fleet/fleet.ts';
import { fuzzBench } from './fuzz/fuzz.ts';
import { pagingBench } from './paging/paging.ts';
import { pollBench } from './poll/poll.ts';
import { canPin } from './programs.ts';
import { reportBench } from './report/year.ts';
import { type Figure, figuresObject, renderReport } from './report.ts';
import { simulationBench } from './simulation/simulation.ts';
import { wireBench } from './wire/wire.ts';

const BENCHES: readonly Bench[] = [
  codecBench,
  wireBench,
  pollBench,
  expositionBench,
  engineBench,
  fuzzBench,
  fleetBench,
  reportBench,
  boardsBench,
  pagingBench,
  simulationBench,
  crashBench,
];

const GIB = 1024 ** 3;

/** `npm run bench [-- NAME …]`; the exit code is 2 for a name that is none, 1 when a bench fails. */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '2' },
      scale: { type: 'string', default: '1' },
      part: { type: 'string' },
    },
  });
  const isAll = positionals.length === 0;
  const chosen = BENCHES.filter(({ name, isLong, scaleAmongAll }) =>
    isAll ? isLong !== true || scaleAmongAll !== undefined : positionals.includes(name),
  );
  const unknown = positionals.filter((name) => !BENCHES.some((bench) => bench.name === name));
  const numbers = [values.rounds, values.seconds, values.scale].map(Number);
  const { part = null } = values;
  const hasPart = part === null || chosen.every(({ parts }) => parts?.includes(part));
  if (unknown.length > 0 || !hasPart || !numbers.every((value) => value > 0)) {
    console.error(usage());
    return 2;
  }
  const folder = mkdtempSync(join(tmpdir(), 'threenines-bench-'));
  const [rounds, seconds, scale] = numbers as [number, number, number];
  const progress = (text: string) => process.stderr.write(`  ${text}\n`);
  // At the end however it comes, an interrupt too.
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const contextOf = ({ scaleAmongAll = 1 }: Bench): BenchContext => {
    return {
      rounds,
      seconds,
      scale: isAll ? scale * scaleAmongAll : scale,
      part,
      folder,
      progress,
    };
  };
  return runAll(chosen, contextOf);
}

function usage(): string {
  const names = BENCHES.map(({ name }) => name).join(' | ');
  const parts = BENCHES.flatMap(({ name, parts = [] }) =>
    parts.length === 0 ? [] : [`parts of ${name}: ${parts.join(' | ')}`],
  );
  const options = '[--rounds N] [--seconds N] [--scale N] [--part NAME]';
  return [`usage: npm run bench [-- ${names} … ${options}]`, ...parts].join('\n');
}

async function runAll(
  benches: readonly Bench[],
  contextOf: (bench: Bench) => BenchContext,
): Promise<number> {
  console.log(`${machineText()}\n`);
  const figures: Figure[] = [];
  let failures = 0;
  for (const bench of benches) {
    const startedMs = systemClock.monotonicMs();
    const context = contextOf(bench);
    try {
      const report = await bench.run(context);
      figures.push(...report.figures);
      console.log(`${renderReport(bench.name, bench.title, report)}\n`);
    } catch (error) {
      failures += 1;
      console.log(`## ${bench.name}: FAILED\n\n${error instanceof Error ? error.stack : error}\n`);
    }
    const tookSeconds = (systemClock.monotonicMs() - startedMs) / SECOND;
    context.progress(`${bench.name} took ${tookSeconds.toFixed(0)} s`);
  }
  console.log(JSON.stringify(figuresObject(figures)));
  return failures > 0 ? 1 : 0;
}

function machineText(): string {
  const all = cpus();
  const memory = `${Math.round(totalmem() / GIB)} GiB`;
  const pinning = canPin ? 'one core each' : 'cores not pinned: ratios are less certain';
  return [
    formatInstant(systemClock.now()),
    `${all.length} × ${all[0]?.model.trim()}, ${memory}`,
    `${process.platform} ${process.arch}, Node ${process.versions.node}`,
    pinning,
  ].join(' · ');
}

process.exitCode = await main();
