import type { Verdict } from '../availability.ts';
import type { Drawing } from './drawing.ts';

/** What a document says, before it is a page or a PDF: the same blocks for both, in order. */
export interface Content {
  readonly title: string;
  readonly subtitle: string;
  readonly language: 'en' | 'zh-CN';
  readonly blocks: readonly Block[];
  /** At the foot of every page. */
  readonly footer: string;
  /** Fixed by what is told, so that the same report gives the same bytes. */
  readonly createdAt: number;
}

export interface Column {
  readonly label: string;
  readonly align: 'left' | 'right';
  /** Share of the width, against the other columns. */
  readonly weight: number;
}

export type Block =
  | {
      readonly kind: 'verdict';
      readonly verdict: Verdict;
      readonly headline: string;
      readonly sentences: readonly string[];
    }
  | {
      readonly kind: 'figures';
      readonly items: readonly { readonly label: string; readonly value: string }[];
    }
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | {
      readonly kind: 'table';
      readonly columns: readonly Column[];
      readonly rows: readonly (readonly string[])[];
    }
  | {
      readonly kind: 'drawing';
      readonly title: string;
      readonly drawing: Drawing;
      /** The same for a telephone. */
      readonly narrow: Drawing;
    }
  | { readonly kind: 'page-break' };

/** A column of words. */
export function textColumn(label: string, weight = 2): Column {
  return { label, align: 'left', weight };
}

/** A column of numbers or times. */
export function numberColumn(label: string, weight = 1): Column {
  return { label, align: 'right', weight };
}
