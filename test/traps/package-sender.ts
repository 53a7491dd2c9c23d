import { createRequire } from 'node:module';
import { AUTHENTICATION_PASSWORD, PRIVACY_PASSWORD, USER_NAME } from '../snmp/v3-peers.ts';

type Done = (error: Error | null) => void;

interface PackageSession {
  trap(oid: string, varbinds: object[], options: object, done: Done): void;
  inform(oid: string, varbinds: object[], options: object, done: Done): void;
  close(): void;
}

interface Package {
  createSession(address: string, community: string, options: object): PackageSession;
  createV3Session(address: string, user: object, options: object): PackageSession;
  readonly Version1: number;
  readonly Version2c: number;
  readonly Version3: number;
  readonly SecurityLevel: Readonly<Record<string, number>>;
  readonly AuthProtocols: Readonly<Record<string, number>>;
  readonly PrivProtocols: Readonly<Record<string, number>>;
}

const snmp = createRequire(import.meta.url)('net-snmp') as Package;

/** The npm package as a sender of traps and informs, another implementation than ours. */
export function packageSession(
  version: 'v1' | 'v2c' | 'v3',
  trapPort: number,
  community: string,
): PackageSession {
  const number = { v1: snmp.Version1, v2c: snmp.Version2c, v3: snmp.Version3 }[version];
  const options = { version: number, trapPort, port: trapPort, retries: 0 };
  if (version !== 'v3') return snmp.createSession('127.0.0.1', community, options);
  const user = {
    name: USER_NAME,
    level: snmp.SecurityLevel.authPriv,
    authProtocol: snmp.AuthProtocols.sha256,
    authKey: AUTHENTICATION_PASSWORD,
    privProtocol: snmp.PrivProtocols.aes,
    privKey: PRIVACY_PASSWORD,
  };
  return snmp.createV3Session('127.0.0.1', user, options);
}

/** Sends one notification; resolves when it is sent (a trap) or answered (an inform). */
export function sendWithPackage(
  session: PackageSession,
  kind: 'trap' | 'inform',
  oid: string,
): Promise<void> {
  return new Promise((resolve, reject) => {
    session[kind](oid, [], {}, (error) => (error === null ? resolve() : reject(error)));
  });
}
