import type { CredentialEntry } from './devices-schema.ts';
import type { Draft } from './draft.ts';
import type { Findings } from './findings.ts';
import type { Credential } from './model.ts';
import type { Path } from './problem-text.ts';
import { checkSecret, type SecretSources, secretOf } from './secret.ts';

/** RFC 3414 §11.2: a password shorter than this must not be accepted. */
const SHORTEST_USM_PASSWORD = 8;
const WELL_KNOWN_COMMUNITIES: ReadonlySet<string> = new Set(['public', 'private']);

type CommunityEntry = Extract<CredentialEntry, { version: 'v1' | 'v2c' }>;
type UserEntry = Extract<CredentialEntry, { version: 'v3' }>;

/** Checks one credential beyond its schema. */
export function checkCredential(
  findings: Findings,
  path: Path,
  entry: Draft<CredentialEntry>,
  secrets: SecretSources,
): void {
  if (entry.version === 'v3') checkUser(findings, path, entry, secrets);
  else if (entry.version === 'v1' || entry.version === 'v2c') {
    checkCommunity(findings, path, entry, secrets);
  }
}

function checkCommunity(
  findings: Findings,
  path: Path,
  entry: Draft<CommunityEntry>,
  secrets: SecretSources,
): void {
  const place = [...path, 'community'];
  const community = checkSecret(findings, place, entry.community, secrets);
  if (community !== null && secrets.demo === false && WELL_KNOWN_COMMUNITIES.has(community)) {
    findings.warning(place, `the community is the well-known "${community}"; anyone can guess it`);
  }
}

function checkUser(
  findings: Findings,
  path: Path,
  entry: Draft<UserEntry>,
  secrets: SecretSources,
): void {
  if (entry.authentication === undefined) {
    if (entry.privacy !== undefined) {
      findings.error([...path, 'privacy'], 'privacy needs authentication (RFC 3414 §2.2)');
    }
    if (secrets.demo === false) {
      findings.warning(path, 'without authentication anyone can answer in place of the device');
    }
  }
  checkPassword(findings, path, entry, 'authentication', secrets);
  checkPassword(findings, path, entry, 'privacy', secrets);
}

/** A protocol and its password go together. */
function checkPassword(
  findings: Findings,
  path: Path,
  entry: Draft<UserEntry>,
  part: 'authentication' | 'privacy',
  secrets: SecretSources,
): void {
  const protocol = entry[part];
  const key = `${part}Password` as const;
  const source = entry[key];
  if (protocol === undefined) {
    if (source !== undefined) findings.error([...path, key], `${key} is given, but no ${part}`);
    return;
  }
  if (source === undefined) {
    const by = protocol === null ? part : `${part} ${protocol}`;
    findings.error(path, `"${key}" is missing; ${by} needs it`);
    return;
  }
  const password = checkSecret(findings, [...path, key], source, secrets);
  if (password !== null && Buffer.byteLength(password) < SHORTEST_USM_PASSWORD) {
    const rule = `expected at least ${SHORTEST_USM_PASSWORD} characters (RFC 3414 §11.2)`;
    findings.error([...path, key], `the password is too short; ${rule}`);
  }
}

/** The credential of an entry without errors. */
export function deriveCredential(entry: CredentialEntry, secrets: SecretSources): Credential {
  if (entry.version !== 'v3') {
    const { id, version } = entry;
    return { id, version, community: secretOf(entry.community, secrets) };
  }
  const { authentication = null, privacy = null } = entry;
  const secret = (source: string | undefined) =>
    source === undefined ? null : secretOf(source, secrets);
  const level = privacy !== null ? 'authPriv' : 'authNoPriv';
  return {
    id: entry.id,
    version: 'v3',
    user: entry.user,
    level: authentication === null ? 'noAuthNoPriv' : level,
    authentication,
    authenticationPassword: secret(entry.authenticationPassword),
    privacy,
    privacyPassword: secret(entry.privacyPassword),
    contextName: entry.contextName ?? '',
  };
}
