import { ALERTING_METRICS } from '../alerting/metrics.ts';
import { now, type Panel, panel } from './board.ts';
import { noDataNaming, worseAbove } from './palette.ts';
import { select } from './query.ts';
import type { Words } from './words/words.ts';

const STALE_SECONDS = 60;
const DEAD_SECONDS = 180;

/** On every board: how far what it shows can be trusted. */
export function dataAge(words: Words, width: number): Panel {
  return panel(words.noc.dataAge, {
    width,
    view: { kind: 'number', paint: 'background' },
    questions: [now(`time() - max(${select(ALERTING_METRICS.engineTickTimestamp)})`)],
    unit: 'duration',
    levels: worseAbove(STALE_SECONDS, DEAD_SECONDS),
    namings: [noDataNaming(words)],
    noData: words.noData,
    expectData: 'always',
  });
}
