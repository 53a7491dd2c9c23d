import type { Draft } from './draft.ts';
import type { Findings } from './findings.ts';
import type { InfluxConfig } from './model.ts';
import { show } from './problem-text.ts';
import { checkSecret, type SecretSources, secretOf } from './secret.ts';
import type { InfluxSection } from './service-schema.ts';

const MEGABYTE = 1024 ** 2;

/** Checks the section beyond its schema. */
export function checkInflux(
  findings: Findings,
  section: Draft<InfluxSection>,
  secrets: SecretSources,
): void {
  const url = section.url === null ? null : URL.parse(section.url);
  const isWeb = url?.protocol === 'http:' || url?.protocol === 'https:';
  if (section.url !== null && !(isWeb && url.username + url.password === '')) {
    const expected = 'expected http(s)://name[:port] without user or password';
    findings.error(['influx', 'url'], `${show(section.url)} is no server; ${expected}`);
  }
  if (section.password) checkSecret(findings, ['influx', 'password'], section.password, secrets);
}

/** The section without errors. */
export function deriveInflux(section: InfluxSection, secrets: SecretSources): InfluxConfig {
  return {
    url: section.url,
    database: section.database,
    user: section.user ?? null,
    password: section.password === undefined ? null : secretOf(section.password, secrets),
    bufferBytes: section.bufferMegabytes * MEGABYTE,
  };
}
