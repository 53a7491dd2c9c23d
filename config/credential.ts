import type { CredentialEntry } from './devices-schema.ts';
import type { Findings } from './findings.ts';
import type { Credential, Secret } from './model.ts';
import type { Path } from './problem-text.ts';
import { readSecret, type SecretSources } from './secret.ts';

/** RFC 3414 §11.2: a password shorter than this must not be accepted. */
const SHORTEST_USM_PASSWORD = 8;
const WELL_KNOWN_COMMUNITIES: ReadonlySet<string> = new Set(['public', 'private']);

/** Checks one credential beyond its schema and reads its secrets. */
export function readCredential(
  findings: Findings,
  path: Path,
  entry: CredentialEntry,
  secrets: SecretSources,
): Credential {
  if (entry.version !== 'v3') {
    const community = readSecret(findings, [...path, 'community'], entry.community, secrets);
    if (!secrets.demo && WELL_KNOWN_COMMUNITIES.has(community.reveal())) {
      const message = `the community is the well-known "${community.reveal()}"; anyone can guess it`;
      findings.warning([...path, 'community'], message);
    }
    return { id: entry.id, version: entry.version, community };
  }
  return readUser(findings, path, entry, secrets);
}

type UserEntry = Extract<CredentialEntry, { version: 'v3' }>;

function readUser(
  findings: Findings,
  path: Path,
  entry: UserEntry,
  secrets: SecretSources,
): Credential {
  const { authentication, privacy } = entry;
  if (privacy !== undefined && authentication === undefined) {
    findings.error([...path, 'privacy'], 'privacy needs authentication (RFC 3414 §2.2)');
  }
  if (authentication === undefined && !secrets.demo) {
    findings.warning(path, 'without authentication anyone can answer in place of the device');
  }
  const password = (protocol: 'authentication' | 'privacy'): Secret | null => {
    const key = `${protocol}Password` as const;
    const text = entry[key];
    if (entry[protocol] === undefined) {
      if (text !== undefined) findings.error([...path, key], `${key} is given, but no ${protocol}`);
      return null;
    }
    if (text === undefined) {
      findings.error(path, `"${key}" is missing; ${protocol} ${entry[protocol]} needs it`);
      return null;
    }
    return readPassword(findings, [...path, key], text, secrets);
  };
  const level = privacy !== undefined ? 'authPriv' : 'authNoPriv';
  return {
    id: entry.id,
    version: 'v3',
    user: entry.user,
    level: authentication === undefined ? 'noAuthNoPriv' : level,
    authentication: authentication ?? null,
    authenticationPassword: password('authentication'),
    privacy: privacy ?? null,
    privacyPassword: password('privacy'),
    contextName: entry.contextName ?? '',
  };
}

function readPassword(
  findings: Findings,
  path: Path,
  text: string,
  secrets: SecretSources,
): Secret {
  const secret = readSecret(findings, path, text, secrets);
  const length = Buffer.byteLength(secret.reveal());
  if (length > 0 && length < SHORTEST_USM_PASSWORD) {
    const rule = `expected at least ${SHORTEST_USM_PASSWORD} characters (RFC 3414 §11.2)`;
    findings.error(path, `the password is too short; ${rule}`);
  }
  return secret;
}
