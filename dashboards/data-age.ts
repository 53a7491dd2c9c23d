import { ALERTING_METRICS } from '../alerting/metrics.ts';
import { now, type Panel } from './board.ts';
import { worseAbove } from './palette.ts';
import { numberPanel } from './panels.ts';
import { select } from './query.ts';
import type { Words } from './words/words.ts';

const STALE_SECONDS = 60;
const DEAD_SECONDS = 180;

/** On every board: how far what it shows can be trusted. */
export function dataAge(words: Words, width: number): Panel {
  return numberPanel(words, words.noc.dataAge, {
    width,
    questions: [now(`time() - max(${select(ALERTING_METRICS.engineTickTimestamp)})`)],
    unit: 'duration',
    levels: worseAbove(STALE_SECONDS, DEAD_SECONDS),
  });
}
