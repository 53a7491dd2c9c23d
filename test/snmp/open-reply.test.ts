import { describe, expect, test } from 'vitest';
import { newBerWriter } from '../../collector/snmp/ber-writer.ts';
import { decodeMessage } from '../../collector/snmp/decode-message.ts';
import { newMessageView } from '../../collector/snmp/message-view.ts';
import type { Pdu } from '../../collector/snmp/pdu-object.ts';
import {
  type EngineClock,
  hearOfEngine,
  judgeEngineTime,
  UNKNOWN_ENGINE,
} from '../../collector/snmp/usm/engine-clock.ts';
import { type AskedV3, openReply, type ReplyV3 } from '../../collector/snmp/usm/open-reply.ts';
import { type UsmReportKind, usmReport } from '../../collector/snmp/usm/reports.ts';
import { sealMessage } from '../../collector/snmp/usm/seal-message.ts';
import { readableVarbinds } from '../../collector/snmp/varbind-objects.ts';
import { NO_KEYS, type Sealing, salts, seal, store, userWith } from './v3-peers.ts';

const ENGINE_ID = new Uint8Array(Buffer.from('80001f8804656e67696e65', 'hex'));
const OTHER_ENGINE_ID = new Uint8Array(Buffer.from('80001f88046f74686572', 'hex'));
const NOW = 50_000;
const REQUEST_ID = 0x0102_0304;
const user = userWith('sha256', 'aes128');
const keys = store.keys(user, ENGINE_ID);

const response: Pdu = {
  type: 'response',
  requestId: REQUEST_ID,
  errorStatus: 0,
  errorIndex: 0,
  varbinds: [{ oid: '1.3.6.1.2.1.1.5.0', type: 'octet-string', value: Buffer.from('true name') }],
};
const forged: Pdu = {
  ...response,
  varbinds: [{ oid: '1.3.6.1.2.1.1.5.0', type: 'octet-string', value: Buffer.from('FORGED') }],
};
const sealing: Sealing = {
  messageId: 1,
  flags: 3,
  engineId: ENGINE_ID,
  time: { boots: 6, timeSeconds: 1_000 },
  userName: user.name,
  keys,
};
const unsealed: Sealing = { ...sealing, flags: 0, keys: NO_KEYS };

const synchronised: EngineClock = judgeEngineTime(
  hearOfEngine(ENGINE_ID, { boots: 0, timeSeconds: 0 }, NOW),
  sealing.time,
  NOW,
).engine;
const asked: AskedV3 = {
  requestId: REQUEST_ID,
  user,
  levelFlags: 3,
  keys,
  contextName: new Uint8Array(0),
  engine: synchronised,
};
const discovery: AskedV3 = { ...asked, levelFlags: 0, keys: NO_KEYS, engine: UNKNOWN_ENGINE };

const view = newMessageView();

function judge(datagram: Uint8Array, question: AskedV3 = asked): ReplyV3 {
  expect(decodeMessage(view, datagram)).toBeNull();
  return openReply(view, question, NOW);
}

const report = (kind: UsmReportKind) => usmReport(kind, REQUEST_ID, 1);

describe('a reply counts', () => {
  test('at the asked level', () => {
    expect(judge(seal(response, sealing))).toEqual({ kind: 'response', engine: synchronised });
    expect(readableVarbinds(view.pdu)[0]?.value).toEqual(new Uint8Array(Buffer.from('true name')));
  });

  test('without security, for a user who has none', () => {
    const open = userWith(null, null);
    const question = { ...asked, user: open, levelFlags: 0, keys: NO_KEYS };
    expect(judge(seal(response, unsealed), question).kind).toBe('response');
  });
});

describe('a reply is ignored', () => {
  const flipped = (at: (length: number) => number) => {
    const datagram = seal(response, sealing);
    datagram[at(datagram.length)]! ^= 1;
    return datagram;
  };
  const withDigest = (digest: Uint8Array) => {
    const datagram = seal(response, sealing);
    decodeMessage(view, datagram);
    datagram.set(digest, view.digestStart);
    return datagram;
  };
  const other = userWith('sha256', 'aes128', 'other');

  test.each<[string, string, () => Uint8Array]>([
    ['security-downgrade', 'in clear text', () => seal(forged, unsealed)],
    [
      'security-downgrade',
      'authentic, but not encrypted',
      () => seal(forged, { ...sealing, flags: 1 }),
    ],
    ['wrong-digest', 'with a changed octet', () => flipped((length) => length - 1)],
    ['wrong-digest', 'with a digest of zeros', () => withDigest(new Uint8Array(24))],
    [
      'wrong-engine',
      'from another engine',
      () =>
        seal(response, {
          ...sealing,
          engineId: OTHER_ENGINE_ID,
          keys: store.keys(user, OTHER_ENGINE_ID),
        }),
    ],
    ['wrong-user', 'for another user', () => seal(response, { ...sealing, userName: other.name })],
    [
      'wrong-request-id',
      'with another request id',
      () => seal({ ...response, requestId: 7 }, sealing),
    ],
    [
      'wrong-context',
      'of another context',
      () => seal(response, { ...sealing, contextName: 'bridge1' }),
    ],
    [
      'wrong-context',
      'of another context engine',
      () => seal(response, { ...sealing, contextEngineId: OTHER_ENGINE_ID }),
    ],
    ['wrong-pdu', 'that is a request', () => seal({ ...response, type: 'get' }, sealing)],
    [
      'unproven-time',
      'that claims another time in the clear',
      () => seal(report('not-in-time-window'), { ...unsealed, time: { boots: 9, timeSeconds: 9 } }),
    ],
    [
      'wrong-engine',
      'that denies its own engine id',
      () => seal(report('unknown-engine-id'), unsealed),
    ],
  ])('as %s: %s', (because, _, datagram) => {
    expect(judge(datagram())).toEqual({ kind: 'ignored', because, engine: synchronised });
  });

  test('with a digest of one octet', () => {
    const datagram = seal(response, { ...sealing, flags: 1 });
    decodeMessage(view, datagram);
    view.digestEnd = view.digestStart + 1;
    expect(openReply(view, asked, NOW)).toMatchObject({ because: 'wrong-digest' });
  });

  test('when it is protected though nothing was asked', () => {
    const question = { ...asked, user: userWith(null, null), levelFlags: 0, keys: NO_KEYS };
    expect(judge(seal(response, sealing), question)).toMatchObject({ because: 'unasked-security' });
  });

  test('when it is encrypted with another key, authentic as it is', () => {
    const strange = store.user({
      name: 'monitor',
      authentication: { protocol: 'sha256', password: Buffer.from('authentication pass') },
      privacy: { protocol: 'aes128', password: Buffer.from('another passphrase') },
    });
    const datagram = seal(response, { ...sealing, keys: store.keys(strange, ENGINE_ID) });
    expect(judge(datagram)).toMatchObject({ kind: 'ignored', because: 'decryption-error' });
  });
});

describe('a report', () => {
  test.each<UsmReportKind>(['unknown-engine-id', 'unknown-user-name'])(
    '%s tells the engine id to who asked for it',
    (kind) => {
      const answer = judge(seal(report(kind), unsealed), discovery);
      expect(answer).toMatchObject({ kind: 'ask-again', because: 'engine-discovered' });
      expect(answer.engine).toMatchObject({ engineId: ENGINE_ID, isSynchronised: false, boots: 6 });
    },
  );

  test('without an engine id discovers nothing', () => {
    const empty = { ...unsealed, engineId: new Uint8Array(0) };
    expect(judge(seal(report('unknown-engine-id'), empty), discovery).kind).toBe('ignored');
  });

  test('that the address has become another engine ends no wait', () => {
    const datagram = seal(report('unknown-engine-id'), { ...unsealed, engineId: OTHER_ENGINE_ID });
    expect(judge(datagram)).toEqual({
      kind: 'ignored',
      because: 'other-engine',
      engine: asked.engine,
    });
  });

  test.each<UsmReportKind>([
    'unsupported-security-level',
    'unknown-user-name',
    'wrong-digest',
    'decryption-error',
  ])('%s fails the request at once', (kind) => {
    expect(judge(seal(report(kind), unsealed))).toMatchObject({ kind: 'failed', because: kind });
  });

  test('with a digest tells the time', () => {
    const time = { boots: 7, timeSeconds: 3 };
    const datagram = seal(report('not-in-time-window'), { ...sealing, flags: 1, time });
    expect(judge(datagram)).toMatchObject({
      kind: 'ask-again',
      because: 'time-synchronised',
      engine: { boots: 7, timeSeconds: 3, isSynchronised: true },
    });
  });

  test.each([
    ['boots-went-back', { boots: 1, timeSeconds: 3 }],
    ['time-went-back', { boots: 6, timeSeconds: 3 }],
  ])('that shows %s makes the engine unknown', (because, time) => {
    const datagram = seal(report('not-in-time-window'), { ...sealing, flags: 1, time });
    expect(judge(datagram)).toEqual({ kind: 'ask-again', because, engine: UNKNOWN_ENGINE });
  });

  test('from an engine whose boots are exhausted is the end', () => {
    const time = { boots: 2_147_483_647, timeSeconds: 3 };
    const datagram = seal(report('not-in-time-window'), { ...sealing, flags: 1, time });
    expect(judge(datagram)).toMatchObject({ kind: 'failed', because: 'boots-exhausted' });
  });

  test('that nobody knows is still a failure', () => {
    const varbinds = [{ oid: '1.3.6.1.6.3.15.1.1', type: 'counter32', value: 1 } as const];
    const strange: Pdu = { ...response, type: 'report', varbinds };
    expect(judge(seal(strange, unsealed))).toMatchObject({ kind: 'failed', because: 'other' });
    const context = [{ oid: '1.3.6.1.6.3.12.1.5.0', type: 'counter32', value: 1 } as const];
    expect(judge(seal({ ...strange, varbinds: context }, sealing))).toMatchObject({
      kind: 'failed',
      because: 'unknown-context',
    });
  });
});

describe('a message is not sealed', () => {
  const envelope = { ...sealing, keys };
  const write = (octets: number, given: Sealing = envelope, capacity = 70_000) =>
    sealMessage(newBerWriter(capacity), new Uint8Array(octets), given, salts);

  test('without the keys for its level', () => {
    expect(write(100)).toBe(true);
    expect(write(100, { ...envelope, keys: NO_KEYS })).toBe(false);
    expect(write(100, { ...envelope, keys: { ...keys, cipher: null } })).toBe(false);
    expect(write(100, { ...envelope, flags: 2 })).toBe(false);
  });

  test('when it fits neither a datagram nor the writer', () => {
    expect(write(65_300)).toBe(true);
    expect(write(65_500)).toBe(false);
    expect(write(66_000)).toBe(false);
    expect(write(1_000, envelope, 1_000)).toBe(false);
  });
});
