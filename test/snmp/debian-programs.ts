import { type ChildProcess, execFile, spawn } from 'node:child_process';
import dgram from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { AuthenticationProtocol, PrivacyProtocol } from '../../config/model.ts';
import { AUTHENTICATION_PASSWORD, PRIVACY_PASSWORD } from './v3-peers.ts';

const SNMPD = '/usr/sbin/snmpd';
const CLIENTS = '/usr/bin';

const isMissing = !existsSync(SNMPD) || !existsSync(`${CLIENTS}/snmpget`);
/** Left out where Debian's programs are not installed, but never on the build machine. */
export const withoutDebian = isMissing && process.env.CI !== 'true';
if (withoutDebian)
  console.warn('snmpd and snmpget are not installed: tests with them are left out');

const AUTHENTICATION: Readonly<Record<AuthenticationProtocol, string>> = {
  md5: 'MD5',
  sha1: 'SHA',
  sha224: 'SHA-224',
  sha256: 'SHA-256',
  sha384: 'SHA-384',
  sha512: 'SHA-512',
};

const PRIVACY: Readonly<Record<PrivacyProtocol, string>> = {
  des: 'DES',
  aes128: 'AES',
  aes192: 'AES-192',
  aes256: 'AES-256',
  aes192c: 'AES-192-C',
  aes256c: 'AES-256-C',
};

/** Every pair of protocols that the C library has. */
export const PAIRS = (Object.keys(AUTHENTICATION) as AuthenticationProtocol[]).flatMap(
  (authentication) =>
    (Object.keys(PRIVACY) as PrivacyProtocol[]).map(
      (privacy) => [authentication, privacy] as const,
    ),
);

export const userNameOf = (authentication: string, privacy: string) =>
  `${authentication}-${privacy}`;

export interface Agent {
  readonly port: number;
  stop(): Promise<void>;
  /** Starts it again on the same port, without its boots if it is to `forget` them. */
  restart(forget: boolean): Promise<void>;
}

/** Debian's agent with community `public` and one user for every pair, on a free loopback port. */
export async function startAgent(): Promise<Agent> {
  const folder = mkdtempSync(join(tmpdir(), 'threenines-codec-'));
  const port = await freePort();
  writeAgentConfiguration(folder);
  let child = await launchAgent(folder, port);
  const end = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  return {
    port,
    async stop() {
      await end();
      rmSync(folder, { recursive: true, force: true });
    },
    async restart(forget) {
      await end();
      if (forget) rmSync(join(folder, 'kept'), { recursive: true, force: true });
      writeAgentConfiguration(folder);
      child = await launchAgent(folder, port);
    },
  };
}

async function freePort(): Promise<number> {
  const socket = dgram.createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}

function writeAgentConfiguration(folder: string): void {
  const users = PAIRS.flatMap(([authentication, privacy]) => {
    const name = userNameOf(authentication, privacy);
    const protocols = `${AUTHENTICATION[authentication]} "${AUTHENTICATION_PASSWORD}" ${PRIVACY[privacy]} "${PRIVACY_PASSWORD}"`;
    return [`createUser ${name} ${protocols}`, `rouser ${name} noauth`];
  });
  const lines = ['rocommunity public', 'sysName test-agent', 'engineID test-engine', ...users, ''];
  writeFileSync(join(folder, 'snmpd.conf'), lines.join('\n'));
}

async function launchAgent(folder: string, port: number): Promise<ChildProcess> {
  const kept = join(folder, 'kept');
  const child = spawn(SNMPD, ['-f', '-Lo', '-I', '-smux', `udp:127.0.0.1:${port}`], {
    env: { SNMP_PERSISTENT_DIR: kept, SNMPCONFPATH: `${folder}:${kept}`, MIBS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await new Promise<void>((resolve, reject) => {
    let text = '';
    const read = (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('NET-SNMP version')) resolve();
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', (code) => reject(new Error(`snmpd ended with ${code}: ${text}`)));
  });
  return child;
}

/** Runs one of Debian's clients without any configuration of its own; what it prints. */
export async function runClient(program: string, ...args: readonly string[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'threenines-codec-'));
  const env = { SNMP_PERSISTENT_DIR: folder, SNMPCONFPATH: folder, MIBS: '' };
  try {
    const { stdout } = await promisify(execFile)(`${CLIENTS}/${program}`, args, { env });
    return stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The options that make a client speak as the user of v3-peers.ts with a pair of protocols. */
export function userOptions(
  name: string,
  authentication: AuthenticationProtocol,
  privacy: PrivacyProtocol,
): string[] {
  const who = ['-v3', '-l', 'authPriv', '-u', name];
  const proof = ['-a', AUTHENTICATION[authentication], '-A', AUTHENTICATION_PASSWORD];
  return [...who, ...proof, '-x', PRIVACY[privacy], '-X', PRIVACY_PASSWORD];
}
