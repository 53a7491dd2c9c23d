import { NO_FACTS } from '../../collector/observation.ts';
import { type DurationMs, type EpochMs, MINUTE } from '../../lib/time.ts';
import type { Deciding } from '../deciding.ts';
import { LEASE_GAP_MS } from '../events.ts';
import { faultKeyOf } from '../fault-key.ts';
import { clearFault, noticeFlapping } from '../faults.ts';
import type { SoftAlert, SoftAlerts } from '../soft-state.ts';
import type { Fault } from '../state.ts';
import type { AlertFacts, ReceivedAlert } from './received-alert.ts';
import { expiryOf, isToldBefore, keepEnd, noteEnd, noteFiring, UNNAMED } from './told-by.ts';

/**
 * Alerts of other programs as faults. An alert is known by its fingerprint, and one outbreak of it
 * by its start:
 *
 *   firing ──▶ fault raised ──▶ firing again: lives on ──▶ resolved, or no news in time: cleared
 *
 * Only what changes something enters the journal; that an alert lives on is remembered softly, and
 * after a restart every one has its full time again. Servers that send the same alert, each with a
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
      noteFiring(known, alert);
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
    if (!hasListened) putOff(known, now + fault.alert.timeoutMs);
    const expiresAt = expiryOf(known);
    if (now < expiresAt) continue;
    soft.active.delete(fingerprint);
    clearFault(deciding, fault.key, Math.max(fault.since, Math.min(expiresAt, now)));
  }
  for (const [key, { at }] of soft.ended) {
    if (Math.abs(now - at) > REPEATED_FOR_MS) soft.ended.delete(key);
  }
}

function putOff({ toldBy }: SoftAlert, until: EpochMs): void {
  for (const [sender, told] of toldBy) {
    toldBy.set(sender, { ...told, expiresAt: Math.max(told.expiresAt, until) });
  }
}

/** Prometheus says again for a quarter of an hour what is over. */
const REPEATED_FOR_MS: DurationMs = 20 * MINUTE;
/** A text with a figure in it changes at every evaluation; this is often enough to read. */
const TEXT_EVERY_MS: DurationMs = MINUTE;

/** After a restart the active alerts are those of the faults that the journal tells of. */
function softAlerts(deciding: Deciding): SoftAlerts {
  const held = deciding.soft.alerts;
  if (held !== null) return held;
  const soft: SoftAlerts = { active: new Map(), ended: new Map(), lookedAt: null };
  deciding.soft.alerts = soft;
  for (const fault of deciding.state.faults.values()) {
    if (fault.alert === undefined) continue;
    const { fingerprint, timeoutMs, endsBy = 0 } = fault.alert;
    const expiresAt = Math.max(deciding.now + timeoutMs, endsBy);
    const told = { expiresAt, isExpiryTold: endsBy === expiresAt };
    const toldBy = new Map([[UNNAMED, told]]);
    soft.active.set(fingerprint, { faultKey: fault.key, toldBy, textAt: deciding.now });
  }
  return soft;
}

function raise(deciding: Deciding, soft: SoftAlerts, alert: ReceivedAlert): void {
  const { now } = deciding;
  const { subjectId, text, fingerprint } = alert;
  const component = alertComponent(alert);
  const faultKey = faultKeyOf(subjectId, component, 'alert');
  const known: SoftAlert = { faultKey, toldBy: new Map(), textAt: now };
  noteFiring(known, alert);
  soft.active.set(fingerprint, known);
  if (deciding.state.faults.has(faultKey)) return;
  deciding.emit({
    ...{ type: 'fault-raised', at: now, faultKey, deviceId: subjectId, component, kind: 'alert' },
    ...{ level: 'critical', since: startOf(alert, now), text, facts: NO_FACTS },
    alert: factsOf(alert),
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
  if (endsAt < fault.since || isToldBefore(soft, alert, endsAt)) return;
  keepEnd(soft, alert, endsAt, now);
  if (noteEnd(known, alert, now)) return;
  soft.active.delete(alert.fingerprint);
  clearFault(deciding, fault.key, Math.max(fault.since, Math.min(endsAt, now)));
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
