import { resolve } from 'node:path';
import Type from 'typebox';
import { readConfigFile } from './config-folder.ts';
import { checkDevicesFile } from './devices-checks.ts';
import { type DevicesPart, deriveDevices } from './devices-file.ts';
import { DeviceEntry, DevicesFile } from './devices-schema.ts';
import { findingsOf } from './findings.ts';
import { isError, type Problem } from './problem.ts';
import { createSecretSources } from './secret.ts';
import { checkServiceFile, deriveService, UNKNOWN_SERVICE } from './service-file.ts';
import { ServiceFile } from './service-schema.ts';
import { parseYaml } from './yaml-file.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** devices.yaml with as few devices as it has before discovery. */
const DevicesFileBefore = Type.Object(
  { ...DevicesFile.properties, devices: Type.Array(DeviceEntry, { default: [] }) },
  { additionalProperties: false },
);

export interface LoadedDevices {
  /** null when there is any error. */
  readonly part: DevicesPart | null;
  readonly problems: readonly Problem[];
}

/** The text of a folder's devices.yaml; empty when there is none yet, a problem when it cannot be read. */
export function readDevicesText(folder: string): string | Problem {
  const found = readConfigFile(folder, 'devices.yaml');
  if (found.kind === 'unreadable') return found.problem;
  return found.kind === 'missing' ? '' : found.text;
}

/**
 * Reads the text of a devices.yaml by the rest of its folder, as `loadConfig` does, but alone:
 * `mayBeEmpty` accepts one without devices, which is what discovery begins with. Profile ids are not
 * checked. Never throws for what the text holds.
 */
export function loadDevices(
  text: string,
  options: {
    readonly folder: string;
    readonly environment: Environment;
    readonly mayBeEmpty: boolean;
    /** What problems call the text. */
    readonly file?: string;
  },
): LoadedDevices {
  const { folder, environment, mayBeEmpty, file = 'devices.yaml' } = options;
  const problems: Problem[] = [];
  const service = readService(folder, problems);
  const secrets = createSecretSources(resolve(folder), environment, service.known.demo);
  const schema = mayBeEmpty ? DevicesFileBefore : DevicesFile;
  const parsed = parseYaml(file, text, schema);
  problems.push(...parsed.problems);
  if (parsed.draft !== null) {
    checkDevicesFile(findingsOf(parsed, problems), parsed.draft, {
      secrets,
      polling: service.known.polling,
      profileIds: null,
    });
  }
  if (problems.some(isError) || parsed.value === null || service.value === null) {
    return { part: null, problems };
  }
  const part = deriveDevices(parsed.value, deriveService(service.value, folder), secrets);
  return { part, problems };
}

/** threenines.yaml, without which nothing is known of pollings and zones; a missing one is empty. */
function readService(folder: string, problems: Problem[]) {
  const found = readConfigFile(folder, 'threenines.yaml');
  if (found.kind === 'unreadable') problems.push(found.problem);
  const text = found.kind === 'text' ? found.text : '';
  const parsed = parseYaml('threenines.yaml', text, ServiceFile);
  problems.push(...parsed.problems);
  if (parsed.draft === null) return { value: null, known: UNKNOWN_SERVICE };
  // Warnings about the rest of the service belong to `threenines check`.
  const beside: Problem[] = [];
  const known = checkServiceFile(findingsOf(parsed, beside), parsed.draft);
  problems.push(...beside.filter(isError));
  return { value: parsed.value, known };
}
