import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseDocument } from 'yaml';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A TCP port of loopback that nobody listens on. */
export async function freeTcpPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** So many different free ports: all are held until the last is known. */
async function freeUdpPorts(count: number): Promise<number[]> {
  const sockets = Array.from({ length: count }, () => createSocket('udp4'));
  await Promise.all(
    sockets.map((socket) => {
      socket.bind(0, '127.0.0.1');
      return once(socket, 'listening');
    }),
  );
  const ports = sockets.map((socket) => socket.address().port);
  for (const socket of sockets) socket.close();
  return ports;
}

/** The demo configuration on ports that nobody else uses, with its journal in the same folder. */
export async function copyDemo(folder: string, port: number): Promise<void> {
  cpSync(join(root, 'config/demo'), folder, { recursive: true });
  const servicePath = join(folder, 'threenines.yaml');
  const service = parseDocument(readFileSync(servicePath, 'utf8'));
  service.set('listen', `127.0.0.1:${port}`);
  service.set('dataFolder', 'data');
  writeFileSync(servicePath, String(service));

  const devicesPath = join(folder, 'devices.yaml');
  const text = readFileSync(devicesPath, 'utf8');
  const free = await freeUdpPorts(text.match(/\bport: \d+/g)?.length ?? 0);
  writeFileSync(
    devicesPath,
    text.replace(/\bport: \d+/g, () => `port: ${free.shift()}`),
  );
}
