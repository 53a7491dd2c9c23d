import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { delay, systemClock } from '../../lib/clock.ts';
import { DAY } from '../../lib/time.ts';
import { copyDemo, freeTcpPort } from '../demo/demo-copy.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const RETRY_MS = 250;

export interface LiveService {
  /** Of the service, without a slash at the end. */
  readonly serviceUrl: string;
  /** Every series that answers a PromQL question now, or over the last minute. Throws what Prometheus says is wrong. */
  /** `byDay`: a bar a day over two days; otherwise the last minute. */
  ask(expr: string, over: 'now' | 'range', byDay?: boolean): Promise<readonly unknown[]>;
  stop(): Promise<void>;
}

/** The scrape of a plain installation: everything at once. */
const WHOLE_SERVICE = (authority: string) => [
  {
    job_name: 'threenines',
    scrape_timeout: '1s',
    static_configs: [{ targets: [authority] }],
  },
];

/**
 * Starts the service on its demo network and a Prometheus that reads it every second, as
 * `scrapeConfigs` says for the service's address and its configuration folder; both answer when it
 * returns.
 */
export async function startLiveService(
  scrapeConfigs: (authority: string, configFolder: string) => readonly object[] = WHOLE_SERVICE,
): Promise<LiveService> {
  const folder = mkdtempSync(join(tmpdir(), 'threenines-live-'));
  const configFolder = join(folder, 'config');
  const [servicePort, prometheusPort] = [await freeTcpPort(), await freeTcpPort()];
  await copyDemo(configFolder, servicePort);
  const serviceUrl = `http://127.0.0.1:${servicePort}`;
  const prometheusUrl = `http://127.0.0.1:${prometheusPort}`;
  const prometheusConfig = join(folder, 'prometheus.yml');
  writeFileSync(
    prometheusConfig,
    stringify({
      global: { scrape_interval: '1s' },
      scrape_configs: scrapeConfigs(`127.0.0.1:${servicePort}`, configFolder),
    }),
  );
  const service = start(process.execPath, ['app/main.ts', 'serve', '--config', configFolder]);
  const prometheus = start('prometheus', [
    `--config.file=${prometheusConfig}`,
    `--storage.tsdb.path=${join(folder, 'tsdb')}`,
    `--web.listen-address=127.0.0.1:${prometheusPort}`,
    '--log.level=warn',
  ]);
  const stop = async () => {
    await Promise.all([service.stop(), prometheus.stop()]);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await service.untilAnswers(`${serviceUrl}/readyz`);
    await prometheus.untilAnswers(`${prometheusUrl}/-/ready`);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    serviceUrl,
    ask: (expr, over, days = false) => ask(prometheusUrl, expr, over, days),
    stop,
  };
}

interface Running {
  /** Throws with what the program said when it ends before it answers. */
  untilAnswers(url: string): Promise<void>;
  stop(): Promise<void>;
}

function start(command: string, args: readonly string[]): Running {
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stdout.on('data', (chunk) => (said += chunk));
  child.stderr.on('data', (chunk) => (said += chunk));
  return {
    async untilAnswers(url) {
      while (!(await answers(url))) {
        if (hasEnded(child)) throw new Error(`${command} ${args.join(' ')} ended:\n${said}`);
        await delay(systemClock, RETRY_MS);
      }
    },
    async stop() {
      if (hasEnded(child)) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

const RANGE_SECONDS = 60;
const STEP_SECONDS = 5;
const MS_PER_SECOND = 1000;

async function ask(prometheusUrl: string, expr: string, over: 'now' | 'range', byDay: boolean) {
  const end = systemClock.now() / MS_PER_SECOND;
  const parameters = new URLSearchParams({ query: expr });
  if (over === 'range') {
    const step = byDay ? DAY / MS_PER_SECOND : STEP_SECONDS;
    // Grafana rounds both ends of the range down to a whole step.
    const rounded = (at: number) => String(Math.floor(at / step) * step);
    parameters.set('start', rounded(end - (byDay ? step : RANGE_SECONDS)));
    parameters.set('end', rounded(end));
    parameters.set('step', String(step));
  }
  const path = over === 'now' ? 'query' : 'query_range';
  const response = await fetch(`${prometheusUrl}/api/v1/${path}`, {
    method: 'POST',
    body: parameters,
  });
  const answer = (await response.json()) as {
    status: string;
    error?: string;
    data?: { result: unknown[] };
  };
  if (answer.status !== 'success') throw new Error(`${expr}: ${answer.error}`);
  return answer.data?.result ?? [];
}
