import { describe, expect, test } from 'vitest';
import { SECOND } from '../../lib/time.ts';
import { seal, store, userWith } from '../snmp/v3-peers.ts';
import { LINK_DOWN, notificationPdu } from './trap-messages.ts';
import { ROUTER, startRig, TestSender, type TrapRig } from './trap-rig.ts';

const user = userWith('sha256', 'aes128');
const ENGINE = Buffer.from('80007ed905726f75746572', 'hex');

let messageId = 0;

function trapAt(boots: number, timeSeconds: number): Uint8Array {
  messageId += 1;
  return seal(notificationPdu(LINK_DOWN, messageId), {
    ...{ messageId, flags: 3, engineId: ENGINE, time: { boots, timeSeconds } },
    ...{ userName: user.name, keys: store.keys(user, ENGINE) },
  });
}

/** A router that sends traps and whose polls prove what the test says. */
async function startRouter() {
  const rig = await startRig();
  const sender = await TestSender.open(ROUTER.address);
  rig.engineIds.set(ROUTER.id, ENGINE.toString('hex'));
  let sentCount = 0;
  return {
    rig,
    /** Whether the trap counts. */
    async counts(trap: Uint8Array): Promise<boolean> {
      const before = (await rig.verdicts()).accepted ?? 0;
      await sender.send(trap, rig.port);
      sentCount += 1;
      await rig.arrived(sentCount);
      return ((await rig.verdicts()).accepted ?? 0) > before;
    },
    async [Symbol.asyncDispose]() {
      await sender[Symbol.asyncDispose]();
      await rig[Symbol.asyncDispose]();
    },
  };
}

function proves(rig: TrapRig, boots: number, timeSeconds: number): void {
  rig.clock.advance(2 * SECOND);
  const provenAtMs = rig.clock.monotonicMs();
  rig.engineTimes.set(ROUTER.id, { boots, timeSeconds, provenAtMs });
}

describe('traps of an engine that has lost its boots', () => {
  test('count again once a poll has proven them, and old ones do not', async () => {
    await using router = await startRouter();
    const { rig, counts } = router;
    expect(await counts(trapAt(21, 600))).toBe(true);
    expect(await counts(trapAt(2, 10))).toBe(false);
    proves(rig, 2, 12);
    expect(await counts(trapAt(2, 12))).toBe(true);
    // Kept by somebody from before the fall, and never sent to us before.
    expect(await counts(trapAt(21, 900))).toBe(false);
    expect(await counts(trapAt(2, 900))).toBe(false);
    expect(await counts(trapAt(2, 13))).toBe(true);
  });

  test('that starts again count from the poll that proves it on', async () => {
    await using router = await startRouter();
    const { rig, counts } = router;
    expect(await counts(trapAt(21, 600))).toBe(true);
    proves(rig, 2, 12);
    expect(await counts(trapAt(2, 12))).toBe(true);
    expect(await counts(trapAt(3, 1))).toBe(false);
    proves(rig, 3, 3);
    expect(await counts(trapAt(3, 3))).toBe(true);
    // Above all that it has ever had nothing can be old.
    expect(await counts(trapAt(22, 1))).toBe(true);
  });

  test('or its time, with the same boots', async () => {
    await using router = await startRouter();
    const { rig, counts } = router;
    expect(await counts(trapAt(5, 90_000))).toBe(true);
    expect(await counts(trapAt(5, 20))).toBe(false);
    proves(rig, 5, 22);
    expect(await counts(trapAt(5, 22))).toBe(true);
    expect(await counts(trapAt(5, 80_000))).toBe(false);
  });

  test('do not count for a poll of before the last one that did', async () => {
    await using router = await startRouter();
    const { rig, counts } = router;
    proves(rig, 4, 500);
    rig.clock.advance(2 * SECOND);
    // It starts again: its trap is there before the next poll.
    expect(await counts(trapAt(5, 1))).toBe(true);
    expect(await counts(trapAt(4, 502))).toBe(false);
    expect(await counts(trapAt(5, 2))).toBe(true);
  });

  test('do not count for what another engine has proven', async () => {
    await using router = await startRouter();
    const { rig, counts } = router;
    expect(await counts(trapAt(21, 600))).toBe(true);
    rig.engineIds.set(ROUTER.id, '80007ed90401020304');
    proves(rig, 2, 12);
    expect(await counts(trapAt(2, 12))).toBe(false);
  });
});
