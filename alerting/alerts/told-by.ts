import type { EpochMs } from '../../lib/time.ts';
import type { SoftAlert, SoftAlerts, ToldBy } from '../soft-state.ts';
import { MOST_ACTIVE_ALERTS, type ReceivedAlert } from './received-alert.ts';

/**
 * What each sender last said of an alert. It fires while one of them says so:
 *
 *   A: firing ─────▶ resolved (held: B says that it fires) ─────────────────────▶
 *   B:      firing ──────────▶ firing again ──▶ resolved, or its time is up: over
 *
 * What arrives last counts, as in Alertmanager: "firing" fires now, whatever was said before. Old is only
 * what can be proven to be: an end that the same sender had told already, and has told "firing" since.
 */

/** Who does not say who it is. It keeps nobody else from telling the end. */
export const UNNAMED = '';
/** Senders of one alert; of more, the one whose word is good for the shortest time is forgotten. */
const MOST_SENDERS = 8;

/** Until when the alert fires without news: the latest end that was told, and any other before none that was. */
export function expiryOf({ toldBy }: SoftAlert): EpochMs {
  const all = [...toldBy.values()];
  const told = all.filter(({ isExpiryTold }) => isExpiryTold);
  return Math.max(...(told.length > 0 ? told : all).map(({ expiresAt }) => expiresAt));
}

/** The sender says that it fires. As Alertmanager merges them: the latest end that it told counts. */
export function noteFiring(known: SoftAlert, alert: ReceivedAlert): void {
  const { sender = UNNAMED, expiresAt, isExpiryTold = false } = alert;
  const before = known.toldBy.get(sender);
  if (before?.isExpiryTold && before.expiresAt > expiresAt) return;
  known.toldBy.set(sender, { expiresAt, isExpiryTold });
  if (known.toldBy.size <= MOST_SENDERS) return;
  const others = [...known.toldBy].filter(([name]) => name !== sender);
  const least = others.reduce((a, b) => (b[1].expiresAt < a[1].expiresAt ? b : a));
  known.toldBy.delete(least[0]);
}

/**
 * The sender says that it is over. Whether another one, known by its name, still says that it fires:
 * then this is no end of it.
 */
export function noteEnd(known: SoftAlert, { sender = UNNAMED }: ReceivedAlert, now: EpochMs) {
  known.toldBy.delete(sender);
  if (sender === UNNAMED) return false;
  const isStill = ([name, told]: [string, ToldBy]) => name !== UNNAMED && told.expiresAt > now;
  return [...known.toldBy].some(isStill);
}

/** Whether the sender told this end before. */
export function isToldBefore(
  soft: SoftAlerts,
  { fingerprint, sender = UNNAMED }: ReceivedAlert,
  endsAt: EpochMs,
): boolean {
  const ended = soft.ended.get(keyOf(fingerprint, sender));
  return ended !== undefined && endsAt <= ended.endsAt;
}

/** Keeps an end that counted, for as long as Prometheus may say it again. */
export function keepEnd(
  soft: SoftAlerts,
  { fingerprint, sender = UNNAMED }: ReceivedAlert,
  endsAt: EpochMs,
  now: EpochMs,
): void {
  const key = keyOf(fingerprint, sender);
  soft.ended.delete(key);
  soft.ended.set(key, { endsAt, at: now });
  if (soft.ended.size > MOST_ACTIVE_ALERTS) soft.ended.delete(soft.ended.keys().next().value!);
}

function keyOf(fingerprint: string, sender: string): string {
  return `${fingerprint} ${sender}`;
}
