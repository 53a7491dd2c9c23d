import dgram from 'node:dgram';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newBerWriter, writtenOctets } from '../../collector/snmp/ber-writer.ts';
import { decodeMessage } from '../../collector/snmp/decode-message.ts';
import { encodeMessage } from '../../collector/snmp/encode-message.ts';
import { newMessageView } from '../../collector/snmp/message-view.ts';
import { type Pdu, pduObject } from '../../collector/snmp/pdu-object.ts';
import { hearOfEngine } from '../../collector/snmp/usm/engine-clock.ts';
import {
  type OpenedNotification,
  openNotification,
} from '../../collector/snmp/usm/open-notification.ts';
import { usmReport } from '../../collector/snmp/usm/reports.ts';
import type { UsmUser } from '../../collector/snmp/usm/user-keys.ts';
import type { Varbind } from '../../collector/snmp-client.ts';
import { systemClock } from '../../lib/clock.ts';
import {
  type Agent,
  PAIRS,
  runClient,
  startAgent,
  userNameOf,
  userOptions,
  withoutDebian,
} from './debian-programs.ts';
import { Asker, askCommunity, askUser } from './exchange.ts';
import { NO_KEYS, seal, store, USER_NAME, userWith } from './v3-peers.ts';

const SYS_NAME = '1.3.6.1.2.1.1.5.0';
const SYS_UP_TIME = '1.3.6.1.2.1.1.3.0';
const NAME = {
  oid: SYS_NAME,
  type: 'octet-string',
  value: new Uint8Array(Buffer.from('test-agent')),
};
const GET_NAME = { operation: 'get', oids: [SYS_NAME] } as const;

describe.skipIf(withoutDebian)("Debian's agent answers us", () => {
  let agent: Agent;
  beforeAll(async () => {
    agent = await startAgent();
  });
  afterAll(() => agent.stop());

  test.each(['v1', 'v2c'] as const)('over %s', async (version) => {
    using asker = new Asker(agent.port);
    expect(await askCommunity(asker, version, 'public', GET_NAME)).toEqual([NAME]);
    const next = { operation: 'get-next', oids: ['1.3.6.1.2.1.1.5', '1.3.6.1.2.1.1.3'] } as const;
    const found = await askCommunity(asker, version, 'public', next);
    expect(found.map(({ oid, type }) => [oid, type])).toEqual([
      [SYS_NAME, 'octet-string'],
      [SYS_UP_TIME, 'time-ticks'],
    ]);
  });

  test('a GETBULK with all that fits a datagram', async () => {
    using asker = new Asker(agent.port);
    const limits = { nonRepeaters: 1, maxRepetitions: 40 };
    const oids = ['1.3.6.1.2.1.1.3', '1.3.6.1.2.1.1'];
    const found = await askCommunity(asker, 'v2c', 'public', {
      operation: 'get-bulk',
      oids,
      limits,
    });
    expect(found.length).toBeGreaterThan(20);
    expect(found[0]?.oid).toBe(SYS_UP_TIME);
    expect(found).toContainEqual(NAME);
  });

  test.each(PAIRS)('%s with %s', async (authentication, privacy) => {
    using asker = new Asker(agent.port);
    const user = userWith(authentication, privacy, userNameOf(authentication, privacy));
    const { steps, varbinds } = await askUser(asker, user, GET_NAME);
    expect(varbinds).toEqual([NAME]);
    // The time that came with discovery was right, so one more request is enough.
    expect(steps).toEqual(['engine-discovered', 'response']);
  });

  test('authentication without privacy, and no authentication', async () => {
    using asker = new Asker(agent.port);
    const name = userNameOf('sha256', 'aes128');
    for (const user of [userWith('sha256', null, name), userWith(null, null, name)]) {
      expect((await askUser(asker, user, GET_NAME)).varbinds).toEqual([NAME]);
    }
  });

  test('an unknown user and a wrong password, by name', async () => {
    using asker = new Asker(agent.port);
    const stranger = await askUser(asker, userWith('sha1', 'aes128', 'stranger'), GET_NAME);
    expect(stranger.reply).toMatchObject({ kind: 'failed', because: 'unknown-user-name' });
    // MD5 where the agent has SHA-256: another key, and another length of digest.
    const wrong = userWith('md5', null, userNameOf('sha256', 'aes128'));
    expect((await askUser(asker, wrong, GET_NAME)).reply).toMatchObject({
      kind: 'failed',
      because: 'wrong-digest',
    });
  });

  test('after a restart, and after one that lost its boots', async () => {
    using asker = new Asker(agent.port);
    const user = userWith('sha1', 'aes128', userNameOf('sha1', 'aes128'));
    await agent.restart(false);
    const first = await askUser(asker, user, GET_NAME);
    await agent.restart(false);
    const second = await askUser(asker, user, GET_NAME, first.reply.engine);
    expect(second.steps).toEqual(['time-synchronised', 'response']);
    expect(second.reply.engine.boots).toBe(first.reply.engine.boots + 1);
    await agent.restart(true);
    const third = await askUser(asker, user, GET_NAME, second.reply.engine);
    expect(third.steps).toEqual(['boots-went-back', 'engine-discovered', 'response']);
    expect(third.varbinds).toEqual([NAME]);
  });
});

/** A socket on a free loopback port that answers each datagram with what `answer` gives. */
async function listen(answer: (datagram: Buffer) => Uint8Array | null) {
  const socket = dgram.createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  socket.on('message', (datagram, { port, address }) => {
    const reply = answer(datagram);
    if (reply !== null) socket.send(reply, port, address);
  });
  return { address: `127.0.0.1:${socket.address().port}`, [Symbol.dispose]: () => socket.close() };
}

describe.skipIf(withoutDebian)("Debian's clients read us", () => {
  const VALUES: readonly Omit<Varbind, 'oid'>[] = [
    { type: 'integer', value: -2_147_483_648 },
    { type: 'octet-string', value: Buffer.from('a name') },
    { type: 'oid', value: '1.3.6.1.4.1.4294967295' },
    { type: 'ip-address', value: '192.0.2.255' },
    { type: 'counter32', value: 4_294_967_295 },
    { type: 'gauge32', value: 2_147_483_648 },
    { type: 'time-ticks', value: 4_294_967_295 },
    { type: 'counter64', value: 18_446_744_073_709_551_615n },
    { type: 'opaque', value: 21.5 },
    { type: 'no-such-object', value: null },
    { type: 'no-such-instance', value: null },
    { type: 'end-of-mib-view', value: null },
  ];
  const varbinds = VALUES.map((value, index) => ({
    oid: `1.3.6.1.4.1.8072.9999.${index}`,
    ...value,
  }));

  test('values of every type', async () => {
    const view = newMessageView();
    const writer = newBerWriter(65_507);
    using responder = await listen((datagram) => {
      expect(decodeMessage(view, datagram)).toBeNull();
      const { requestId } = view.pdu;
      const response: Pdu = {
        type: 'response',
        requestId,
        errorStatus: 0,
        errorIndex: 0,
        varbinds,
      };
      expect(encodeMessage(writer, 'v2c', Buffer.from('public'), response)).toBeNull();
      return writtenOctets(writer);
    });
    const oids = varbinds.map(({ oid }) => oid);
    const text = await runClient(
      'snmpget',
      '-v2c',
      '-c',
      'public',
      '-On',
      responder.address,
      ...oids,
    );
    expect(
      text
        .trimEnd()
        .split('\n')
        .map((line) => line.replace(/^.*? = /, '')),
    ).toEqual([
      'INTEGER: -2147483648',
      'STRING: "a name"',
      'OID: .1.3.6.1.4.1.4294967295',
      'IpAddress: 192.0.2.255',
      'Counter32: 4294967295',
      'Gauge32: 2147483648',
      'Timeticks: (4294967295) 497 days, 2:27:52.95',
      'Counter64: 18446744073709551615',
      'Opaque: Float: 21.500000',
      'No Such Object available on this agent at this OID',
      'No Such Instance currently exists at this OID',
      'No more variables left in this MIB View (It is past the end of the MIB tree)',
    ]);
  });
});

describe.skipIf(withoutDebian)("Debian's notifications reach us", () => {
  const OWN_ENGINE = Buffer.from('80001f8804726563656976', 'hex');
  const SENDER_ENGINE = '80001f880473656e646572';
  const OWN_TIME = { boots: 4, timeSeconds: 5_000 };
  const WARM_START = '1.3.6.1.6.3.1.1.5.2';
  const CONTENT = ['7', WARM_START, SYS_NAME, 's', 'test-agent'];

  /** Receives as `user`, sends the reports and responses that are due, and records what was decided. */
  async function receiver(user: UsmUser) {
    const view = newMessageView();
    const opened: (OpenedNotification & { readonly pdu?: Pdu })[] = [];
    let arrived = () => {};
    const socket = await listen((datagram) => {
      expect(decodeMessage(view, datagram)).toBeNull();
      const nowMs = systemClock.monotonicMs();
      const engine = { engineId: OWN_ENGINE, time: OWN_TIME };
      const found = openNotification(
        view,
        {
          ...engine,
          findUser: (name) => (Buffer.from(name).equals(user.name) ? user : null),
          keys: store.keys,
          sender: (engineId) => hearOfEngine(engineId, { boots: 0, timeSeconds: 0 }, nowMs),
        },
        nowMs,
      );
      const pdu = found.kind === 'accepted' ? pduObject(view.pdu) : undefined;
      opened.push({ ...found, ...(pdu && { pdu }) });
      arrived();
      const { messageId } = view;
      const userName = view.octets.subarray(view.userStart, view.userEnd);
      if (found.kind === 'refused') {
        if (found.report === null) return null;
        const isProven = found.report === 'not-in-time-window';
        const flags = isProven ? 1 : 0;
        const keys = isProven ? store.keys(user, OWN_ENGINE) : NO_KEYS;
        const report = usmReport(found.report, found.requestId, 1);
        return seal(report, { messageId, flags, userName, keys, ...engine });
      }
      if (!found.isInform || pdu === undefined || !('requestId' in pdu)) return null;
      const { requestId, varbinds } = pdu;
      const response: Pdu = {
        type: 'response',
        requestId,
        errorStatus: 0,
        errorIndex: 0,
        varbinds,
      };
      const keys = store.keys(user, OWN_ENGINE);
      const { octets } = view.pdu;
      const contextEngineId = octets.subarray(view.contextEngineIdStart, view.contextEngineIdEnd);
      return seal(response, { messageId, flags: 3, userName, keys, contextEngineId, ...engine });
    });
    const next = () =>
      new Promise<void>((resolve) => {
        arrived = resolve;
      });
    return Object.assign(socket, { opened, next });
  }

  const expectedPdu = (type: string) => ({
    type,
    varbinds: [
      { oid: SYS_UP_TIME, type: 'time-ticks', value: 7 },
      { oid: '1.3.6.1.6.3.1.1.4.1.0', type: 'oid', value: WARM_START },
      NAME,
    ],
    unreadable: [],
  });

  test.each(PAIRS)('a trap with %s and %s', async (authentication, privacy) => {
    using socket = await receiver(userWith(authentication, privacy));
    const options = userOptions(USER_NAME, authentication, privacy);
    const came = socket.next();
    await runClient('snmptrap', ...options, '-e', `0x${SENDER_ENGINE}`, socket.address, ...CONTENT);
    await came;
    const [trap] = socket.opened;
    expect(trap).toMatchObject({ kind: 'accepted', isInform: false, pdu: expectedPdu('trap-v2') });
    expect(trap?.kind === 'accepted' && trap.sender).toMatchObject({
      isSynchronised: true,
      engineId: Uint8Array.from(Buffer.from(SENDER_ENGINE, 'hex')),
    });
  });

  test.each(PAIRS)('an inform with %s and %s', async (authentication, privacy) => {
    using socket = await receiver(userWith(authentication, privacy));
    const options = userOptions(USER_NAME, authentication, privacy);
    // It ends without an error only once our response has reached it.
    await runClient('snmpinform', ...options, '-r', '0', socket.address, ...CONTENT);
    expect(socket.opened.at(0)).toMatchObject({ kind: 'refused', because: 'unknown-engine-id' });
    expect(socket.opened.at(-1)).toMatchObject({
      kind: 'accepted',
      isInform: true,
      pdu: expectedPdu('inform'),
    });
  });

  test('a trap with another password is refused', async () => {
    using socket = await receiver(userWith('sha256', 'aes128'));
    const options = userOptions(USER_NAME, 'sha256', 'aes128').with(8, 'another passphrase');
    const came = socket.next();
    await runClient('snmptrap', ...options, '-e', `0x${SENDER_ENGINE}`, socket.address, ...CONTENT);
    await came;
    expect(socket.opened).toEqual([
      { kind: 'refused', because: 'wrong-digest', report: null, requestId: 0 },
    ]);
  });
});
