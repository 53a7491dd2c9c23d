import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import {
  explainRecording,
  type RecordingExplanation,
} from '../../collector/recording/explain-recording.ts';
import { parseRecording, type Recording } from '../../collector/recording/snmprec.ts';
import { createSelfMetrics } from '../../collector/self-metrics.ts';
import type { Profile } from '../../config/profile.ts';
import { VirtualClock } from '../../lib/virtual-clock.ts';
import { type Reference, readReference } from './reference.ts';

/** A recorded device as it lies in the folder. */
export function readRecording(folder: string, name: string): Recording {
  return parseRecording(readFileSync(join(folder, `${name}.snmprec`), 'utf8'));
}

const PORT_ROW = /^1\.3\.6\.1\.2\.1\.(?:2\.2\.1|31\.1\.1\.1)\.\d+\.(\d+)$/;

/** The reference without the ports of which its recording has nothing: they were there once, elsewhere. */
export function referenceOf(folder: string, name: string): Reference {
  const recorded = new Set(
    readRecording(folder, name).varbinds.map(({ oid }) => PORT_ROW.exec(oid)?.[1]),
  );
  const reference = readReference(folder, name);
  return {
    ...reference,
    ports: reference.ports.filter(({ ifIndex }) => recorded.has(String(ifIndex))),
  };
}

/** What the profiles make of a recorded device. */
export async function explain(
  folder: string,
  name: string,
  profiles: readonly Profile[],
): Promise<RecordingExplanation> {
  const clock = new VirtualClock(Date.UTC(2026, 0, 1));
  return explainRecording(
    { clock, selfMetrics: createSelfMetrics(new Registry()), profiles },
    readRecording(folder, name),
  );
}
