import {
  CustomVariableBuilder,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  TextBoxVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { ALERTING_METRICS } from '../alerting/metrics.ts';
import { deviceMetric } from '../collector/metrics.ts';
import type { Choice } from './board.ts';
import { CHOSEN_SOURCE } from './emit-panel.ts';
import { CHOSEN_DEVICE, CHOSEN_SITES, select } from './query.ts';
import type { Words } from './words/words.ts';

/** Where a browser on the same machine finds the console; the reader can change it on the board. */
export const DEFAULT_CONSOLE_URL = 'http://127.0.0.1:9909';

/** The data source, what the board lets its reader choose, and where the console is. */
export function emitChoices(choices: readonly Choice[], words: Words) {
  return [
    new DatasourceVariableBuilder('datasource').label(words.dataSource).type('prometheus'),
    ...choices.map((choice) => BUILDERS[choice](words)),
    new TextBoxVariableBuilder('console')
      .label(words.console)
      .description(words.consoleHint)
      .defaultValue(DEFAULT_CONSOLE_URL)
      .current({ selected: true, text: DEFAULT_CONSOLE_URL, value: DEFAULT_CONSOLE_URL }),
  ];
}

/** Names stand between backticks in queries (`CHOSEN_PORT`). */
const NO_BACKTICK = '/^[^`]*$/';

const BUILDERS = {
  sites: (words: Words) =>
    oneOf('site', words.site, select(ALERTING_METRICS.deviceState), 'site')
      .multi(true)
      .includeAll(true)
      .allValue('.*')
      .current({ selected: true, text: ['All'], value: ['$__all'] }),
  site: (words: Words) =>
    oneOf('site', words.site, select(ALERTING_METRICS.deviceState), 'site').multi(false),
  device: (words: Words) =>
    oneOf(
      'device',
      words.device,
      select(ALERTING_METRICS.deviceState, CHOSEN_SITES),
      'device',
    ).multi(false),
  port: (words: Words) =>
    oneOf(
      'if_name',
      words.port,
      select(deviceMetric('interface_oper_status'), CHOSEN_DEVICE),
      'if_name',
    )
      .multi(false)
      .regex(NO_BACKTICK),
  window: (words: Words) =>
    new CustomVariableBuilder('window')
      .label(words.window)
      .values(
        (['month', 'quarter', 'year'] as const)
          .map((window) => `${words.windows[window]} : ${window}`)
          .join(', '),
      )
      .multi(false)
      .current({ selected: true, text: words.windows.month, value: 'month' }),
} satisfies Record<Choice, (words: Words) => unknown>;

/** One value of `label` among those that `series` has, asked again when the time range changes. */
function oneOf(name: string, title: string, series: string, label: string): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .label(title)
    .datasource(CHOSEN_SOURCE)
    .query(`label_values(${series}, ${label})`)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc);
}
