import { type LocalText, say } from '../lib/local-text.ts';
import { type DurationMs, MINUTE } from '../lib/time.ts';
import type { AuditFinding } from './auditor.ts';
import type { Deciding } from './deciding.ts';
import { faultKeyOf } from './fault-key.ts';
import { clearFault, removeFault } from './faults.ts';
import { lostSightFault } from './own-sight.ts';
import { clearServiceFaults, raiseServiceFault, type ServiceFault } from './service-faults.ts';
import type { EngineState } from './state.ts';
import { SERVICE_SUBJECT } from './subjects.ts';

/** From this share of devices that are not observed on, we are blind, whatever the reason. */
const BLIND_PERCENT = 20;
/** Fewer are a matter of those devices. */
const FEWEST_BLIND = 2;
const BLIND_FOR_MS: DurationMs = 3 * MINUTE;
/** The fault that monitoring is blind. */
export const BLIND_KEY = faultKeyOf(SERVICE_SUBJECT, null, 'collector-blind');

/**
 * Monitoring that does not see is an incident of its own; unknown devices page for nothing else. It is
 * not over because the devices that it does not see left the configuration: then they are no longer watched.
 */
export function decideBlindness(deciding: Deciding): void {
  const { state, soft, now } = deciding;
  // After a start or a stall the first polls have their chance: nothing was observed before them.
  const lookedFrom = soft.sightLostAt ?? Number.NEGATIVE_INFINITY;
  const lost = lostSightFault(deciding);
  if (lost !== null) {
    raiseServiceFault(deciding, lost);
    return;
  }
  if (!state.faults.has(BLIND_KEY)) soft.goneUnseen.clear();
  let unknown = 0;
  let unseen = 0;
  let since = Number.POSITIVE_INFINITY;
  for (const device of state.devices.values()) {
    if (device.health !== 'unknown') continue;
    unseen += 1;
    if (now - Math.max(device.healthSince, lookedFrom) < BLIND_FOR_MS) continue;
    unknown += 1;
    since = Math.min(since, device.healthSince);
  }
  const all = state.devices.size;
  if (!isMany(unknown, all)) {
    // What nobody has looked at again yet is no better for it.
    if (isMany(unseen, all)) return;
    const gone = [...soft.goneUnseen].filter((id) => !state.devices.has(id)).length;
    if (isMany(unknown + gone, all + gone)) removeFault(deciding, BLIND_KEY);
    else clearFault(deciding, BLIND_KEY, now);
    return;
  }
  // In steps, so that the text does not change with every device.
  const share = Math.floor(percentOf(unknown, all) / 10) * 10;
  raiseServiceFault(deciding, {
    ...{ subjectId: SERVICE_SUBJECT, component: null, kind: 'collector-blind', since },
    level: 'warning',
    text: say(
      `at least ${share} % of the devices are not observed`,
      `至少 ${share}% 的设备未被监测`,
    ),
  });
}

/** Remembers which devices leave the configuration unseen while monitoring is blind. */
export function noteGoneUnseen({ state, soft }: Deciding, goneIds: readonly string[]): void {
  if (!state.faults.has(BLIND_KEY)) return;
  for (const id of goneIds)
    if (state.devices.get(id)?.health === 'unknown') soft.goneUnseen.add(id);
}

function isMany(count: number, all: number): boolean {
  return count >= FEWEST_BLIND && percentOf(count, all) >= BLIND_PERCENT;
}

function percentOf(count: number, all: number): number {
  return Math.floor((100 * count) / Math.max(1, all));
}

/** Whether a finding of the auditor stands, of an earlier run of the service too. */
export function isAuditFaultOpen({ faults }: Pick<EngineState, 'faults'>): boolean {
  for (const { kind } of faults.values()) if (kind === 'paging-stuck') return true;
  return false;
}

/** Takes over what the auditor has found: each finding is a fault for as long as it is found. */
export function decideAudit(deciding: Deciding, findings: readonly AuditFinding[]): void {
  takeOver(deciding, findings, { kind: 'paging-stuck', level: 'critical' });
}

const DISK_COMPONENT = 'journal disk';

/** The fault that tells of a disk that is nearly full. */
export function diskFaultKey(): string {
  return faultKeyOf(SERVICE_SUBJECT, DISK_COMPONENT, 'disk-nearly-full');
}

/** Little room for the journal is a fault until there is enough again. */
export function decideDiskRoom(deciding: Deciding, text: LocalText | null): void {
  const findings = text === null ? [] : [{ subject: DISK_COMPONENT, text }];
  takeOver(deciding, findings, { kind: 'disk-nearly-full', level: 'warning' });
}

/** Reports that do not reach whom they are for are a fault each, until they do. */
export function decideUndelivered(deciding: Deciding, findings: readonly AuditFinding[]): void {
  takeOver(deciding, findings, { kind: 'report-undelivered', level: 'warning' });
}

/** A journal that is not what was written is a fault until its chain is whole: its records prove nothing. */
export function decideJournalProof(deciding: Deciding, findings: readonly AuditFinding[]): void {
  takeOver(deciding, findings, { kind: 'journal-damaged', level: 'critical' });
}

function takeOver(
  deciding: Deciding,
  findings: readonly AuditFinding[],
  fault: Pick<ServiceFault, 'kind' | 'level'>,
): void {
  for (const { subject: component, text } of findings) {
    const about = { subjectId: SERVICE_SUBJECT, component, since: deciding.now, text };
    raiseServiceFault(deciding, { ...about, ...fault });
  }
  const found = new Set<string | null>(findings.map(({ subject }) => subject));
  clearServiceFaults(deciding, SERVICE_SUBJECT, fault.kind, found);
}
