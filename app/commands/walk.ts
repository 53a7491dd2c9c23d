import { existsSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { Registry } from 'prom-client';
import { parseOid } from '../../collector/oid.ts';
import { recordDevice, WHOLE_DEVICE } from '../../collector/recording/record-device.ts';
import { renderRecording } from '../../collector/recording/snmprec.ts';
import { createSelfMetrics } from '../../collector/self-metrics.ts';
import { createTransport } from '../../collector/transport/transport.ts';
import { createWireClient } from '../../collector/wire-client.ts';
import type { Credential } from '../../config/model.ts';
import { systemClock } from '../../lib/clock.ts';
import { silentLogger } from '../../lib/logger.ts';
import { systemRandom } from '../../lib/random.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { configFolder, loadForCommand } from '../config-folder.ts';
import { systemNetwork } from '../system-world.ts';
import { type CommandLine, type ParsedOptions, parseOptions } from './command-line.ts';
import { readCredentials } from './discover-credentials.ts';
import { usageLine } from './synopses.ts';

const NOT_UNDERSTOOD = 2;
const SNMP_PORT = 161;
const WAIT_MS = 3 * SECOND;
const RETRIES = 2;
const LONGEST_WALK_MS = 30 * MINUTE;

/** Whom to walk. */
interface Target {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly replyFromAnyAddress: boolean;
  readonly credential: Credential;
}

/**
 * `threenines walk DEVICE|ADDRESS`: reads everything a device answers and writes it as a recording,
 * which `explain --recording` and profile tests read. Exit code 1 when nothing could be read, 2 when it
 * is not understood.
 */
export async function walkCommand(line: CommandLine): Promise<number> {
  const parsed = parseOptions(line, 'walk');
  if (parsed === null || parsed === 'help') return parsed === null ? NOT_UNDERSTOOD : 0;
  const [word, ...more] = parsed.words;
  const fail = (text: string) => {
    line.complain(`threenines: ${text}\nusage: ${usageLine('walk')}`);
    return NOT_UNDERSTOOD;
  };
  if (word === undefined || more.length > 0) return fail('name one device or address');
  const { oid, out } = parsed.values;
  if (typeof oid === 'string' && parseOid(oid) === null) {
    return fail(`--oid ${oid} is not understood; expected a dotted OID such as 1.3.6.1.2.1`);
  }
  const target = isIP(word) === 0 ? configured(line, word, parsed) : addressed(line, word, parsed);
  if (typeof target === 'string') return fail(target);
  if (target === null) return 1;
  const file = typeof out === 'string' ? out : `${target.name.replaceAll(':', '_')}.snmprec`;
  if (file !== '-' && existsSync(file)) return fail(`${file} is there already; name another --out`);
  const roots = typeof oid === 'string' ? [oid] : WHOLE_DEVICE;
  return walk(line, target, roots, file);
}

/** A device of the configuration; null when that cannot be read, a text when there is no such device. */
function configured(line: CommandLine, word: string, { values }: ParsedOptions) {
  const config = loadForCommand(line, configFolder(values.config, line.environment));
  if (config === null) return null;
  const device = config.devices.find(({ id, name }) => id === word || name === word);
  const credential = device && config.credentials.get(device.credentialId);
  if (device === undefined || credential === undefined) {
    return `there is no device "${word}" in the configuration; an address needs no configuration`;
  }
  const { id: name, address, port, replyFromAnyAddress } = device;
  return { name, address, port, replyFromAnyAddress, credential };
}

/** An address, with the credential of the command line. */
function addressed(line: CommandLine, address: string, parsed: ParsedOptions) {
  const given = readCredentials(line, parsed.lists.credential ?? [], new Map());
  if (given === null) return null;
  const [first, ...more] = given;
  if (first === undefined || more.length > 0) {
    return 'an address is walked with one --credential, such as v2c:env:SNMP_COMMUNITY';
  }
  const port = Number(parsed.values.port ?? SNMP_PORT);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    return `--port ${parsed.values.port} is not understood; expected 1 to 65535`;
  }
  return { name: address, address, port, replyFromAnyAddress: false, credential: first.credential };
}

async function walk(
  line: CommandLine,
  { name, credential, ...at }: Target,
  roots: readonly string[],
  file: string,
): Promise<number> {
  const transport = createTransport({
    clock: systemClock,
    random: systemRandom,
    network: systemNetwork(),
    selfMetrics: createSelfMetrics(new Registry()),
    log: silentLogger,
  });
  try {
    const client = createWireClient({
      ...at,
      timeoutMs: WAIT_MS,
      retries: RETRIES,
      credential,
      transport,
    });
    const bounds = {
      deadlineMs: systemClock.monotonicMs() + LONGEST_WALK_MS,
      signal: new AbortController().signal,
    };
    const read = await recordDevice(client, roots, secretsOf(credential), bounds, (objects) =>
      line.progress?.(`${objects} objects`),
    );
    if (read.error !== null) line.complain(`threenines: ${name}: ${read.error.detail.en}`);
    if (read.varbinds.length === 0) {
      line.complain(`threenines: ${name} answered nothing`);
      return 1;
    }
    const text = renderRecording(read.varbinds);
    if (file === '-') line.print(text.trimEnd());
    else {
      writeFileSync(resolve(file), text, { flag: 'wx' });
      const left =
        read.leftOut === 0 ? '' : ` (${read.leftOut} about communities and users left out)`;
      line.print(`${file}: ${read.varbinds.length} objects${left}`);
    }
    return 0;
  } finally {
    transport.close();
  }
}

/** Texts that must not stand in a recording. */
function secretsOf(credential: Credential): string[] {
  const secrets =
    credential.version === 'v3'
      ? [credential.authenticationPassword, credential.privacyPassword]
      : [credential.community];
  return secrets.flatMap((secret) => (secret === null ? [] : [secret.reveal()]));
}
