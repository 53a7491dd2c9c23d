import { type DurationMs, type EpochMs, MINUTE } from '../../lib/time.ts';
import type { SoftAlert, SoftAlerts, ToldBy } from '../soft-state.ts';
import {
  MOST_ACTIVE_ALERTS,
  PROMETHEUS_TIMEOUT_MS,
  type ReceivedAlert,
  WEBHOOK_SENDER,
} from './received-alert.ts';

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

/** A server says again every minute that an alert fires, as a rule; its first word is waited on this long. */
const FIRST_WAIT_MS: DurationMs = 1.25 * MINUTE;

/**
 * Until when the sender is waited for. The clock of a server may be behind: what it tells as the end of its
 * word can be past before it says the same again. It has time to do so twice, within the usual limit; a
 * sender without a name is nobody whose habits are known.
 */
export function waitedFor(sender: string, told: ToldBy): EpochMs {
  if (sender === UNNAMED) return told.expiresAt;
  const { expiresAt, saidAt, everyMs } = told;
  const firstMs = Math.min(FIRST_WAIT_MS, 4 * (expiresAt - saidAt));
  const waitMs = everyMs === 0 ? firstMs : Math.min(2 * everyMs, PROMETHEUS_TIMEOUT_MS);
  return Math.max(expiresAt, saidAt + waitMs);
}

/** The sender says that it fires. As Alertmanager merges them: the latest end that it told counts. */
export function noteFiring(known: SoftAlert, alert: ReceivedAlert, now: EpochMs): void {
  const { sender = UNNAMED, expiresAt, isExpiryTold = false, timeoutMs } = alert;
  const before = known.toldBy.get(sender);
  const everyMs = before === undefined || before.saidAt === 0 ? 0 : Math.abs(now - before.saidAt);
  const said = { timeoutMs, saidAt: now, everyMs: Math.max(everyMs, before?.everyMs ?? 0) };
  const isLater = before?.isExpiryTold && before.expiresAt > expiresAt;
  known.toldBy.set(sender, isLater ? { ...before, ...said } : { expiresAt, isExpiryTold, ...said });
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
  const isStill = ([name, told]: [string, ToldBy]) =>
    name !== UNNAMED && waitedFor(name, told) > now;
  return [...known.toldBy].some(isStill);
}

/**
 * Alertmanager tells an end once, and of its servers' ends it may tell an old one for a new one. While it
 * says that the alert fires, any end that it tells is news, whatever it told before.
 */
export function isNewsByItself(known: SoftAlert, { sender = UNNAMED }: ReceivedAlert): boolean {
  return sender === WEBHOOK_SENDER && known.toldBy.has(sender);
}

/** The last end that the sender told, if that is not long ago. */
export function endTold(
  soft: SoftAlerts,
  { fingerprint, sender = UNNAMED }: Pick<ReceivedAlert, 'fingerprint' | 'sender'>,
): EpochMs | null {
  return soft.ended.get(keyOf(fingerprint, sender))?.endsAt ?? null;
}

/** Keeps an end that counted, for as long as Prometheus may say it again. */
export function keepEnd(
  soft: SoftAlerts,
  { fingerprint, sender = UNNAMED }: Pick<ReceivedAlert, 'fingerprint' | 'sender'>,
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
