/** A process of its own: what the service does with its journal before it is ready. */
import { Registry } from 'prom-client';
import { openFolder } from '../../app/kept-fold.ts';
import { openEngine } from '../../app/open-engine.ts';
import { ENTRIES_BETWEEN } from '../../app/snapshots.ts';
import { systemClock } from '../../lib/clock.ts';
import { silentLogger } from '../../lib/logger.ts';
import { systemRandom } from '../../lib/random.ts';
import { SECOND } from '../../lib/time.ts';
import { foldDigest } from '../../storage/fold-digest.ts';
import { removeSnapshot } from '../../storage/fold-snapshot.ts';
import { makeSnapshot } from '../../storage/make-snapshot.ts';
import { ownCpuSeconds, ownPeakMemoryMb } from '../cpu-time.ts';
import { takeTask, tell } from '../processes.ts';

export interface ReplayTask {
  readonly folder: string;
  /** `none`: all is folded; `make`: makes the oldest snapshot that a service leaves; `use`: goes on from that. */
  readonly snapshot: 'none' | 'make' | 'use';
  /** Entries in the journal. */
  readonly events: number;
}

export interface ReplayResult {
  readonly events: number;
  readonly openSeconds: number;
  readonly replaySeconds: number;
  readonly cpuSeconds: number;
  readonly memoryMb: number;
}

const TIME_ZONE = 'UTC';

const { folder, snapshot, events } = takeTask<ReplayTask>();
if (snapshot === 'make') {
  const fold = { digest: foldDigest(), timeZone: TIME_ZONE };
  const made = makeSnapshot(folder, fold, Math.max(1, events - ENTRIES_BETWEEN));
  if (!made.ok) throw new Error(made.reason);
  tell(made);
} else {
  if (snapshot === 'none') removeSnapshot(folder);
  tell(start());
}

function start(): ReplayResult {
  const cpuBefore = ownCpuSeconds();
  const startedMs = systemClock.monotonicMs();
  const opened = openFolder(folder, TIME_ZONE, silentLogger);
  if (!opened.ok) throw new Error(opened.problem.message);
  using journal = opened.journal;
  if ((opened.keptFold.snapshot === null) !== (snapshot === 'none'))
    throw new Error('the snapshot was not what was asked for');
  const openedMs = systemClock.monotonicMs();
  const { engine } = openEngine({
    ...{ journal, timeZone: TIME_ZONE, snapshot: opened.keptFold.snapshot },
    ...{ clock: systemClock, random: systemRandom, log: silentLogger, registry: new Registry() },
    onProbe: () => {},
    onFatal: (error) => {
      throw error;
    },
  });
  if (engine.state.devices.size === 0) throw new Error('nothing was replayed');
  return {
    events: journal.lastSequence(),
    openSeconds: (openedMs - startedMs) / SECOND,
    replaySeconds: (systemClock.monotonicMs() - openedMs) / SECOND,
    cpuSeconds: ownCpuSeconds() - cpuBefore,
    memoryMb: ownPeakMemoryMb(),
  };
}
