import type { HostileMode } from '../agent.ts';
import { communityMessage, type Octets, octetString, timeTicks, varbind } from '../ber.ts';
import { OBJECT } from '../honest-device.ts';
import { type CommunityAsk, doing, rightReply, sending } from '../saying.ts';

/** What a forged reply says, so that it is known wherever it shows. */
export const FORGED = 'FORGED';
export const FORGED_TICKS = 666_00;

const GET_REQUEST = 0xa0;
const TRAP_V2 = 0xa7;
const REPORT = 0xa8;

/** Asks whose first datagrams are lost, and one in so many of those after. */
const LOSS_RATIO = 0.3;
const FORGED_COUNT = 50;
const COPIES = 3;
/** More than the tries of one request, each of which may still be answered. */
const STALE_AFTER_ASKS = 3;
/** Longer than a first try waits (a second, and a quarter of it), shorter than the last one. */
const LATE_MS = 1_400;

/** A reply to the ask that says what is not true of any object. */
export function forgedReply(ask: CommunityAsk, parts: Partial<ForgedParts> = {}): Octets {
  const { version = ask.version, community = ask.community, id = ask.id, tag = 0xa2 } = parts;
  const lies = ask.question.oids.map((oid) =>
    varbind(oid, oid === OBJECT.sysUpTime ? timeTicks(FORGED_TICKS) : octetString(FORGED)),
  );
  return communityMessage({ version, community, requestId: id, tag, varbinds: lies });
}

interface ForgedParts {
  readonly version: number;
  readonly community: string;
  readonly id: number;
  readonly tag: number;
}

/** Rows 1 to 7: who answers, when, and to what. */
export const REPLY_MODES: readonly HostileMode[] = [
  doing(
    { row: 1, name: 'other-port', does: 'answers from another port' },
    (stage) => (ask) => stage.voice.sendFromOtherPort(ask, rightReply(stage, ask)),
  ),
  doing(
    { row: 1, name: 'other-address', does: 'answers from another address' },
    (stage) => (ask) => stage.voice.sendFromOtherAddress(ask, rightReply(stage, ask)),
  ),
  sending(
    { row: 2, name: 'wrong-id', does: 'answers with an id that nobody sent' },
    (_right, ask) => [forgedReply(ask, { id: (ask.id + 1) % 2 ** 31 })],
  ),
  sending(
    { row: 2, name: 'wrong-id-first', does: 'answers with a wrong id, then with the right one' },
    (right, ask) => [forgedReply(ask, { id: (ask.id + 1) % 2 ** 31 }), right],
  ),
  doing({ row: 2, name: 'stale-id', does: 'answers with an id of long ago' }, (stage) => {
    const ids: number[] = [];
    return (ask) => {
      ids.push(ask.id);
      if (ids.length > STALE_AFTER_ASKS) {
        stage.voice.send(ask, forgedReply(ask, { id: ids.shift()! }));
      }
    };
  }),
  doing(
    { row: 2, name: 'reordered', does: 'answers every second ask before the first' },
    (stage) => {
      let held: { ask: CommunityAsk; octets: Octets } | null = null;
      return (ask) => {
        const octets = rightReply(stage, ask);
        if (held === null) {
          held = { ask, octets };
          return;
        }
        stage.voice.send(ask, octets);
        stage.voice.send(held.ask, held.octets);
        held = null;
      };
    },
  ),
  sending({ row: 3, name: 'duplicate', does: 'answers three times' }, (right) =>
    Array.from({ length: COPIES }, () => right),
  ),
  doing({ row: 3, name: 'late', does: 'answers after the first try was given up' }, (stage) => {
    return (ask) => {
      const octets = rightReply(stage, ask);
      stage.voice.after(LATE_MS, () => stage.voice.send(ask, octets));
    };
  }),
  doing(
    { row: 3, name: 'very-late', does: 'answers an ask when the next one has come, with a lie' },
    (stage) => {
      const old: Octets[] = [];
      return (ask) => {
        for (const octets of old.splice(0)) stage.voice.send(ask, octets);
        old.push(forgedReply(ask));
        stage.voice.after(1, () => stage.voice.send(ask, rightReply(stage, ask)));
      };
    },
  ),
  doing({ row: 4, name: 'loss', does: 'loses three of ten datagrams' }, (stage) => (ask) => {
    if (stage.random.next() >= LOSS_RATIO) stage.voice.send(ask, rightReply(stage, ask));
  }),
  doing({ row: 4, name: 'first-lost', does: 'loses the first datagram of all' }, (stage) => {
    return (ask) => {
      if (ask.number > 1) stage.voice.send(ask, rightReply(stage, ask));
    };
  }),
  doing({ row: 4, name: 'silent', does: 'never answers' }, () => () => {}),
  sending(
    { row: 5, name: 'forged-first', does: 'sends fifty forged replies before the true one' },
    (right, ask, { random }) => [
      ...Array.from({ length: FORGED_COUNT }, (_, place) => {
        if (place % 3 === 0) return forgedReply(ask, { community: 'guessed' });
        if (place % 3 === 1) return forgedReply(ask, { version: 1 - ask.version });
        return forgedReply(ask, { id: Math.floor(random.next() * 2 ** 31) });
      }),
      right,
    ],
  ),
  sending(
    { row: 6, name: 'wrong-community', does: 'answers in another community' },
    (_right, ask) => [forgedReply(ask, { community: 'private' })],
  ),
  sending({ row: 6, name: 'wrong-version', does: 'answers v2c with v1' }, (_right, ask) => [
    forgedReply(ask, { version: 1 - ask.version }),
  ]),
  sending(
    { row: 6, name: 'wrong-pdu', does: 'answers with a request, a trap, a report' },
    (_right, ask) => [GET_REQUEST, TRAP_V2, REPORT].map((tag) => forgedReply(ask, { tag })),
  ),
  doing(
    { row: 7, name: 'port-closed', does: 'stops listening when it is first asked' },
    (stage) => () => stage.voice.stopListening(),
  ),
  sending({ row: 6, name: 'echo', does: 'sends back what was asked' }, (_right, ask) => [
    ask.octets,
  ]),
];
