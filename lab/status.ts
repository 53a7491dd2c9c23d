import { chargeAt, hasOutput, minutesLeft } from './battery.ts';
import type { LabState, Silence } from './model.ts';
import type { StoryProgress } from './story.ts';

/** The lab for a person at a terminal; also its JSON form. */
export interface LabStatus {
  readonly devices: readonly DeviceStatus[];
  /** null: no story has been started. */
  readonly story: StoryProgress | null;
}

export interface DeviceStatus {
  readonly id: string;
  readonly port: number | null;
  readonly silence: Silence;
  readonly failedPorts: readonly string[];
  readonly uptimeSeconds: number;
  readonly ups: UpsStatus | null;
}

export interface UpsStatus {
  readonly mainsUp: boolean;
  readonly hasOutput: boolean;
  readonly chargeRatio: number;
  readonly minutesLeft: number;
}

interface StatusContext {
  readonly nowMs: number;
  readonly ports: ReadonlyMap<string, number>;
  readonly story: StoryProgress | null;
}

/** The state at `nowMs` as people see it; the state must be worked out up to then. */
export function statusOf(state: LabState, { nowMs, ports, story }: StatusContext): LabStatus {
  const devices = [...state.devices].map(([id, device]) => ({
    id,
    port: ports.get(id) ?? null,
    silence: device.silence,
    failedPorts: [...device.failedPorts],
    uptimeSeconds: device.running ? Math.floor((nowMs - device.bootedAtMs) / 1000) : 0,
    ups:
      device.battery === null
        ? null
        : {
            mainsUp: device.battery.mainsUp,
            hasOutput: hasOutput(device.battery, nowMs),
            chargeRatio: chargeAt(device.battery, nowMs),
            minutesLeft: minutesLeft(device.battery, nowMs),
          },
  }));
  return { devices, story };
}
