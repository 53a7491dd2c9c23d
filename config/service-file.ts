import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { DAY, MINUTE, SECOND } from '../lib/time.ts';
import type { Draft, Maybe } from './draft.ts';
import {
  checkDuration,
  checkTimeZone,
  durationOf,
  type Findings,
  percentToPpm,
} from './findings.ts';
import type { Config } from './model.ts';
import { checkPolling, derivePolling, type KnownPolling, UNKNOWN_POLLING } from './polling.ts';
import { deriveProbes } from './probes.ts';
import { type Path, show } from './problem-text.ts';
import { LISTEN_FORM } from './schema-terms.ts';
import type { ServiceFile } from './service-schema.ts';

export type ServicePart = Pick<
  Config,
  'service' | 'polling' | 'probes' | 'flapping' | 'objective' | 'traps' | 'reports'
>;

/** What other files take from threenines.yaml; null where it is not known. */
export interface KnownService {
  readonly polling: KnownPolling;
  readonly timeZone: string | null;
  readonly demo: boolean | null;
}

/** A threenines.yaml that cannot be read. */
export const UNKNOWN_SERVICE: KnownService = {
  polling: UNKNOWN_POLLING,
  timeZone: null,
  demo: null,
};

/** Checks threenines.yaml beyond its schema. */
export function checkServiceFile(findings: Findings, file: Draft<ServiceFile>): KnownService {
  const listen = checkListen(findings, ['listen'], file.listen);
  checkReach(findings, listen, file);
  checkConsoleUrl(findings, listen, file);
  if (file.traps) checkListen(findings, ['traps', 'listen'], file.traps.listen);
  if (file.reports) {
    const bounds = { least: MINUTE, most: 7 * DAY };
    checkDuration(findings, ['reports', 'after'], file.reports.after, bounds);
  }
  if (file.probes) checkProbes(findings, file.probes);
  if (file.flapping !== null) checkFlapping(findings, file.flapping);
  checkObjective(findings, file.objective);
  return {
    timeZone: checkTimeZone(findings, ['timeZone'], file.timeZone),
    polling:
      file.polling === null ? UNKNOWN_POLLING : checkPolling(findings, ['polling'], file.polling),
    demo: file.demo,
  };
}

interface Listen {
  readonly host: string;
  readonly port: number;
}

function checkListen(findings: Findings, path: Path, text: string | null): Listen | null {
  if (text === null) return null;
  const listen = parseListen(text);
  if (listen === null) {
    findings.error(path, `${showAddress(text)} is not a listen address; expected ${LISTEN_FORM}`);
  }
  return listen;
}

/** `127.0.0.1:9909`, `[::1]:9909` or `localhost:9909`; null for anything else. */
function parseListen(text: string): Listen | null {
  const parts = /^(?:\[([^\]]+)\]|([^:[\]]+)):([0-9]{1,5})$/.exec(text);
  const host = parts?.[1] ?? parts?.[2] ?? '';
  const port = Number(parts?.[3]);
  const isHost =
    parts?.[1] === undefined ? isIP(host) === 4 || host === 'localhost' : isIP(host) === 6;
  return parts && isHost && port <= 65535 ? { host, port } : null;
}

function checkReach(findings: Findings, listen: Listen | null, file: Draft<ServiceFile>): void {
  if (listen === null || file.allowRemote === null || isLoopback(listen.host)) return;
  const reach = `other machines can reach ${show(file.listen)}, and there is no sign-in yet: whoever connects sees everything and can acknowledge`;
  if (file.allowRemote) {
    findings.warning(['listen'], `${reach}; keep it behind a proxy that asks for one`);
  } else {
    const choice = 'listen on 127.0.0.1 behind a proxy that asks for one, or set allowRemote: true';
    findings.error(['listen'], `${reach}; ${choice}`);
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.startsWith('127.') || /^[0:]*:0*1$/.test(host);
}

function checkConsoleUrl(
  findings: Findings,
  listen: Listen | null,
  file: Draft<ServiceFile>,
): void {
  const path = ['consoleUrl'];
  checkWebAddress(findings, ['publicUrl'], file.publicUrl, 'a web address');
  if (file.consoleUrl === null) return;
  if (file.consoleUrl !== undefined) {
    checkWebAddress(findings, path, file.consoleUrl, 'the address of a console');
  } else if (listen !== null && (listen.host === '0.0.0.0' || /^[0:]+$/.test(listen.host))) {
    const message = 'is not set: links in pages would begin with the address of no machine';
    findings.warning(path, message);
  }
}

function checkWebAddress(findings: Findings, path: Path, text: Maybe<string>, noun: string): void {
  if (text === null || text === undefined) return;
  const url = URL.parse(text);
  const isWeb = url?.protocol === 'http:' || url?.protocol === 'https:';
  if (isWeb && url.username + url.password + url.search + url.hash === '') return;
  const expected = 'expected http(s)://name[:port][/path] without password, query or fragment';
  findings.error(path, `${showAddress(text)} is not ${noun}; ${expected}`);
}

/** What may be a password before an "@", or a token in a query, is never repeated. */
function showAddress(text: string): string {
  return show(text.replace(/^.*@/s, '…@').replace(/[?#].*$/s, '?…'));
}

/** Without the slash at its end. */
function webAddress(text: string): string {
  return new URL(text).href.replace(/\/+$/, '');
}

function checkProbes(findings: Findings, section: Draft<NonNullable<ServiceFile['probes']>>): void {
  checkDuration(findings, ['probes', 'every'], section.every, { least: 10 * SECOND, most: DAY });
}

function checkFlapping(findings: Findings, section: Draft<ServiceFile['flapping']>): void {
  const { window, enterAbove, leaveBelow } = section;
  checkDuration(findings, ['flapping', 'window'], window, { least: MINUTE, most: DAY });
  if (enterAbove !== null && leaveBelow !== null && leaveBelow > enterAbove) {
    const message = `${leaveBelow} is above enterAbove (${enterAbove}): flapping would never settle`;
    findings.error(['flapping', 'leaveBelow'], message);
  }
}

function checkObjective(findings: Findings, text: string | null): void {
  const ppm = text === null ? null : percentToPpm(text);
  if (ppm === null || (ppm > 0 && ppm <= 1_000_000)) return;
  const message = `${text} cannot be reached or missed; expected more than 0% and at most 100%`;
  findings.error(['objective'], message);
}

/** The part of the configuration that a threenines.yaml without errors gives. */
export function deriveService(file: ServiceFile, folder: string): ServicePart {
  const listen = listenOf(file.listen);
  return {
    service: {
      listenHost: listen.host,
      listenPort: listen.port,
      dataFolder: resolve(folder, file.dataFolder),
      consoleUrl: consoleUrlOf(file, listen),
      publicUrl: file.publicUrl === undefined ? null : webAddress(file.publicUrl),
      hosts: file.hosts.map((name) => name.toLowerCase()),
      timeZone: file.timeZone,
      language: file.language,
      demo: file.demo,
    },
    polling: derivePolling(file.polling),
    probes: file.probes === undefined ? null : deriveProbes(file.probes),
    flapping: {
      windowMs: durationOf(file.flapping.window),
      enterAbove: file.flapping.enterAbove,
      leaveBelow: file.flapping.leaveBelow,
    },
    objective: { targetPpm: percentToPpm(file.objective) },
    reports:
      file.reports === undefined
        ? null
        : {
            personIds: file.reports.to,
            every: file.reports.every,
            afterMs: durationOf(file.reports.after),
            format: file.reports.format,
          },
    traps: file.traps === undefined ? null : trapsOf(listenOf(file.traps.listen)),
  };
}

function listenOf(text: string): Listen {
  return parseListen(text) ?? { host: '127.0.0.1', port: 0 };
}

function trapsOf({ host, port }: Listen): Config['traps'] {
  return { listenHost: host, listenPort: port };
}

function consoleUrlOf(file: ServiceFile, listen: Listen): string {
  if (file.consoleUrl !== undefined) return webAddress(file.consoleUrl);
  const host = listen.host.includes(':') ? `[${listen.host}]` : listen.host;
  return `http://${host}:${listen.port}`;
}
