import { createRequire } from 'node:module';

interface PackageSession {
  get(
    oids: readonly string[],
    done: (error: Error | null, varbinds: readonly { readonly value: Buffer }[]) => void,
  ): void;
  close(): void;
}

/** Requests answered and octets sent, as the agent counts them; see agent-sim.c. */
const COUNTERS = ['1.3.6.1.4.1.99999.1.1.0', '1.3.6.1.4.1.99999.1.4.0'];
/** Far from the devices that are polled. */
const ADDRESS = '127.200.0.1';

export interface AgentCounters {
  readonly requests: number;
  readonly octets: number;
}

/** What all devices of the simulated network together have done so far. */
export async function readAgentCounters(port: number): Promise<AgentCounters> {
  const snmp = createRequire(import.meta.url)('net-snmp') as {
    createSession(address: string, community: string, options: object): PackageSession;
    readonly Version2c: number;
  };
  const session = snmp.createSession(ADDRESS, 'public', { port, version: snmp.Version2c });
  const { promise, resolve, reject } = Promise.withResolvers<AgentCounters>();
  session.get(COUNTERS, (error, varbinds) => {
    if (error !== null && error !== undefined) return reject(error);
    const [requests, octets] = varbinds.map(({ value }) => Number(`0x${value.toString('hex')}`));
    return resolve({ requests: requests!, octets: octets! });
  });
  try {
    return await promise;
  } finally {
    session.close();
  }
}
