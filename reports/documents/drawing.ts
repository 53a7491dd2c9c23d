/** A picture as shapes, so that a page and a PDF show the very same one. Units are points, y goes down. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly shapes: readonly Shape[];
}

export type Shape =
  | {
      readonly kind: 'rect';
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      readonly fill: string;
      /** Shown when pointed at, and read aloud; a PDF leaves it out. */
      readonly title?: string;
    }
  | {
      readonly kind: 'line';
      readonly points: readonly (readonly [x: number, y: number])[];
      readonly stroke: string;
      readonly strokeWidth: number;
      readonly dashed?: boolean;
    }
  | {
      readonly kind: 'text';
      readonly x: number;
      /** Of the middle of the line. */
      readonly y: number;
      readonly text: string;
      readonly size: number;
      readonly anchor: 'start' | 'middle' | 'end';
      readonly fill: string;
    };

/** Told apart by lightness too, so that they hold in grey and for people who see few colours. */
export const COLOURS = {
  ink: '#1b2430',
  faint: '#66707d',
  rule: '#d5dae0',
  good: '#cfe8d8',
  slight: '#f4d27a',
  lost: '#e2803a',
  grave: '#a61e2a',
  unknown: '#9aa3ad',
  maintenance: '#a9c6ea',
  none: '#f4f6f8',
  accent: '#1f6feb',
} as const;

/** Names are cut to what a row has room for; `…` says so. Counts what is wide as two. */
export function shorten(text: string, mostUnits: number): string {
  let units = 0;
  let kept = '';
  for (const character of text) {
    units += character.codePointAt(0)! > 0x2e80 ? 2 : 1;
    if (units > mostUnits) return `${kept.slice(0, -1)}…`;
    kept += character;
  }
  return kept;
}
