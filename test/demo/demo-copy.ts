import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseDocument } from 'yaml';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Below those that the system gives to whoever asks for any, clients of other tests among them. */
const FIRST_PORT = 20_000;
const PORT_COUNT = 12_000;
/** Test files that run at the same time begin at different places. */
let nextPort = (process.pid * 101) % PORT_COUNT;

/** The first port from there on that `isFree`. */
async function firstFree(isFree: (port: number) => Promise<boolean>): Promise<number> {
  for (let tried = 0; tried < PORT_COUNT; tried += 1) {
    const port = FIRST_PORT + nextPort;
    nextPort = (nextPort + 1) % PORT_COUNT;
    if (await isFree(port)) return port;
  }
  throw new Error('no port of loopback is free');
}

/** Whether what is opened there opens; it is closed again. */
async function opens(opened: Server | Socket, open: () => unknown): Promise<boolean> {
  open();
  try {
    await once(opened, 'listening');
  } catch {
    return false;
  }
  opened.close();
  await once(opened, 'close');
  return true;
}

/** A TCP port of loopback that nobody listens on. */
export function freeTcpPort(): Promise<number> {
  return firstFree((port) => {
    const server = createServer();
    return opens(server, () => server.listen(port, '127.0.0.1'));
  });
}

/** A UDP port of loopback that nobody listens on. */
function freeUdpPort(): Promise<number> {
  return firstFree((port) => {
    const socket = createSocket('udp4');
    return opens(socket, () => socket.bind(port, '127.0.0.1'));
  });
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
  const free: number[] = [];
  for (const _ of text.matchAll(/\bport: \d+/g)) free.push(await freeUdpPort());
  writeFileSync(
    devicesPath,
    text.replace(/\bport: \d+/g, () => `port: ${free.shift()}`),
  );
}
