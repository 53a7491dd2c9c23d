import type { LabAction, LabControl, LabFailure } from '../api/deps.ts';
import { MAINS } from '../lab/model.ts';
import type { LabProcess } from '../lab/process.ts';
import type { LabAnswer } from '../lab/process-messages.ts';
import type { LabStatus } from '../lab/status.ts';

/** What can be broken: a device, a port of it, or its mains. */
type Breakable = Omit<LabFailure, 'active'>;

/** The demo network as the API offers it: what is broken, by the story too, and breaking and mending it. */
export function labControl(lab: LabProcess, offered: readonly Breakable[]): LabControl {
  const failures = async (): Promise<readonly LabFailure[]> => {
    const answer = await lab.status();
    const broken = answer.ok ? brokenIn(answer.status) : [];
    const others = broken.filter((each) => !offered.some((known) => isSame(known, each)));
    return [...offered, ...others].map((each) => ({
      deviceId: each.deviceId,
      part: each.part,
      active: broken.some((known) => isSame(known, each)),
    }));
  };
  const act = async ({ verb, deviceId, part }: LabAction): Promise<string | null> => {
    const answer = await lab[verb](deviceId, part);
    return answer.ok ? null : answer.problem;
  };
  return {
    failures,
    act,
    async restoreAll() {
      requireOk(await lab.restoreAll());
    },
    async playStory() {
      requireOk(await lab.replayStory());
    },
  };
}

function brokenIn(status: LabStatus): readonly Breakable[] {
  return status.devices.flatMap(({ id, silence, failedPorts, ups }) => [
    ...(silence === 'failed' ? [{ deviceId: id, part: null }] : []),
    ...failedPorts.map((port) => ({ deviceId: id, part: port })),
    ...(ups?.mainsUp === false ? [{ deviceId: id, part: MAINS }] : []),
  ]);
}

function isSame(a: Breakable, b: Breakable): boolean {
  return a.deviceId === b.deviceId && a.part === b.part;
}

function requireOk(answer: LabAnswer): void {
  if (!answer.ok) throw new Error(answer.problem);
}
