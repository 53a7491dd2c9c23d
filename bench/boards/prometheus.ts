import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { systemClock } from '../../lib/clock.ts';
import { type EpochMs, SECOND } from '../../lib/time.ts';
import { freePort } from '../network/free-port.ts';
import { type Server, startServer } from '../processes.ts';
import { MEASURED_CORE } from '../programs.ts';

const NANOSECONDS = 1_000_000_000;
const LIFE_MS = 3600 * SECOND;

/** What one question cost Prometheus. */
export interface QueryCost {
  readonly cpuMs: number;
  readonly elapsedMs: number;
  readonly series: number;
  /** Samples that had to be read: the same on every machine. */
  readonly samples: number;
}

export interface PrometheusServer extends AsyncDisposable {
  readonly pid: number;
  /** CPU seconds used so far. */
  cpuSeconds(): number;
  /** Stops scraping; what is there stays. */
  stopScraping(): Promise<void>;
  /** Asks for an hour's values in steps, or for those at `endAt`. Throws what Prometheus says is wrong. */
  ask(
    query: string,
    range: { startAt: EpochMs; endAt: EpochMs; stepSeconds: number } | EpochMs,
  ): Promise<QueryCost>;
}

export interface ScrapeOptions {
  readonly port: number;
  readonly shards: number;
  readonly intervalSeconds: number;
}

/** Starts Debian's Prometheus on the measured core, scraping the shards of a synthetic network. */
export async function startPrometheus(
  folder: string,
  program: string,
  options: ScrapeOptions,
): Promise<PrometheusServer> {
  const port = await freePort();
  const config = join(folder, `prometheus-${port}.yml`);
  writeFileSync(config, scrapeConfig(options));
  const args = [
    `--config.file=${config}`,
    `--storage.tsdb.path=${join(folder, `tsdb-${port}`)}`,
    // Everything stays in the head: minutes go by faster here than a block's two hours allow for.
    '--storage.tsdb.min-block-duration=12h',
    '--storage.tsdb.max-block-duration=12h',
    `--web.listen-address=127.0.0.1:${port}`,
  ];
  const server = await startServer(program, args, /Server is ready to receive web requests/, {
    core: MEASURED_CORE,
    timeoutMs: LIFE_MS,
  });
  return serverOf(server, `http://127.0.0.1:${port}`, config);
}

/** Each shard under its own path; the last is what is no reading of a device. */
function scrapeConfig({ port, shards, intervalSeconds }: ScrapeOptions): string {
  const jobs = Array.from({ length: shards + 1 }, (_, shard) => ({
    job_name: `shard-${shard}`,
    metrics_path: `/${shard}`,
    static_configs: [{ targets: [`127.0.0.1:${port}`], labels: { instance: 'threenines' } }],
    // One service answers all of it in the field: the same job and instance for every series.
    metric_relabel_configs: [{ target_label: 'job', replacement: 'threenines' }],
  }));
  return stringify({
    global: { scrape_interval: `${intervalSeconds}s`, scrape_timeout: `${intervalSeconds}s` },
    scrape_configs: jobs,
  });
}

function serverOf(server: Server, url: string, config: string): PrometheusServer {
  const { pid } = server;
  return {
    pid,
    cpuSeconds: () => cpuNanoseconds(pid) / NANOSECONDS,
    async stopScraping() {
      writeFileSync(config, '{}\n');
      process.kill(pid, 'SIGHUP');
      while ((await targetCount(url)) > 0) await new Promise((resolve) => setImmediate(resolve));
    },
    async ask(query, range) {
      const parameters = parametersOf(query, range);
      const cpuBefore = cpuNanoseconds(pid);
      const startedMs = systemClock.monotonicMs();
      const path = parameters.has('step') ? 'query_range' : 'query';
      const response = await fetch(`${url}/api/v1/${path}`, { method: 'POST', body: parameters });
      const answer = (await response.json()) as QueryAnswer;
      if (answer.status !== 'success') throw new Error(`${query}: ${answer.error}`);
      return {
        cpuMs: (cpuNanoseconds(pid) - cpuBefore) / 1e6,
        elapsedMs: systemClock.monotonicMs() - startedMs,
        series: answer.data.result.length,
        samples: answer.data.stats.samples.totalQueryableSamples,
      };
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

interface QueryAnswer {
  readonly status: string;
  readonly error?: string;
  readonly data: {
    readonly result: readonly unknown[];
    readonly stats: { readonly samples: { readonly totalQueryableSamples: number } };
  };
}

function parametersOf(query: string, range: Parameters<PrometheusServer['ask']>[1]) {
  const parameters = new URLSearchParams({ query, stats: 'all' });
  if (typeof range === 'number') {
    parameters.set('time', String(range / SECOND));
    return parameters;
  }
  parameters.set('start', String(range.startAt / SECOND));
  parameters.set('end', String(range.endAt / SECOND));
  parameters.set('step', String(range.stepSeconds));
  return parameters;
}

async function targetCount(url: string): Promise<number> {
  const answer = await fetch(`${url}/api/v1/targets?state=active`);
  const { data } = (await answer.json()) as { data: { activeTargets: unknown[] } };
  return data.activeTargets.length;
}

/** schedstat counts in nanoseconds what `stat` counts in hundredths of a second. */
function cpuNanoseconds(pid: number): number {
  let sum = 0;
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    sum += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]);
  }
  return sum;
}
