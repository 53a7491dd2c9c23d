import type { HostileMode, Stage } from '../agent.ts';
import { type Answer, honestAnswer, type Question } from '../ask.ts';
import { type Octets, octetString, plainV3Message, varbind } from '../ber.ts';
import { type ModeFacts, phases } from '../saying.ts';
import { inventedEngineId, V3_USER, type V3Ask, V3Engine } from '../v3-engine.ts';
import { FORGED } from './replies.ts';

const AUTHENTICATED = 1;
const ENCRYPTED = 2;
const _BOTH = AUTHENTICATED | ENCRYPTED;
const EXHAUSTED_BOOTS = 2 ** 31 - 1;
const AHEAD = { boots: 4_000, timeSeconds: 2_000_000_000 };
const REPORT_COUNT = 500;
const MOST_REPLAYED = 16;
const HOUR_SECONDS = 3_600;
/** Two agents that were set up from one copy. */
const CLONED_ENGINE_ID = Buffer.from('80007ed904636c6f6e65', 'hex');

interface V3Stage extends Stage {
  readonly engine: V3Engine;
}

/** What an engine makes of a message: the datagrams that go back, in their order. */
type Reply = (asked: V3Ask, right: Octets) => readonly Octets[];

/** `begin` starts an engine's life; `onPhase` is called when a phase begins, from 0. */
function engineMode(
  facts: ModeFacts,
  begin: (stage: V3Stage) => Reply,
  onPhase: (stage: V3Stage, phase: number) => void = () => {},
): HostileMode {
  return {
    speaks: 'v3',
    ...facts,
    begin(stage) {
      const engine = new V3Engine(stage.clock, stage.random);
      const v3Stage = { ...stage, engine };
      const reply = begin(v3Stage);
      const notePhase = phases(stage.clock, (phase) => onPhase(v3Stage, phase));
      return (ask) => {
        notePhase();
        const asked = engine.read(ask);
        if (asked === null) return;
        for (const octets of reply(asked, rightReply(asked, v3Stage)))
          stage.voice.send(ask, octets);
      };
    },
  };
}

/** What an honest engine says. */
function rightReply(asked: V3Ask, { engine, device }: V3Stage): Octets {
  if (asked.kind === 'discovery') return engine.report('unknown-engine-id', asked);
  if (asked.kind === 'outside-window') return engine.report('not-in-time-window', asked);
  return engine.response(asked, honestAnswer(device.objects, asked.question!, 3));
}

/** Lies in front of each true answer to a question; everything else is right. */
function lyingFirst(
  facts: ModeFacts,
  lies: (asked: V3Ask & { readonly question: Question }, stage: V3Stage) => readonly Octets[],
): HostileMode {
  return engineMode(facts, (stage) => (asked, right) => {
    const { question } = asked;
    return question === null ? [right] : [...lies({ ...asked, question }, stage), right];
  });
}

/** Reports in place of answers to questions. */
function reporting(
  name: string,
  kind: 'wrong-digest' | 'unknown-user-name' | 'decryption-error',
): HostileMode {
  const does = `answers every question with the report ${kind}`;
  return engineMode({ row: 28, name, does }, ({ engine }) => (asked, right) => [
    asked.kind === 'question' ? engine.report(kind, asked) : right,
  ]);
}

function forged({ oids }: Question): Answer {
  const objects = oids.map((oid) => ({ oid, value: octetString(FORGED) }));
  return { errorStatus: 0, errorIndex: 0, objects };
}

/** A forged answer whose flags claim a security that it does not have. */
function unproven(asked: V3Ask, { engine }: V3Stage, flags: number, digest = ''): Octets {
  return plainV3Message({
    messageId: asked.messageId,
    flags,
    engineId: engine.engineId,
    user: V3_USER.name,
    boots: engine.boots,
    timeSeconds: engine.timeSeconds,
    digest: Buffer.from(digest),
    requestId: asked.question?.requestId ?? 0,
    varbinds: (asked.question?.oids ?? []).map((oid) => varbind(oid, octetString(FORGED))),
  });
}

function flipped(octets: Octets): Octets {
  const spoilt = Buffer.from(octets);
  spoilt[spoilt.length - 1]! ^= 0xff;
  return spoilt;
}

/** Rows 27 to 34: what an engine of SNMPv3 says about itself and its messages. */
export const ENGINE_MODES: readonly HostileMode[] = [
  engineMode(
    { row: 27, name: 'unknown-engine-for-ever', does: 'denies the engine id that it sends' },
    ({ engine }) =>
      (asked) => [engine.report('unknown-engine-id', asked)],
  ),
  engineMode(
    { row: 27, name: 'not-in-time-for-ever', does: 'finds every time wrong' },
    ({ engine }) =>
      (asked, right) => [
        asked.kind === 'discovery' ? right : engine.report('not-in-time-window', asked),
      ],
  ),
  engineMode(
    { row: 27, name: 'boots-exhausted', does: 'has started as often as it can' },
    ({ engine }) => {
      engine.boots = EXHAUSTED_BOOTS;
      return (_asked, right) => [right];
    },
  ),
  reporting('wrong-digest', 'wrong-digest'),
  reporting('unknown-user', 'unknown-user-name'),
  reporting('decryption-error', 'decryption-error'),
  engineMode(
    { row: 28, name: 'silent-when-encrypted', does: 'answers discovery and time, and no question' },
    () => (asked, right) => (asked.kind === 'question' ? [] : [right]),
  ),
  engineMode(
    { row: 29, name: 'unknown-user-first', does: 'answers discovery with unknownUserName' },
    ({ engine }) =>
      (asked, right) => [
        asked.kind === 'discovery' ? engine.report('unknown-user-name', asked) : right,
      ],
  ),
  lyingFirst(
    { row: 30, name: 'unproven-time', does: 'tells another time that nothing proves' },
    (asked, { engine }) => [engine.report('not-in-time-window', asked, { ...AHEAD, flags: 0 })],
  ),
  lyingFirst(
    { row: 31, name: 'clear-answer', does: 'answers in the clear' },
    (asked, { engine }) => [engine.response(asked, forged(asked.question), { flags: 0 })],
  ),
  lyingFirst(
    { row: 31, name: 'unencrypted-answer', does: 'answers with a digest and in the clear' },
    (asked, { engine }) => [
      engine.response(asked, forged(asked.question), { flags: AUTHENTICATED }),
    ],
  ),
  lyingFirst(
    { row: 31, name: 'privacy-alone', does: 'claims privacy without authentication' },
    (asked, stage) => [unproven(asked, stage, ENCRYPTED)],
  ),
  engineMode(
    { row: 31, name: 'only-clear-answers', does: 'answers in the clear and never else' },
    ({ engine }) =>
      (asked, right) => [
        asked.question === null
          ? right
          : engine.response(asked, forged(asked.question), { flags: 0 }),
      ],
  ),
  lyingFirst({ row: 32, name: 'bad-digest', does: 'signs wrongly' }, (asked, { engine }) => [
    flipped(engine.response(asked, forged(asked.question))),
    flipped(engine.response(asked, forged(asked.question), { flags: AUTHENTICATED })),
  ]),
  lyingFirst({ row: 32, name: 'short-digest', does: 'signs with one octet' }, (asked, stage) =>
    Array.from({ length: 256 }, (_, octet) =>
      unproven(asked, stage, AUTHENTICATED, String.fromCharCode(octet)),
    ),
  ),
  lyingFirst(
    { row: 32, name: 'bad-salt', does: 'sends salts of other lengths' },
    (asked, { engine }) =>
      [0, 1, 7, 9, 64].map((length) => engine.salted(Buffer.alloc(length), asked)),
  ),
  lyingFirst(
    { row: 32, name: 'garbage-inside', does: 'encrypts what is no PDU' },
    (asked, { engine, random }) => [
      engine.sealed(Buffer.from(random.bytes(80)), asked),
      engine.sealed(Buffer.alloc(0), asked),
    ],
  ),
  lyingFirst(
    { row: 33, name: 'other-ids', does: 'answers with other ids' },
    (asked, { engine }) => [
      engine.response(asked, forged(asked.question), { messageId: asked.messageId ^ 1 }),
      engine.response(asked, forged(asked.question), { requestId: asked.question.requestId ^ 1 }),
    ],
  ),
  lyingFirst(
    { row: 33, name: 'other-engine', does: 'answers for another engine or context' },
    (asked, { engine, random }) => [
      engine.response(asked, forged(asked.question), { engineId: inventedEngineId(random) }),
      engine.response(asked, forged(asked.question), { contextEngineId: inventedEngineId(random) }),
      engine.response(asked, forged(asked.question), { contextName: 'elsewhere' }),
    ],
  ),
  engineMode({ row: 33, name: 'replay', does: 'sends the answers of before first' }, () => {
    let before: Octets[] = [];
    return (asked, right) => {
      const sent = asked.question === null ? [right] : [...before, right];
      before = [...before, right].slice(-MOST_REPLAYED);
      return sent;
    };
  }),
  lyingFirst(
    { row: 33, name: 'reports-first', does: 'sends 500 reports of other engines first' },
    (asked, { engine, random }) =>
      Array.from({ length: REPORT_COUNT }, (_, place) => {
        const lies = { engineId: inventedEngineId(random), flags: 0 };
        // Whoever does not see the ask can only guess its id.
        const messageId = (asked.messageId + 1 + place) % 2 ** 31;
        return engine.report('unknown-engine-id', { ...asked, messageId }, lies);
      }),
  ),
  lyingFirst(
    {
      row: 33,
      name: 'believable-reports',
      does: 'sends 500 reports of other engines under the right id',
    },
    (asked, { engine, random }) =>
      Array.from({ length: REPORT_COUNT }, () => {
        const lies = { engineId: inventedEngineId(random), flags: 0 };
        return engine.report('unknown-engine-id', asked, lies);
      }),
  ),
  engineMode(
    { row: 34, name: 'boots-fall', does: 'loses its boots' },
    () => (_asked, right) => [right],
    ({ engine }, phase) => {
      engine.boots = phase === 0 ? 6 : 1;
      if (phase === 1) engine.timeShiftSeconds -= HOUR_SECONDS;
    },
  ),
  engineMode(
    { row: 34, name: 'time-jumps', does: 'loses an hour, and finds it' },
    () => (_asked, right) => [right],
    ({ engine }, phase) => {
      if (phase > 0) engine.timeShiftSeconds += phase % 2 === 0 ? HOUR_SECONDS : -HOUR_SECONDS;
    },
  ),
  engineMode(
    { row: 34, name: 'cloned-engine', does: 'has the engine id of another device' },
    ({ engine, random }) => {
      engine.engineId = CLONED_ENGINE_ID;
      engine.boots = 1 + Math.floor(random.next() * 1_000);
      engine.timeShiftSeconds = Math.floor(random.next() * 1_000_000);
      return (_asked, right) => [right];
    },
  ),
];
