import { renderBoards } from '../../dashboards/render-boards.ts';
import { fillVariables } from './fill-variables.ts';

/** The parts of Grafana's classic JSON that the tests look at. */
export interface BoardJson {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly editable: boolean;
  readonly schemaVersion: number;
  readonly panels: readonly PanelJson[];
  readonly templating: { readonly list: readonly VariableJson[] };
  readonly annotations: { readonly list: readonly AnnotationJson[] };
  readonly tags: readonly string[];
  readonly links: readonly {
    readonly title: string;
    readonly type: string;
    readonly tags: readonly string[];
  }[];
}

export interface PanelJson {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: {
    readonly x: number;
    readonly y: number;
    readonly w: number;
    readonly h: number;
  };
  readonly datasource?: { readonly uid: string };
  readonly interval?: string;
  readonly maxDataPoints?: number;
  readonly targets?: readonly TargetJson[];
  readonly options?: {
    readonly reduceOptions?: { readonly calcs: readonly string[] };
    readonly legend?: { readonly showLegend: boolean };
    readonly tooltip?: { readonly mode: string };
  };
  readonly fieldConfig?: {
    readonly defaults: {
      readonly unit?: string;
      readonly min?: number;
      readonly noValue?: string;
      readonly mappings?: readonly { readonly type: string }[];
      readonly thresholds?: { readonly steps: readonly { readonly value: number | null }[] };
    };
    readonly overrides: readonly {
      readonly properties: readonly { readonly id: string; readonly value: unknown }[];
    }[];
  };
}

export interface TargetJson {
  readonly refId: string;
  readonly expr: string;
  readonly instant: boolean;
  readonly range: boolean;
  readonly datasource: { readonly uid: string };
}

export interface VariableJson {
  readonly name: string;
  readonly type: string;
  readonly label?: string;
  readonly includeAll?: boolean;
  readonly query: string;
  readonly refresh?: number;
  readonly regex?: string;
  readonly datasource?: { readonly uid: string };
}

export interface AnnotationJson {
  readonly name: string;
  readonly builtIn: number;
  readonly expr?: string;
}

export const LANGUAGES = ['en', 'zh-CN'] as const;

export const boards: readonly BoardJson[] = [...renderBoards('en').values()].map(
  (text) => JSON.parse(text) as BoardJson,
);

export function picturesOf(board: BoardJson): readonly PanelJson[] {
  return board.panels.filter((panel) => panel.type !== 'row');
}

/** Every query of every board, annotations and variables included, with the place it stands at. */
export function allQueries(): { readonly place: string; readonly expr: string }[] {
  return boards.flatMap((board) => [
    ...picturesOf(board).flatMap((panel) =>
      (panel.targets ?? []).map((target) => ({
        place: `${board.uid} / ${panel.title} / ${target.refId}`,
        expr: target.expr,
      })),
    ),
    ...board.annotations.list.flatMap((annotation) =>
      annotation.expr === undefined
        ? []
        : [{ place: `${board.uid} / ${annotation.name}`, expr: annotation.expr }],
    ),
  ]);
}

/**
 * What Grafana puts in before it asks. The windows are odd on purpose: each can be told from a
 * window that somebody wrote into a query.
 */
export function filledIn(expr: string): string {
  return fillVariables(expr, {
    ...{ site: 'hq', device: 'core-1', portName: 'Te1/1' },
    rateInterval: '8869990787ms',
    range: '8869990789ms',
    interval: '8869990791ms',
  });
}
