import type { PollClient } from './poll-client.ts';
import { oidFromText } from './snmp/oid-octets.ts';
import type { PduView } from './snmp/pdu-view.ts';
import { TIME_TICKS } from './snmp/tags.ts';
import type { RequestBounds, SnmpError } from './snmp-client.ts';
import { type AskManner, questionFor } from './transport/dialect.ts';

/** RFC 3418. */
export const SYS_UP_TIME = '1.3.6.1.2.1.1.3.0';
const NAME = oidFromText(SYS_UP_TIME)!;
const QUESTION = questionFor('get', [NAME]);

/** What came of asking a device whether it answers. */
export interface Heartbeat {
  /** null: it answered. */
  readonly error: SnmpError | null;
  readonly rttMs: number | null;
  readonly sysUpTimeTicks: number | null;
}

/**
 * Asks a device for sysUpTime, with a datagram that is the same for all, and looks at no more of the
 * reply than it has to. An agent that answers in another way than usual is asked once more, as any
 * object is.
 */
export async function askHeartbeat(
  client: PollClient,
  bounds: RequestBounds,
  manner: AskManner,
): Promise<Heartbeat> {
  const heartbeat = await new Promise<Heartbeat | null>((resolve) => {
    const replied = (pdu: PduView, rttMs: number) => resolve(usualReply(pdu, rttMs));
    const failed = (error: SnmpError) => resolve({ error, rttMs: null, sysUpTimeTicks: null });
    client.ask(QUESTION, bounds.deadlineMs, { replied, failed }, manner);
  });
  if (heartbeat !== null) return heartbeat;
  const { varbinds, error, rttMs } = await client.get([SYS_UP_TIME], bounds);
  const ticks = varbinds[0]?.value;
  return { error, rttMs, sysUpTimeTicks: typeof ticks === 'number' ? ticks : null };
}

/** null when it is another than the time alone. */
function usualReply(pdu: PduView, rttMs: number): Heartbeat | null {
  const { nameStarts, nameEnds, types, numbers } = pdu.columns;
  if (pdu.errorStatus !== 0 || pdu.count !== 1 || types[0] !== TIME_TICKS) return null;
  const start = nameStarts[0]!;
  if (nameEnds[0]! - start !== NAME.length) return null;
  for (let at = 0; at < NAME.length; at += 1) {
    if (pdu.octets[start + at] !== NAME[at]) return null;
  }
  return { error: null, rttMs: Math.round(rttMs * 1000) / 1000, sysUpTimeTicks: numbers[0]! };
}
