import dgram from 'node:dgram';
import { fileURLToPath } from 'node:url';
import { Registry } from 'prom-client';
import { isWithin } from '../../collector/oid.ts';
import { createSelfMetrics } from '../../collector/self-metrics.ts';
import { createTransport } from '../../collector/transport/transport.ts';
import { createWireClient } from '../../collector/wire-client.ts';
import { loadProfiles } from '../../config/profile-file.ts';
import { systemClock } from '../../lib/clock.ts';
import { silentLogger } from '../../lib/logger.ts';
import { systemRandom } from '../../lib/random.ts';
import { SECOND } from '../../lib/time.ts';
import { readAgentCounters } from '../network/agent-counters.ts';
import { deviceAddress } from '../network/port-columns.ts';

const ROWS_AT_ONCE = 50;
const PROFILES = fileURLToPath(new URL('../../config/profiles/', import.meta.url));

/** GETBULK requests that walking every column of ports takes, one column after the other, 50 rows at once. */
export async function pdusToWalk(snmpPort: number): Promise<number> {
  const transport = createTransport({
    clock: systemClock,
    random: systemRandom,
    network: { createSocket: (options) => dgram.createSocket(options) },
    selfMetrics: createSelfMetrics(new Registry()),
    log: silentLogger,
  });
  const client = createWireClient({
    address: deviceAddress(0),
    port: snmpPort,
    replyFromAnyAddress: false,
    timeoutMs: SECOND,
    retries: 2,
    credential: {
      id: 'public',
      version: 'v2c',
      community: { source: 'plain:<secret>', reveal: () => 'public' },
    },
    transport,
  });
  const signal = new AbortController().signal;
  const before = await readAgentCounters(snmpPort);
  for (const column of portColumns()) {
    const bounds = { deadlineMs: systemClock.monotonicMs() + 10 * SECOND, signal };
    let at = column;
    for (let isWithinColumn = true; isWithinColumn; ) {
      const { varbinds } = await client.getBulk([at], ROWS_AT_ONCE, bounds);
      const last = varbinds.at(-1);
      isWithinColumn = last !== undefined && isWithin(column, last.oid);
      at = last?.oid ?? column;
    }
  }
  const after = await readAgentCounters(snmpPort);
  client.close();
  transport.close();
  // One of the requests between is the second reading itself.
  return after.requests - before.requests - 1;
}

/** Every column that a poll of ports keeps. */
function portColumns(): string[] {
  const tables = loadProfiles(PROFILES).profiles.flatMap((profile) => profile.tables);
  return tables
    .filter(({ kind }) => kind === 'interfaces')
    .flatMap(({ columns }) => columns.map(({ oid }) => oid));
}
