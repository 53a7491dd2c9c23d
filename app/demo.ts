import type { DomainEvent } from '../alerting/events.ts';
import type { LabControl, LabFailure } from '../api/deps.ts';
import type { Config } from '../config/model.ts';
import { type LabProcess, startLabProcess } from '../lab/process.ts';
import type { Logger } from '../lib/logger.ts';
import type { World } from '../lib/world.ts';
import { labControl } from './lab-control.ts';

/** What a visitor of the console is offered to break. */
const OFFERED: readonly Omit<LabFailure, 'active'>[] = [
  { deviceId: 'core-1', part: 'Te1/3' },
  { deviceId: 'core-1', part: null },
  { deviceId: 'agg-south', part: null },
  { deviceId: 'acc-south-1', part: null },
  { deviceId: 'ups-hq', part: 'mains' },
  { deviceId: 'ups-north', part: 'mains' },
];

export type OpenedDemo =
  | { readonly ok: true; readonly lab: LabProcess; readonly control: LabControl }
  | { readonly ok: false; readonly problem: string };

/** Starts the demo network in a process of its own. The problem says which port is taken. */
export async function openDemo(
  config: Config,
  world: World<DomainEvent>,
  log: Logger,
): Promise<OpenedDemo> {
  const started = await startLabProcess({
    devices: config.devices,
    credentials: config.credentials,
    playStory: true,
    clock: world.clock,
    random: world.random,
    log,
  });
  if (!started.ok) return { ok: false, problem: started.problem.text };
  const ids = new Set(config.devices.map((device) => device.id));
  const offered = OFFERED.filter(({ deviceId }) => ids.has(deviceId));
  return { ok: true, lab: started.lab, control: labControl(started.lab, offered) };
}
