import {
  AnnotationQueryBuilder,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  TextBoxVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { ALERTING_METRICS } from '../alerting/metrics.ts';
import type { Board } from './board.ts';
import { CHOSEN_SOURCE, emitPanel } from './emit-panel.ts';
import { type Placed, placePanels } from './layout.ts';
import { normalizeBoard } from './normalize.ts';
import { CHOSEN_SITES, select } from './query.ts';
import { variable } from './variable.ts';
import type { Words } from './words.ts';

/** Every board carries it, and the menu of boards lists what carries it. */
const BOARD_TAG = 'threenines';

/** Where a browser on the same machine finds the console; the reader can change it on the board. */
const DEFAULT_CONSOLE_URL = 'http://127.0.0.1:9909';

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
    .variables(variables(words))
    .annotation(incidentAnnotation(words))
    .links(links(words));
  return normalizeBoard({ ...builder.build(), panels: placePanels(board).map(emitPlaced) });
}

function emitPlaced(placed: Placed) {
  if (placed.kind === 'panel') return emitPanel(placed.panel, placed.id, placed.place);
  const { id, place, title } = placed;
  return { type: 'row', collapsed: false, id, gridPos: place, title, panels: [] };
}

function variables(words: Words) {
  return [
    new DatasourceVariableBuilder('datasource').label(words.dataSource).type('prometheus'),
    new QueryVariableBuilder('site')
      .label(words.site)
      .datasource(CHOSEN_SOURCE)
      .query(`label_values(${select(ALERTING_METRICS.deviceState)}, site)`)
      .refresh(VariableRefresh.OnTimeRangeChanged)
      .sort(VariableSort.AlphabeticalAsc)
      .multi(true)
      .includeAll(true)
      .allValue('.*')
      .current({ selected: true, text: ['All'], value: ['$__all'] }),
    new TextBoxVariableBuilder('console')
      .label(words.console)
      .description(words.consoleHint)
      .defaultValue(DEFAULT_CONSOLE_URL)
      .current({ selected: true, text: DEFAULT_CONSOLE_URL, value: DEFAULT_CONSOLE_URL }),
  ];
}

function incidentAnnotation(words: Words) {
  const opened = select(ALERTING_METRICS.incidentOpened, CHOSEN_SITES);
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

function links(words: Words) {
  return [
    new DashboardLinkBuilder(words.allBoards)
      .type(DashboardLinkType.Dashboards)
      .tags([BOARD_TAG])
      .asDropdown(true)
      .includeVars(true)
      .keepTime(true),
    new DashboardLinkBuilder(words.openConsole)
      .type(DashboardLinkType.Link)
      .icon('external link')
      .url(variable('console'))
      .targetBlank(true),
  ];
}
