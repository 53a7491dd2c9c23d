import type { Config, Language } from '../config/model.ts';
import type { PageFacts } from './events.ts';
import type { Page } from './state.ts';

/** Where the page leads. `acknowledge` is a secret of the recipient; null where others can read the page. */
export interface PageLinks {
  readonly incident: string;
  readonly acknowledge: string | null;
}

export interface RenderedPage {
  /** One line. */
  readonly subject: string;
  /** Plain text, at most 2 kB of UTF-8. */
  readonly text: string;
  /** A whole document with inline styles; everything in it is escaped. */
  readonly html: string;
  /** At most 140 UTF-16 units, for SMS and the like. */
  readonly short: string;
  /** The page taken apart, for channels with cards of their own. */
  readonly content: PageContent;
}

/** One labelled line; of a page that grows too long the line with the highest `droppedAs` goes first. */
export interface PageLine {
  readonly label: string;
  readonly value: string;
  readonly droppedAs: number;
}

/** The page taken apart, so that plain text and HTML say the same. */
export interface PageContent {
  readonly language: Language;
  readonly tier: PageFacts['tier'];
  readonly tierName: string;
  readonly subject: string;
  readonly headline: string;
  readonly lines: readonly PageLine[];
  readonly links: PageLinks;
}

/** The incident in the console, and no acknowledge link. */
export function consoleLinks(page: Pick<Page, 'incidentId'>, config: Config): PageLinks {
  const incident = encodeURIComponent(page.incidentId);
  return { incident: `${config.service.consoleUrl}/incidents/${incident}`, acknowledge: null };
}
