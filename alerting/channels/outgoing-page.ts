import type { Language, Person } from '../../config/model.ts';
import type { LocalText } from '../../lib/local-text.ts';
import type { DurationMs } from '../../lib/time.ts';
import type { PageLinks, RenderedPage } from '../page-content.ts';
import type { Page } from '../state.ts';

/** One page, looked up and put into words, ready for the channel it is meant for. */
export interface OutgoingPage {
  readonly page: Page;
  readonly person: Person;
  /** The recipient's address on this channel; null where the channel has one fixed destination. */
  readonly address: string | null;
  readonly language: Language;
  readonly rendered: RenderedPage;
  readonly links: PageLinks;
  /** Whether the recipient has an earlier page of the incident; left out when not. */
  readonly isFollowUp?: true;
}

/** How one try ended. A reason never holds an address, a key or words of the far end. */
export type ChannelOutcome =
  | { readonly result: 'sent'; readonly receipt: string }
  | {
      readonly result: 'failed';
      readonly reason: LocalText;
      /** Trying again cannot help. */
      readonly permanent: boolean;
      /** The far end said no: tried again, since that may be mended, but nothing else waits for it. */
      readonly refused?: true;
      /** Known to have failed before anything could be taken: the recipient has nothing of it. Left out where that is in doubt. */
      readonly notTaken?: true;
      /** The far end asks not to be tried sooner. */
      readonly waitMs?: DurationMs;
    };

/** Something that may pass: the page is tried again, not before `waitMs` when the far end asks for that. */
export function retryLater(reason: LocalText, waitMs: DurationMs | null = null): ChannelOutcome {
  const asked = waitMs === null ? {} : { waitMs };
  return { result: 'failed', reason, permanent: false, ...asked };
}

/**
 * The far end said no, for a cause that may be mended while the page is owed (its rules, its login, its
 * address): tried again, while the person's next channel or the next step is taken at once.
 */
export function refused(reason: LocalText, waitMs: DurationMs | null = null): ChannelOutcome {
  const asked = waitMs === null ? {} : { waitMs };
  return { result: 'failed', reason, permanent: false, refused: true, ...asked };
}

/** Trying again cannot help. */
export function rejected(reason: LocalText): ChannelOutcome {
  return { result: 'failed', reason, permanent: true, notTaken: true };
}

/** The same outcome of a try by which the recipient can have got nothing; one that was sent stays so. */
export function withNothingTaken(outcome: ChannelOutcome): ChannelOutcome {
  return outcome.result === 'sent' ? outcome : { ...outcome, notTaken: true };
}
