import type { Credential } from '../../config/model.ts';
import type { Random } from '../../lib/random.ts';
import { POLL_DETAILS } from '../poll-details.ts';
import { newBoundedCache } from '../snmp/usm/bounded-cache.ts';
import { UNKNOWN_ENGINE } from '../snmp/usm/engine-clock.ts';
import { newSalts } from '../snmp/usm/salts.ts';
import { newKeyStore, type UserSecrets } from '../snmp/usm/user-keys.ts';
import type { SnmpError } from '../snmp-client.ts';
import { communityDialect } from './community-dialect.ts';
import type { Dialect } from './dialect.ts';
import { comparableAddress } from './peer-address.ts';
import { type EngineCell, usmDialect } from './usm-dialect.ts';

/** Makes dialects, which share the keys of passwords and what is known of engines. */
export interface DialectMaker {
  /** How to speak to the device there. The credential must be usable. */
  dialectFor(address: string, port: number, credential: Credential): Dialect;
}

const LONGEST_COMMUNITY_OCTETS = 255;
/** RFC 3411 §5 SnmpAdminString of up to 32 octets, as RFC 3414 §2.4 and RFC 3415 allow. */
const LONGEST_NAME_OCTETS = 32;
/** Addresses whose engine is remembered. */
const MOST_ENGINES = 65_536;

/** Why no request can be made with this credential at all, or null. */
export function whyUnusable(credential: Credential): SnmpError | null {
  if (credential.version !== 'v3') {
    const octetCount = Buffer.byteLength(credential.community.reveal());
    return octetCount <= LONGEST_COMMUNITY_OCTETS
      ? null
      : { failure: 'auth-failed', detail: POLL_DETAILS.communityTooLong };
  }
  const { level, authentication, authenticationPassword, privacy, privacyPassword } = credential;
  const isComplete =
    (level === 'noAuthNoPriv' || (authentication !== null && authenticationPassword?.reveal())) &&
    (level !== 'authPriv' || (privacy !== null && privacyPassword?.reveal()));
  if (!isComplete) return { failure: 'auth-failed', detail: POLL_DETAILS.credentialIncomplete };
  const isNameable = [credential.user, credential.contextName].every(
    (name) => Buffer.byteLength(name) <= LONGEST_NAME_OCTETS,
  );
  return isNameable ? null : { failure: 'auth-failed', detail: POLL_DETAILS.nameTooLong };
}

/** One that knows no password and no engine yet. `random` serves salts, and keeps cached keys secret. */
export function newDialectMaker(random: Random): DialectMaker {
  const keyStore = newKeyStore(random, MOST_ENGINES);
  const salts = newSalts(random);
  const cells = newBoundedCache<EngineCell>(MOST_ENGINES);
  /** One for all devices of a credential: it keeps nothing of any of them. */
  const communities = new WeakMap<Credential, Dialect>();
  return {
    dialectFor(address, port, credential) {
      if (credential.version !== 'v3') {
        let dialect = communities.get(credential);
        if (dialect === undefined) {
          // A copy of its own: a small Buffer would keep the piece of memory that it shares with others.
          const community = Uint8Array.from(Buffer.from(credential.community.reveal()));
          dialect = communityDialect(credential.version, community);
          communities.set(credential, dialect);
        }
        return dialect;
      }
      const place = `${comparableAddress(address)} ${port}`;
      return usmDialect({
        user: keyStore.user(secretsOf(credential)),
        contextName: Buffer.from(credential.contextName),
        keyStore,
        salts,
        cell: cells.get(place, () => ({ engine: UNKNOWN_ENGINE })),
      });
    },
  };
}

function secretsOf(credential: Credential & { version: 'v3' }): UserSecrets {
  const { user, level, authentication, authenticationPassword, privacy, privacyPassword } =
    credential;
  const isAuthenticated = level !== 'noAuthNoPriv' && authentication !== null;
  const isPrivate = level === 'authPriv' && privacy !== null;
  return {
    name: user,
    authentication: isAuthenticated
      ? { protocol: authentication, password: octetsOf(authenticationPassword) }
      : null,
    privacy: isPrivate ? { protocol: privacy, password: octetsOf(privacyPassword) } : null,
  };
}

function octetsOf(secret: { reveal(): string } | null): Uint8Array {
  return Buffer.from(secret?.reveal() ?? '');
}
