import { describe, expect, test } from 'vitest';
import { decodeMessage } from '../../collector/snmp/decode-message.ts';
import { newMessageView } from '../../collector/snmp/message-view.ts';
import type { Pdu } from '../../collector/snmp/pdu-object.ts';
import { hearOfEngine } from '../../collector/snmp/usm/engine-clock.ts';
import { openReply } from '../../collector/snmp/usm/open-reply.ts';
import { NO_KEYS, type Sealing, seal, store, userWith } from '../snmp/v3-peers.ts';
import { LINK_DOWN, message, notificationPdu, pduOf } from './trap-messages.ts';
import { ROUTER, SWITCH, startRig, TestSender, type TrapRig, trapConfig } from './trap-rig.ts';

const inform = (requestId = 1): Pdu => notificationPdu(LINK_DOWN, requestId, 'inform');
const responses = (rig: TrapRig) => rig.metric('trap_answers_total', { answer: 'response' });

describe('an inform', () => {
  test('is answered with its own varbinds, and only when it is stored', async () => {
    await using rig = await startRig();
    await using sender = await TestSender.open();
    rig.storage = 'holds';
    await sender.send(message(inform(77)), rig.port);
    await rig.arrived(1);
    expect(rig.recorded).toMatchObject([{ deviceId: 'switch-1', isInform: true, count: 1 }]);
    expect(await responses(rig)).toBe(0);
    rig.release();
    expect(pduOf(await sender.answer())).toEqual({
      ...inform(77),
      type: 'response',
      unreadable: [],
    });
  });

  test('is not answered when the journal fails, and taken anew when it comes again', async () => {
    await using rig = await startRig();
    await using sender = await TestSender.open();
    rig.storage = 'fails';
    await sender.send(message(inform()), rig.port);
    await rig.arrived(1);
    await sender.send(message(inform()), rig.port);
    await rig.arrived(2);
    expect(await responses(rig)).toBe(0);
    rig.storage = 'stores';
    await sender.send(message(inform()), rig.port);
    await sender.answer();
    expect(await responses(rig)).toBe(1);
    expect(rig.recorded).toHaveLength(3);
  });

  test('that comes again is answered each time and counted once', async () => {
    await using rig = await startRig();
    await using sender = await TestSender.open();
    rig.storage = 'holds';
    for (let sent = 1; sent <= 3; sent += 1) await sender.send(message(inform()), rig.port);
    await rig.arrived(3);
    expect(await responses(rig)).toBe(0);
    rig.release();
    for (let answered = 1; answered <= 3; answered += 1) await sender.answer();
    await sender.send(message(inform()), rig.port);
    await sender.answer();
    expect(await rig.verdicts()).toEqual({ accepted: 1, 'repeated-inform': 3 });
    expect(rig.recorded).toHaveLength(1);
  });

  test('with the request id of another one is another one', async () => {
    await using rig = await startRig();
    await using sender = await TestSender.open();
    const values = (value: number) =>
      [{ oid: '1.3.6.1.2.1.2.2.1.1.1', type: 'integer', value }] as const;
    for (const port of [1, 2]) {
      await sender.send(message(notificationPdu(LINK_DOWN, 1, 'inform', values(port))), rig.port);
      await sender.answer();
    }
    expect(await rig.verdicts()).toEqual({ accepted: 2 });
  });

  test('in a storm is answered when its summary is stored', async () => {
    await using rig = await startRig();
    await using sender = await TestSender.open();
    for (let id = 1; id <= 20; id += 1) await sender.send(message(inform(id)), rig.port);
    await rig.arrived(20);
    for (let answered = 1; answered <= 5; answered += 1) await sender.answer();
    expect(await responses(rig)).toBe(5);
    rig.clock.advance(500);
    for (let answered = 6; answered <= 20; answered += 1) await sender.answer();
    expect(rig.recorded.at(-1)).toMatchObject({ count: 15, isInform: true });
  });

  test('that cannot wait any more is left to come again', async () => {
    await using rig = await startRig(trapConfig([SWITCH]));
    await using sender = await TestSender.open();
    rig.storage = 'holds';
    const total = 8_300;
    for (let id = 1; id <= total; id += 1) {
      await sender.send(message(inform(id)), rig.port);
      if (id % 200 === 0) await rig.arrived(id);
    }
    await rig.arrived(total);
    const verdicts = await rig.verdicts();
    expect(verdicts['too-many-waiting']).toBe(total - 8_192);
    expect(verdicts.accepted! + verdicts.summarised!).toBe(8_192);
    rig.release();
  });
});

describe('a v3 inform', () => {
  const user = userWith('sha256', 'aes128');
  const nobody: Sealing = {
    messageId: 11,
    flags: 4,
    engineId: new Uint8Array(0),
    time: { boots: 0, timeSeconds: 0 },
    userName: new Uint8Array(0),
    keys: NO_KEYS,
  };

  /** Asks who the receiver is, as RFC 3414 §4 has it, and gives what a sender then seals with. */
  async function discover(sender: TestSender, rig: TrapRig): Promise<Sealing> {
    await sender.send(seal(inform(), nobody), rig.port);
    const view = newMessageView();
    expect(decodeMessage(view, await sender.answer())).toBeNull();
    const engineId = Uint8Array.from(view.octets.subarray(view.engineIdStart, view.engineIdEnd));
    const time = { boots: view.engineBoots, timeSeconds: view.engineTimeSeconds };
    const keys = store.keys(user, engineId);
    return { messageId: 12, flags: 7, engineId, time, userName: user.name, keys };
  }

  /** What the answer is worth to whoever asked. */
  function judge(answer: Buffer, sealing: Sealing, requestId = 1) {
    const view = newMessageView();
    expect(decodeMessage(view, answer)).toBeNull();
    expect(view.messageId).toBe(sealing.messageId);
    const { engineId, keys } = sealing;
    const engine = hearOfEngine(engineId, sealing.time, 0);
    const contextName = new Uint8Array(0);
    return openReply(view, { requestId, user, levelFlags: 3, keys, contextName, engine }, 0);
  }

  test('is answered after discovery, encrypted as it came', async () => {
    await using rig = await startRig();
    await using sender = await TestSender.open(ROUTER.address);
    const sealing = await discover(sender, rig);
    expect(sealing.time).toEqual({ boots: 1, timeSeconds: 0 });
    await sender.send(seal(inform(), sealing), rig.port);
    expect(judge(await sender.answer(), sealing)).toMatchObject({ kind: 'response' });
    expect(rig.recorded).toMatchObject([{ deviceId: 'router-1', isInform: true }]);
    expect(await rig.verdicts()).toEqual({ 'unknown-engine-id': 1, accepted: 1 });
  });

  test('with another message id is the same one', async () => {
    await using rig = await startRig();
    await using sender = await TestSender.open(ROUTER.address);
    const sealing = await discover(sender, rig);
    for (const messageId of [21, 22, 23]) {
      const again = { ...sealing, messageId };
      await sender.send(seal(inform(), again), rig.port);
      expect(judge(await sender.answer(), again)).toMatchObject({ kind: 'response' });
    }
    expect(rig.recorded).toHaveLength(1);
  });

  test('replayed after its time gets the time of day and counts nothing', async () => {
    await using rig = await startRig();
    await using sender = await TestSender.open(ROUTER.address);
    const sealing = await discover(sender, rig);
    const datagram = seal(inform(), sealing);
    await sender.send(datagram, rig.port);
    await sender.answer();
    rig.clock.advance(200_000);
    await sender.send(datagram, rig.port);
    expect(judge(await sender.answer(), sealing)).toMatchObject({
      kind: 'ask-again',
      because: 'time-synchronised',
      engine: { boots: 1, timeSeconds: 200 },
    });
    expect(rig.recorded).toHaveLength(1);
  });

  test('of before our restart is refused: the id is the same, the boots are not', async () => {
    const first = await startRig();
    await using sender = await TestSender.open(ROUTER.address);
    const sealing = await discover(sender, first);
    const { identity } = first;
    await first.receiver.stop();
    await using second = await startRig(undefined, identity);
    await sender.send(seal(inform(), sealing), second.port);
    expect(judge(await sender.answer(), sealing)).toMatchObject({
      kind: 'ask-again',
      engine: { boots: 2 },
    });
    expect(await second.verdicts()).toEqual({ 'not-in-time-window': 1 });
  });

  test.each<[string, (sealing: Sealing) => Sealing]>([
    ['unsupported-security-level', (sealing) => ({ ...sealing, flags: 4, keys: NO_KEYS })],
    ['unsupported-security-level', (sealing) => ({ ...sealing, flags: 5 })],
    ['unknown-user-name', (sealing) => ({ ...sealing, userName: Buffer.from('guest') })],
    ['wrong-digest', (sealing) => ({ ...sealing, keys: store.keys(user, Buffer.from('other')) })],
  ])('gets the report %s and counts nothing', async (verdict, spoil) => {
    await using rig = await startRig();
    await using sender = await TestSender.open(ROUTER.address);
    const sealing = await discover(sender, rig);
    await sender.send(seal(inform(), spoil(sealing)), rig.port);
    await sender.answer();
    expect(await rig.verdicts()).toEqual({ 'unknown-engine-id': 1, [verdict]: 1 });
    expect(rig.recorded).toEqual([]);
    expect(await rig.metric('trap_answers_total', { answer: 'report' })).toBe(2);
  });
});
