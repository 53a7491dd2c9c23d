import type { EngineShell } from '../alerting/engine-shell.ts';
import { diskFaultKey } from '../alerting/self-watch.ts';
import type { Clock } from '../lib/clock.ts';
import { say } from '../lib/local-text.ts';
import { type DurationMs, MINUTE } from '../lib/time.ts';
import { type DiskRoom, readDiskRoom } from '../storage/disk-room.ts';

const LOOK_EVERY_MS: DurationMs = MINUTE;
const MIB = 1024 * 1024;
/** Less than this is told, of a small disk less than a tenth of it; */
const LOW_BYTES = 256 * MIB;
const LOW_SHARE = 0.1;
/** and it is over when there is twice as much, so that it does not come and go. */
const OVER_FACTOR = 2;

export interface DiskWatchOptions {
  /** Where the journal is; undefined: nowhere on a disk. */
  readonly folder: string | undefined;
  readonly engine: Pick<EngineShell, 'state' | 'submit'>;
  readonly clock: Clock;
  readonly readRoom?: (folder: string) => DiskRoom | null;
}

/**
 * A journal that cannot be written pages nobody: while there is still room, whoever watches the service
 * is told that little is left. Told once, until it is over: what was told is in the engine's state, and
 * survives a restart. Returns how to stop.
 */
export function startDiskWatch(options: DiskWatchOptions): () => void {
  const { folder, engine, clock, readRoom = readDiskRoom } = options;
  if (folder === undefined) return () => {};
  let cancel = () => {};
  const look = () => {
    cancel = clock.after(LOOK_EVERY_MS, look);
    const room = readRoom(folder);
    if (room === null) return;
    const isTold = engine.state.faults.has(diskFaultKey());
    const lowBytes = Math.min(LOW_BYTES, room.totalBytes * LOW_SHARE);
    const isLow = room.freeBytes < lowBytes * (isTold ? OVER_FACTOR : 1);
    if (isLow === isTold) return;
    const left = Math.round(lowBytes / MIB);
    const text = say(
      `less than ${left} MiB is left on the disk that holds the journal: when it is full nothing is recorded and nobody is paged`,
      `日志所在磁盘剩余空间不足 ${left} MiB：写满后将无法记录，也不会发出通知`,
    );
    engine.submit({ kind: 'disk-room', text: isLow ? text : null });
  };
  look();
  return () => cancel();
}
