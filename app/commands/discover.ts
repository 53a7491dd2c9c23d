import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createTwoFilesPatch } from 'diff';
import { Registry } from 'prom-client';
import { addressesOf } from '../../collector/discovery/address-range.ts';
import { findAgents } from '../../collector/discovery/find-agents.ts';
import type { KnownBefore } from '../../collector/discovery/moved-devices.ts';
import { proposeDevices } from '../../collector/discovery/propose.ts';
import { createSelfMetrics } from '../../collector/self-metrics.ts';
import { canonicalAddress } from '../../config/address.ts';
import { editDevicesFile, hasDeviceKey } from '../../config/devices-edit.ts';
import { loadDevices, readDevicesText } from '../../config/load-devices.ts';
import type { Credential } from '../../config/model.ts';
import { formatProblem, isError } from '../../config/problem.ts';
import { systemClock } from '../../lib/clock.ts';
import { systemRandom } from '../../lib/random.ts';
import { parseDuration } from '../../lib/time.ts';
import { readProc, systemNetwork } from '../system-world.ts';
import { type CommandLine, type ParsedOptions, parseOptions } from './command-line.ts';
import { readCredentials } from './discover-credentials.ts';
import { editOf, type GivenCredential, renderInterrupted, renderSummary } from './discover-text.ts';
import { learnedEngineIds } from './learned-engines.ts';
import { usageLine } from './synopses.ts';

const NOT_UNDERSTOOD = 2;
const SNMP_PORT = 161;
const MOST_PORTS = 64;
const USUAL_RATE = 200;
const HIGHEST_RATE = 5_000;
const USUAL_TIMEOUT = '1s';
const LONGEST_TIMEOUT_MS = 30_000;
const RETRIES = 1;

/** What was asked for, understood. */
interface Asked {
  readonly addresses: readonly string[];
  readonly ports: readonly number[];
  readonly requestsPerSecond: number;
  readonly timeoutMs: number;
  /** null: no folder was named; the whole file is shown. */
  readonly folder: string | null;
  readonly writes: boolean;
  readonly asJson: boolean;
}

/**
 * `threenines discover RANGE…`: asks the addresses of the ranges, with every credential, who is
 * there, and shows what would change in devices.yaml; `--write` changes it then. Exit code 1 when it
 * cannot be done, 2 when it is not understood.
 */
export async function discoverCommand(line: CommandLine): Promise<number> {
  const parsed = parseOptions(line, 'discover');
  if (parsed === null || parsed === 'help') return parsed === null ? NOT_UNDERSTOOD : 0;
  const asked = understand(line, parsed);
  if (typeof asked === 'string') {
    line.complain(`threenines: ${asked}\nusage: ${usageLine('discover')}`);
    return NOT_UNDERSTOOD;
  }
  const before = readFolder(line, asked.folder);
  if (before === null) return 1;
  const given = readCredentials(line, parsed.lists.credential ?? [], before.credentials);
  if (given === null) return NOT_UNDERSTOOD;
  const credentials = [
    ...before.credentials.values(),
    ...given.map(({ credential }) => credential),
  ];
  if (credentials.length === 0) {
    line.complain(
      'threenines: there is no credential to ask with; name one (--credential v2c:env:SNMP_COMMUNITY) or write it into devices.yaml',
    );
    return NOT_UNDERSTOOD;
  }
  return discover(line, asked, { ...before, given, all: credentials });
}

function understand(line: CommandLine, { values, words }: ParsedOptions): Asked | string {
  if (words.length === 0) return 'name a range of addresses, such as 192.0.2.0/24';
  const ranges = addressesOf(words);
  if (ranges.kind === 'faults') return ranges.faults.join('\nthreenines: ');
  const ports = values.port === undefined ? [SNMP_PORT] : readPorts(String(values.port));
  if (ports === null) {
    return `--port ${values.port} is not understood; expected a port, 161,1161 or 16101-16113, at most ${MOST_PORTS} ports`;
  }
  const requestsPerSecond = Number(values.rate ?? USUAL_RATE);
  if (!(requestsPerSecond >= 1 && requestsPerSecond <= HIGHEST_RATE)) {
    return `--rate ${values.rate} is not understood; expected requests a second, 1 to ${HIGHEST_RATE}`;
  }
  const timeoutMs = parseDuration(String(values.timeout ?? USUAL_TIMEOUT));
  if (timeoutMs === null || timeoutMs < 1 || timeoutMs > LONGEST_TIMEOUT_MS) {
    return `--timeout ${values.timeout} is not understood; expected a duration such as 800ms or 2s, at most 30s`;
  }
  const named = values.config ?? line.environment.THREENINES_CONFIG;
  const folder = typeof named === 'string' && named !== '' ? resolve(named) : null;
  const writes = values.write === true;
  if (writes && folder === null) return '--write needs to know where: name a folder with --config';
  const asJson = values.json === true;
  return {
    addresses: ranges.addresses,
    ports,
    requestsPerSecond,
    timeoutMs,
    folder,
    writes,
    asJson,
  };
}

/** `161`, `161,1161`, `16101-16113`; null for anything else. */
function readPorts(text: string): number[] | null {
  const ports = text.split(',').flatMap((part) => {
    const [, first, last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(part.trim()) ?? [];
    const [from, to] = [Number(first), Number(last)];
    if (!(from >= 1 && to <= 65_535 && from <= to && to - from < MOST_PORTS)) return [Number.NaN];
    return Array.from({ length: to - from + 1 }, (_, offset) => from + offset);
  });
  const all = [...new Set(ports)];
  return all.length <= MOST_PORTS && all.every(Number.isInteger) ? all : null;
}

interface Before {
  readonly text: string;
  readonly credentials: ReadonlyMap<string, Credential>;
  readonly devices: Parameters<typeof proposeDevices>[1]['devices'];
  readonly sites: Parameters<typeof proposeDevices>[1]['sites'];
  readonly links: Parameters<typeof proposeDevices>[1]['links'];
}

const NOTHING: Before = { text: '', credentials: new Map(), devices: [], sites: [], links: [] };

/** devices.yaml as it is; null when it cannot be read, which was complained about. */
function readFolder(line: CommandLine, folder: string | null): Before | null {
  if (folder === null) return NOTHING;
  const text = readDevicesText(folder);
  if (typeof text !== 'string') {
    line.complain(formatProblem(text));
    return null;
  }
  const { environment } = line;
  const { part, problems } = loadDevices(text, { folder, environment, mayBeEmpty: true });
  for (const problem of problems) line.complain(formatProblem(problem));
  return part === null ? null : { text, ...part };
}

async function discover(
  line: CommandLine,
  asked: Asked,
  before: Before & { readonly given: readonly GivenCredential[]; readonly all: Credential[] },
): Promise<number> {
  const stop = new AbortController();
  const onInterrupt = () => stop.abort();
  process.once('SIGINT', onInterrupt);
  const discovered = await findAgents(
    { ...asked, credentials: before.all, retries: RETRIES, signal: stop.signal },
    {
      clock: systemClock,
      random: systemRandom,
      network: systemNetwork(),
      selfMetrics: createSelfMetrics(new Registry()),
      readProc,
      onProgress: ({ asked: done, total, found }) =>
        line.progress?.(`asked ${done} of ${total}, found ${found}`),
    },
  );
  process.off('SIGINT', onInterrupt);
  line.progress?.('');
  if (stop.signal.aborted) {
    const hasFound = discovered.devices.length + discovered.locked.length > 0;
    if (hasFound && !asked.asJson) line.print(renderInterrupted(discovered));
    line.complain('threenines: interrupted; nothing was written');
    return 1;
  }
  const proposal = proposeDevices(discovered, {
    devices: before.devices,
    sites: before.sites,
    links: before.links,
    isWritten: (id, key) => hasDeviceKey(before.text, id, key),
    ...knownBefore(line, asked),
  });
  const edit = editOf(proposal, before.given);
  const isEmpty = edit.keys.length + Object.values(edit.entries).flat().length === 0;
  const after = isEmpty ? before.text : editDevicesFile(before.text, edit);
  const diff = isEmpty ? '' : diffOf(before.text, after);
  const summary = { asked, discovered, proposal, diff };
  if (asked.asJson) line.print(JSON.stringify({ ...discovered, proposal, diff }, null, 2));
  else line.print(renderSummary(summary));
  if (isEmpty) return 0;
  return finish(line, asked, after);
}

function knownBefore(line: CommandLine, { folder, addresses, ports }: Asked): KnownBefore {
  const asked = new Set(addresses.map(canonicalAddress));
  const engineIds = folder === null ? new Map() : learnedEngineIds(folder, line.environment);
  return {
    wasAsked: (address, port) => asked.has(canonicalAddress(address)) && ports.includes(port),
    engineIdOf: (id) => engineIds.get(id) ?? null,
  };
}

function diffOf(before: string, after: string): string {
  const [, ...lines] = createTwoFilesPatch('devices.yaml', 'devices.yaml', before, after).split(
    '\n',
  );
  return lines.join('\n').trimEnd();
}

/** Checks what would be written, and writes it when that was asked for. */
function finish(line: CommandLine, asked: Asked, text: string): number {
  const { folder, writes } = asked;
  const { environment } = line;
  const { problems } = loadDevices(text, { folder: folder ?? '.', environment, mayBeEmpty: false });
  const errors = problems.filter(isError);
  if (errors.length > 0) {
    for (const problem of errors) line.complain(formatProblem(problem));
    line.complain('threenines: the result would not load; nothing was written');
    return 1;
  }
  if (!writes || folder === null) {
    if (!asked.asJson) {
      const how = folder === null ? '--config DIR --write' : '--write';
      line.print(`\nNothing was written. ${how} writes it.`);
    }
    return 0;
  }
  const file = join(folder, 'devices.yaml');
  try {
    mkdirSync(folder, { recursive: true });
    // A reader sees the old file or the new one, never half of it.
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file);
  } catch (error) {
    line.complain(`threenines: ${file} cannot be written: ${(error as Error).message}`);
    return 1;
  }
  if (!asked.asJson) line.print(`\nWritten: ${file}`);
  return 0;
}
