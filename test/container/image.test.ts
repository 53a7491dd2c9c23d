import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { parseDocument } from 'yaml';
import { MINUTE } from '../../lib/time.ts';
import { copyDemo, freeTcpPort } from '../demo/demo-copy.ts';
import { repositoryRoot } from '../layout/source-files.ts';
import { hasInfluxd, Influxd } from '../storage/influxd.ts';
import { copied, inLastStage } from './dockerfile.ts';

const [uid, gid] = (inLastStage('USER')[0] ?? '').split(':').map(Number) as [number, number];

/** Becoming the user of the image takes root; under CI there must be one. */
function canBecomeAnother(): boolean {
  const can = process.getuid?.() === 0 && spawnSync('setpriv', ['--version']).status === 0;
  if (!can && process.env.CI === 'true') throw new Error('needs root and setpriv (util-linux)');
  if (!can) console.warn('skipped: running as the user of the image needs root and setpriv');
  return can;
}

/** Packages for production, as the stage `packages` installs them: neither optional nor for developers. */
function productionPackages(): string[] {
  const listed = spawnSync('npm', ['ls', '--all', '--parseable', '--omit=dev', '--omit=optional'], {
    cwd: repositoryRoot,
    encoding: 'utf8',
  });
  return listed.stdout.split('\n').filter((path) => path.includes('node_modules'));
}

describe.skipIf(!canBecomeAnother())('the file set of the image', () => {
  const root = mkdtempSync(join(tmpdir(), 'threenines-image-'));
  const app = join(root, 'app');
  const etc = join(root, 'etc');
  const data = join(root, 'data');
  const node = join(root, 'node');
  let url: string;
  let service: ChildProcess;
  let influxd: Influxd | null = null;
  let said = '';

  /** As the container runs it: that user, no capability, no way to more. */
  function asImageUser(args: readonly string[], environment: NodeJS.ProcessEnv = {}): ChildProcess {
    const user = [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'];
    const rights = ['--no-new-privs', '--bounding-set=-all', '--inh-caps=-all'];
    return spawn('setpriv', [...user, ...rights, node, ...args], {
      cwd: app,
      env: { NODE_ENV: 'production', PATH: '/usr/bin:/bin', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  beforeAll(async () => {
    mkdirSync(join(app, 'node_modules'), { recursive: true });
    for (const path of copied) {
      cpSync(join(repositoryRoot, path), join(app, path), { recursive: true });
    }
    for (const path of productionPackages()) {
      cpSync(path, join(app, relative(repositoryRoot, path)), { recursive: true });
    }
    cpSync(join(repositoryRoot, 'web/dist'), join(app, 'web/dist'), { recursive: true });
    copyFileSync(process.execPath, node);
    const port = await freeTcpPort();
    const demo = join(root, 'demo');
    await copyDemo(demo, port);
    const script = join(app, 'scripts/container-config.mjs');
    execFileSync(process.execPath, [script, demo, etc], { cwd: app });
    const path = join(etc, 'threenines.yaml');
    const config = parseDocument(readFileSync(path, 'utf8'));
    config.set('listen', `127.0.0.1:${port}`);
    config.set('dataFolder', data);
    writeFileSync(path, String(config));
    mkdirSync(data);
    chownSync(data, uid, gid);
    execFileSync('chmod', ['-R', 'a+rX,go-w', root]);
    chmodSync(node, 0o755);
    url = `http://127.0.0.1:${port}`;
    if (hasInfluxd) {
      influxd = await Influxd.create(join(root, 'influxdb'));
      await influxd.start();
    }
    service = asImageUser(['app/main.ts', 'serve'], {
      THREENINES_CONFIG: etc,
      // Empty without a server, as compose sets it.
      THREENINES_INFLUX_URL: influxd?.url ?? '',
    });
    for (const stream of [service.stdout, service.stderr]) {
      stream?.on('data', (chunk) => (said += chunk));
    }
  }, MINUTE);

  afterAll(async () => {
    service?.kill('SIGKILL');
    await influxd?.stop();
    rmSync(root, { recursive: true, force: true });
  });

  test(
    'starts as its user and says that it is well',
    async () => {
      const isHealthy = async () => {
        if (service.exitCode !== null) throw new Error(`it ended:\n${said}`);
        const check = asImageUser(['scripts/container-health.mjs'], {
          THREENINES_HEALTH_URL: `${url}/healthz`,
        });
        const [code] = await once(check, 'exit');
        return code === 0;
      };
      await vi.waitUntil(isHealthy, { timeout: MINUTE, interval: 250 });
      const console = await fetch(url);
      expect(console.status).toBe(200);
      expect(await console.text()).toContain('<script');
    },
    2 * MINUTE,
  );

  test.skipIf(!hasInfluxd)(
    'writes to the InfluxDB that its environment names',
    async () => {
      const written = /^threenines_influx_points_total\{result="written"\} [1-9]/m;
      const metrics = async () => (await fetch(`${url}/metrics`)).text();
      await expect.poll(metrics, { timeout: MINUTE, interval: 500 }).toMatch(written);
    },
    2 * MINUTE,
  );

  test('can write to its data folder and to nothing else that it carries', async () => {
    const attempt = (path: string) =>
      `try{fs.writeFileSync(${JSON.stringify(path)},'')}catch(e){process.exit(e.code==='EACCES'?3:4)}`;
    const codeOf = async (path: string) => {
      const [code] = await once(asImageUser(['-e', attempt(path)]), 'exit');
      return code;
    };
    expect(await codeOf(join(app, 'app/main.ts'))).toBe(3);
    expect(await codeOf(join(app, 'new-file'))).toBe(3);
    expect(await codeOf(join(etc, 'threenines.yaml'))).toBe(3);
    expect(await codeOf(join(data, 'proof'))).toBe(0);
  });

  test('ends in order when it is told to', async () => {
    service.kill('SIGTERM');
    const [code] = await once(service, 'exit');
    expect(code, said).toBe(0);
  });
});
