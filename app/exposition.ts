import type { Registry } from 'prom-client';
import type { EngineShell } from '../alerting/engine-shell.ts';
import { renderAlerting } from '../alerting/exposition.ts';
import type { TextPiece } from '../api/text-stream.ts';
import type { Collector } from '../collector/collector.ts';
import type { Prober } from '../collector/probes/prober.ts';
import type { Clock } from '../lib/clock.ts';
import { renderAvailability } from '../reports/exposition.ts';
import type { LiveLedger } from '../reports/live-ledger.ts';
import type { Samples } from './open-sampler.ts';
import { renderSamples } from './samples-exposition.ts';

export interface ExpositionSources {
  readonly collector: Collector;
  readonly prober: Prober;
  readonly engine: EngineShell;
  readonly ledger: LiveLedger;
  readonly samples: Samples | null;
  readonly registry: Registry;
  readonly clock: Clock;
}

/** Prometheus text of every stage, in the order of the data: readings of devices where wanted, incidents, availability, the service itself. */
export async function* renderAll(
  sources: ExpositionSources,
  { withReadings }: { readonly withReadings: boolean },
): AsyncIterable<TextPiece> {
  const { collector, prober, engine, ledger, samples, registry, clock } = sources;
  const now = clock.now();
  if (withReadings) yield* collector.view.renderAll();
  yield* prober.renderMetrics();
  yield* renderAlerting(engine.state, engine.lastTickAt, now);
  yield* renderAvailability(ledger, now);
  if (samples !== null) yield renderSamples(samples);
  yield await registry.metrics();
}
