import dgram from 'node:dgram';
import { EventEmitter, once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EngineShell } from '../../alerting/engine-shell.ts';
import type { DomainEvent } from '../../alerting/events.ts';
import { createEngineMetrics } from '../../alerting/self-metrics.ts';
import { openThreadedSocket } from '../../collector/traps/threaded-socket.ts';
import { TrapReceiver } from '../../collector/traps/trap-receiver.ts';
import { loadConfig } from '../../config/load.ts';
import type { Config } from '../../config/model.ts';
import { labCredentials } from '../../lab/credential.ts';
import { type Lab, startLab } from '../../lab/lab.ts';
import { systemClock } from '../../lib/clock.ts';
import { type Journal, JournalError } from '../../lib/journal.ts';
import { silentLogger } from '../../lib/logger.ts';
import { seededRandom } from '../../lib/random.ts';
import { createMemoryJournal } from '../../storage/memory-journal.ts';
import { community } from '../collector/client-fixtures.ts';
import { oneDeviceConfig } from '../service/one-device-config.ts';
import { ServiceProcess, writeConfig } from '../service/service-process.ts';
import { startStages } from './stages.ts';
import { LINK_DOWN, message, notificationPdu } from './trap-messages.ts';
import { COMMUNITY, TestSender } from './trap-rig.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'threenines-traps-'));
});

afterEach(() => {
  ServiceProcess.killAll();
  rmSync(folder, { recursive: true, force: true });
});

/** One switch that is polled in full once an hour, and traps. */
function writeTrapConfig(devicePort: number, trapPort: number): void {
  const files = oneDeviceConfig({
    devicePort,
    webhookUrl: 'http://127.0.0.1:9/none',
    mailPort: 9,
    credential: `{ id: device, version: v2c, community: plain:${COMMUNITY} }`,
  });
  const service = files['threenines.yaml']!.replace('fullPoll: 2s', 'fullPoll: 1h');
  writeConfig(folder, {
    ...files,
    'threenines.yaml': `${service}traps: { listen: 127.0.0.1:${trapPort} }\n`,
    'grading.yaml':
      'rules: [{ id: port-lost, tier: 3, when: { faultKinds: [port-down] }, for: 0s }]\n',
  });
}

function readConfig(): Config {
  const { config, problems } = loadConfig(folder, {});
  if (config === null) throw new Error(JSON.stringify(problems));
  return config;
}

async function startSwitch(): Promise<Lab> {
  const switchOne = {
    id: 'switch-1',
    address: '127.0.0.1',
    port: 0,
    role: 'core',
    parents: [],
    powerFeeds: [],
    credentialId: 'device',
  } as const;
  const started = await startLab({
    devices: [switchOne],
    credentials: labCredentials(new Map([['device', community(COMMUNITY)]])),
    clock: systemClock,
    random: seededRandom(7),
    network: dgram,
    log: silentLogger,
    onAction: () => {},
  });
  if (!started.ok) throw new Error(started.problem.text);
  return started.lab;
}

describe('a trap', () => {
  test('leads to the incident an hour before the next full poll would', async () => {
    const lab = await startSwitch();
    writeTrapConfig(lab.ports.get('switch-1')!, 0);
    const journal = createMemoryJournal<DomainEvent>();
    await using stages = await startStages(readConfig(), journal);
    await using sender = await TestSender.open();
    await stages.firstPoll;
    expect(lab.act({ verb: 'fail', deviceId: 'switch-1', part: 'Te1/2' })).toBeNull();
    await sender.send(message(notificationPdu(LINK_DOWN)), stages.port);

    const fault = await stages.event('fault-raised');
    const trap = await stages.event('notification-received');
    expect(trap).toMatchObject({ deviceId: 'switch-1', kind: 'linkDown', count: 1 });
    expect(fault).toMatchObject({ kind: 'port-down', component: expect.stringContaining('Te1/2') });
    expect(await stages.event('incident-opened')).toMatchObject({ tier: 3 });
    expect([...journal.read({ subject: 'switch-1' })].map(({ event }) => event.type)).toContain(
      'notification-received',
    );
    await lab.stop();
  });

  test('that is not true changes nothing', async () => {
    const lab = await startSwitch();
    writeTrapConfig(lab.ports.get('switch-1')!, 0);
    const journal = createMemoryJournal<DomainEvent>();
    await using stages = await startStages(readConfig(), journal);
    await using sender = await TestSender.open();
    await stages.firstPoll;
    await stages.event('health-changed');
    const verified = stages.fullPoll();
    await sender.send(message(notificationPdu(LINK_DOWN)), stages.port);
    await stages.event('notification-received');
    await verified;
    const types = [...journal.read()].map(({ event }) => event.type);
    expect(types).not.toContain('fault-raised');
    expect(types.filter((type) => type === 'health-changed')).toHaveLength(1);
    await lab.stop();
  });

  test('that the journal cannot keep is an inform without an answer', async () => {
    writeTrapConfig(9, 0);
    const memory = createMemoryJournal<DomainEvent>();
    const journal: Journal<DomainEvent> = {
      ...memory,
      append: (entries) =>
        entries.some(({ event }) => event.type === 'notification-received')
          ? Promise.reject(new JournalError('no space left on device'))
          : memory.append(entries),
    };
    const registry = new Registry();
    const fatal = new EventEmitter();
    const engine = new EngineShell({
      journal,
      clock: systemClock,
      random: seededRandom(1),
      log: silentLogger,
      metrics: createEngineMetrics(registry),
      version: '0.0.0',
      onProbe: () => {},
      onReplay: () => {},
      onFatal: () => fatal.emit('fatal'),
    });
    const recorded: Promise<void>[] = [];
    const traps = new TrapReceiver({
      clock: systemClock,
      random: seededRandom(1),
      openSocket: openThreadedSocket,
      log: silentLogger,
      registry,
      config: readConfig(),
      engineStore: { load: () => null, save: () => {} },
      pollNow: () => Promise.resolve(),
      engineIdOf: () => null,
      engineTimeOf: () => null,
      record: (notification) => {
        recorded.push(engine.record({ kind: 'notification', notification }));
        return recorded[0]!;
      },
      readProc: () => null,
    });
    await traps.start();
    engine.start();
    await using sender = await TestSender.open();
    const failed = once(fatal, 'fatal');
    const inform = message(notificationPdu(LINK_DOWN, 1, 'inform'));
    await sender.send(inform, traps.listening!.port);
    await failed;
    await expect(recorded[0]).rejects.toThrow(JournalError);
    await traps.stop();
    expect(sender.answerCount).toBe(0);
    const answers = await registry.getSingleMetric('threenines_trap_answers_total')!.get();
    expect(answers.values.map(({ value }) => value)).toEqual([0, 0]);
  });
});

test('the service receives, journals, shows and exports traps, and its engine outlives it', async () => {
  const free = await TestSender.open();
  const trapPort = free.port;
  await free[Symbol.asyncDispose]();
  writeTrapConfig(9, trapPort);
  for (let start = 1; start <= 2; start += 1) {
    await using service = await ServiceProcess.start(folder);
    await using sender = await TestSender.open();
    await sender.send(message(notificationPdu(LINK_DOWN, start, 'inform')), trapPort);
    await sender.answer();
    await service.event('notification-received', (event) => event.deviceId === 'switch-1');
    const metrics = await (await fetch(`${service.url}/metrics`)).text();
    expect(metrics).toContain('threenines_traps_total{kind="linkDown",verdict="accepted"} 1\n');
    expect(metrics).not.toContain(COMMUNITY);
    const identity = readFileSync(join(folder, 'data/snmp-engine.json'), 'utf8');
    expect(JSON.parse(identity)).toMatchObject({ boots: start });
  }
});
