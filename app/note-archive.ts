import type { EngineHost } from '../alerting/engine-host.ts';
import type { CancelTimer, Clock } from '../lib/clock.ts';
import { MINUTE } from '../lib/time.ts';
import { archiveTail } from '../storage/report-archive.ts';

/** Commands write to the archive too, beside the service. */
const LOOK_EVERY_MS = MINUTE;

/**
 * Notes in the journal how far the report archive reaches, whenever it has grown: an archive that is
 * taken away or cut afterwards no longer passes for whole. Returns how to stop.
 */
export function noteArchive(
  dataFolder: string,
  clock: Clock,
  host: Pick<EngineHost, 'submit'>,
): () => void {
  let noted = '';
  let cancel: CancelTimer = () => {};
  const look = () => {
    const tail = archiveTail(dataFolder);
    if (tail !== null && tail.hash !== noted) {
      noted = tail.hash;
      host.submit({ kind: 'report-archive', ...tail });
    }
    cancel = clock.after(LOOK_EVERY_MS, look);
  };
  look();
  return () => cancel();
}
