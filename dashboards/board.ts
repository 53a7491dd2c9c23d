import { assert } from '../lib/assert.ts';

/**
 * A board in our own words, free of any one Grafana format: what is asked, how it is shown, what it
 * means. `emit-board.ts` turns it into the JSON that Grafana reads.
 */
export interface Board {
  /** Part of links to the board; never changes. At most 40 characters. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  /** The time range shown first, in Grafana's notation: `now-6h`. It ends now. */
  readonly from: string;
  readonly refresh: string;
  readonly choices: readonly Choice[];
  /** Where the console shows what the board is about; null: the console as a whole. */
  readonly console: Link | null;
  /** Boards above it that no panel leads to. */
  readonly above: readonly Link[];
  readonly rows: readonly Row[];
}

/**
 * What the reader chooses at the top of a board, from left to right: `sites` any number of sites,
 * `site` one of them, `device` one device at them, `port` one port of it, `window` the month,
 * quarter or year that availability is judged over.
 */
export type Choice = 'sites' | 'site' | 'device' | 'port' | 'window';

export interface Row {
  /** null: no heading. */
  readonly title: string | null;
  /** In grid cells; 27 of them fill a 1080p screen. */
  readonly height: number;
  readonly panels: readonly Panel[];
}

/** Title and description of a panel, from the message table. */
export interface PanelWords {
  readonly title: string;
  readonly description: string;
}

/** When a healthy installation has an answer; the live test holds each panel to it. */
export type ExpectData = 'always' | 'during-incident' | 'may-be-empty';

export interface Panel extends PanelWords {
  /** Of 24. */
  readonly width: number;
  readonly view: View;
  readonly questions: readonly Question[];
  readonly unit: Unit;
  /** Digits after the point; null: as many as the value wants. */
  readonly decimals: number | null;
  readonly levels: readonly Level[];
  readonly namings: readonly Naming[];
  /** Shown when nothing answers. Silence is not health: it must not read like good news. */
  readonly noData: string;
  readonly link: Link | null;
  /** Finest step between two points: `1m`. Full polls are a minute apart, finer shows a reading twice. */
  readonly step: string;
  /** Points at most, so that steps grow with the range; null: as many as the picture is wide. */
  readonly mostPoints: number | null;
  readonly expectData: ExpectData;
}

export type View =
  /** One big number for each series; `background` paints the whole cell. */
  | { readonly kind: 'number'; readonly paint: 'text' | 'background' }
  /** One horizontal bar for each series, as they are now. */
  | { readonly kind: 'bars'; readonly max: number | null }
  | {
      readonly kind: 'lines';
      readonly style: 'line' | 'stack' | 'columns';
      /** What is shown may be less than nothing, as a budget that is overdrawn. */
      readonly isSigned: boolean;
    }
  /** One band for each series, coloured by state. */
  | { readonly kind: 'timeline' }
  | TableView;

export interface TableView {
  readonly kind: 'table';
  /** The label that says which answers belong to one line. */
  readonly joinOn: string;
  readonly columns: readonly Column[];
  readonly sortBy: readonly { readonly title: string; readonly descending: boolean }[];
}

export interface Column {
  /** A label of the first question, or the number that answers the question at this index. */
  readonly source: { readonly label: string } | { readonly question: number };
  readonly title: string;
  readonly unit: Unit;
  readonly decimals: number | null;
  readonly width: number | null;
  readonly levels: readonly Level[];
  readonly namings: readonly Naming[];
  readonly link: Link | null;
}

export interface Question {
  /** PromQL, as Prometheus 2.42 and later read it, with Grafana's variables in it. */
  readonly ask: string;
  /** Name of each series, with labels in braces: `{{site}}`. */
  readonly legend: string;
  /** `now`: one instant, at the end of the range. */
  readonly over: 'now' | 'range';
  /** Colour of all series of this question; null: the view decides. */
  readonly colour: string | null;
  /** Drawn below the line of nought, so that the two directions of a port can be told apart. */
  readonly below: boolean;
}

export type Unit =
  | 'count'
  | 'duration'
  | 'seconds'
  | 'ratio'
  | 'text'
  | 'bits-per-second'
  | 'packets-per-second'
  | 'per-second'
  | 'bytes'
  | 'celsius'
  | 'volts'
  | 'watts'
  | 'dbm';

/** From this value upwards the colour holds; the first level of a list has no lower end. */
export interface Level {
  readonly from: number | null;
  readonly colour: string;
}

/** What is written instead of a number. Colour alone is never the message. */
export type Naming =
  | {
      readonly kind: 'value';
      readonly value: string;
      readonly text: string;
      readonly colour: string;
    }
  | {
      readonly kind: 'range';
      readonly from: number | null;
      readonly to: number | null;
      readonly text: string;
      readonly colour: string;
    }
  | { readonly kind: 'nothing'; readonly text: string; readonly colour: string };

export interface Link {
  readonly title: string;
  readonly url: string;
}

const GRID_WIDTH = 24;
const LONGEST_UID = 40;

/** A whole board. An identifier Grafana would refuse is a bug. */
export function board(
  parts: Omit<Board, 'console' | 'above'> & Partial<Pick<Board, 'console' | 'above'>>,
): Board {
  assert(parts.uid.length <= LONGEST_UID, `board uid ${parts.uid} is at most ${LONGEST_UID} long`);
  return { console: null, above: [], ...parts };
}

/** Panels side by side. More than 24 cells do not fit and are a bug. */
export function row(height: number, panels: readonly Panel[], title: string | null = null): Row {
  const width = panels.reduce((sum, { width }) => sum + width, 0);
  assert(width <= GRID_WIDTH, `a row is at most ${GRID_WIDTH} wide, ${title} has ${width}`);
  return { title, height, panels };
}

type Defaulted = 'levels' | 'namings' | 'link' | 'unit' | 'decimals' | 'step' | 'mostPoints';
export type PanelParts = Omit<Panel, keyof PanelWords | Defaulted> &
  Partial<Pick<Panel, Defaulted>>;

/** One picture that answers one question of a person. */
export function panel(words: PanelWords, parts: PanelParts): Panel {
  return {
    title: words.title,
    description: words.description,
    unit: 'count',
    decimals: null,
    levels: [],
    namings: [],
    link: null,
    step: '1m',
    mostPoints: null,
    ...parts,
  };
}

/** Asks for the value as it is now. */
export function now(ask: string, legend = ''): Question {
  return { ask, legend, over: 'now', colour: null, below: false };
}

/** Asks for the values over the range shown. */
export function history(ask: string, legend = '', colour: string | null = null): Question {
  return { ask, legend, over: 'range', colour, below: false };
}

/** Like `history`, drawn downwards: what leaves where the rest comes in. */
export function historyBelow(ask: string, legend: string): Question {
  return { ...history(ask, legend), below: true };
}

type ColumnParts = Partial<Omit<Column, 'source' | 'title'>>;

/** A column that shows a label of the first question. */
export function labelColumn(label: string, title: string, parts: ColumnParts = {}): Column {
  return { ...EMPTY_COLUMN, source: { label }, title, unit: 'text', ...parts };
}

/** A column that shows what the question at `question` answers. */
export function valueColumn(question: number, title: string, parts: ColumnParts = {}): Column {
  return { ...EMPTY_COLUMN, source: { question }, title, unit: 'count', ...parts };
}

const EMPTY_COLUMN = { decimals: null, width: null, levels: [], namings: [], link: null } as const;
