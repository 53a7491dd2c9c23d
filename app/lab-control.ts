import type { LabAction, LabControl, LabFailure } from '../api/deps.ts';
import type { LabProcess } from '../lab/process.ts';
import type { LabAnswer } from '../lab/process-messages.ts';

/** The demo network as the API offers it: what can be broken, and breaking and mending it. */
export function labControl(
  lab: LabProcess,
  failures: readonly Omit<LabFailure, 'active'>[],
): LabControl {
  const broken = new Set<string>();
  const keyOf = (deviceId: string, part: string | null) => `${deviceId} ${part ?? ''}`;
  const act = async ({ verb, deviceId, part }: LabAction): Promise<string | null> => {
    const answer = await lab[verb](deviceId, part);
    if (!answer.ok) return answer.problem;
    if (verb === 'fail') broken.add(keyOf(deviceId, part));
    else broken.delete(keyOf(deviceId, part));
    return null;
  };
  return {
    failures: () =>
      failures.map((each) => ({ ...each, active: broken.has(keyOf(each.deviceId, each.part)) })),
    act,
    async restoreAll() {
      for (const { deviceId, part } of failures) {
        if (broken.has(keyOf(deviceId, part))) await act({ verb: 'restore', deviceId, part });
      }
    },
    async playStory() {
      mustBeOk(await lab.replayStory());
      broken.clear();
    },
  };
}

function mustBeOk(answer: LabAnswer): void {
  if (!answer.ok) throw new Error(answer.problem);
}
