import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deviceAddress } from './port-columns.ts';

export interface ServiceFolderOptions {
  readonly devices: number;
  /** Port of the simulated network. */
  readonly snmpPort: number;
  /** Where the service answers HTTP. */
  readonly httpPort: number;
  /** Durations as the configuration writes them. */
  readonly heartbeat: string;
  readonly fullPoll: string;
  readonly concurrency: number;
}

/** Id of the simulated device `place`. */
export function deviceId(place: number): string {
  return `dev-${place}`;
}

/** Writes a configuration for the simulated network and gives its folder. */
export function writeServiceFolder(parent: string, options: ServiceFolderOptions): string {
  const folder = join(parent, `config-${options.devices}-${options.httpPort}`);
  mkdirSync(folder, { recursive: true });
  const { heartbeat, fullPoll, concurrency } = options;
  const service = `
listen: 127.0.0.1:${options.httpPort}
dataFolder: data
timeZone: UTC
polling: { heartbeat: ${heartbeat}, fullPoll: ${fullPoll}, timeout: 3s, retries: 2, concurrency: ${concurrency} }
`;
  writeFileSync(join(folder, 'threenines.yaml'), service.trimStart());
  const devices = Array.from(
    { length: options.devices },
    (_, place) =>
      `  - { id: ${deviceId(place)}, address: ${deviceAddress(place)}, port: ${options.snmpPort}, site: lab, role: access, credential: bench }`,
  );
  const text = `
credentials:
  - { id: bench, version: v2c, community: plain:public }
sites:
  - { id: lab, name: Lab }
devices:
${devices.join('\n')}
`;
  writeFileSync(join(folder, 'devices.yaml'), text.trimStart());
  return folder;
}
