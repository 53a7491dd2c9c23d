import {
  AnnotationQueryBuilder,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { ALERTING_METRICS } from '../alerting/metrics.ts';
import type { Board } from './board.ts';
import { emitChoices } from './choices.ts';
import { CHOSEN_SOURCE, emitPanel } from './emit-panel.ts';
import { type Placed, placePanels } from './layout.ts';
import { wholeConsole } from './links.ts';
import { normalizeBoard } from './normalize.ts';
import { CHOSEN_SITES, select } from './query.ts';
import type { Words } from './words/words.ts';

/** Every board carries it, and the menu of boards lists what carries it. */
const BOARD_TAG = 'threenines';

const ANNOTATION_STEP = '60s';
const MILLISECONDS_PER_SECOND = 1000;

/** The board as Grafana's classic JSON (schema version 42): the only form that its file provisioning takes. */
export function emitBoard(board: Board, words: Words): string {
  // The newer format's builder is the one the library recommends, and file provisioning refuses its output.
  const builder = new DashboardBuilder(board.title)
    .uid(board.uid)
    .description(board.description)
    .tags([BOARD_TAG])
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: board.from, to: 'now' })
    .refresh(board.refresh)
    .variables(emitChoices(board.choices, words))
    .annotation(incidentAnnotation(words, board))
    .links(links(words, board));
  return normalizeBoard({ ...builder.build(), panels: placePanels(board).map(emitPlaced) });
}

function emitPlaced(placed: Placed) {
  if (placed.kind === 'panel') return emitPanel(placed.panel, placed.id, placed.place);
  const { id, place, title } = placed;
  return { type: 'row', collapsed: false, id, gridPos: place, title, panels: [] };
}

/** Incidents of the sites that the board is about, or of all where it lets nobody choose sites. */
function incidentAnnotation(words: Words, { choices }: Board) {
  const hasSites = choices.includes('sites') || choices.includes('site');
  const opened = hasSites
    ? select(ALERTING_METRICS.incidentOpened, CHOSEN_SITES)
    : select(ALERTING_METRICS.incidentOpened);
  return new AnnotationQueryBuilder()
    .name(words.annotation)
    .datasource(CHOSEN_SOURCE)
    .enable(true)
    .iconColor('#D7301F')
    .expr(`${opened} * ${MILLISECONDS_PER_SECOND}`)
    .step(ANNOTATION_STEP)
    .titleFormat('{{tier}} {{incident}}')
    .textFormat('{{site}}')
    .useValueForTime(true);
}

function links(words: Words, board: Board) {
  const { title, url } = board.console ?? wholeConsole(words);
  return [
    new DashboardLinkBuilder(words.allBoards)
      .type(DashboardLinkType.Dashboards)
      .tags([BOARD_TAG])
      .asDropdown(true)
      .includeVars(true)
      .keepTime(true),
    new DashboardLinkBuilder(title)
      .type(DashboardLinkType.Link)
      .icon('external link')
      .url(url)
      .targetBlank(true),
  ];
}
