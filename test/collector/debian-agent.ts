import { type ChildProcess, spawn } from 'node:child_process';
import dgram from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SNMPD = '/usr/sbin/snmpd';

/** Tests against Debian's agent are left out where it is not installed, but never on the build machine. */
export const withoutSnmpd = !existsSync(SNMPD) && process.env.CI !== 'true';
if (withoutSnmpd) console.warn('snmpd is not installed: tests against it are left out');

export const AUTH_PASSWORD = 'authentication pass';
export const PRIV_PASSWORD = 'privacy pass phrase';

export interface DebianAgent extends AsyncDisposable {
  readonly port: number;
  stop(): Promise<void>;
  /** Starts it again on the same port. `forget` makes it lose its engine's boots and time. */
  restart(options?: { forget?: boolean }): Promise<void>;
}

async function freePort(): Promise<number> {
  const socket = dgram.createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}

/** Debian's snmpd on a loopback port with its own folder: community `public`, user `monitor` (SHA, AES). */
export async function startDebianAgent(): Promise<DebianAgent> {
  const folder = mkdtempSync(join(tmpdir(), 'threenines-snmpd-'));
  const port = await freePort();
  writeConfiguration(folder);
  let child = await launch(folder, port);
  const end = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
  };
  return {
    port,
    stop: end,
    async [Symbol.asyncDispose]() {
      await end();
      rmSync(folder, { recursive: true, force: true });
    },
    async restart({ forget = false } = {}) {
      await end();
      if (forget) {
        rmSync(join(folder, 'persist'), { recursive: true, force: true });
        writeConfiguration(folder);
      }
      child = await launch(folder, port);
    },
  };
}

function writeConfiguration(folder: string): void {
  writeFileSync(
    join(folder, 'snmpd.conf'),
    [
      'rocommunity public',
      'sysName test-agent',
      'sysServices 72',
      // A fixed engine id, so that a forgetful restart is the same engine with fewer boots.
      'engineID test-engine',
      `createUser monitor SHA "${AUTH_PASSWORD}" AES "${PRIV_PASSWORD}"`,
      'rouser monitor authPriv',
      '',
    ].join('\n'),
  );
}

async function launch(folder: string, port: number): Promise<ChildProcess> {
  const persistent = join(folder, 'persist');
  const child = spawn(SNMPD, ['-f', '-Lo', '-I', '-smux', `udp:127.0.0.1:${port}`], {
    env: {
      ...process.env,
      SNMP_PERSISTENT_DIR: persistent,
      SNMPCONFPATH: `${folder}:${persistent}`,
      MIBS: '',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await new Promise<void>((resolve, reject) => {
    let text = '';
    const read = (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('NET-SNMP version')) resolve();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code) => reject(new Error(`snmpd ended with ${code}: ${text}`)));
  });
  return child;
}
