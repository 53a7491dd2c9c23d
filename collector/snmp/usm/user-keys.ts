import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import type { AuthenticationProtocol } from '../../../config/model.ts';
import { assert } from '../../../lib/assert.ts';
import type { Random } from '../../../lib/random.ts';
import { AUTHENTICATED, ENCRYPTED } from '../message-view.ts';
import { newBoundedCache } from './bounded-cache.ts';
import { type CipherKey, newCipherKey } from './cipher.ts';
import { type DigestKey, newDigestKey } from './digest.ts';
import { localizeKey, localizePrivacyKey, passwordToKey } from './password-key.ts';
import type { Privacy } from './protocols.ts';

/** How a user proves and hides messages. Passwords are UTF-8 octets, at least one (RFC 3414 §11.2 asks for eight). */
export interface UserSecrets {
  readonly name: string;
  readonly authentication: {
    readonly protocol: AuthenticationProtocol;
    readonly password: Uint8Array;
  } | null;
  /** Only with authentication (RFC 3414 §2.2). */
  readonly privacy: { readonly protocol: Privacy; readonly password: Uint8Array } | null;
}

/** A user without passwords: what is needed to make keys for an engine. */
export interface UsmUser {
  readonly name: Uint8Array;
  /** AUTHENTICATED and ENCRYPTED of msgFlags: the level at which the user speaks. */
  readonly levelFlags: number;
  readonly authentication: { readonly protocol: AuthenticationProtocol; readonly ku: Ku } | null;
  readonly privacy: { readonly protocol: Privacy; readonly ku: Ku } | null;
}

/** The key of a password before it is localised, and a name for it that tells nothing about it. */
interface Ku {
  readonly id: string;
  /** A key object shows nothing of itself in a log. */
  readonly key: KeyObject;
}

/** The keys of one user at one engine; null where the user has none. */
export interface UsmKeys {
  readonly digest: DigestKey | null;
  readonly cipher: CipherKey | null;
}

/**
 * Makes and keeps keys. A password is hashed once (RFC 3414 A.2 takes about a millisecond) and
 * localised for each engine in microseconds; engines are forgotten when there are too many, because
 * whoever sends traps can invent engine ids. No password is kept.
 */
export interface KeyStore {
  user(secrets: UserSecrets): UsmUser;
  keys(user: UsmUser, engineId: Uint8Array): UsmKeys;
}

const MOST_PASSWORDS = 4_096;
const MOST_ENGINES = 32_768;
const CACHE_SECRET_OCTETS = 32;
const LONGEST_NAME_OCTETS = 32;

/** An empty store. `random` makes the names of passwords useless to anyone else. */
export function newKeyStore(random: Random, mostEngines: number = MOST_ENGINES): KeyStore {
  const secret = createSecretKey(random.bytes(CACHE_SECRET_OCTETS));
  const passwords = newBoundedCache<Ku>(MOST_PASSWORDS);
  const engines = newBoundedCache<UsmKeys>(mostEngines);

  const kuOf = (protocol: AuthenticationProtocol, password: Uint8Array): Ku => {
    const id = createHmac('sha256', secret).update(`${protocol}\0`).update(password);
    const name = id.digest('base64url');
    return passwords.get(name, () => ({
      id: name,
      key: createSecretKey(passwordToKey(protocol, password)),
    }));
  };

  return {
    user({ name, authentication, privacy }) {
      assert(privacy === null || authentication !== null, 'privacy comes with authentication');
      const octets = Buffer.from(name);
      assert(octets.length <= LONGEST_NAME_OCTETS, 'a user name has at most 32 octets');
      const hash = authentication?.protocol ?? 'md5';
      return {
        name: octets,
        levelFlags: (authentication ? AUTHENTICATED : 0) | (privacy ? ENCRYPTED : 0),
        authentication: authentication && {
          protocol: authentication.protocol,
          ku: kuOf(authentication.protocol, authentication.password),
        },
        privacy: privacy && { protocol: privacy.protocol, ku: kuOf(hash, privacy.password) },
      };
    },
    keys(user, engineId) {
      const { authentication, privacy } = user;
      const engine = Buffer.from(engineId).toString('latin1');
      const parts = [authentication?.ku.id, privacy?.protocol, privacy?.ku.id, engine];
      return engines.get(parts.join('|'), () => makeKeys(user, engineId));
    },
  };
}

function makeKeys({ authentication, privacy }: UsmUser, engineId: Uint8Array): UsmKeys {
  if (authentication === null) return { digest: null, cipher: null };
  const { protocol, ku } = authentication;
  return {
    digest: newDigestKey(protocol, localizeKey(protocol, ku.key.export(), engineId)),
    cipher:
      privacy &&
      newCipherKey(
        privacy.protocol,
        localizePrivacyKey(protocol, privacy.protocol, privacy.ku.key.export(), engineId),
      ),
  };
}
