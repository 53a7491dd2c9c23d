import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { DAY, MINUTE } from '../lib/time.ts';
import { checkTimeZone, type Findings, percentToPpm, readDuration } from './findings.ts';
import type {
  FlappingConfig,
  Objective,
  PollingConfig,
  ServiceConfig,
  TrapsConfig,
} from './model.ts';
import { readPolling } from './polling.ts';
import { type Path, show } from './problem-text.ts';
import type { ServiceFile } from './service-schema.ts';

export interface ServicePart {
  readonly service: ServiceConfig;
  readonly polling: PollingConfig;
  readonly flapping: FlappingConfig;
  readonly objective: Objective;
  readonly traps: TrapsConfig | null;
}

/** Checks threenines.yaml beyond its schema and gives its part of the configuration. */
export function readServiceFile(
  findings: Findings,
  file: ServiceFile,
  folder: string,
): ServicePart {
  const listen = readListen(findings, file);
  checkTimeZone(findings, ['timeZone'], file.timeZone);
  return {
    service: {
      listenHost: listen.host,
      listenPort: listen.port,
      dataFolder: resolve(folder, file.dataFolder),
      consoleUrl: readConsoleUrl(findings, file, listen),
      timeZone: file.timeZone,
      language: file.language,
      demo: file.demo,
    },
    polling: readPolling(findings, ['polling'], file.polling),
    flapping: readFlapping(findings, file.flapping),
    objective: { targetPpm: readObjective(findings, file.objective) },
    traps: file.traps === undefined ? null : readTraps(findings, file.traps),
  };
}

interface Listen {
  readonly host: string;
  readonly port: number;
}

function readListen(findings: Findings, file: ServiceFile): Listen {
  const path = ['listen'];
  const listen = parseListen(findings, path, file.listen, '127.0.0.1:9909 or [::1]:9909');
  if (listen === null) return { host: '127.0.0.1', port: 0 };
  if (!isLoopback(listen.host)) {
    const reach = `other machines can reach ${show(file.listen)}, and there is no sign-in yet: whoever connects sees everything and can acknowledge`;
    if (file.allowRemote)
      findings.warning(path, `${reach}; keep it behind a proxy that asks for one`);
    else {
      const choice =
        'listen on 127.0.0.1 behind a proxy that asks for one, or set allowRemote: true';
      findings.error(path, `${reach}; ${choice}`);
    }
  }
  return listen;
}

/** Other machines may well reach it: whoever writes the section says where it listens. */
function readTraps(findings: Findings, section: NonNullable<ServiceFile['traps']>): TrapsConfig {
  const path = ['traps', 'listen'];
  const listen = parseListen(findings, path, section.listen, '127.0.0.1:9162 or 0.0.0.0:162');
  return { listenHost: listen?.host ?? '127.0.0.1', listenPort: listen?.port ?? 0 };
}

/** `127.0.0.1:9909`, `[::1]:9909` or `localhost:9909`; null, and found, when it is none of these. */
function parseListen(
  findings: Findings,
  path: Path,
  text: string,
  examples: string,
): Listen | null {
  const parts = /^(?:\[([^\]]+)\]|([^:[\]]+)):([0-9]{1,5})$/.exec(text);
  const host = parts?.[1] ?? parts?.[2] ?? '';
  const port = Number(parts?.[3]);
  const isHost =
    parts?.[1] === undefined ? isIP(host) === 4 || host === 'localhost' : isIP(host) === 6;
  if (parts && isHost && port <= 65535) return { host, port };
  const expected = `expected an address and a port such as ${examples}`;
  findings.error(path, `${show(text)} is not a listen address; ${expected}`);
  return null;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.startsWith('127.') || /^[0:]*:0*1$/.test(host);
}

function readConsoleUrl(findings: Findings, file: ServiceFile, listen: Listen): string {
  const path = ['consoleUrl'];
  if (file.consoleUrl === undefined) {
    if (listen.host === '0.0.0.0' || /^[0:]+$/.test(listen.host)) {
      findings.warning(
        path,
        'is not set: links in pages would begin with the address of no machine',
      );
    }
    const host = listen.host.includes(':') ? `[${listen.host}]` : listen.host;
    return `http://${host}:${listen.port}`;
  }
  const url = URL.parse(file.consoleUrl);
  const isWeb = url?.protocol === 'http:' || url?.protocol === 'https:';
  if (
    !url ||
    !isWeb ||
    url.username !== '' ||
    url.password !== '' ||
    url.search + url.hash !== ''
  ) {
    const expected = 'expected http(s)://name[:port][/path] without password, query or fragment';
    findings.error(path, `is not the address of a console; ${expected}`);
    return '';
  }
  return url.href.replace(/\/+$/, '');
}

function readFlapping(findings: Findings, section: ServiceFile['flapping']): FlappingConfig {
  const path = ['flapping'];
  if (section.leaveBelow > section.enterAbove) {
    findings.error(
      [...path, 'leaveBelow'],
      `${section.leaveBelow} is above enterAbove (${section.enterAbove}): flapping would never settle`,
    );
  }
  const bounds = { least: MINUTE, most: DAY };
  return {
    windowMs: readDuration(findings, [...path, 'window'], section.window, bounds),
    enterAbove: section.enterAbove,
    leaveBelow: section.leaveBelow,
  };
}

function readObjective(findings: Findings, text: string): number {
  const ppm = percentToPpm(text);
  if (ppm === null || ppm === 0) {
    findings.error(
      ['objective'],
      `${text} cannot be reached or missed; expected more than 0% and at most 100%`,
    );
  }
  return ppm ?? 0;
}
