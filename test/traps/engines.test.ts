import { describe, expect, test } from 'vitest';
import type { DomainEvent } from '../../alerting/events.ts';
import { sentenceOf } from '../../api/event-sentence.ts';
import { createMemoryJournal } from '../../storage/memory-journal.ts';
import { fakeConfig } from '../api/fake-config.ts';
import { device } from '../collector/collector-fixtures.ts';
import { OTHER_ENGINE_ID, startV3Agent } from '../collector/v3-agent.ts';
import { PATIENT } from '../hostile/rig.ts';
import { seal, store, userWith } from '../snmp/v3-peers.ts';
import { startStages } from './stages.ts';
import { LINK_DOWN, notificationPdu } from './trap-messages.ts';
import { startRig, TestSender, trapConfig } from './trap-rig.ts';

const user = userWith('sha256', 'aes128');
const engineId = (text: string) => Buffer.from(`80007ed904${text}`, 'hex');
const [LEFT, RIGHT, STRANGE] = ['6c', '72', '3f'].map(engineId) as [Buffer, Buffer, Buffer];

const trapOf = (engine: Buffer, messageId: number) =>
  seal(notificationPdu(LINK_DOWN, messageId), {
    messageId,
    flags: 3,
    engineId: engine,
    time: { boots: 3, timeSeconds: 600 },
    userName: user.name,
    keys: store.keys(user, engine),
  });

/** Two devices behind one address, which forwards a port to each. */
const BEHIND_ONE_ADDRESS = ['left', 'right'].map((id, place) =>
  device(id, { address: '127.0.0.2', port: 1_161 + place, credentialId: 'v3' }),
);

describe('traps of SNMPv3 devices behind one address', () => {
  test('are of the one that answers polls as the engine that signed them', async () => {
    await using rig = await startRig(trapConfig(BEHIND_ONE_ADDRESS));
    rig.engineIds.set('left', LEFT.toString('hex')).set('right', RIGHT.toString('hex'));
    await using sender = await TestSender.open('127.0.0.2');
    await sender.send(trapOf(RIGHT, 1), rig.port);
    await rig.arrived(1);
    await sender.send(trapOf(LEFT, 2), rig.port);
    await rig.arrived(2);
    expect(rig.recorded.map(({ deviceId }) => deviceId)).toEqual(['right', 'left']);
    rig.clock.advance(2_000);
    expect(rig.polled.toSorted()).toEqual(['left', 'right']);
  });

  test('are of none in particular when no engine, or each, tells', async () => {
    await using rig = await startRig(trapConfig(BEHIND_ONE_ADDRESS));
    await using sender = await TestSender.open('127.0.0.2');
    await sender.send(trapOf(LEFT, 1), rig.port);
    await rig.arrived(1);
    rig.engineIds.set('left', RIGHT.toString('hex')).set('right', RIGHT.toString('hex'));
    await sender.send(trapOf(RIGHT, 2), rig.port);
    await rig.arrived(2);
    await sender.send(trapOf(STRANGE, 3), rig.port);
    await rig.arrived(3);
    expect(rig.recorded.map(({ deviceId }) => deviceId)).toEqual([null, null, null]);
    rig.clock.advance(2_000);
    expect(rig.polled.toSorted()).toEqual(['left', 'right']);
  });
});

test('an engine that is another one is on record, from the first poll that it answers', async () => {
  await using agent = await startV3Agent();
  const journal = createMemoryJournal<DomainEvent>();
  const target = device('router-1', { port: agent.port, credentialId: 'v3', polling: PATIENT });
  const network = { ...fakeConfig(), links: [], redundancyGroups: [], silences: [] };
  const { devices, credentials, traps } = trapConfig([target]);
  const config = { ...network, devices, credentials, traps };
  await using stages = await startStages(config, journal);
  const before = Buffer.from(agent.engine.engineId).toString('hex');
  while (stages.collector.engineIdOf('router-1') === null)
    await stages.collector.pollNow('router-1');
  Object.assign(agent.engine, { engineId: OTHER_ENGINE_ID, boots: 2 });
  while (stages.collector.engineIdOf('router-1') === before)
    await stages.collector.pollNow('router-1');
  const after = OTHER_ENGINE_ID.toString('hex');
  expect(await stages.event('snmp-engine-changed')).toMatchObject({
    ...{ deviceId: 'router-1', because: 'id-changed', before, after, untoldCount: 0 },
  });
  const types = [...journal.read({ subject: 'router-1' })].map(({ event }) => event.type);
  expect(types).toContain('snmp-engine-changed');
});

test.each([
  [
    { because: 'id-changed', before: '01', after: '02' },
    'Another SNMPv3 engine answers for NAME: 02, before 01',
    'NAME 的 SNMPv3 引擎已更换：由 01 变为 02',
  ],
  [
    { because: 'boots-went-back', before: 6, after: 1 },
    'The SNMPv3 engine of NAME lost count of its starts: 1 after 6',
    'NAME 的 SNMPv3 引擎启动次数回退：由 6 变为 1',
  ],
  [
    { because: 'time-went-back', before: 4_000, after: 400 },
    'The clock of the SNMPv3 engine of NAME went back from 4000 to 400 seconds without a start',
    'NAME 的 SNMPv3 引擎未重启而时钟回退：由 4000 秒变为 400 秒',
  ],
] as const)('a person reads that %o', (change, en, zh) => {
  const config = fakeConfig();
  const { id, name } = config.devices[0]!;
  const event = {
    type: 'snmp-engine-changed',
    at: 0,
    deviceId: id,
    ...change,
    untoldCount: 0,
  } as const;
  expect(sentenceOf(event, config)).toEqual({
    en: en.replace('NAME', name),
    'zh-CN': zh.replace('NAME', name),
  });
});
