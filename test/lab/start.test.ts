import dgram from 'node:dgram';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { startLab } from '../../lab/lab.ts';
import { STORY } from '../../lab/story.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { VirtualClock } from '../../lib/virtual-clock.ts';
import { DEVICES, labOptions, START, startDemoLab } from './demo-network.ts';
import { ask } from './sessions.ts';

test('a port that is taken is named with its device, and nothing is left running', async () => {
  const other = dgram.createSocket('udp4');
  other.bind(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address();
  const devices = DEVICES.map((one) => (one.id === 'ups-hq' ? { ...one, port } : one));
  const started = await startLab(labOptions(new VirtualClock(START), devices));
  other.close();
  expect(started).toEqual({
    ok: false,
    problem: {
      kind: 'port-taken',
      deviceId: 'ups-hq',
      port,
      text: `demo device ups-hq: UDP port ${port} at 127.0.0.1 is in use by another program`,
    },
  });
});

test('a device without a usable credential is named', async () => {
  const devices = [{ ...DEVICES[0]!, credentialId: 'nobody' }];
  const started = await startLab(labOptions(new VirtualClock(START), devices));
  expect(started.ok ? null : started.problem).toMatchObject({
    kind: 'no-credential',
    deviceId: 'core-1',
  });
});

test('a lab started again within the same half year goes on with uptime and counters', async () => {
  const oids = ['1.3.6.1.2.1.1.3.0', '1.3.6.1.2.1.2.2.1.10.1', '1.3.6.1.6.3.10.2.1.2.0'];
  const values = async (at: number) => {
    const lab = await startDemoLab(new VirtualClock(at));
    const read = oids.map((oid) => ask('agg-north', lab.ports.get('agg-north')!, oid));
    const found = (await Promise.all(read)).map((one) => Number(one!.value));
    await lab.stop();
    return found;
  };
  const [uptime, octets, boots] = await values(START);
  const [laterUptime, laterOctets, laterBoots] = await values(START + SECOND);
  expect(laterUptime! - uptime!).toBe(100);
  expect(laterBoots).toBe(boots);
  expect(((laterOctets! - octets!) >>> 0) / 1.25e9).toBeLessThan(1);
});

test('the story: a flapping port, a cut path, a mains failure, and quiet again', async () => {
  const clock = new VirtualClock(START);
  const actions: string[] = [];
  const lab = await startDemoLab(clock, (action) => {
    const at = Math.round(clock.monotonicMs() / 100) / 10;
    actions.push(`${at} ${action.verb} ${action.deviceId} ${action.part}`);
  });
  const silent = () =>
    lab
      .status()
      .devices.filter((one) => one.silence !== 'none')
      .map(({ id }) => id);
  const ups = () => lab.status().devices.find(({ id }) => id === 'ups-hq')!.ups!;
  const north = ['agg-north', 'acc-north-1', 'acc-north-2', 'acc-north-3', 'ups-north'];

  lab.replayStory();
  expect(lab.status().story).toMatchObject({ isPlaying: true, elapsedMs: 0 });
  clock.advance(14 * SECOND);
  expect(silent()).toEqual([]);
  clock.advance(2 * SECOND);
  expect(silent()).toEqual(north);
  clock.advance(103 * SECOND);
  expect(silent()).toEqual(north);
  clock.advance(2 * SECOND);
  expect(silent()).toEqual([]);
  clock.advance(119 * SECOND);
  expect(ups()).toMatchObject({ mainsUp: false, hasOutput: true });
  expect(ups().minutesLeft).toBeLessThanOrEqual(6);
  clock.advance(25 * SECOND);
  expect(ups()).toMatchObject({ mainsUp: true, hasOutput: true });
  expect(lab.status().story).toMatchObject({ isPlaying: false, nextStep: null });
  clock.advance(10 * MINUTE);
  expect(silent()).toEqual([]);

  const flaps = actions.filter((one) => one.includes('Gi0/3'));
  expect(flaps.length).toBe(10);
  expect([flaps[0], flaps.at(-1)]).toEqual([
    '8 fail acc-south-2 Gi0/3',
    '104 restore acc-south-2 Gi0/3',
  ]);
  expect(actions.length).toBe(STORY.length);

  lab.replayStory();
  clock.advance(20 * SECOND);
  lab.replayStory();
  expect(silent()).toEqual([]);
  clock.advance(20 * SECOND);
  expect(silent()).toEqual(north);

  lab.restoreAll();
  expect(silent()).toEqual([]);
  expect(lab.status().story).toMatchObject({ isPlaying: false, nextStep: null });
  const count = actions.length;
  clock.advance(10 * MINUTE);
  expect(silent()).toEqual([]);
  expect(ups()).toMatchObject({ mainsUp: true });
  expect(actions.length).toBe(count);
  await lab.stop();
});

test('a story step about a device that is not there is left out', async () => {
  const clock = new VirtualClock(START);
  const devices = DEVICES.filter(({ id }) => id.includes('north'));
  const actions: string[] = [];
  const started = await startLab(
    labOptions(clock, devices, ({ deviceId }) => actions.push(deviceId)),
  );
  if (!started.ok) throw new Error(started.problem.text);
  started.lab.replayStory();
  clock.advance(10 * MINUTE);
  await started.lab.stop();
  expect(actions).toEqual([]);
});
