import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Static, TSchema } from 'typebox';
import type { EpochMs } from '../lib/time.ts';
import { type ConfigFile, checkConfigFolder, readConfigFile } from './config-folder.ts';
import { checkDevicesFile, UNKNOWN_DEVICES } from './devices-checks.ts';
import { deriveDevices } from './devices-file.ts';
import { DevicesFile } from './devices-schema.ts';
import type { Draft } from './draft.ts';
import { type Findings, findingsOf, type KnownIds } from './findings.ts';
import { deepFreeze } from './freeze.ts';
import { checkGradingFile, deriveGrading } from './grading-file.ts';
import { GradingFile } from './grading-schema.ts';
import { checkInflux, deriveInflux } from './influx.ts';
import { checkMaintenanceFile, deriveMaintenance } from './maintenance-file.ts';
import { MaintenanceFile } from './maintenance-schema.ts';
import type { Config, Tier, TierTargets } from './model.ts';
import { checkOncallFile } from './oncall-checks.ts';
import { deriveOncall } from './oncall-file.ts';
import { OncallFile } from './oncall-schema.ts';
import { isError, type Problem } from './problem.ts';
import type { Profile } from './profile.ts';
import { loadProfiles } from './profile-file.ts';
import { checkReportRecipients } from './report-recipients.ts';
import { warnOfGaps } from './schedule/gaps-ahead.ts';
import { createSecretSources, type SecretSources, type SecretUse } from './secret.ts';
import { checkServiceFile, deriveService, UNKNOWN_SERVICE } from './service-file.ts';
import { ServiceFile } from './service-schema.ts';
import { loadShippedProfiles } from './shipped-profiles.ts';
import { parseYaml } from './yaml-file.ts';

/** The outcome of loading: the configuration, or null when there is any error; warnings either way. */
export interface LoadedConfig {
  readonly config: Config | null;
  readonly problems: readonly Problem[];
}

const DEFAULTS_FOLDER = fileURLToPath(new URL('./defaults/', import.meta.url));

/**
 * Reads a configuration folder: threenines.yaml, devices.yaml (required), oncall.yaml,
 * grading.yaml, maintenance.yaml and profiles/. Reports everything it finds at once, with file and
 * line; never throws for what is, or is not, in the folder. The configuration is frozen throughout.
 * With `now` there are warnings about maintenance windows that began before they were loaded, and about
 * times in the next thirty days at which nobody is on call. Where
 * secrets are `unused`, one that is missing is no problem, and is empty.
 */
export function loadConfig(
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
  now: EpochMs | null = null,
  secretUse: SecretUse = 'needed',
): LoadedConfig {
  const problems = checkConfigFolder(folder);
  if (problems.some(isError)) return { config: null, problems };
  const load: Load = { folder: resolve(folder), environment, now, secretUse, problems };
  const files = readFiles(load);
  const config = problems.some(isError) ? null : deriveConfig(load, files);
  if (config !== null && now !== null && files.oncallFindings !== null)
    warnOfGaps(files.oncallFindings, config.schedules, now);
  return { config: config && deepFreeze(config), problems: sortByPlace(problems) };
}

interface Load {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly now: EpochMs | null;
  readonly secretUse: SecretUse;
  readonly problems: Problem[];
}

/** Files stay in the order in which they were read; within one, by line. */
function sortByPlace(problems: readonly Problem[]): Problem[] {
  const files = [...new Set(problems.map((problem) => problem.file))];
  return problems.toSorted(
    (a, b) => files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line,
  );
}

/** Each file as it is used; null only where there is an error. */
interface Files {
  readonly secrets: SecretSources;
  readonly profiles: readonly Profile[];
  readonly service: ServiceFile | null;
  readonly devices: DevicesFile | null;
  readonly oncall: OncallFile | null;
  readonly oncallFindings: Findings | null;
  readonly grading: GradingFile | null;
  readonly defaultGrading: GradingFile | null;
  readonly maintenance: MaintenanceFile | null;
}

/** Reads and checks every file. What cannot be read of one is not held against the others. */
function readFiles(load: Load): Files {
  const secretsOf = (demo: boolean | null) =>
    createSecretSources(load.folder, load.environment, demo, load.secretUse);
  let found: SecretSources | null = null;
  const service = readFile(load, 'threenines.yaml', ServiceFile, (findings, draft) => {
    found = secretsOf(draft.demo);
    checkInflux(findings, draft.influx, found, load.environment);
    return checkServiceFile(findings, draft);
  });
  const known = service.known ?? UNKNOWN_SERVICE;
  const secrets = found ?? secretsOf(known.demo);
  const profiles = loadAllProfiles(load);
  const devices = readFile(load, 'devices.yaml', DevicesFile, (findings, draft) =>
    checkDevicesFile(findings, draft, {
      secrets,
      polling: known.polling,
      profileIds: profiles.ids,
    }),
  );
  const knownDevices = devices.known ?? UNKNOWN_DEVICES;
  const oncall = readFile(load, 'oncall.yaml', OncallFile, (findings, draft, isMissing) => {
    if (isMissing) findings.warning([], 'is missing: nobody is paged');
    else checkOncallFile(findings, draft, { ...known, secrets, siteIds: knownDevices.siteIds });
    checkReportRecipients(findings, draft, service.value?.reports?.to ?? []);
  });
  const defaults = { ...load, folder: DEFAULTS_FOLDER };
  return {
    secrets,
    profiles: profiles.all,
    service: service.value,
    devices: devices.value,
    oncall: oncall.value,
    oncallFindings: oncall.findings,
    defaultGrading: readFile(defaults, 'grading.yaml', GradingFile, checkGradingFile).value,
    grading: readFile(load, 'grading.yaml', GradingFile, checkGradingFile).value,
    maintenance: readFile(load, 'maintenance.yaml', MaintenanceFile, (findings, draft) => {
      const { now } = load;
      const { timeZone } = known;
      checkMaintenanceFile(findings, draft, { timeZone, devices: knownDevices, now });
    }).value,
  };
}

interface ReadFile<S extends TSchema, Known> {
  readonly value: Static<S> | null;
  readonly known: Known | null;
  /** Where more can be said of its places; null when it cannot be read at all. */
  readonly findings: Findings | null;
}

const UNREADABLE = { value: null, known: null, findings: null } as const;

/**
 * Reads one file and checks it beyond its schema; a missing one counts as empty. `known` is what the
 * check gives for the other files, null when the file cannot be read at all.
 */
function readFile<S extends TSchema, Known>(
  load: Load,
  file: ConfigFile,
  schema: S,
  check: (findings: Findings, draft: Draft<Static<S>>, isMissing: boolean) => Known,
): ReadFile<S, Known> {
  const found = readConfigFile(load.folder, file);
  if (found.kind === 'unreadable') {
    load.problems.push(found.problem);
    return UNREADABLE;
  }
  const isMissing = found.kind === 'missing';
  if (isMissing && file === 'devices.yaml') {
    const message = 'is missing; it names the devices to monitor';
    load.problems.push({ file, line: 0, path: '', message, severity: 'error' });
    return UNREADABLE;
  }
  const parsed = parseYaml(file, isMissing ? '' : found.text, schema);
  load.problems.push(...parsed.problems);
  if (parsed.draft === null) return UNREADABLE;
  const source = isMissing ? { ...parsed, lineOf: () => 0 } : parsed;
  const findings = findingsOf(source, load.problems);
  return { value: parsed.value, known: check(findings, parsed.draft, isMissing), findings };
}

/** The shipped profiles and those of the folder; one of its own takes the place of a shipped one. */
function loadAllProfiles(load: Load): { all: readonly Profile[]; ids: KnownIds } {
  const shipped = loadShippedProfiles();
  const own = loadProfiles(join(load.folder, 'profiles'));
  const problems = [...shipped.problems, ...own.problems];
  load.problems.push(...problems);
  const byId = new Map([...shipped.profiles, ...own.profiles].map((each) => [each.id, each]));
  // A profile with an error is there all the same: its file has its name.
  const broken = problems.map((problem) => basename(problem.file, '.yaml'));
  return { all: [...byId.values()], ids: new Set([...byId.keys(), ...broken]) };
}

function deriveConfig(load: Load, files: Files): Config | null {
  const { secrets, profiles } = files;
  const { service, devices, oncall, grading, defaultGrading, maintenance } = files;
  if (!service || !devices || !oncall || !grading || !defaultGrading || !maintenance) return null;
  const servicePart = deriveService(service, load.folder);
  const own = deriveGrading(grading);
  const defaults = deriveGrading(defaultGrading);
  const targets = (tier: Tier): TierTargets => ({
    ...defaults.tiers[tier]!,
    ...own.tiers[tier],
  });
  return {
    ...servicePart,
    influx: deriveInflux(service.influx, secrets, load.environment),
    ...deriveDevices(devices, servicePart, secrets),
    ...deriveOncall(oncall, servicePart, secrets),
    tiers: { 1: targets(1), 2: targets(2), 3: targets(3), 4: targets(4) },
    gradingRules: own.rules ?? defaults.rules!,
    authorities: own.authorities,
    maintenanceWindows: deriveMaintenance(maintenance, service.timeZone),
    profiles,
  };
}
