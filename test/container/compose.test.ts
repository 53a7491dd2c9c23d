import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { repositoryRoot } from '../layout/source-files.ts';

interface Service {
  readonly profiles?: readonly string[];
  readonly image?: string;
  readonly build?: string;
  readonly restart?: string;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly cap_drop?: readonly string[];
  readonly healthcheck?: Readonly<Record<string, unknown>>;
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

function readYaml<T>(path: string): T {
  return parse(readFileSync(join(repositoryRoot, path), 'utf8')) as T;
}

/** `${NAME:-value}` as compose fills it when NAME is not set. */
const filled = (text: string) => text.replace(/\$\{\w+:-([^}]*)\}/g, '$1');

const compose = readYaml<Compose>('docker-compose.yml');
const services = Object.entries(compose.services);
const mountsOf = (service: Service) =>
  (service.volumes ?? []).map((volume) => {
    const [source = '', target = '', mode = 'rw'] = filled(volume).split(':');
    return { source, target, mode };
  });

/** Keys of a service in the Compose Specification that this file may use; a slip of the pen is none of them. */
const SERVICE_KEYS = new Set(
  `build image init restart read_only cap_drop security_opt environment ports volumes tmpfs
   healthcheck command depends_on profiles`.split(/\s+/),
);

test('the compose file has its four parts', () => {
  expect(Object.keys(compose).sort()).toEqual(['services', 'volumes']);
  expect(Object.keys(compose.services)).toEqual([
    'threenines',
    'prometheus',
    'grafana',
    'influxdb',
  ]);
});

describe.each(services)('compose service %s', (_name, service) => {
  test('has known keys only', () => {
    expect(Object.keys(service).filter((key) => !SERVICE_KEYS.has(key))).toEqual([]);
  });

  test('is pinned to one version', () => {
    expect(service.image).toMatch(/^[a-z0-9/.-]+:v?\d+\.\d+\.\d+$/);
  });

  test('is reached from this machine only', () => {
    expect(service.ports?.length).toBe(1);
    for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  });

  test('says whether it is well', () => {
    const { test: command, ...timing } = service.healthcheck ?? {};
    expect(command).toBeInstanceOf(Array);
    expect((command as string[])[0]).toBe('CMD');
    expect(Object.keys(timing).sort()).toEqual(['interval', 'retries', 'start_period', 'timeout']);
  });

  test('keeps its data in a named volume, and reads files that are there', () => {
    const mounts = mountsOf(service);
    const named = mounts.filter(({ source }) => !source.startsWith('.'));
    expect(named.length).toBe(1);
    for (const { source } of named) expect(Object.keys(compose.volumes)).toContain(source);
    for (const { source, mode } of mounts.filter(({ source }) => source.startsWith('.'))) {
      expect(existsSync(join(repositoryRoot, source)), source).toBe(true);
      expect(mode).toBe('ro');
    }
  });

  test('has no more rights than it needs and comes back after a crash', () => {
    expect(service.cap_drop).toEqual(['ALL']);
    expect(service.restart).toBe('unless-stopped');
  });

  test('holds no secret', () => {
    const keys = Object.keys(service.environment ?? {});
    expect(keys.filter((key) => /PASSWORD|SECRET|TOKEN|KEY/.test(key))).toEqual([]);
  });

  test('waits for services that exist', () => {
    for (const [name, { condition }] of Object.entries(service.depends_on ?? {})) {
      expect(Object.keys(compose.services)).toContain(name);
      expect(condition).toBe('service_healthy');
    }
  });
});

describe('what compose hands to Prometheus and Grafana', () => {
  const { prometheus, grafana, threenines } = compose.services as Record<string, Service>;
  const targets = (service: Service | undefined) => mountsOf(service ?? {}).map((m) => m.target);

  test('Prometheus reads the mounted configuration and the mounted rules', () => {
    const config = readYaml<{
      global: { scrape_interval: string };
      rule_files: string[];
      alerting: { alertmanagers: { static_configs: { targets: string[] }[] }[] };
      scrape_configs: object[];
    }>('dashboards/prometheus/prometheus.yml');
    expect(prometheus?.command).toContain('--config.file=/etc/prometheus/prometheus.yml');
    for (const file of config.rule_files) expect(targets(prometheus)).toContain(file);
    const port = threenines?.ports?.[0]?.split(':').at(-1);
    expect(config.scrape_configs).toMatchObject([
      { params: { devices: ['none'] }, static_configs: [{ targets: [`threenines:${port}`] }] },
      { http_sd_configs: [{ url: `http://threenines:${port}/sd/devices` }] },
    ]);
    const { alertmanagers } = config.alerting;
    expect(alertmanagers).toEqual([{ static_configs: [{ targets: [`threenines:${port}`] }] }]);
  });

  test('Grafana knows the data source under its fixed uid and the right interval', () => {
    const { datasources } = readYaml<{ datasources: Record<string, unknown>[] }>(
      'dashboards/provisioning/datasources/threenines.yaml',
    );
    const { global } = readYaml<{ global: { scrape_interval: string } }>(
      'dashboards/prometheus/prometheus.yml',
    );
    expect(datasources).toMatchObject([
      {
        uid: 'threenines-prometheus',
        type: 'prometheus',
        url: 'http://prometheus:9090',
        editable: false,
        jsonData: { timeInterval: global.scrape_interval },
      },
    ]);
  });

  test('Grafana finds the boards where its provider looks', () => {
    const { providers } = readYaml<{ providers: { options: { path: string } }[] }>(
      'dashboards/provisioning/dashboards/threenines.yaml',
    );
    const path = providers[0]?.options.path as string;
    expect(targets(grafana)).toContain(path);
    const home = grafana?.environment?.GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH;
    expect(home).toBe(`${path}/threenines-noc.json`);
    for (const folder of ['datasources', 'dashboards']) {
      expect(targets(grafana)).toContain(`/etc/grafana/provisioning/${folder}`);
    }
  });

  test('whoever has no login may only look', () => {
    expect(grafana?.environment?.GF_AUTH_ANONYMOUS_ORG_ROLE).toBe('Viewer');
    expect(grafana?.environment?.GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION).toBe('true');
  });
});

/** Debian's docker-compose 1.29 checks files against the Compose Specification and needs no engine for it. */
function hasCompose(): boolean {
  if (spawnSync('docker-compose', ['--version']).status === 0) return true;
  const remedy = 'docker-compose is not installed (Debian: apt-get install docker-compose)';
  if (process.env.CI === 'true') throw new Error(remedy);
  console.warn(`skipped: ${remedy}`);
  return false;
}

describe.skipIf(!hasCompose())('docker-compose', () => {
  const NETWORK = ['docker-compose.yml', 'docker-compose.network.yml'];

  /** What it makes of the files, with every secret file there. */
  function configOf(
    files: readonly string[],
    change: (text: string) => string = (text) => text,
    environment: Readonly<Record<string, string>> = {},
    selection: readonly string[] = ['--profile', 'influx'],
  ) {
    const folder = mkdtempSync(join(tmpdir(), 'threenines-compose-'));
    try {
      mkdirSync(join(folder, 'secrets'));
      for (const file of files) {
        const text = readFileSync(join(repositoryRoot, file), 'utf8');
        writeFileSync(join(folder, file), change(text));
      }
      const options = files.flatMap((file) => ['-f', file]);
      const { status, stdout, stderr } = spawnSync(
        'docker-compose',
        [...options, ...selection, 'config'],
        { cwd: folder, encoding: 'utf8', env: { ...process.env, ...environment } },
      );
      return { isOk: status === 0, stderr, config: parse(stdout) as ComposedFile };
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  interface ComposedFile {
    readonly services: Record<string, Service & { readonly secrets?: { source: string }[] }>;
    readonly secrets: Record<string, { readonly file: string }>;
  }

  test('takes the demo', () => {
    const { isOk, stderr } = configOf(['docker-compose.yml']);
    expect(isOk, stderr).toBe(true);
  });

  test('starts InfluxDB and has it written to by the one option that is documented, else neither', () => {
    const head = readFileSync(join(repositoryRoot, 'docker-compose.yml'), 'utf8');
    const [, file = ''] = /docker compose --env-file (\S+) up/.exec(head) ?? [];
    const option = ['--env-file', join(repositoryRoot, file)];
    const { services } = configOf(['docker-compose.yml'], undefined, {}, option).config;
    // Compose 1 prints every service, whatever the profiles: what the file selects is read from it.
    const selected = /^COMPOSE_PROFILES=(\S+)$/m.exec(readFileSync(option[1]!, 'utf8'))?.[1];
    expect(services.influxdb?.profiles).toEqual([selected]);
    const url = URL.parse(services.threenines?.environment?.THREENINES_INFLUX_URL ?? '');
    expect([url?.protocol, url?.hostname, url?.port]).toEqual(['http:', 'influxdb', '8086']);
    const without = configOf(['docker-compose.yml'], undefined, {}, []).config.services;
    expect(without.threenines?.environment?.THREENINES_INFLUX_URL).toBe('');
  });

  test('refuses a slip of the pen, so that the check above means something', () => {
    const { isOk, stderr } = configOf(['docker-compose.yml'], (text) =>
      text.replace('read_only:', 'readonly:'),
    );
    expect(isOk).toBe(false);
    expect(stderr).toContain('readonly');
  });

  test('takes the real network, whose secrets are files and whose Grafana asks who one is', () => {
    const { isOk, stderr, config } = configOf(NETWORK);
    expect(isOk, stderr).toBe(true);
    const { threenines, grafana } = config.services;
    expect(threenines?.volumes).toContainEqual(expect.stringContaining('/etc/threenines:ro'));
    expect(threenines?.ports).toContainEqual({ protocol: 'udp', published: 162, target: 162 });
    expect(grafana?.environment?.GF_AUTH_ANONYMOUS_ENABLED).toBe('false');
    expect(grafana?.environment?.GF_SECURITY_ADMIN_PASSWORD__FILE).toBe(
      '/run/secrets/grafana_admin_password',
    );
    const used = [threenines, grafana].flatMap(({ secrets = [] } = {}) =>
      secrets.map(({ source }) => source),
    );
    expect(used.sort()).toEqual(Object.keys(config.secrets).sort());
    for (const { file } of Object.values(config.secrets)) expect(file).toContain('/secrets/');
  });
});
