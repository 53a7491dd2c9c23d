import type { HostileMode } from './agent.ts';
import { DEVICE_MODES } from './modes/devices.ts';
import { ENCODING_MODES } from './modes/encodings.ts';
import { ENGINE_MODES } from './modes/engines.ts';
import { OBJECT_MODES } from './modes/objects.ts';
import { REPLY_MODES } from './modes/replies.ts';
import { TRAP_MODES } from './modes/traps.ts';
import type { TrapMode } from './trap-sender.ts';

/** Every way in which an agent of ours misbehaves when it is polled. */
export const HOSTILE_MODES: readonly HostileMode[] = [
  ...REPLY_MODES,
  ...ENCODING_MODES,
  ...OBJECT_MODES,
  ...DEVICE_MODES,
  ...ENGINE_MODES,
];

export { TRAP_MODES };

/** The mode of that name; undefined when there is none. */
export function hostileMode(name: string): HostileMode | undefined {
  return HOSTILE_MODES.find((mode) => mode.name === name);
}

/** The way of that name in which a trap port is misused; undefined when there is none. */
export function trapMode(name: string): TrapMode | undefined {
  return TRAP_MODES.find((mode) => mode.name === name);
}
