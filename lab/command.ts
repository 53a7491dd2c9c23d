import type { LabDevice } from './devices/catalog.ts';
import { actionProblem, type LabAction } from './model.ts';
import { deriveTopology } from './topology.ts';

/** What a person can ask of the lab. */
export type LabCommand =
  | { readonly kind: 'act'; readonly action: LabAction }
  | { readonly kind: 'status' }
  | { readonly kind: 'story' };

export type ParsedLabCommand =
  | { readonly ok: true; readonly command: LabCommand }
  | { readonly ok: false; readonly problem: string };

export const LAB_USAGE = 'lab fail|restore DEVICE [PORT|mains] | lab status | lab story';

/** Reads the words after `lab`. A device or port that the lab does not have is a problem that lists the valid ones. */
export function parseLabCommand(
  args: readonly string[],
  devices: readonly LabDevice[],
): ParsedLabCommand {
  const [verb, deviceId, part, ...rest] = args;
  if (verb === 'status' || verb === 'story') {
    if (deviceId !== undefined) return problem(`"lab ${verb}" takes no further words`);
    return { ok: true, command: { kind: verb } };
  }
  if (verb !== 'fail' && verb !== 'restore') {
    const given = verb === undefined ? 'no command given' : `unknown command "${verb}"`;
    return problem(given);
  }
  if (deviceId === undefined) {
    return problem(`"lab ${verb}" needs a device: ${devices.map(({ id }) => id).join(', ')}`);
  }
  if (rest.length > 0) return problem(`too many words after "${part}"`);
  const action: LabAction = { verb, deviceId, part: part ?? null };
  const invalid = actionProblem(deriveTopology(devices), action);
  return invalid === null ? { ok: true, command: { kind: 'act', action } } : problem(invalid);
}

function problem(text: string): ParsedLabCommand {
  return { ok: false, problem: `${text}; usage: ${LAB_USAGE}` };
}
