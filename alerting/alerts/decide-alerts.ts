import { NO_FACTS } from '../../collector/observation.ts';
import { type DurationMs, type EpochMs, MINUTE } from '../../lib/time.ts';
import type { Deciding } from '../deciding.ts';
import { LEASE_GAP_MS } from '../events.ts';
import { faultKeyOf } from '../fault-key.ts';
import { clearFault, noticeFlapping } from '../faults.ts';
import type { SoftAlert, SoftAlerts } from '../soft-state.ts';
import type { Fault } from '../state.ts';
import type { AlertFacts, ReceivedAlert } from './received-alert.ts';

/**
 * Alerts of other programs as faults. An alert is known by its fingerprint, and one outbreak of it
 * by its start:
 *
 *   firing ──▶ fault raised ──▶ firing again: lives on ──▶ resolved, or no news in time: cleared
 *
 * Only what changes something enters the journal; that an alert lives on is remembered softly, and
 * after a restart every one has its full time again. Two servers that send the same alert, each with
 * a start of its own, make one fault.
 */
export function decideAlerts(deciding: Deciding, alerts: readonly ReceivedAlert[]): void {
  const soft = softAlerts(deciding);
  for (const alert of alerts) {
    const known = soft.active.get(alert.fingerprint);
    const fault = known === undefined ? undefined : deciding.state.faults.get(known.faultKey);
    if (alert.endsAt !== null) end(deciding, soft, alert, fault, alert.endsAt);
    else if (fault !== undefined && known !== undefined) {
      putOff(known, alert);
      refreshText(deciding, fault, known, alert);
    } else if (!isLateNews(soft, alert, deciding.now)) raise(deciding, soft, alert);
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
    if (!hasListened) known.expiresAt = Math.max(known.expiresAt, now + fault.alert.timeoutMs);
    if (now < known.expiresAt) continue;
    soft.active.delete(fingerprint);
    clearFault(deciding, fault.key, Math.max(fault.since, Math.min(known.expiresAt, now)));
  }
  for (const [fingerprint, { at }] of soft.ended) {
    if (Math.abs(now - at) > LATE_NEWS_MS) soft.ended.delete(fingerprint);
  }
}

/** As Alertmanager merges them: the latest end that a sender told counts, and any before none that was told. */
function putOff(known: SoftAlert, { expiresAt, isExpiryTold }: ReceivedAlert): void {
  if (known.isExpiryTold && known.expiresAt > expiresAt) return;
  known.expiresAt = expiresAt;
  known.isExpiryTold = isExpiryTold === true;
}

/** One of two servers may say once more that an alert fires that the other has seen end. */
const LATE_NEWS_MS: DurationMs = 2 * MINUTE;
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
    const since = { faultKey: fault.key, expiresAt, textAt: deciding.now };
    soft.active.set(fingerprint, { ...since, isExpiryTold: endsBy === expiresAt });
  }
  return soft;
}

function raise(deciding: Deciding, soft: SoftAlerts, alert: ReceivedAlert): void {
  const { now } = deciding;
  const { subjectId, text, fingerprint, expiresAt } = alert;
  const component = alertComponent(alert);
  const faultKey = faultKeyOf(subjectId, component, 'alert');
  const isExpiryTold = alert.isExpiryTold === true;
  soft.active.set(fingerprint, { faultKey, expiresAt, isExpiryTold, textAt: now });
  soft.ended.delete(fingerprint);
  if (deciding.state.faults.has(faultKey)) return;
  deciding.emit({
    ...{ type: 'fault-raised', at: now, faultKey, deviceId: subjectId, component, kind: 'alert' },
    ...{ level: 'critical', since: startOf(alert, now), text, facts: NO_FACTS },
    alert: factsOf(alert),
  });
  noticeFlapping(deciding, faultKey, subjectId);
}

/** The end of an earlier outbreak, told late, ends nothing. */
function end(
  deciding: Deciding,
  soft: SoftAlerts,
  alert: ReceivedAlert,
  fault: Fault | undefined,
  endsAt: EpochMs,
): void {
  const { now } = deciding;
  if (fault !== undefined && endsAt < fault.since) return;
  soft.ended.set(alert.fingerprint, { endsAt, at: now });
  soft.active.delete(alert.fingerprint);
  if (fault === undefined) return;
  clearFault(deciding, fault.key, Math.max(fault.since, Math.min(endsAt, now)));
}

function isLateNews(soft: SoftAlerts, alert: ReceivedAlert, now: EpochMs): boolean {
  const ended = soft.ended.get(alert.fingerprint);
  return ended !== undefined && alert.startsAt <= ended.endsAt && now - ended.at < LATE_NEWS_MS;
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
