import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type LoadedConfig, loadConfig } from '../../config/load.ts';
import { formatProblem } from '../../config/problem.ts';

/** A configuration folder that lives as long as the running test; null leaves a file out. */
export function configFolder(files: Readonly<Record<string, string | Uint8Array | null>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'threenines-config-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    if (content === null) continue;
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

export const ENVIRONMENT = {
  COMMUNITY: 'a-community',
  PASSWORD: 'a-password',
  SHORT: 'short',
  PAGER_URL: 'https://pager.example.org/hook',
  KEY: 'a-signing-key-of-some-length',
  WELL_KNOWN: 'public',
  EMPTY: '',
};

/** What the head of config/example/threenines.yaml asks for. */
export const EXAMPLE_ENVIRONMENT = {
  SNMP_COMMUNITY: 'one',
  SNMP_AUTH_PASSWORD: 'at-least-eight',
  SNMP_PRIV_PASSWORD: 'at-least-eight-too',
  PAGER_URL: 'https://pager.example.org/hook?token=hidden',
  PAGER_SIGNING_KEY: 'a-key-that-is-long-enough',
  SMTP_PASSWORD: 'word',
};

/** The smallest configuration without a problem. */
export const BASE = {
  'devices.yaml': `
credentials:
  - { id: campus, version: v2c, community: env:COMMUNITY }
sites:
  - { id: hq }
devices:
  - { id: core-1, address: 192.0.2.1, site: hq, role: core, credential: campus }
  - { id: agg-1, address: 192.0.2.2, site: hq, role: aggregation, credential: campus, parents: [core-1 Te1/3] }
`,
  'oncall.yaml': `
people:
  - { id: duty-primary, contacts: [inbox] }
channels:
  - { id: inbox, kind: inbox }
escalationPolicies:
  - id: standard
    tiers:
      1: [{ people: [duty-primary] }]
      2: [{ people: [duty-primary] }]
      3: [{ people: [duty-primary] }]
      4: [{ people: [duty-primary] }]
`,
};

/** Loads the base configuration with some files replaced. */
export function load(files: Readonly<Record<string, string | Uint8Array | null>>): LoadedConfig {
  return loadConfig(configFolder({ ...BASE, ...files }), ENVIRONMENT);
}

/** The same, as the lines a person reads. */
export function problemsOf(
  files: Readonly<Record<string, string | Uint8Array | null>>,
): readonly string[] {
  return load(files).problems.map(formatProblem);
}
