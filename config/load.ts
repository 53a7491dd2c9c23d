import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Static, TSchema } from 'typebox';
import { type ConfigFile, checkConfigFolder, readConfigFile } from './config-folder.ts';
import { type DevicesPart, readDevicesFile } from './devices-file.ts';
import { DevicesFile } from './devices-schema.ts';
import { findingsOf, type KnownIds } from './findings.ts';
import { deepFreeze } from './freeze.ts';
import { type GradingPart, readGradingFile } from './grading-file.ts';
import { GradingFile } from './grading-schema.ts';
import { readMaintenanceFile } from './maintenance-file.ts';
import { MaintenanceFile } from './maintenance-schema.ts';
import type { Config, GradingRule, MaintenanceWindow, Tier, TierTargets } from './model.ts';
import { type OncallPart, readOncallFile } from './oncall-file.ts';
import { OncallFile } from './oncall-schema.ts';
import type { Problem } from './problem.ts';
import type { Profile } from './profile.ts';
import { loadProfiles } from './profile-file.ts';
import type { SecretSources } from './secret.ts';
import { readServiceFile, type ServicePart } from './service-file.ts';
import { ServiceFile } from './service-schema.ts';
import { type ParsedYaml, parseYaml } from './yaml-file.ts';

/** The outcome of loading: the configuration, or null when there is any error; warnings either way. */
export interface LoadedConfig {
  readonly config: Config | null;
  readonly problems: readonly Problem[];
}

const DEFAULTS_FOLDER = fileURLToPath(new URL('./defaults/', import.meta.url));
const SHIPPED_PROFILES_FOLDER = fileURLToPath(new URL('./profiles/', import.meta.url));

/**
 * Reads a configuration folder: threenines.yaml, devices.yaml (required), oncall.yaml,
 * grading.yaml, maintenance.yaml and profiles/. Reports everything it finds, with file and line;
 * never throws for what is, or is not, in the folder. The configuration is frozen throughout.
 */
export function loadConfig(
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
): LoadedConfig {
  const problems = checkConfigFolder(folder);
  if (problems.some(isError)) return { config: null, problems };
  const load: Load = { folder: resolve(folder), environment, problems };
  const service = loadService(load);
  const secrets: SecretSources = { folder: load.folder, environment, demo: service.service.demo };
  const profiles = loadAllProfiles(load);
  const devices = loadDevices(load, service, secrets, profiles.ids);
  const oncall = loadOncall(load, service, secrets, devices);
  const grading = loadGrading(load);
  const maintenanceWindows = loadMaintenance(load, service, devices);
  const sorted = sortByPlace(problems);
  if (problems.some(isError) || devices === null) return { config: null, problems: sorted };
  const config: Config = {
    ...service,
    ...devices,
    ...oncall,
    ...grading,
    maintenanceWindows,
    profiles: profiles.all,
  };
  return { config: deepFreeze(config), problems: sorted };
}

interface Load {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly problems: Problem[];
}

function isError(problem: Problem): boolean {
  return problem.severity === 'error';
}

/** Files stay in the order in which they were read; within one, by line. */
function sortByPlace(problems: readonly Problem[]): Problem[] {
  const files = [...new Set(problems.map((problem) => problem.file))];
  return problems.toSorted(
    (a, b) => files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line,
  );
}

/** Reads and parses one file; a missing one counts as empty. Null when it cannot be used. */
function parseFile<S extends TSchema>(
  load: Load,
  file: ConfigFile,
  schema: S,
): { parsed: ParsedYaml<Static<S>>; value: Static<S>; isMissing: boolean } | null {
  const found = readConfigFile(load.folder, file);
  if (found.kind === 'unreadable') {
    load.problems.push(found.problem);
    return null;
  }
  const isMissing = found.kind === 'missing';
  if (isMissing && file === 'devices.yaml') {
    const message = 'is missing; it names the devices to monitor';
    load.problems.push({ file, line: 0, path: '', message, severity: 'error' });
    return null;
  }
  const parsed = parseYaml(file, isMissing ? '' : found.text, schema);
  load.problems.push(...parsed.problems);
  return parsed.value === null ? null : { parsed, value: parsed.value, isMissing };
}

/** A broken threenines.yaml gives the defaults, so that the other files can still be checked. */
function loadService(load: Load): ServicePart {
  const file = parseFile(load, 'threenines.yaml', ServiceFile);
  if (file !== null) {
    return readServiceFile(findingsOf(file.parsed, load.problems), file.value, load.folder);
  }
  const defaults = parseYaml('threenines.yaml', '', ServiceFile);
  return readServiceFile(findingsOf(defaults, []), defaults.value!, load.folder);
}

function loadDevices(
  load: Load,
  service: ServicePart,
  secrets: SecretSources,
  profileIds: KnownIds,
): DevicesPart | null {
  const file = parseFile(load, 'devices.yaml', DevicesFile);
  if (file === null) return null;
  return readDevicesFile(findingsOf(file.parsed, load.problems), file.value, {
    secrets,
    polling: service.polling,
    timeZone: service.service.timeZone,
    profileIds,
  });
}

function loadOncall(
  load: Load,
  service: ServicePart,
  secrets: SecretSources,
  devices: DevicesPart | null,
): OncallPart {
  const file = parseFile(load, 'oncall.yaml', OncallFile);
  if (file === null) return { people: [], channels: [], escalationPolicies: [] };
  if (file.isMissing) {
    const message = 'is missing: nobody is paged';
    load.problems.push({ file: 'oncall.yaml', line: 0, path: '', message, severity: 'warning' });
  }
  return readOncallFile(findingsOf(file.parsed, load.problems), file.value, {
    secrets,
    language: service.service.language,
    timeZone: service.service.timeZone,
    siteIds: devices === null || file.isMissing ? null : idsOf(devices.sites),
  });
}

interface Grading {
  readonly tiers: Readonly<Record<Tier, TierTargets>>;
  readonly gradingRules: readonly GradingRule[];
}

function loadGrading(load: Load): Grading {
  const defaults = gradingPart({ ...load, folder: DEFAULTS_FOLDER })!;
  const own = gradingPart(load);
  const targets = (tier: Tier): TierTargets => own?.tiers[tier] ?? defaults.tiers[tier]!;
  return {
    tiers: { 1: targets(1), 2: targets(2), 3: targets(3), 4: targets(4) },
    gradingRules: own?.rules ?? defaults.rules!,
  };
}

function gradingPart(load: Load): GradingPart | null {
  const file = parseFile(load, 'grading.yaml', GradingFile);
  return file && readGradingFile(findingsOf(file.parsed, load.problems), file.value);
}

function loadMaintenance(
  load: Load,
  service: ServicePart,
  devices: DevicesPart | null,
): readonly MaintenanceWindow[] {
  const file = parseFile(load, 'maintenance.yaml', MaintenanceFile);
  if (file === null) return [];
  return readMaintenanceFile(findingsOf(file.parsed, load.problems), file.value, {
    timeZone: service.service.timeZone,
    deviceIds: devices && idsOf(devices.devices),
    siteIds: devices && idsOf(devices.sites),
    tags: devices && new Set(devices.devices.flatMap((device) => device.tags)),
  });
}

function idsOf(entries: readonly { readonly id: string }[]): ReadonlySet<string> {
  return new Set(entries.map((entry) => entry.id));
}

/** The shipped profiles and those of the folder; one of its own takes the place of a shipped one. */
function loadAllProfiles(load: Load): { all: readonly Profile[]; ids: KnownIds } {
  const shipped = loadProfiles(SHIPPED_PROFILES_FOLDER);
  const own = loadProfiles(join(load.folder, 'profiles'));
  const problems = [...shipped.problems, ...own.problems];
  load.problems.push(...problems);
  const byId = new Map([...shipped.profiles, ...own.profiles].map((each) => [each.id, each]));
  // A broken profile has no id to refer to, so nothing is said about references then.
  return { all: [...byId.values()], ids: problems.some(isError) ? null : new Set(byId.keys()) };
}
