import { systemClock } from '../../lib/clock.ts';
import { type DurationMs, type EpochMs, MINUTE, SECOND } from '../../lib/time.ts';
import { type ConfigFiles, writeConfig } from '../../test/service/service-process.ts';
import { type Server, startServer } from '../processes.ts';
import type { Receiver } from './receiver.ts';

const APP = new URL('../../app/main.ts', import.meta.url).pathname;
const LIFE_MS = 10 * MINUTE;
/** Steps of the escalation, a second apart, each to a person of its own. */
export const STEPS = 8;
/** The provider of this one's first contact takes requests and never answers. */
export const HANGING_PERSON = STEPS - 1;
export const BEAT_EVERY_MS = 30 * SECOND;

/** The service in a process of its own, and when it was started. */
export interface PagingService extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
  readonly startedAt: EpochMs;
}

export interface ServiceOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** It is ended after this long, whatever becomes of the bench; left out: ten minutes. */
  readonly lifeMs?: DurationMs;
}

/** Starts it on a configuration folder; resolves when it says that it runs, rejects with what it said when it ends before. */
export async function startPagingService(
  folder: string,
  options: ServiceOptions = {},
): Promise<PagingService> {
  const { environment = {}, lifeMs = LIFE_MS } = options;
  const startedAt = systemClock.now();
  const args = [APP, 'serve', '--config', folder];
  const running = /Threenines is running: (http\S+)/;
  const server: Server = await startServer(process.execPath, args, running, {
    ...{ timeoutMs: lifeMs, environment },
  });
  return {
    ...{ url: server.ready[1]!, pid: server.pid, startedAt },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

export interface PagingConfig {
  readonly receiver: Receiver;
  readonly devices: string;
  readonly trapPort?: number;
  readonly polling: string;
}

/** Writes a configuration in which alerts, dead devices and lost ports page at once. */
export function writePagingConfig(folder: string, options: PagingConfig): void {
  const { receiver, devices, trapPort, polling } = options;
  const places = Array.from({ length: STEPS }, (_, place) => place);
  const people = places.map((place) => {
    const contacts = place === HANGING_PERSON ? 'dead, hook' : 'hook';
    return `  - { id: p${place}, name: P${place}, contacts: [${contacts}] }`;
  });
  const steps = places.map((place) => `{ after: ${place}s, people: [p${place}] }`).join(', ');
  const traps = trapPort === undefined ? '' : `traps: { listen: 127.0.0.1:${trapPort} }\n`;
  const files: ConfigFiles = {
    'threenines.yaml': `listen: 127.0.0.1:0\ndataFolder: data\ntimeZone: UTC\npolling: ${polling}\n${traps}`,
    'devices.yaml': devices,
    'grading.yaml': `rules:
  - { id: any-alert, tier: 2, when: { faultKinds: [alert] }, for: 0s }
  - { id: down, tier: 1, when: { faultKinds: [device-down] }, for: 0s }
  - { id: port-lost, tier: 3, when: { faultKinds: [port-down] }, for: 0s }
`,
    'oncall.yaml': `people:
${people.join('\n')}
channels:
  - { id: hook, kind: webhook, url: "plain:${receiver.url('/pages')}", signingKey: "plain:signing-key" }
  - { id: dead, kind: webhook, url: "plain:${receiver.url('/hang')}", signingKey: "plain:signing-key" }
catchAll: [p0]
delivery: { mostPages: 10000 }
beat: { url: "plain:${receiver.url('/beat')}", every: ${BEAT_EVERY_MS / SECOND}s }
escalationPolicies:
  - id: standard
    tiers:
      1: [{ after: 0s, people: [p0] }]
      2: [${steps}]
      3: [{ after: 0s, people: [p0] }]
      4: [{ after: 0s, people: [p0] }]
`,
  };
  writeConfig(folder, files);
}

/** Tells the service of an alert as Prometheus would; resolves with whether it took it. */
export async function raiseAlert({ url }: PagingService, name: string): Promise<boolean> {
  const alerts = [
    { labels: { alertname: name, severity: 'critical' }, annotations: { summary: name } },
  ];
  const answer = await fetch(`${url}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(alerts),
  }).catch(() => null);
  return answer?.status === 200;
}

/** Ends the process without any chance to tidy up. */
export async function killHard(service: PagingService): Promise<EpochMs> {
  const at = systemClock.now();
  process.kill(service.pid, 'SIGKILL');
  await service[Symbol.asyncDispose]();
  return at;
}
