import { say } from '../../lib/local-text.ts';
import { compareOids } from '../oid.ts';
import type { PollClient } from '../poll-client.ts';
import type { SnmpAnswer, Varbind } from '../snmp-client.ts';
import { walkSubtree } from '../snmp-walk.ts';
import type { Recording } from './snmprec.ts';

/** Octets around the varbinds of a reply of SNMPv2c with a short community. */
const FRAME_OCTETS = 64;

const NOT_ALONG_A_PLAN = {
  failure: 'aborted',
  detail: say('a recording is read by walking it', '录制数据只能以遍历方式读取'),
} as const;

/** A device that answers from a recording, as often as it is asked. */
export function recordedClient({ varbinds }: Recording): PollClient {
  const answer = (told: readonly Varbind[]): SnmpAnswer => ({
    varbinds: told,
    error: null,
    rttMs: 0,
  });
  const at = (oid: string): number => firstNotBefore(varbinds, oid);
  const client: PollClient = {
    frameOctets: FRAME_OCTETS,
    async get(oids) {
      return answer(
        oids.map((oid): Varbind => {
          const found = varbinds[at(oid)];
          if (found?.oid === oid) return found;
          return { oid, type: 'no-such-object', value: null };
        }),
      );
    },
    async getBulk(oids, maxRepetitions) {
      const places = oids.map((oid) => {
        const place = at(oid);
        return varbinds[place]?.oid === oid ? place + 1 : place;
      });
      const told: Varbind[] = [];
      for (let repetition = 0; repetition < maxRepetitions; repetition += 1) {
        places.forEach((place, column) => {
          const last = varbinds.at(-1)?.oid ?? oids[column]!;
          const end: Varbind = { oid: last, type: 'end-of-mib-view', value: null };
          told.push(varbinds[place + repetition] ?? end);
        });
      }
      return answer(told);
    },
    walk: (root, rowCap, bounds) => walkSubtree(client, root, rowCap, bounds),
    ask: (_question, _deadlineMs, asker) => asker.failed(NOT_ALONG_A_PLAN),
    close() {},
  };
  return client;
}

/** The place of the first varbind that does not come before the OID. */
function firstNotBefore(varbinds: readonly Varbind[], oid: string): number {
  let low = 0;
  let high = varbinds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareOids(varbinds[middle]!.oid, oid) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
