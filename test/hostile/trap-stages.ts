import dgram from 'node:dgram';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DomainEvent } from '../../alerting/events.ts';
import { loadConfig } from '../../config/load.ts';
import type { Config } from '../../config/model.ts';
import { type HostileAgent, startHostileAgent } from '../../lab/hostile/agent.ts';
import { trapMode } from '../../lab/hostile/catalog.ts';
import { HONEST } from '../../lab/hostile/saying.ts';
import { openTrapSender, type TrapSender } from '../../lab/hostile/trap-sender.ts';
import { V3_USER } from '../../lab/hostile/v3-engine.ts';
import { systemClock } from '../../lib/clock.ts';
import type { Logger } from '../../lib/logger.ts';
import { seededRandom } from '../../lib/random.ts';
import { createMemoryJournal } from '../../storage/memory-journal.ts';
import { oneDeviceConfig } from '../service/one-device-config.ts';
import { writeConfig } from '../service/service-process.ts';
import { startStages } from '../traps/stages.ts';

export const V2C_DEVICE = '{ id: device, version: v2c, community: plain:public }';
export const V3_DEVICE = `{ ${[
  `id: device, version: v3, user: ${V3_USER.name}`,
  `authentication: ${V3_USER.authentication}, privacy: ${V3_USER.privacy}`,
  `authenticationPassword: "plain:${V3_USER.authenticationPassword}"`,
  `privacyPassword: "plain:${V3_USER.privacyPassword}"`,
].join(', ')} }`;

/** One switch that is polled once an hour, one person to be paged, and a trap port. */
function trapConfig(devicePort: number, credential: string): Config {
  const folder = mkdtempSync(join(tmpdir(), 'threenines-hostile-'));
  const webhookUrl = 'http://127.0.0.1:9/none';
  const files = oneDeviceConfig({ devicePort, webhookUrl, mailPort: 9, credential });
  const service = files['threenines.yaml']!.replace('fullPoll: 2s', 'fullPoll: 1h').replace(
    'timeout: 400ms',
    'timeout: 2s',
  );
  writeConfig(folder, {
    ...files,
    'threenines.yaml': `${service}traps: { listen: 127.0.0.1:0 }
flapping: { window: 10m, enterAbove: 1, leaveBelow: 1 }
`,
    'oncall.yaml': files['oncall.yaml']!.replace('[hook, mail duty@example.org]', '[hook]'),
    'grading.yaml':
      'rules: [{ id: port-lost, tier: 3, when: { faultKinds: [port-down] }, for: 0s }]\n',
  });
  const { config, problems } = loadConfig(folder, {});
  rmSync(folder, { recursive: true });
  if (config === null) throw new Error(JSON.stringify(problems));
  return config;
}

export interface TrapRigOptions {
  readonly credential?: string;
  readonly log?: Logger;
  /** What the device does before it is first polled. */
  readonly prepare?: (agent: HostileAgent) => void;
}

/** A device that tells the truth, everything that looks after it, and a sender that misuses the trap port. */
export async function startTrapStages(modeName: string, options: TrapRigOptions = {}) {
  const mode = trapMode(modeName);
  if (mode === undefined) throw new Error(`no mode ${modeName}`);
  const world = { clock: systemClock, random: seededRandom(2_026), network: dgram };
  const agent = await startHostileAgent({ ...world, mode: HONEST });
  options.prepare?.(agent);
  const config = trapConfig(agent.port, options.credential ?? V2C_DEVICE);
  const journal = createMemoryJournal<DomainEvent>();
  const stages = await startStages(config, journal, options.log);
  const sender = await openTrapSender({ ...world, mode });
  return {
    ...stages,
    agent,
    sender,
    /** Sends everything, and resolves when every datagram was judged; gives how many had which verdict. */
    async sendAll(): Promise<Readonly<Record<string, number>>> {
      const sent = await sender.send(stages.port);
      return judged(stages, sent);
    },
    eventsOf: <Type extends DomainEvent['type']>(type: Type) =>
      stages.events.filter((event) => event.type === type) as Extract<
        DomainEvent,
        { type: Type }
      >[],
    async [Symbol.asyncDispose]() {
      await (sender as TrapSender)[Symbol.asyncDispose]();
      await stages[Symbol.asyncDispose]();
      await agent[Symbol.asyncDispose]();
    },
  };
}

type Stages = Awaited<ReturnType<typeof startStages>>;

async function judged(
  { registry }: Stages,
  sent: number,
): Promise<Readonly<Record<string, number>>> {
  for (;;) {
    const metrics = await registry.getMetricsAsJSON();
    const valuesOf = (name: string) =>
      metrics.find((metric) => metric.name === `threenines_${name}`)?.values ?? [];
    const verdicts: Record<string, number> = {};
    for (const { labels, value } of valuesOf('traps_total')) {
      const verdict = String(labels.verdict);
      if (value > 0) verdicts[verdict] = (verdicts[verdict] ?? 0) + value;
    }
    const dropped = valuesOf('trap_kernel_drops_total')[0]?.value ?? 0;
    const count = Object.values(verdicts).reduce((sum, each) => sum + each, 0);
    if (count + dropped >= sent) return verdicts;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
