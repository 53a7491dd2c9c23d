import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';
import { delay, systemClock } from '../../lib/clock.ts';
import { copyDemo, freeTcpPort } from '../demo/demo-copy.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const RETRY_MS = 250;

/** A range that ends now. */
export interface AskedRange {
  readonly rangeSeconds: number;
  readonly stepSeconds: number;
}

export interface LiveService {
  /** Of the service, without a slash at the end. */
  readonly serviceUrl: string;
  /** Every series that answers a PromQL question now, or over a range. Throws what Prometheus says is wrong. */
  ask(expr: string, over: 'now' | AskedRange): Promise<readonly unknown[]>;
  stop(): Promise<void>;
}

const SHIPPED = readFileSync(join(root, 'dashboards/prometheus/prometheus.yml'), 'utf8');

/** What the shipped configuration of Prometheus scrapes, with the service at this address. */
function shippedScrapes(authority: string): readonly object[] {
  const shipped = parse(SHIPPED.replaceAll('threenines:9909', authority)) as {
    scrape_configs: object[];
  };
  return shipped.scrape_configs.map((each) => ({ ...each, scrape_timeout: '1s' }));
}

/**
 * Starts the service on its demo network and a Prometheus that reads it every second, as
 * `scrapeConfigs` says for the service's address and its configuration folder, or as the shipped
 * configuration says; both answer when it returns.
 */
export async function startLiveService(
  scrapeConfigs: (authority: string, configFolder: string) => readonly object[] = shippedScrapes,
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
    ask: (expr, over) => ask(prometheusUrl, expr, over),
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

const MS_PER_SECOND = 1000;

async function ask(prometheusUrl: string, expr: string, over: 'now' | AskedRange) {
  const end = systemClock.now() / MS_PER_SECOND;
  const parameters = new URLSearchParams({ query: expr });
  if (over !== 'now') {
    const { rangeSeconds, stepSeconds } = over;
    // Grafana rounds both ends of the range down to a whole step.
    const rounded = (at: number) => String(Math.floor(at / stepSeconds) * stepSeconds);
    parameters.set('start', rounded(end - rangeSeconds));
    parameters.set('end', rounded(end));
    parameters.set('step', String(stepSeconds));
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
