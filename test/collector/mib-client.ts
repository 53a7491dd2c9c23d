import { compareOids } from '../../collector/oid.ts';
import type { SnmpAnswer, SnmpClient, SnmpError, Varbind } from '../../collector/snmp-client.ts';
import { walkSubtree } from '../../collector/snmp-walk.ts';

export type Instances = Map<string, Varbind>;

/** Something an agent has: number (Gauge32), bigint (Counter64), text, or `oid:…`. */
export type Plain = number | bigint | string;

export function put(instances: Instances, oid: string, value: Plain): void {
  instances.set(oid, toVarbind(oid, value));
}

export function instancesOf(values: Readonly<Record<string, Plain>>): Instances {
  return new Map(Object.entries(values).map(([oid, value]) => [oid, toVarbind(oid, value)]));
}

function toVarbind(oid: string, value: Plain): Varbind {
  if (typeof value === 'number') return { oid, type: value < 0 ? 'integer' : 'gauge32', value };
  if (typeof value === 'bigint') return { oid, type: 'counter64', value };
  if (value.startsWith('oid:')) return { oid, type: 'oid', value: value.slice(4) };
  return { oid, type: 'octet-string', value: Buffer.from(value) };
}

export interface MibClient extends SnmpClient {
  readonly requests: { readonly operation: 'get' | 'bulk'; readonly count: number }[];
  /** Called before each answer; what it returns is answered instead. */
  fail:
    | ((operation: 'get' | 'bulk', oids: readonly string[], count: number) => SnmpError | null)
    | null;
}

/** A device that answers at once from these instances; they may change between requests. */
export function mibClient(instances: Instances): MibClient {
  const answer = (varbinds: Varbind[]): SnmpAnswer => ({ varbinds, error: null, rttMs: 1 });
  const successor = (oid: string): Varbind => {
    let next: string | null = null;
    for (const name of instances.keys()) {
      if (compareOids(name, oid) <= 0) continue;
      if (next === null || compareOids(name, next) < 0) next = name;
    }
    return next === null ? { oid, type: 'end-of-mib-view', value: null } : instances.get(next)!;
  };
  const client: MibClient = {
    requests: [],
    fail: null,
    async get(oids) {
      client.requests.push({ operation: 'get', count: oids.length });
      const error = client.fail?.('get', oids, oids.length) ?? null;
      if (error !== null) return { varbinds: [], error, rttMs: null };
      return answer(
        oids.map((oid) => instances.get(oid) ?? { oid, type: 'no-such-object', value: null }),
      );
    },
    async getBulk(oids, maxRepetitions) {
      const count = oids.length * maxRepetitions;
      client.requests.push({ operation: 'bulk', count });
      const error = client.fail?.('bulk', oids, count) ?? null;
      if (error !== null) return { varbinds: [], error, rttMs: null };
      const varbinds: Varbind[] = [];
      let row = [...oids];
      for (let repetition = 0; repetition < maxRepetitions; repetition += 1) {
        const found = row.map(successor);
        varbinds.push(...found);
        row = found.map((varbind) => varbind.oid);
      }
      return answer(varbinds);
    },
    walk: (root, cap, bounds) => walkSubtree(client, root, cap, bounds),
    close() {},
  };
  return client;
}
