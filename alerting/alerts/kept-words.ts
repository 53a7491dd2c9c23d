import { type EpochMs, MINUTE } from '../../lib/time.ts';
import type { Deciding } from '../deciding.ts';
import type { Fault } from '../state.ts';
import type { ReceivedAlert, SenderWord } from './received-alert.ts';
import { UNNAMED } from './told-by.ts';

/**
 * What the journal keeps of the senders of an alert, so that a restart neither forgets who fires nor takes
 * an old end for news: who says that it fires and how long that is good, and who has said that it is over.
 * That a sender says the same again is not written down; a word that reaches materially further is.
 */

/** Senders of one alert that are kept; a further one takes the place of one that fires no more, or of none. */
const MOST_KEPT = 8;
/** An expiry is written anew once it is later by this, and by this part of what is left of it. */
const LATER_BY_MS = 5 * MINUTE;
const LATER_BY_PART = 16;

type Firing = Pick<ReceivedAlert, 'sender' | 'timeoutMs' | 'endsBy'>;

/** Of an alert from a journal that knows no senders there is one without a name. */
export function wordsOf({ alert }: Fault): readonly SenderWord[] {
  if (alert === undefined) return [];
  return alert.senders ?? [firingWord(alert, null)];
}

/** The word of a sender as the alert is raised; `endedAt`: the last end that it told before. */
export function firingWord(alert: Firing, endedAt: EpochMs | null): SenderWord {
  const { sender = UNNAMED, timeoutMs, endsBy } = alert;
  const until = endsBy === undefined ? {} : { endsBy };
  return { sender, isFiring: true, timeoutMs, ...until, ...(endedAt === null ? {} : { endedAt }) };
}

/** Until when it fires by this word if the service starts now and hears nothing. */
export function goodUntil({ timeoutMs, endsBy = 0 }: Firing, now: EpochMs): EpochMs {
  return Math.max(now + timeoutMs, endsBy);
}

/** Keeps that the sender says that it fires, where the journal would not give it as long. */
export function keepFiring(deciding: Deciding, fault: Fault, alert: Firing): void {
  const { now } = deciding;
  const before = wordsOf(fault).find(({ sender }) => sender === (alert.sender ?? UNNAMED));
  if (before?.isFiring) {
    const until = goodUntil(alert, now);
    const later = until - goodUntil(before, now);
    if (later <= Math.max(LATER_BY_MS, (until - now) / LATER_BY_PART)) return;
  }
  keep(deciding, fault, firingWord(alert, before?.endedAt ?? null));
}

/** Keeps that the sender says so no longer, while another one does; `endedAt` null: its time was up. */
export function keepOver(
  deciding: Deciding,
  fault: Fault,
  sender: string,
  endedAt: EpochMs | null,
): void {
  const before = wordsOf(fault).find((word) => word.sender === sender);
  if (before === undefined && endedAt === null) return;
  const ended = endedAt ?? before?.endedAt;
  const known = ended === undefined ? {} : { endedAt: ended };
  keep(deciding, fault, { sender, isFiring: false, timeoutMs: before?.timeoutMs ?? 0, ...known });
}

function keep(deciding: Deciding, fault: Fault, word: SenderWord): void {
  const others = wordsOf(fault).filter(({ sender }) => sender !== word.sender);
  if (others.length >= MOST_KEPT) {
    const gone = others.findIndex(({ isFiring }) => !isFiring);
    if (gone < 0 || !word.isFiring) return;
    others.splice(gone, 1);
  }
  const { key: faultKey, level, text, facts } = fault;
  const senders = [...others, word];
  deciding.emit({
    ...{ type: 'fault-updated', at: deciding.now, faultKey, level, text, facts, senders },
  });
}
