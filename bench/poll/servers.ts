import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { delay, systemClock } from '../../lib/clock.ts';
import { SECOND } from '../../lib/time.ts';
import { freePort } from '../network/free-port.ts';
import { deviceId, writeServiceFolder } from '../network/service-folder.ts';
import { type Server, startServer } from '../processes.ts';
import { findProgram, MEASURED_CORE } from '../programs.ts';
import { exporterConfig } from './exporter-config.ts';

export interface HttpServer extends AsyncDisposable {
  readonly pid: number;
  readonly httpPort: number;
}

const READY_WITHIN_MS = 60 * SECOND;
const LOOK_EVERY_MS = 250;
const LIFE_MS = 300 * SECOND;
const APP = new URL('../../app/main.ts', import.meta.url).pathname;

/** Debian's exporter with one processor, or the sentence that says what is missing. */
export async function startExporter(
  folder: string,
): Promise<HttpServer | { readonly why: string }> {
  const program = findProgram('prometheus-snmp-exporter');
  if (!program.ok) return { why: program.why };
  const file = join(folder, 'snmp.yml');
  writeFileSync(file, exporterConfig());
  const httpPort = await freePort();
  const args = [`--config.file=${file}`, `--web.listen-address=127.0.0.1:${httpPort}`];
  const server = await startServer(program.path, args, /Listening on|listening on/, {
    core: MEASURED_CORE,
    timeoutMs: LIFE_MS,
    environment: { GOMAXPROCS: '1' },
  });
  return withPort(server, httpPort);
}

export interface ServiceOptions {
  readonly devices: number;
  readonly snmpPort: number;
  readonly heartbeat: string;
  readonly fullPoll: string;
}

/** The whole service on the simulated network, once it has polled every device. */
export async function startOwnService(
  folder: string,
  options: ServiceOptions,
): Promise<HttpServer> {
  const httpPort = await freePort();
  const config = writeServiceFolder(folder, { ...options, httpPort, concurrency: 200 });
  const data = join(config, 'data');
  const args = [APP, 'serve', '--config', config, '--data', data];
  const server = await startServer(process.execPath, args, /is running/, {
    core: MEASURED_CORE,
    timeoutMs: LIFE_MS,
  });
  const service = withPort(server, httpPort);
  await untilPolled(httpPort, options.devices);
  return service;
}

async function untilPolled(httpPort: number, devices: number): Promise<void> {
  const untilMs = systemClock.monotonicMs() + READY_WITHIN_MS;
  for (let place = 0; place < devices; ) {
    const path = `/metrics/devices/${deviceId(place)}`;
    const answer = await fetch(`http://127.0.0.1:${httpPort}${path}`);
    const text = await answer.text();
    if (text.includes('threenines_interface_')) place += 1;
    else if (systemClock.monotonicMs() > untilMs) throw new Error(`no ports of ${path}: ${text}`);
    else await delay(systemClock, LOOK_EVERY_MS);
  }
}

function withPort(server: Server, httpPort: number): HttpServer {
  return { pid: server.pid, httpPort, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}
