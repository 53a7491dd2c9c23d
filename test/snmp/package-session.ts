import { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import type { AuthenticationProtocol } from '../../config/model.ts';
import { AUTHENTICATION_PASSWORD, PRIVACY_PASSWORD, USER_NAME } from './v3-peers.ts';

export interface PackageVarbind {
  readonly oid: string;
  readonly type: number;
  readonly value: unknown;
}

/** The `net-snmp` package, an independent implementation to compare with. */
interface Package {
  createSession(address: string, community: string, options: object): Session;
  createV3Session(address: string, user: object, options: object): Session;
  readonly Version1: number;
  readonly Version2c: number;
  readonly Version3: number;
  readonly SecurityLevel: Readonly<Record<string, number>>;
  readonly AuthProtocols: Readonly<Record<string, number>>;
  readonly PrivProtocols: Readonly<Record<string, number>>;
}

type Done = (error: Error | null, varbinds: PackageVarbind[]) => void;

interface Session extends EventEmitter {
  get(oids: string[], done: Done): void;
  getBulk(oids: string[], nonRepeaters: number, maxRepetitions: number, done: Done): void;
  set(varbinds: PackageVarbind[], done: Done): void;
  close(): void;
}

const snmp = createRequire(import.meta.url)('net-snmp') as Package;

/** Answers one datagram of the session with another. */
export type Answer = (request: Uint8Array) => Uint8Array | null;

class AnsweringSocket extends EventEmitter {
  readonly #answer: Answer;

  constructor(answer: Answer) {
    super();
    this.#answer = answer;
  }

  send(
    octets: Buffer,
    _from: number,
    _length: number,
    _port: number,
    _host: string,
    sent: () => void,
  ) {
    sent();
    const reply = this.#answer(new Uint8Array(octets));
    if (reply !== null) this.emit('message', Buffer.from(reply), {});
  }

  ref() {}
  unref() {}
  bind() {}

  close() {
    this.emit('close');
  }
}

const optionsFor = (version: number, answer: Answer) => ({
  version,
  retries: 0,
  dgramModule: { createSocket: () => new AnsweringSocket(answer) },
});

/** A session of the package whose datagrams go to `answer` instead of the network. */
export function communitySession(
  version: 'v1' | 'v2c',
  community: string,
  answer: Answer,
): Session {
  const options = optionsFor(version === 'v1' ? snmp.Version1 : snmp.Version2c, answer);
  return snmp.createSession('192.0.2.1', community, options);
}

const AUTHENTICATION: Readonly<Record<AuthenticationProtocol, string>> = {
  md5: 'md5',
  sha1: 'sha',
  sha224: 'sha224',
  sha256: 'sha256',
  sha384: 'sha384',
  sha512: 'sha512',
};

/** What the package calls the privacy protocols it has here; AES-192 it has not, DES needs an older OpenSSL. */
export const PACKAGE_PRIVACY = { aes128: 'aes', aes256: 'aes256b', aes256c: 'aes256r' };

/** The same over v3, as the user `monitor` of v3-peers.ts. */
export function userSession(
  authentication: AuthenticationProtocol,
  privacy: keyof typeof PACKAGE_PRIVACY,
  answer: Answer,
): Session {
  const user = {
    name: USER_NAME,
    level: snmp.SecurityLevel.authPriv,
    authProtocol: snmp.AuthProtocols[AUTHENTICATION[authentication]],
    authKey: AUTHENTICATION_PASSWORD,
    privProtocol: snmp.PrivProtocols[PACKAGE_PRIVACY[privacy]],
    privKey: PRIVACY_PASSWORD,
  };
  return snmp.createV3Session('192.0.2.1', user, optionsFor(snmp.Version3, answer));
}
