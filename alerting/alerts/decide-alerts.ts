import { NO_FACTS } from '../../collector/observation.ts';
import { type DurationMs, type EpochMs, MINUTE } from '../../lib/time.ts';
import type { Deciding } from '../deciding.ts';
import { LEASE_GAP_MS } from '../events.ts';
import { faultKeyOf } from '../fault-key.ts';
import { clearFault, noticeFlapping } from '../faults.ts';
import type { SoftAlert, SoftAlerts } from '../soft-state.ts';
import type { Fault } from '../state.ts';
import { firingWord, goodUntil, keepFiring, keepOver, wordsOf } from './kept-words.ts';
import type { AlertFacts, ReceivedAlert } from './received-alert.ts';
import {
  endTold,
  isNewsByItself,
  keepEnd,
  noteEnd,
  noteFiring,
  UNNAMED,
  waitedFor,
} from './told-by.ts';

/**
 * Alerts of other programs as faults. An alert is known by its fingerprint, and one outbreak of it
 * by its start:
 *
 *   firing ──▶ fault raised ──▶ firing again: lives on ──▶ resolved, or no news in time: cleared
 *
 * Only what changes something enters the journal; that an alert lives on is remembered softly, and
 * after a restart every sender has its full time again (`kept-words.ts`). Servers that send the same alert, each with a
 * start of its own, make one fault, which lasts as long as one of them says (`told-by.ts`).
 */
export function decideAlerts(deciding: Deciding, alerts: readonly ReceivedAlert[]): void {
  const soft = softAlerts(deciding);
  for (const alert of alerts) {
    const known = soft.active.get(alert.fingerprint);
    const fault = known === undefined ? undefined : deciding.state.faults.get(known.faultKey);
    if (alert.endsAt !== null) {
      if (known !== undefined && fault !== undefined)
        end(deciding, soft, alert, known, fault, alert.endsAt);
    } else if (fault !== undefined && known !== undefined) {
      noteFiring(known, alert, deciding.now);
      keepFiring(deciding, fault, alert);
      refreshText(deciding, fault, known, alert);
    } else raise(deciding, soft, alert);
  }
}

/** Clears what nobody has said again in time. Time in which nobody was listening does not count. */
export function decideStaleAlerts(deciding: Deciding): void {
  const soft = softAlerts(deciding);
  const { now } = deciding;
  const hasListened = soft.lookedAt !== null && Math.abs(now - soft.lookedAt) <= LEASE_GAP_MS;
  soft.lookedAt = now;
  for (const [fingerprint, known] of soft.active) {
    const fault = deciding.state.faults.get(known.faultKey);
    if (fault?.alert === undefined) {
      soft.active.delete(fingerprint);
      continue;
    }
    if (!hasListened) putOff(known, now);
    if (!dropStale(deciding, known, fault)) continue;
    soft.active.delete(fingerprint);
    clearAlert(deciding, known, fault);
  }
  for (const [key, { at }] of soft.ended) {
    if (Math.abs(now - at) > REPEATED_FOR_MS) soft.ended.delete(key);
  }
}

function putOff({ toldBy }: SoftAlert, now: EpochMs): void {
  for (const [sender, told] of toldBy) {
    toldBy.set(sender, { ...told, expiresAt: Math.max(told.expiresAt, now + told.timeoutMs) });
  }
}

/** Leaves out the senders whose time is up, each by itself; whether nobody is left who says that it fires. */
function dropStale(deciding: Deciding, known: SoftAlert, fault: Fault): boolean {
  const { toldBy } = known;
  const stale = [...toldBy].filter(([sender, told]) => waitedFor(sender, told) <= deciding.now);
  if (stale.length === 0) return false;
  for (const [sender, { expiresAt }] of stale) {
    toldBy.delete(sender);
    known.overAt = Math.max(known.overAt, expiresAt);
  }
  if (toldBy.size === 0) return true;
  for (const [sender] of stale) keepOver(deciding, fault, sender, null);
  return false;
}

/** It was over when the last one who said that it fires said otherwise, or had its time up. */
function clearAlert(deciding: Deciding, known: SoftAlert, fault: Fault): void {
  clearFault(deciding, fault.key, Math.max(fault.since, Math.min(known.overAt, deciding.now)));
}

/** Prometheus says again for a quarter of an hour what is over. */
const REPEATED_FOR_MS: DurationMs = 20 * MINUTE;
/** A text with a figure in it changes at every evaluation; this is often enough to read. */
const TEXT_EVERY_MS: DurationMs = MINUTE;

/** After a restart the active alerts are those of the faults that the journal tells of. */
function softAlerts(deciding: Deciding): SoftAlerts {
  const { now } = deciding;
  const held = deciding.soft.alerts;
  if (held !== null) return held;
  const soft: SoftAlerts = { active: new Map(), ended: new Map(), lookedAt: null };
  deciding.soft.alerts = soft;
  for (const fault of deciding.state.faults.values()) {
    if (fault.alert === undefined) continue;
    const known: SoftAlert = { faultKey: fault.key, toldBy: new Map(), overAt: 0, textAt: now };
    for (const word of wordsOf(fault)) {
      const { sender, isFiring, timeoutMs, endsBy, endedAt } = word;
      const expiresAt = goodUntil(word, now);
      const told = { expiresAt, isExpiryTold: endsBy === expiresAt, timeoutMs };
      if (isFiring) known.toldBy.set(sender, { ...told, saidAt: 0, everyMs: 0 });
      if (endedAt === undefined) continue;
      known.overAt = Math.max(known.overAt, endedAt);
      keepEnd(soft, { fingerprint: fault.alert.fingerprint, sender }, endedAt, now);
    }
    soft.active.set(fault.alert.fingerprint, known);
  }
  return soft;
}

function raise(deciding: Deciding, soft: SoftAlerts, alert: ReceivedAlert): void {
  const { now } = deciding;
  const { subjectId, text, fingerprint } = alert;
  const component = alertComponent(alert);
  const faultKey = faultKeyOf(subjectId, component, 'alert');
  const known: SoftAlert = { faultKey, toldBy: new Map(), overAt: 0, textAt: now };
  noteFiring(known, alert, now);
  soft.active.set(fingerprint, known);
  if (deciding.state.faults.has(faultKey)) return;
  deciding.emit({
    ...{ type: 'fault-raised', at: now, faultKey, deviceId: subjectId, component, kind: 'alert' },
    ...{ level: 'critical', since: startOf(alert, now), text, facts: NO_FACTS },
    alert: { ...factsOf(alert), senders: [firingWord(alert, endTold(soft, alert))] },
  });
  noticeFlapping(deciding, faultKey, subjectId);
}

/** The end of an earlier outbreak, told late or once more, ends nothing. */
function end(
  deciding: Deciding,
  soft: SoftAlerts,
  alert: ReceivedAlert,
  known: SoftAlert,
  fault: Fault,
  endsAt: EpochMs,
): void {
  const { now } = deciding;
  const toldAt = endTold(soft, alert);
  const isOld = endsAt < fault.since || (toldAt !== null && endsAt <= toldAt);
  if (isOld && !isNewsByItself(known, alert)) return;
  // Nobody knows since when it is over: it is older than the word that it fires.
  const overAt = isOld ? now : endsAt;
  keepEnd(soft, alert, overAt, now);
  known.overAt = Math.max(known.overAt, overAt);
  if (noteEnd(known, alert, now)) {
    keepOver(deciding, fault, alert.sender ?? UNNAMED, overAt);
    return;
  }
  soft.active.delete(alert.fingerprint);
  clearAlert(deciding, known, fault);
}

function refreshText(
  deciding: Deciding,
  fault: Fault,
  known: { textAt: EpochMs },
  { text }: ReceivedAlert,
): void {
  const { now } = deciding;
  const isSame = fault.text.en === text.en;
  if (isSame || Math.abs(now - known.textAt) < TEXT_EVERY_MS) return;
  known.textAt = now;
  const { key: faultKey, level, facts } = fault;
  deciding.emit({ type: 'fault-updated', at: now, faultKey, level, text, facts });
}

/** `alert:<fingerprint>:<name>`: unique by the fingerprint, readable by the name. */
function alertComponent({ fingerprint, name }: AlertFacts): string {
  return `alert:${fingerprint}:${name}`;
}

/** A start that cannot be, by the clock here, is now. */
function startOf({ startsAt }: ReceivedAlert, now: EpochMs): EpochMs {
  return startsAt > 0 && startsAt <= now ? startsAt : now;
}

function factsOf({ annotations, ...alert }: AlertFacts): AlertFacts {
  const { fingerprint, name, severity, labels, url, timeoutMs, endsBy } = alert;
  const told = annotations === undefined ? {} : { annotations };
  const until = endsBy === undefined ? {} : { endsBy };
  return { fingerprint, name, severity, labels, ...told, url, timeoutMs, ...until };
}
