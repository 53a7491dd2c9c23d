import { parse } from 'yaml';
import { BOARDS } from '../../dashboards/render-boards.ts';
import { renderFaultRules } from '../../dashboards/rules/fault-rules.ts';
import { renderServiceRules } from '../../dashboards/rules/service-rules.ts';
import { WORDS } from '../../dashboards/words/words.ts';
import { fillVariables } from '../../test/dashboards/fill-variables.ts';

/** One query as Grafana or the rule manager sends it. */
export interface BoardQuestion {
  /** Uid of its board without the product's name, or the rule file. */
  readonly board: string;
  /** Title of its panel, or the name of the rule. */
  readonly panel: string;
  readonly query: string;
  readonly over: 'now' | 'range';
  /** Least time between two points, as Grafana writes it. */
  readonly step: string;
}

/** Every query of every board, for all sites, or for the first one, its aggregation and a port of it. */
export function boardQuestions(): BoardQuestion[] {
  return BOARDS.map((boardIn) => boardIn(WORDS.en)).flatMap(({ uid, rows }) =>
    rows
      .flatMap(({ panels }) => panels)
      .flatMap((panel) =>
        panel.questions.map(({ ask, over }): BoardQuestion => {
          const board = uid.replace('threenines-', '');
          return {
            board,
            panel: panel.title,
            query: fill(ask, panel.step),
            over,
            step: panel.step,
          };
        }),
      ),
  );
}

/** Every expression of the rule files, which are evaluated at each interval. */
export function ruleQuestions(): BoardQuestion[] {
  const files = { 'rules.yml': renderServiceRules(), 'fault-rules.yml': renderFaultRules() };
  return Object.entries(files).flatMap(([board, text]) => {
    const { groups } = parse(text) as { groups: { rules: Record<string, string>[] }[] };
    return groups
      .flatMap(({ rules }) => rules)
      .map(({ alert, record, expr }): BoardQuestion => {
        return { board, panel: alert ?? record ?? '', query: expr ?? '', over: 'now', step: '1m' };
      });
  });
}

/** As Grafana fills them in for the last hour, scraped each minute. */
function fill(ask: string, step: string): string {
  return fillVariables(ask, {
    ...{ site: 'site-0', device: 'site-0-0', portName: 'Gi0/1' },
    ...{ rateInterval: '4m', interval: step, range: '1h' },
  });
}
