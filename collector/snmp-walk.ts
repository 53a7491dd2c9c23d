import type { DurationMs } from '../lib/time.ts';
import { compareOids, isWithin } from './oid.ts';
import { POLL_DETAILS } from './poll-details.ts';
import type { RequestBounds, SnmpAnswer, SnmpClient, Varbind } from './snmp-client.ts';

const FIRST_REPETITIONS = 20;

/**
 * Reads everything below `rootOid` with GETBULK. Ends at the end of the subtree, at the first OID
 * that does not increase (an agent can loop for ever), at the row cap, or with the error of a
 * request; what was read is kept. Asks for half as much after too-big or silence.
 */
export async function walkSubtree(
  client: Pick<SnmpClient, 'getBulk'>,
  rootOid: string,
  rowCap: number,
  bounds: RequestBounds,
): Promise<SnmpAnswer> {
  const varbinds: Varbind[] = [];
  let cursor = rootOid;
  let repetitions = FIRST_REPETITIONS;
  let rttMs: DurationMs | null = null;
  for (;;) {
    const answer = await client.getBulk([cursor], repetitions, bounds);
    rttMs = answer.rttMs ?? rttMs;
    const failure = answer.error?.failure;
    if ((failure === 'too-big' || failure === 'timeout') && repetitions > 1) {
      repetitions = Math.floor(repetitions / 2);
      continue;
    }
    if (answer.error !== null) return { varbinds, error: answer.error, rttMs };
    const fresh = answer.varbinds;
    if (fresh.length === 0) return { varbinds, error: null, rttMs };
    for (const varbind of fresh) {
      if (varbind.type === 'end-of-mib-view' || !isWithin(rootOid, varbind.oid)) {
        return { varbinds, error: null, rttMs };
      }
      if (compareOids(varbind.oid, cursor) <= 0) {
        const detail = POLL_DETAILS.notIncreasing;
        return { varbinds, error: { failure: 'not-increasing', detail }, rttMs };
      }
      if (varbinds.length >= rowCap) {
        const detail = POLL_DETAILS.moreRows(rowCap);
        return { varbinds, error: { failure: 'row-cap', detail }, rttMs };
      }
      varbinds.push(varbind);
      cursor = varbind.oid;
    }
  }
}
