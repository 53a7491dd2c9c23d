import {
  type Column,
  type Naming,
  type Panel,
  type PanelParts,
  type PanelWords,
  panel,
  type TableView,
} from './board.ts';
import { noDataNaming } from './palette.ts';
import type { Words } from './words/words.ts';

/** What every panel of these kinds says for itself; the rest is as healthy installations want it. */
type Parts = Omit<PanelParts, 'view' | 'noData' | 'expectData'> &
  Partial<Pick<PanelParts, 'noData' | 'expectData'>>;

/**
 * Of a picture over a week or a month it makes steps of a whole day: Grafana divides the range by it
 * and rounds what comes out (3.4 hours for a day, 1, 4.3 and 12.9 days for a week, a month and a quarter).
 */
export const A_BAR_A_DAY = 7;

/** There must be data, and where there is none the panel says NO DATA. */
function expected(words: Words) {
  return { noData: words.noData, expectData: 'always' } as const;
}

/** With NO DATA, in red, as the name of nothing, unless the panel has a name for it. */
function withNothing(words: Words, namings: readonly Naming[] = []): readonly Naming[] {
  const hasName = namings.some(({ kind }) => kind === 'nothing');
  return hasName ? namings : [...namings, noDataNaming(words)];
}

/** Big numbers whose cell is painted by what they mean; `text`: only the number is. */
export function numberPanel(
  words: Words,
  panelWords: PanelWords,
  { paint = 'background', ...parts }: Parts & { readonly paint?: 'text' | 'background' },
): Panel {
  return panel(panelWords, {
    ...expected(words),
    ...parts,
    view: { kind: 'number', paint },
    namings: withNothing(words, parts.namings),
  });
}

/** Values as they are now, one bar each. */
export function barsPanel(
  words: Words,
  panelWords: PanelWords,
  { max = null, ...parts }: Parts & { readonly max?: number | null },
): Panel {
  return panel(panelWords, { ...expected(words), ...parts, view: { kind: 'bars', max } });
}

/** Values over the range. */
export function linesPanel(
  words: Words,
  panelWords: PanelWords,
  {
    style = 'line',
    isSigned = false,
    ...parts
  }: Parts & { readonly style?: 'line' | 'stack' | 'columns'; readonly isSigned?: boolean },
): Panel {
  const view = { kind: 'lines', style, isSigned } as const;
  return panel(panelWords, { ...expected(words), ...parts, view });
}

/** States over the range, one band each. */
export function timelinePanel(words: Words, panelWords: PanelWords, parts: Parts): Panel {
  return panel(panelWords, {
    ...expected(words),
    ...parts,
    view: { kind: 'timeline' },
    namings: withNothing(words, parts.namings),
  });
}

/** What several questions answer about the same things, a line each. */
export function tablePanel(
  words: Words,
  panelWords: PanelWords,
  parts: Parts & {
    readonly joinOn: string;
    readonly columns: readonly Column[];
    readonly sortBy?: TableView['sortBy'];
  },
): Panel {
  const { joinOn, columns, sortBy = [], ...rest } = parts;
  return panel(panelWords, {
    ...expected(words),
    ...rest,
    view: { kind: 'table', joinOn, columns, sortBy },
  });
}
