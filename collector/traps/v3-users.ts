import type { Credential } from '../../config/model.ts';
import type { KeyStore, UsmUser } from '../snmp/usm/user-keys.ts';

/** The v3 users of the configuration, each made when it is first needed: hashing a password takes a millisecond. */
export interface V3Users {
  of(credential: V3Credential): UsmUser;
}

export type V3Credential = Extract<Credential, { version: 'v3' }>;

/** The users of one configuration. */
export function v3Users(store: KeyStore): V3Users {
  const made = new Map<string, UsmUser>();
  return {
    of(credential) {
      const known = made.get(credential.id);
      if (known !== undefined) return known;
      const user = makeUser(store, credential);
      made.set(credential.id, user);
      return user;
    },
  };
}

function makeUser(store: KeyStore, credential: V3Credential): UsmUser {
  const { authentication, privacy } = credential;
  return store.user({
    name: credential.user,
    authentication: authentication && {
      protocol: authentication,
      password: Buffer.from(credential.authenticationPassword?.reveal() ?? ''),
    },
    privacy: privacy && {
      protocol: privacy,
      password: Buffer.from(credential.privacyPassword?.reveal() ?? ''),
    },
  });
}
