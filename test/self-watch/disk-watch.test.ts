import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Input } from '../../alerting/inputs.ts';
import { withServiceRules } from '../../alerting/service-faults.ts';
import { startDiskWatch } from '../../app/disk-watch.ts';
import { MINUTE } from '../../lib/time.ts';
import { VirtualClock } from '../../lib/virtual-clock.ts';
import { readDiskRoom } from '../../storage/disk-room.ts';
import { Network, START, topology } from '../alerting/network.ts';
import { defaultRules } from '../config/default-rules.ts';

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;
const topo = () => topology({ gradingRules: withServiceRules(defaultRules()) });

/** A service on a disk whose room the story sets, looked at each minute. */
function onDisk(totalBytes: number, network = new Network(topo()), freeBytes = totalBytes) {
  const clock = new VirtualClock(START);
  const room = { freeBytes, totalBytes };
  const submit = (input: Input) => network.tick([input]);
  const engine = {
    get state() {
      return network.state;
    },
    submit,
  };
  const stop = startDiskWatch({ folder: '/', engine, clock, readRoom: () => room });
  const left = (freeBytes: number) => {
    room.freeBytes = freeBytes;
    clock.advance(MINUTE);
    network.run(MINUTE);
  };
  return { network, left, stop };
}

const opened = ({ network }: ReturnType<typeof onDisk>) =>
  network.pageList().filter((each) => each === 'first opened').length;

test('whoever is on call is told once that the disk is nearly full, and once that it is over', () => {
  const service = onDisk(100 * GIB);
  service.left(300 * MIB);
  expect(service.network.incidents()).toEqual([]);
  service.left(200 * MIB);
  expect(service.network.incidents()).toMatchObject([{ tier: 3, rootKind: 'disk-nearly-full' }]);
  // It does not come and go with every file.
  for (const freeMib of [300, 200, 500, 100, 400]) service.left(freeMib * MIB);
  expect(service.network.eventsOf('fault-raised')).toHaveLength(1);
  expect(opened(service)).toBe(1);
  service.left(600 * MIB);
  expect(service.network.incidents()[0]!.resolvedAt).not.toBeNull();
  expect(service.network.pageList()).toContain('first resolved');
  expect(service.network.replayedText()).toBe(service.network.liveText());
});

test('of a small disk a tenth is enough', () => {
  const service = onDisk(500 * MIB);
  service.left(60 * MIB);
  expect(service.network.incidents()).toEqual([]);
  service.left(49 * MIB);
  expect(service.network.incidents()).toMatchObject([{ rootKind: 'disk-nearly-full' }]);
});

test('a restart on a disk that is still nearly full tells nobody anew', () => {
  const service = onDisk(100 * GIB);
  service.left(200 * MIB);
  service.stop();
  service.network.restart(topo());
  const again = onDisk(100 * GIB, service.network, 400 * MIB);
  again.left(400 * MIB);
  again.left(200 * MIB);
  expect(service.network.eventsOf('fault-cleared')).toEqual([]);
  expect(opened(again)).toBe(1);
});

test('the room of a real folder is read, and that of none is not known', () => {
  const folder = mkdtempSync(join(tmpdir(), 'threenines-room-'));
  const room = readDiskRoom(folder)!;
  expect(room.totalBytes).toBeGreaterThan(0);
  expect(room.freeBytes).toBeLessThanOrEqual(room.totalBytes);
  rmSync(folder, { recursive: true });
  expect(readDiskRoom(folder)).toBeNull();
});
