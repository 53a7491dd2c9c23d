import { netSnmp, type PackageSession, type PackageVarbind } from '../../lab/net-snmp.ts';
import { AUTH_PASSWORD, COMMUNITY, DEVICES, PRIV_PASSWORD, USER } from './demo-network.ts';

export interface SessionOptions {
  readonly community?: string;
  readonly authPassword?: string;
  readonly version?: number;
  readonly timeoutMs?: number;
}

/** Opens a session with the credentials of the demo, or with others where told. */
export function openSession(
  deviceId: string,
  port: number,
  options: SessionOptions = {},
): PackageSession {
  const isV3 = DEVICES.find(({ id }) => id === deviceId)?.credentialId === 'v3';
  const common = { port, timeout: options.timeoutMs ?? 5000, retries: 0, idBitsSize: 32 };
  const session = isV3
    ? netSnmp.createV3Session(
        '127.0.0.1',
        {
          name: USER,
          level: netSnmp.SecurityLevel.authPriv,
          authProtocol: netSnmp.AuthProtocols.sha256!,
          authKey: options.authPassword ?? AUTH_PASSWORD,
          privProtocol: netSnmp.PrivProtocols.aes!,
          privKey: PRIV_PASSWORD,
        },
        { ...common, version: netSnmp.Version3 },
      )
    : netSnmp.createSession('127.0.0.1', options.community ?? COMMUNITY, {
        ...common,
        version: options.version ?? netSnmp.Version2c,
      });
  session.on('error', () => {});
  return session;
}

/** Rejects with the package's error when the request fails. */
export function get(session: PackageSession, ...oids: string[]): Promise<PackageVarbind[]> {
  return new Promise((resolve, reject) => {
    session.get(oids, (error, varbinds) => (error === null ? resolve(varbinds) : reject(error)));
  });
}

export function walk(session: PackageSession, oid: string): Promise<PackageVarbind[]> {
  return new Promise((resolve, reject) => {
    const all: PackageVarbind[] = [];
    const feed = (varbinds: PackageVarbind[]) => void all.push(...varbinds);
    session.subtree(oid, 25, feed, (error) => (error === null ? resolve(all) : reject(error)));
  });
}

/** Opens a session, asks for one object, closes it: null when nobody answers within `timeoutMs`. */
export async function ask(
  deviceId: string,
  port: number,
  oid: string,
  options: SessionOptions = {},
): Promise<PackageVarbind | null> {
  const session = openSession(deviceId, port, options);
  try {
    return (await get(session, oid))[0] ?? null;
  } catch (error) {
    if ((error as Error).name === 'RequestTimedOutError') return null;
    throw error;
  } finally {
    session.close();
  }
}
