import { compareOids, isWithin } from '../oid.ts';
import type { RequestBounds, SnmpClient, SnmpError, Varbind } from '../snmp-client.ts';

/** What a walk of a device brought. */
export interface RecordedWalk {
  readonly varbinds: readonly Varbind[];
  /** Why it ended before the device's end; null: it did not. */
  readonly error: SnmpError | null;
  /** Objects that were left out because they hold secrets. */
  readonly leftOut: number;
}

/** LLDP-MIB and its kin lie outside the internet's subtree. */
export const WHOLE_DEVICE = ['1.0.8802', '1.3.6.1'];
const MOST_OBJECTS = 500_000;

/** Communities, users and views: SNMP-COMMUNITY-MIB, usmUserTable, SNMP-TARGET-MIB. */
const SECRET_ROOTS = ['1.3.6.1.6.3.18', '1.3.6.1.6.3.15.1.2', '1.3.6.1.6.3.12'];
const REMOVED = new TextEncoder().encode('removed');

/**
 * Reads everything a device answers below the roots, for a recording. Tables of communities and users
 * are left out, and a value that holds one of the secrets is replaced.
 */
export async function recordDevice(
  client: SnmpClient,
  roots: readonly string[],
  secrets: readonly string[],
  bounds: RequestBounds,
  onProgress: (objects: number) => void = () => {},
): Promise<RecordedWalk> {
  const varbinds: Varbind[] = [];
  let leftOut = 0;
  for (const root of [...roots].sort(compareOids)) {
    const read = await client.walk(root, MOST_OBJECTS - varbinds.length, bounds);
    for (const varbind of read.varbinds) {
      if (SECRET_ROOTS.some((secret) => isWithin(secret, varbind.oid))) leftOut += 1;
      else varbinds.push(withoutSecrets(varbind, secrets));
    }
    onProgress(varbinds.length);
    if (read.error !== null) return { varbinds, error: read.error, leftOut };
  }
  return { varbinds, error: null, leftOut };
}

function withoutSecrets(varbind: Varbind, secrets: readonly string[]): Varbind {
  const { value } = varbind;
  if (!(value instanceof Uint8Array)) return varbind;
  const text = Buffer.from(value).toString('latin1');
  const isTelling = secrets.some((secret) => secret !== '' && text.includes(secret));
  return isTelling ? { ...varbind, value: REMOVED } : varbind;
}
