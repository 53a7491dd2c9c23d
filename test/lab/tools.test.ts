import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Lab } from '../../lab/lab.ts';
import { compareOids, parseOid } from '../../lab/oid.ts';
import { VirtualClock } from '../../lib/virtual-clock.ts';
import {
  AUTH_PASSWORD,
  COMMUNITY,
  DEVICES,
  PRIV_PASSWORD,
  START,
  startDemoLab,
  USER,
} from './demo-network.ts';

const BULKWALK = '/usr/bin/snmpbulkwalk';
const run = promisify(execFile);

/** The C tools are left out where they are not installed, but never on the build machine. */
const withoutTools = !existsSync(BULKWALK) && process.env.CI !== 'true';
if (withoutTools)
  console.warn('snmpbulkwalk is not installed: tests with the C tools are left out');

let lab: Lab;
beforeAll(async () => {
  lab = await startDemoLab(new VirtualClock(START));
});
afterAll(() => lab.stop());

interface Keys {
  readonly auth: string;
  readonly priv: string;
}

function identity(deviceId: string, keys: Keys): string[] {
  const isV3 = DEVICES.find(({ id }) => id === deviceId)!.credentialId === 'v3';
  if (!isV3) return ['-v2c', '-c', COMMUNITY];
  const { auth, priv } = keys;
  return [
    '-v3',
    '-l',
    'authPriv',
    '-u',
    USER,
    '-a',
    'SHA-256',
    '-A',
    auth,
    '-x',
    'AES',
    '-X',
    priv,
  ];
}

const RIGHT: Keys = { auth: AUTH_PASSWORD, priv: PRIV_PASSWORD };

/** Standard output; rejects with standard error when the tool fails. */
async function tool(
  name: string,
  deviceId: string,
  rest: readonly string[],
  keys: Keys = RIGHT,
): Promise<string> {
  const agent = `127.0.0.1:${lab.ports.get(deviceId)}`;
  const args = [...identity(deviceId, keys), '-r', '1', '-t', '5', '-On', '-m', ''];
  const options = { env: { ...process.env, MIBS: '' }, maxBuffer: 16 * 1024 * 1024 };
  const { stdout } = await run(`/usr/bin/${name}`, [...args, agent, ...rest], options);
  return stdout;
}

/** Without the last line, which repeats the last OID to say that the MIB ends there. */
const oidsOf = (output: string) =>
  [...output.matchAll(/^\.([\d.]+) = (?!No more variables)/gm)].map((one) => one[1]!);

describe.skipIf(withoutTools)('the C tools of net-snmp', () => {
  test.each(DEVICES.map(({ id }) => id))(
    '%s: GETBULK and GETNEXT see the same, in order',
    async (id) => {
      // These tools stop with an error at the first OID that does not increase.
      const bulk = oidsOf(await tool('snmpbulkwalk', id, ['-Cr40', '.1']));
      const next = oidsOf(await tool('snmpwalk', id, ['.1']));
      expect(bulk.length).toBeGreaterThan(50);
      expect(next).toEqual(bulk);
      for (const [position, oid] of bulk.entries()) {
        if (position === 0) continue;
        expect(compareOids(parseOid(bulk[position - 1]!)!, parseOid(oid)!), oid).toBeLessThan(0);
      }
    },
  );

  test('the types are those of the MIB', async () => {
    const lines = (await tool('snmpbulkwalk', 'core-1', ['1.3.6.1.2.1.31.1.1.1'])).split('\n');
    const typeOf = (columnId: number) => {
      const cell = lines.find((line) => line.startsWith(`.1.3.6.1.2.1.31.1.1.1.${columnId}.1 `));
      return cell?.match(/= (\w+):/)?.[1];
    };
    const types = [1, 2, 6, 10, 15, 18, 19].map(typeOf);
    expect(types).toEqual([
      'STRING',
      'Counter32',
      'Counter64',
      'Counter64',
      'Gauge32',
      'STRING',
      'Timeticks',
    ]);
  });

  test('a wrong authentication or privacy password is refused in so many words', async () => {
    const get = (keys: Keys) => tool('snmpget', 'core-1', ['1.3.6.1.2.1.1.3.0'], keys);
    await expect(get({ ...RIGHT, auth: 'not-the-password' })).rejects.toThrow(
      'Authentication failure',
    );
    await expect(get({ ...RIGHT, priv: 'not-the-password' })).rejects.toThrow('Decryption error');
    expect(await get(RIGHT)).toContain('Timeticks');
  });
});
