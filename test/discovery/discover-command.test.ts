import dgram from 'node:dgram';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { discoverCommand } from '../../app/commands/discover.ts';
import { renderLearned } from '../../collector/learned-store.ts';
import { loadConfig } from '../../config/load.ts';
import { type Lab, startLab } from '../../lab/lab.ts';
import { VirtualClock } from '../../lib/virtual-clock.ts';
import { startDebianAgent, withoutSnmpd } from '../collector/debian-agent.ts';
import { DEVICES, labOptions, START } from '../lab/demo-network.ts';

const CREDENTIALS = `# who lets us in
credentials:
  - { id: old, version: v2c, community: "plain:not this one" }
  - { id: community, version: v2c, community: plain:demo }
  - { id: v3, version: v3, user: monitor, authentication: sha256, authenticationPassword: plain:demo-auth-pass,
      privacy: aes128, privacyPassword: plain:demo-priv-pass }
`;

let folder: string;
const file = () => join(folder, 'devices.yaml');
const text = () => readFileSync(file(), 'utf8');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'threenines-discover-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function discover(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const progress: string[] = [];
  const code = await discoverCommand({
    args: [...args, '--timeout', '300ms', '--rate', '2000'],
    environment: {},
    print: (line) => out.push(line),
    complain: (line) => err.push(line),
    progress: (line) => progress.push(line),
  });
  return { code, out: out.join('\n'), err: err.join('\n'), progress };
}

async function freePort(): Promise<number> {
  const socket = dgram.createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}

describe('the demo network on addresses of its own', () => {
  let lab: Lab;
  let port: string;

  beforeEach(async () => {
    const at = await freePort();
    port = String(at);
    const devices = DEVICES.map((device, place) => ({
      ...device,
      address: `127.77.0.${place + 1}`,
      port: at,
    }));
    const started = await startLab(labOptions(new VirtualClock(START), devices));
    if (!started.ok) throw new Error(started.problem.text);
    lab = started.lab;
    writeFileSync(file(), CREDENTIALS);
    // Its passwords are well known, which needs no warning.
    writeFileSync(join(folder, 'threenines.yaml'), 'demo: true\n');
  });
  afterEach(() => lab.stop());

  const run = (...args: string[]) =>
    discover('127.77.0.0/28', '--port', port, '--config', folder, ...args);

  test('is shown, written when asked, and becomes what is there: links, feeds, credentials, roles', async () => {
    const shown = await run();
    expect(shown.err).toBe('');
    expect(shown.code).toBe(0);
    expect(shown.out).toContain('13 answered, 1 said nothing; 13 new devices');
    expect(shown.out).toContain('+  - id: acc-south-2');
    expect(shown.out).toContain('Nothing was written. --write writes it.');
    expect(shown.progress).toContain('asked 14 of 14, found 13');
    expect(text()).toBe(CREDENTIALS);

    expect((await run('--write')).out).toContain(`Written: ${file()}`);
    expect(text().startsWith(CREDENTIALS)).toBe(true);
    const again = await run('--write');
    expect(again.out).toContain('nothing to change');

    const { config, problems } = loadConfig(folder, {});
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    const found = new Map(config!.devices.map((device) => [device.id, device]));
    for (const wired of DEVICES) {
      expect(found.get(wired.id), wired.id).toMatchObject({
        role: wired.role,
        parents: wired.parents,
        credentialId: wired.credentialId,
      });
    }
    expect(found.get('pdu-hq')!.powerFeeds).toEqual(['ups-hq']);
    const ends = config!.links.map((each) => each.ends.map((end) => Object.values(end).join(' ')));
    expect(ends).toContainEqual(['agg-north Te0/1', 'core-1 Te1/3']);
    expect(ends).toContainEqual(['core-1 Te1/1', 'core-2 Te1/1']);
  });

  test('interrupted says what it has found, and writes nothing of half a network', async () => {
    const found: string[] = [];
    const err: string[] = [];
    const code = await discoverCommand({
      args: ['127.77.0.0/28', '--port', port, '--config', folder, '--write', '--rate', '200'],
      environment: {},
      print: (line) => found.push(line),
      complain: (line) => err.push(line),
      // What the command waits for, called as the system would.
      progress: (line) => {
        if (line.endsWith('found 3')) process.listeners('SIGINT').at(-1)!('SIGINT');
      },
    });
    expect(code).toBe(1);
    expect(err).toEqual(['threenines: interrupted; nothing was written']);
    expect(found.join('\n')).toMatch(/^Found until then:\n {2}127\.77\.0\.\d+ \d+ \S+/);
    expect(text()).toBe(CREDENTIALS);
  });

  test('tells of a device that has fallen silent and answers elsewhere, the same each time', async () => {
    await run('--write');
    const acc = DEVICES.findIndex(({ id }) => id === 'acc-north-1') + 1;
    const moved = text().replace(`address: 127.77.0.${acc}\n`, 'address: 127.77.0.14\n');
    writeFileSync(file(), moved);
    const first = await run();
    expect(first.out).toContain(
      `acc-north-1: has fallen silent at 127.77.0.14 port ${port}, but a device of its name`,
    );
    expect(first.out).toContain(`answers at 127.77.0.${acc} port ${port}`);
    expect(first.out).toContain('nothing to change');
    expect((await run('--write')).out).toBe(first.out);
    expect(text()).toBe(moved);
  });

  test('knows a device again by the engine id that the service has learned', async () => {
    await run('--write');
    const acc = DEVICES.findIndex(({ id }) => id === 'acc-north-1') + 1;
    const engineIds = JSON.parse((await run('--json')).out).devices;
    const { engineId } = engineIds.find((each: { address: string }) =>
      each.address.endsWith(`.0.${acc}`),
    );
    const renamed = text()
      .replaceAll('acc-north-1', 'first-floor')
      .replace(`address: 127.77.0.${acc}\n`, 'address: 127.77.0.14\n');
    writeFileSync(file(), renamed);
    const data = join(folder, 'data');
    mkdirSync(data);
    writeFileSync(join(folder, 'threenines.yaml'), `demo: true\ndataFolder: ${data}\n`);
    const engine = { id: engineId, boots: 1 };
    const learned = { batchSize: 10, batchOctets: 184, seenUp: [], standing: [], engine };
    const devices = new Map([['first-floor', { ...learned, refusesBulk: false, gentle: null }]]);
    writeFileSync(join(data, 'learned.json'), renderLearned(devices));
    expect((await run()).out).toContain(
      `first-floor: has fallen silent at 127.77.0.14 port ${port}, but the device with its SNMP engine id answers`,
    );
  });

  test('leaves alone what a person wrote', async () => {
    await run('--write');
    const mine = text()
      .replace(/ {2}- id: acc-north-1\n/, '  - id: acc-north-1 # mine\n    customers: 7\n')
      .replace('parents: [agg-north Gi0/2]', 'parents: []')
      .replace(/\n.*\n.*\n {2}- id: acc-south-2\n(?: {4}.*\n)+/, '\n')
      .replace(/.*ends: .*acc-south-2.*\n/g, '');
    writeFileSync(file(), mine);
    await run('--write');
    const lines = new Set(text().split('\n'));
    expect(mine.split('\n').filter((line) => !lines.has(line))).toEqual([]);
    const { devices, links } = parse(text());
    const isSouth = ({ ends }: { ends: string[] }) => ends.join().includes('acc-south-2');
    expect(links.filter(isSouth)).toHaveLength(1);
    const byId = new Map(devices.map((device: { id: string }) => [device.id, device]));
    expect(byId.get('acc-north-1')).toMatchObject({ customers: 7 });
    expect(byId.get('acc-north-2')).toMatchObject({ parents: [] });
    expect(byId.get('acc-south-2')).toMatchObject({ parents: ['agg-south Gi0/2'] });
  });
});

test('a device of IPv6 is found, and asked with what it takes', async () => {
  const [core] = DEVICES;
  const started = await startLab(
    labOptions(new VirtualClock(START), [{ ...core!, address: '::1', port: 0 }]),
  );
  if (!started.ok) throw new Error(started.problem.text);
  try {
    writeFileSync(file(), CREDENTIALS);
    const port = String(started.lab.ports.get('core-1'));
    const { out } = await discover('::1/128', '--port', port, '--config', folder, '--json');
    const { proposal, diff } = JSON.parse(out);
    expect(proposal.devices).toMatchObject([{ id: 'core-1', address: '::1', credential: 'v3' }]);
    expect(diff).toContain('+    address: ::1');
  } finally {
    await started.lab.stop();
  }
});

describe('what cannot be done', () => {
  test.each([
    [['10.0.0.0/8'], 'at most 65,536 are asked in one run'],
    [[], 'name a range of addresses'],
    [['192.0.2.1', '--port', '0'], '--port 0 is not understood'],
    [['192.0.2.1', '--write'], 'name a folder with --config'],
    [['192.0.2.1'], 'there is no credential to ask with'],
    [['192.0.2.1', '--credential', 'hunter2'], 'a --credential is not understood'],
  ])('%j is said with its reason', async (args, message) => {
    const { code, err } = await discover(...args);
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(err).not.toContain('hunter2');
  });

  test('a devices.yaml with an error is left as it is', async () => {
    writeFileSync(file(), 'devices: [{ id: A }]\n');
    const { code, err } = await discover('192.0.2.1', '--config', folder, '--write');
    expect(code).toBe(1);
    expect(err).toContain('devices.yaml:1');
    expect(text()).toBe('devices: [{ id: A }]\n');
  });
});

describe.skipIf(withoutSnmpd)("Debian's snmpd", () => {
  test('is found as a server, with a credential of the command line that goes into the file', async () => {
    await using agent = await startDebianAgent();
    const { code, out } = await discover(
      '127.0.0.1',
      '--port',
      String(agent.port),
      '--config',
      folder,
      '--credential',
      'v2c:plain:wrong',
      '--credential',
      'v2c:plain:public',
      '--write',
    );
    expect(code, out).toBe(0);
    const { credentials, devices } = parse(text());
    expect(credentials).toEqual([{ id: 'v2c-2', version: 'v2c', community: 'plain:public' }]);
    expect(devices).toMatchObject([{ id: 'test-agent', role: 'server', credential: 'v2c-2' }]);
  });
});
