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
import { anySite, wholeConsole } from './links.ts';
import { normalizeBoard } from './normalize.ts';
import { CHOSEN_SITES, select } from './query.ts';
import type { Words } from './words/words.ts';

/** Every board carries it, and the menu of boards lists what carries it. */
const BOARD_TAG = 'threenines';
/**
 * Boards that can be opened at all sites: where any number of sites is chosen, the menu lists these, for
 * the board of one site knows no "All". A link of its own leads there.
 */
const ALL_SITES_TAG = 'threenines-all-sites';

const ANNOTATION_STEP = '60s';
const MILLISECONDS_PER_SECOND = 1000;

/** The board as Grafana's classic JSON (schema version 42): the only form that its file provisioning takes. */
export function emitBoard(board: Board, words: Words): string {
  // The newer format's builder is the one the library recommends, and file provisioning refuses its output.
  const builder = new DashboardBuilder(board.title)
    .uid(board.uid)
    .description(board.description)
    .tags(board.choices.includes('site') ? [BOARD_TAG] : [BOARD_TAG, ALL_SITES_TAG])
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
  const hasAllSites = board.choices.includes('sites');
  const above = [...board.above, ...(hasAllSites ? [anySite(words)] : [])];
  return [
    new DashboardLinkBuilder(words.allBoards)
      .type(DashboardLinkType.Dashboards)
      .tags([hasAllSites ? ALL_SITES_TAG : BOARD_TAG])
      .asDropdown(true)
      .includeVars(true)
      .keepTime(true),
    ...above.map((link) =>
      new DashboardLinkBuilder(link.title)
        .type(DashboardLinkType.Link)
        .icon('dashboard')
        .url(link.url),
    ),
    new DashboardLinkBuilder(title)
      .type(DashboardLinkType.Link)
      .icon('external link')
      .url(url)
      .targetBlank(true),
  ];
}
