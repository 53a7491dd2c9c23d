import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { emptyMemory } from '../../collector/device-memory.ts';
import { fullPoll } from '../../collector/full-poll.ts';
import { recordedClient } from '../../collector/recording/recorded-client.ts';
import { parseRecording } from '../../collector/recording/snmprec.ts';
import { shippedProfiles } from '../../config/shipped-profiles.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { VirtualClock } from '../../lib/virtual-clock.ts';
import { askable } from '../collector/askable.ts';
import { countedMetrics } from '../collector/client-fixtures.ts';

const FOLDER = join(import.meta.dirname, 'recordings');
const profiles = shippedProfiles();
const names = readdirSync(FOLDER).filter((file) => file.endsWith('.snmprec'));

/** Lets the pauses pass that a device is given between requests. */
async function waitFor<Answer>(clock: VirtualClock, answer: Promise<Answer>): Promise<Answer> {
  let isOver = false;
  const over = answer.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    clock.advance(SECOND);
    await setImmediate();
  }
  return over;
}

describe.each(names)('%s', (name) => {
  it('tells the same along the learned plan as it did when it was walked', async () => {
    const recording = parseRecording(readFileSync(join(FOLDER, name), 'utf8'));
    const clock = new VirtualClock(Date.UTC(2026, 0, 1));
    const memory = emptyMemory();
    const { selfMetrics } = countedMetrics();
    const poll = async () => {
      const { evaluation, outcome } = await fullPoll(
        {
          client: askable(recordedClient(recording)),
          clock,
          selfMetrics,
          profiles,
          configuredProfileIds: [],
          namedPorts: new Set(),
          phaseRatio: 0,
          bounds: {
            deadlineMs: Number.POSITIVE_INFINITY,
            signal: new AbortController().signal,
          },
        },
        memory,
      );
      expect(outcome).toBe('ok');
      const { readings, pools, refusals } = evaluation!;
      return structuredClone({ readings, pools, refusals });
    };
    const walked = await waitFor(clock, poll());
    clock.advance(MINUTE);
    const planned = await waitFor(clock, poll());
    expect(memory.plan?.polls).toBe(1);
    expect(planned).toEqual(walked);
    expect(walked.readings.length).toBeGreaterThan(0);
  });
});
