import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { loadConfig } from '../../config/load.ts';
import { labCredential } from '../../lab/credential.ts';
import { shapesOf } from '../../lab/devices/catalog.ts';
import { actionProblem } from '../../lab/model.ts';
import { STORY } from '../../lab/story.ts';
import { deriveTopology } from '../../lab/topology.ts';

const folder = fileURLToPath(new URL('../../config/demo', import.meta.url));
const loaded = loadConfig(folder, {});
if (loaded.config === null) throw new Error('the demo configuration has problems');
const { devices, credentials } = loaded.config;

test('every step of the story can happen in the demo configuration', () => {
  const topology = deriveTopology(devices);
  expect(STORY.map(({ action }) => actionProblem(topology, action)).filter(Boolean)).toEqual([]);
});

test('the ports that the configuration names are there in the shapes themselves', () => {
  const alone = shapesOf(devices.map((device) => ({ ...device, parents: [] })));
  const named = devices.flatMap((device) => [
    ...device.parents.map(({ deviceId, port }) => ({ deviceId, port })),
    ...device.importantPorts.map((port) => ({ deviceId: device.id, port })),
  ]);
  for (const { deviceId, port } of named) {
    const ports = alone.get(deviceId)!.ports.map(({ name }) => name);
    expect(ports, deviceId).toContain(port);
  }
});

test('the agents can speak every credential', () => {
  for (const [id, credential] of credentials) expect(labCredential(credential), id).not.toBeNull();
});
