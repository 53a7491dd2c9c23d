import type { CancelTimer, Clock } from '../lib/clock.ts';
import { type DurationMs, SECOND } from '../lib/time.ts';
import { type LabAction, MAINS } from './model.ts';

export interface StoryStep {
  readonly atMs: DurationMs;
  readonly action: LabAction;
}

const FLAP_COUNT = 5;
/**
 * Down long enough for one five-second poll to see it, up long enough for two to clear it: each flap
 * is a fault of its own, over before its rule in config/demo/grading.yaml makes it an incident.
 */
const FLAP_EVERY_MS = 22 * SECOND;
const FLAP_DOWN_MS = 8 * SECOND;

/**
 * What happens in the demo, in order: a flapping customer port, the cut of the only link to the
 * north, and a mains failure at the headquarters that nearly empties the battery.
 */
export const STORY: readonly StoryStep[] = [
  ...flaps('acc-south-2', 'Gi0/3', 8 * SECOND),
  { atMs: 15 * SECOND, action: { verb: 'fail', deviceId: 'core-1', part: 'Te1/3' } },
  { atMs: 120 * SECOND, action: { verb: 'restore', deviceId: 'core-1', part: 'Te1/3' } },
  { atMs: 160 * SECOND, action: { verb: 'fail', deviceId: 'ups-hq', part: MAINS } },
  { atMs: 260 * SECOND, action: { verb: 'restore', deviceId: 'ups-hq', part: MAINS } },
].toSorted((left, right) => left.atMs - right.atMs) as StoryStep[];

export interface StoryProgress {
  readonly isPlaying: boolean;
  readonly elapsedMs: DurationMs | null;
  readonly nextStep: StoryStep | null;
}

export interface StoryPlay {
  progress(): StoryProgress;
  stop: CancelTimer;
}

/** Plays the steps, in ascending order of time, on the clock; one timer at a time. */
export function playStory(
  clock: Clock,
  steps: readonly StoryStep[],
  act: (action: LabAction) => void,
): StoryPlay {
  const startedMs = clock.monotonicMs();
  let position = 0;
  let cancel: CancelTimer = () => {};
  const elapsedMs = () => clock.monotonicMs() - startedMs;
  const scheduleNext = () => {
    const step = steps[position];
    if (step === undefined) return;
    cancel = clock.after(Math.max(0, step.atMs - elapsedMs()), () => {
      position++;
      act(step.action);
      scheduleNext();
    });
  };
  scheduleNext();
  return {
    progress: () => {
      const nextStep = steps[position] ?? null;
      return {
        isPlaying: nextStep !== null,
        elapsedMs: nextStep === null ? null : elapsedMs(),
        nextStep,
      };
    },
    stop: () => {
      position = steps.length;
      cancel();
    },
  };
}

function flaps(deviceId: string, part: string, firstMs: DurationMs): StoryStep[] {
  return Array.from({ length: FLAP_COUNT }, (_, round) => firstMs + round * FLAP_EVERY_MS).flatMap(
    (atMs) => [
      { atMs, action: { verb: 'fail' as const, deviceId, part } },
      { atMs: atMs + FLAP_DOWN_MS, action: { verb: 'restore' as const, deviceId, part } },
    ],
  );
}
