import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { repositoryRoot } from './source-files.ts';

interface Service {
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
  readonly name: string;
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
   healthcheck command depends_on`.split(/\s+/),
);

test('the compose file has the three parts', () => {
  expect(Object.keys(compose).sort()).toEqual(['name', 'services', 'volumes']);
  expect(Object.keys(compose.services)).toEqual(['threenines', 'prometheus', 'grafana']);
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
      scrape_configs: { static_configs: { targets: string[] }[] }[];
    }>('dashboards/prometheus/prometheus.yml');
    expect(prometheus?.command).toContain('--config.file=/etc/prometheus/prometheus.yml');
    for (const file of config.rule_files) expect(targets(prometheus)).toContain(file);
    const port = threenines?.ports?.[0]?.split(':').at(-1);
    expect(config.scrape_configs[0]?.static_configs[0]?.targets).toEqual([`threenines:${port}`]);
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
