import { PROBE_METRICS } from '../collector/probes/probe-metrics.ts';
import type { MetricDef } from '../lib/metric-def.ts';
import { history, type Panel, type Unit } from './board.ts';
import { WARNING } from './palette.ts';
import { linesPanel } from './panels.ts';
import { CHOSEN_DEVICE, select } from './query.ts';
import type { Words } from './words/words.ts';

const { loss, lossStandard, roundTrip, roundTripStandard, jitter, jitterStandard } = PROBE_METRICS;

/** How well the chosen device is reached, each measure with the standard that it is held against. */
export function pathPanels(words: Words): readonly Panel[] {
  return [
    measure(words, 'loss', loss, lossStandard, 'ratio'),
    measure(words, 'meanRoundTrip', roundTrip, roundTripStandard, 'seconds'),
    measure(words, 'jitter', jitter, jitterStandard, 'seconds'),
  ];
}

function measure(
  words: Words,
  name: 'loss' | 'meanRoundTrip' | 'jitter',
  measured: MetricDef,
  standard: MetricDef,
  unit: Unit,
): Panel {
  return linesPanel(words, words.deviceBoard[name], {
    width: 8,
    questions: [
      history(`max by (probe) (${select(measured, CHOSEN_DEVICE)})`, '{{probe}}'),
      history(`max(${select(standard, CHOSEN_DEVICE)})`, words.deviceBoard.standard, WARNING),
    ],
    unit,
    noData: words.deviceBoard.noProbes,
  });
}
