import type { Board, Panel, Row } from './board.ts';

/** A place in Grafana's grid of 24 columns; `y` grows downwards. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export type Placed =
  | { readonly kind: 'heading'; readonly id: number; readonly place: Place; readonly title: string }
  | { readonly kind: 'panel'; readonly id: number; readonly place: Place; readonly panel: Panel };

const GRID_WIDTH = 24;

/**
 * Places everything in reading order, rows from the top, panels from the left, and numbers it from
 * 1, so that a link to a panel stays right while the board keeps its order.
 */
export function placePanels(board: Board): Placed[] {
  const placed: Placed[] = [];
  let y = 0;
  for (const row of board.rows) {
    y = placeRow(row, y, placed);
  }
  return placed;
}

function placeRow(row: Row, top: number, placed: Placed[]): number {
  let y = top;
  if (row.title !== null) {
    const place = { x: 0, y, w: GRID_WIDTH, h: 1 };
    placed.push({ kind: 'heading', id: placed.length + 1, place, title: row.title });
    y += 1;
  }
  let x = 0;
  for (const panel of row.panels) {
    const place = { x, y, w: panel.width, h: row.height };
    placed.push({ kind: 'panel', id: placed.length + 1, place, panel });
    x += panel.width;
  }
  return y + row.height;
}
