import { fork } from 'node:child_process';
import dgram from 'node:dgram';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { type LabExit, type LabProcess, startLabProcess } from '../../lab/process.ts';
import { systemClock } from '../../lib/clock.ts';
import { silentLogger } from '../../lib/logger.ts';
import { seededRandom } from '../../lib/random.ts';
import { CREDENTIALS, DEVICES } from './demo-network.ts';
import { ask } from './sessions.ts';

const SYS_NAME = '1.3.6.1.2.1.1.5.0';

let running: LabProcess | null = null;

afterEach(async () => {
  await running?.stop();
  running = null;
});

function start(devices = DEVICES) {
  return startLabProcess({
    devices,
    credentials: CREDENTIALS,
    playStory: false,
    clock: systemClock,
    random: seededRandom(1),
    log: silentLogger,
  });
}

async function startedLab(): Promise<LabProcess> {
  const started = await start();
  if (!started.ok) throw new Error(started.problem.text);
  running = started.lab;
  return started.lab;
}

test('it answers, breaks and repairs across the process boundary', async () => {
  const lab = await startedLab();
  const sysName = () =>
    ask('agg-north', lab.ports.get('agg-north')!, SYS_NAME, { timeoutMs: 1000 });
  expect(String((await sysName())?.value)).toBe('agg-north');
  const failed = await lab.fail('core-1', 'Te1/3');
  expect(failed.ok && failed.status.devices.find(({ id }) => id === 'agg-north')?.silence).toBe(
    'no-path',
  );
  expect(await sysName()).toBeNull();
  await lab.restore('core-1', 'Te1/3');
  expect(String((await sysName())?.value)).toBe('agg-north');
  const refused = await lab.fail('core-1', 'Te7/7');
  expect(refused).toEqual({ ok: false, problem: expect.stringContaining('has no port "Te7/7"') });
  const story = await lab.replayStory();
  expect(story.ok && story.status.story?.isPlaying).toBe(true);
  await lab.fail('core-1', 'Te1/3');
  const mended = await lab.restoreAll();
  expect(mended).toMatchObject({ ok: true, status: { story: { isPlaying: false } } });
  expect(mended.ok && mended.status.devices.filter(({ silence }) => silence !== 'none')).toEqual(
    [],
  );
});

test('killed, it is started again on the same ports, healthy and quiet', async () => {
  const lab = await startedLab();
  await lab.fail('acc-north-1', null);
  const ports = new Map(lab.ports);
  const firstId = lab.processId()!;
  const exit = new Promise<LabExit>((resolve) => lab.onExit(resolve));
  const back = new Promise<void>((resolve) => lab.onRestart(resolve));
  process.kill(firstId, 'SIGKILL');
  expect(await exit).toEqual({ reason: 'ended with SIGKILL', willRestart: true });
  expect(await lab.status()).toMatchObject({ ok: false });
  await back;
  expect(lab.processId()).not.toBe(firstId);
  expect(lab.ports).toEqual(ports);
  const found = await ask('acc-north-1', ports.get('acc-north-1')!, SYS_NAME);
  expect(String(found?.value)).toBe('acc-north-1');
  const status = await lab.status();
  expect(status.ok && status.status.story).toBeNull();
});

test('a question that is open when the process dies is answered with the reason', async () => {
  const lab = await startedLab();
  process.kill(lab.processId()!, 'SIGSTOP');
  const open = lab.status();
  process.kill(lab.processId()!, 'SIGKILL');
  expect(await open).toEqual({ ok: false, problem: 'the lab process ended with SIGKILL' });
});

test('stopped, it stays stopped and frees its ports', async () => {
  const lab = await startedLab();
  const port = lab.ports.get('core-1')!;
  await lab.stop();
  expect(lab.processId()).toBeNull();
  expect(await lab.status()).toMatchObject({ ok: false });
  const socket = dgram.createSocket('udp4');
  socket.bind(port, '127.0.0.1');
  await once(socket, 'listening');
  socket.close();
});

test('a taken port is an error that names the port and the device', async () => {
  const other = dgram.createSocket('udp4');
  other.bind(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address();
  const started = await start(DEVICES.map((one) => (one.id === 'srv-hq' ? { ...one, port } : one)));
  other.close();
  expect(started).toMatchObject({
    ok: false,
    problem: { kind: 'port-taken', deviceId: 'srv-hq', port },
  });
});

test('the process ends when the one that started it disappears', async () => {
  const main = fileURLToPath(new URL('../../lab/main.ts', import.meta.url));
  const child = fork(main, [], { execArgv: [] });
  child.send({ kind: 'start', devices: [], credentials: [], playStory: false });
  await once(child, 'message');
  child.disconnect();
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);
});
