import type { AuthenticationProtocol, Credential, PrivacyProtocol } from '../config/model.ts';
import { netSnmp, type PackageUser } from './net-snmp.ts';

/**
 * A credential with its secrets in the clear, as an agent needs it and as it travels to the lab's
 * process over its private channel. Never logged.
 */
export type LabCredential =
  | { readonly version: 'community'; readonly community: string }
  | { readonly version: 'v3'; readonly user: PackageUser };

const AUTHENTICATION: Readonly<Record<AuthenticationProtocol, string>> = {
  md5: 'md5',
  sha1: 'sha',
  sha224: 'sha224',
  sha256: 'sha256',
  sha384: 'sha384',
  sha512: 'sha512',
};

/** null: the package has no such cipher. DES is left out because current OpenSSL refuses it. */
const PRIVACY: Readonly<Record<PrivacyProtocol, string | null>> = {
  des: null,
  aes128: 'aes',
  aes192: null,
  aes256: 'aes256b',
  aes192c: null,
  aes256c: 'aes256r',
};

/** null when the lab's agents cannot speak it: a cipher that the package lacks. */
export function labCredential(credential: Credential): LabCredential | null {
  if (credential.version !== 'v3') {
    return { version: 'community', community: credential.community.reveal() };
  }
  const { user: name, level, authentication, privacy } = credential;
  const levelNumber = netSnmp.SecurityLevel[level];
  if (level === 'noAuthNoPriv' || authentication === null) {
    return { version: 'v3', user: { name, level: levelNumber } };
  }
  const authProtocol = netSnmp.AuthProtocols[AUTHENTICATION[authentication]]!;
  const authKey = credential.authenticationPassword?.reveal() ?? '';
  const authenticated = { name, level: levelNumber, authProtocol, authKey };
  if (level === 'authNoPriv' || privacy === null) return { version: 'v3', user: authenticated };
  const cipher = PRIVACY[privacy];
  if (cipher === null) return null;
  const privProtocol = netSnmp.PrivProtocols[cipher]!;
  const privKey = credential.privacyPassword?.reveal() ?? '';
  return { version: 'v3', user: { ...authenticated, privProtocol, privKey } };
}

/** All credentials that the lab's agents can speak, by id; the others are left out. */
export function labCredentials(
  credentials: ReadonlyMap<string, Credential>,
): ReadonlyMap<string, LabCredential> {
  const usable = new Map<string, LabCredential>();
  for (const [id, credential] of credentials) {
    const one = labCredential(credential);
    if (one !== null) usable.set(id, one);
  }
  return usable;
}
