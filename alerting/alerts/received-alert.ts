import type { LocalText } from '../../lib/local-text.ts';
import { type DurationMs, type EpochMs, HOUR, MINUTE } from '../../lib/time.ts';

/** What is kept of an alert for as long as its fault lasts. Every text is from outside, cleaned and cut. */
export interface AlertFacts {
  /** 16 hexadecimal digits over all labels, as Prometheus computes it. */
  readonly fingerprint: string;
  readonly name: string;
  /** The severity label in small letters; blank when there is none. */
  readonly severity: string;
  readonly labels: Readonly<Record<string, string>>;
  /** What its rule says of it, runbook and all; older journals do not have them. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Where its sender shows it; null unless it is a web address. */
  readonly url: string | null;
  /** Without news for this long it is over. */
  readonly timeoutMs: DurationMs;
  /** Until when its sender said that it is worth something, where that is later than `timeoutMs` reaches. */
  readonly endsBy?: EpochMs;
  /** What each sender has said of it, as far as a restart has to know; older journals do not have it. */
  readonly senders?: readonly SenderWord[];
}

/** What one sender last said of an alert, as the journal keeps it (`kept-words.ts`). */
export interface SenderWord {
  /** Blank where that cannot be known. */
  readonly sender: string;
  /** Whether it says that the alert fires; otherwise it has told its end, or its time was up. */
  readonly isFiring: boolean;
  readonly timeoutMs: DurationMs;
  readonly endsBy?: EpochMs;
  /** The last end that it told; left out while it has told none. */
  readonly endedAt?: EpochMs;
}

/** One alert as it came in, already matched to what it is about. */
export interface ReceivedAlert extends AlertFacts {
  /** A device, or a subject without one (`subjects.ts`). */
  readonly subjectId: string;
  readonly text: LocalText;
  readonly startsAt: EpochMs;
  /** When it was over; null while it fires. */
  readonly endsAt: EpochMs | null;
  /** While it fires: without news by then it is over. */
  readonly expiresAt: EpochMs;
  /** Its sender said so itself: an end told earlier does not take it back. */
  readonly isExpiryTold?: true;
  /** Who says so, told from other senders of the same alert; left out where that cannot be known. */
  readonly sender?: string;
}

/** Alertmanager has made one word of what servers say, whichever of a cluster sends it. */
export const WEBHOOK_SENDER = 'alertmanager';

/** Prometheus says again what fires every minute, and says itself when that is void (`endsAt`). */
export const PROMETHEUS_TIMEOUT_MS: DurationMs = 5 * MINUTE;
/** Alertmanager says again what fires after `repeat_interval`, four hours as a rule, and tells every end. */
export const ALERTMANAGER_TIMEOUT_MS: DurationMs = 12 * HOUR;
/** Alerts that are active at once. */
export const MOST_ACTIVE_ALERTS = 20_000;
