import type { Registry } from 'prom-client';
import { EngineShell, type EngineShellOptions } from '../alerting/engine-shell.ts';
import { createEngineMetrics } from '../alerting/self-metrics.ts';
import { createLiveLedger, type LiveLedger } from '../reports/live-ledger.ts';
import type { FoldSnapshot } from '../storage/fold-snapshot.ts';
import { VERSION } from './version.ts';

export interface OpenEngineOptions
  extends Omit<EngineShellOptions, 'metrics' | 'version' | 'start' | 'onReplay'> {
  readonly registry: Registry;
  readonly timeZone: string;
  /** Of this journal; null where there is none. */
  readonly snapshot: FoldSnapshot | null;
}

/**
 * Engine and ledger, each folded from the journal: from the snapshot on where there is one. Should it
 * not fit what comes behind it, it is left and everything is folded: the journal alone is the truth.
 */
export function openEngine({ registry, timeZone, snapshot, ...rest }: OpenEngineOptions): {
  readonly engine: EngineShell;
  readonly ledger: LiveLedger;
} {
  const metrics = createEngineMetrics(registry);
  const open = (start: FoldSnapshot | null) => {
    const ledger = createLiveLedger(timeZone, start?.ledger);
    const engine = new EngineShell({
      ...{ ...rest, metrics, version: VERSION, start },
      onReplay: (event) => ledger.apply({ event }),
    });
    return { engine, ledger };
  };
  if (snapshot === null) return open(null);
  try {
    return open(snapshot);
  } catch (error) {
    rest.log.error(
      { error: String(error) },
      'the snapshot does not fit the journal: all is folded',
    );
    return open(null);
  }
}
