import type { Observation, Outcome } from '../collector/observation.ts';
import { answeredBefore, OUTCOME_NAMES } from '../collector/poll-details.ts';
import { isBlank, type LocalText } from '../lib/local-text.ts';
import { type EpochMs, SECOND } from '../lib/time.ts';
import type { Deciding } from './deciding.ts';
import type { HealthReason } from './events.ts';
import { faultKeyOf } from './fault-key.ts';
import { clearFault, raiseDeviceFault } from './faults.ts';
import { changeHealth, hasCriticalFault } from './health-change.ts';
import { freshSight, judgeSight, noteAnswer, wasSentBlind } from './own-sight.ts';
import { isPortPathDown, isSilent } from './paths.ts';
import { type SoftDevice, softDevice } from './soft-state.ts';
import type { DeviceState } from './state.ts';
import type { TopologyDevice } from './topology.ts';
import { proveRun } from './uptime-proof.ts';

/**
 * Health of devices: soft until confirmed, then hard and journaled.
 *
 *   unknown ──ok──▶ up ⇄ degraded (an active critical fault)
 *   any ──failuresToConfirm silent polls──▶ down         when a parent is alive (or none is declared)
 *                                        ──▶ unreachable  when every path is dead: the parent, or its port to here
 *                                        ──▶ down         when the parents live and two or more ports to here are all down
 *                                        ──▶ held         until the parents are judged
 *   any ──failuresToConfirm failed polls, refused or garbled answers among the last──▶ unknown,
 *                                                        with a monitoring-blind fault
 *   down, unreachable ──successesToClear good polls──▶ up
 *   any ──nobody at all answers──▶ unknown (own-sight.ts)
 *   any ──no observation for staleAfter──▶ unknown
 *
 * A change holds from the first poll of the run that confirmed it.
 *
 * Unreachable means that the path is dead and the device itself unproven. One dead port proves
 * nothing about what lies behind it. All of several ports, each told down by a living parent, have
 * the device as their common cause, and it is down. Where some parents are dead and the ports on the
 * living ones are down, fewer than all links testify and the dead parents explain the rest: the
 * device is unreachable until they are back.
 */

/** A device that waits for its parents to be judged is called down after this. */
const LONGEST_HOLD_MS = 60 * SECOND;

type PathVerdict = 'alive' | 'parent-dead' | 'port-down' | 'undecided';

/** `common-cause`: every link is down, and the device is what they have in common. */
type ParentsVerdict = 'alive' | 'dead' | 'common-cause' | 'undecided';

/** Takes in whether a device answered. */
export function decideObservation(deciding: Deciding, observation: Observation): void {
  if (observation.outcome === 'skipped') return;
  const device = deciding.requireGraph().devices.get(observation.deviceId)!;
  const state = deciding.state.devices.get(device.id)!;
  const soft = softDevice(deciding.soft, device.id);
  soft.lastObservedAt = deciding.now;
  if (observation.outcome === 'ok') takeInSuccess(deciding, device, state, soft, observation);
  else if (isAnswering(observation.outcome) || !wasSentBlind(deciding.soft, observation.startedAt))
    takeInFailure(deciding, device, state, soft, observation);
}

/** Judges the devices that wait for their parents. */
export function decideStillHeld(deciding: Deciding): void {
  const changed = deciding.changedDevices();
  if (!deciding.isFullLook && changed.size === 0) return;
  for (const deviceId of deciding.soft.held) {
    const device = deciding.requireGraph().devices.get(deviceId);
    const state = deciding.state.devices.get(deviceId);
    const soft = softDevice(deciding.soft, deviceId);
    if (device === undefined || state === undefined || soft.silentSince === null) {
      release(deciding, deviceId, soft);
    } else if (deciding.isFullLook || device.parents.some((each) => changed.has(each.deviceId))) {
      judgeSilent(deciding, device, state, soft);
    }
  }
}

/** Devices that nobody has polled for too long are not observed. */
export function decideStaleDevices(deciding: Deciding): void {
  for (const [deviceId, soft] of deciding.soft.devices) {
    const state = deciding.state.devices.get(deviceId);
    const device = deciding.requireGraph().devices.get(deviceId);
    if (state === undefined || device === undefined) {
      deciding.soft.devices.delete(deviceId);
      deciding.soft.ownSight.silentIds.delete(deviceId);
    } else if (
      state.health !== 'unknown' &&
      soft.lastObservedAt !== null &&
      deciding.now - soft.lastObservedAt > device.staleAfterMs
    ) {
      changeHealth(deciding, state, 'unknown', soft.lastObservedAt, 'not-observed');
    }
  }
}

/** Nobody has looked since `since`: every device is unknown from then on, and counters start anew. */
export function loseSight(
  deciding: Deciding,
  since: EpochMs,
  reason: 'service-restarted' | 'not-observed',
): void {
  for (const state of deciding.state.devices.values()) {
    if (state.health !== 'unknown') changeHealth(deciding, state, 'unknown', since, reason);
  }
  deciding.soft.sightLostAt = deciding.now;
  deciding.soft.ownSight = freshSight();
  deciding.soft.devices.clear();
  deciding.soft.held.clear();
}

function takeInSuccess(
  deciding: Deciding,
  device: TopologyDevice,
  state: DeviceState,
  soft: SoftDevice,
  observation: Observation,
): void {
  takeInAnswer(deciding, device.id, observation.startedAt);
  forgetFailures(soft);
  soft.lastFailure = null;
  release(deciding, device.id, soft);
  if (soft.successes === 0) soft.firstOkAt = observation.startedAt;
  soft.successes += 1;
  soft.lastOkAt = observation.startedAt;
  const wasSilent = isSilent(deciding.state, device.id);
  const confirmed = soft.successes >= device.successesToClear;
  if (state.health === 'unknown' || (wasSilent && confirmed)) {
    const since = soft.firstOkAt ?? observation.startedAt;
    const wanted = hasCriticalFault(deciding.state, device.id) ? 'degraded' : 'up';
    const proof = proveRun(state.uptime, observation);
    changeHealth(deciding, state, wanted, since, 'confirmed-recovery', proof);
  }
  if (confirmed || !wasSilent) {
    const since = soft.firstOkAt ?? observation.startedAt;
    clearFault(deciding, faultKeyOf(device.id, null, 'device-down'), since);
    clearFault(deciding, faultKeyOf(device.id, null, 'monitoring-blind'), since);
  }
}

function takeInFailure(
  deciding: Deciding,
  device: TopologyDevice,
  state: DeviceState,
  soft: SoftDevice,
  observation: Observation,
): void {
  soft.successes = 0;
  soft.firstOkAt = null;
  soft.firstFailedAt ??= observation.startedAt;
  soft.failures += 1;
  soft.lastFailure = { outcome: observation.outcome, detail: observation.detail };
  if (isAnswering(observation.outcome)) {
    takeInAnswer(deciding, device.id, observation.startedAt);
    soft.silences = 0;
    soft.silentSince = null;
  } else {
    soft.silences += 1;
    soft.silentSince ??= observation.startedAt;
    if (soft.silences >= device.failuresToConfirm) deciding.soft.ownSight.silentIds.add(device.id);
  }
  if (soft.failures < device.failuresToConfirm) return;
  if (soft.silences >= device.failuresToConfirm) judgeSilent(deciding, device, state, soft);
  else if (soft.silences === 0 || !isSilent(deciding.state, device.id)) {
    judgeUnreadable(deciding, device, state, soft, observation.startedAt);
  }
}

/** After the first answer to anything, whoever was silent till then gets a full confirmation of its own. */
function takeInAnswer(deciding: Deciding, deviceId: string, askedAt: EpochMs): void {
  if (!noteAnswer(deciding, deviceId, askedAt)) return;
  for (const [id, soft] of deciding.soft.devices) {
    if (id === deviceId) continue;
    forgetFailures(soft);
    release(deciding, id, soft);
  }
  deciding.soft.ownSight.silentIds.clear();
}

function forgetFailures(soft: SoftDevice): void {
  soft.failures = 0;
  soft.firstFailedAt = null;
  soft.silences = 0;
  soft.silentSince = null;
}

/** The device answers but we cannot read it: that is our blindness, not its outage. */
function judgeUnreadable(
  deciding: Deciding,
  device: TopologyDevice,
  state: DeviceState,
  soft: SoftDevice,
  answeredAt: EpochMs,
): void {
  const since = isSilent(deciding.state, device.id) ? answeredAt : soft.firstFailedAt!;
  release(deciding, device.id, soft);
  if (state.health !== 'unknown') changeHealth(deciding, state, 'unknown', since, 'not-observed');
  clearFault(deciding, faultKeyOf(device.id, null, 'device-down'), since);
  raiseDeviceFault(deciding, device.id, 'monitoring-blind', 'warning', since, describe(soft));
}

function judgeSilent(
  deciding: Deciding,
  device: TopologyDevice,
  state: DeviceState,
  soft: SoftDevice,
): void {
  if (state.health === 'down') return;
  const sight = judgeSight(deciding, soft.silentSince!, soft.heldSince ?? deciding.now);
  if (sight === 'lost') {
    release(deciding, device.id, soft);
    if (state.health === 'up' || state.health === 'degraded')
      changeHealth(deciding, state, 'unknown', soft.silentSince!, 'not-observed');
    return;
  }
  if (sight === 'undecided') {
    hold(deciding, device, soft);
    return;
  }
  const verdict = judgeParents(deciding, device, soft.silentSince!);
  if (state.health === 'unreachable') {
    if (verdict === 'alive' || verdict === 'common-cause')
      judgeAfterParentsReturned(deciding, device, state, soft);
    return;
  }
  if (verdict === 'dead') {
    release(deciding, device.id, soft);
    changeHealth(deciding, state, 'unreachable', soft.silentSince!, 'parents-down');
    return;
  }
  const heldMs = deciding.now - (soft.heldSince ?? deciding.now);
  if (verdict === 'undecided' && heldMs < LONGEST_HOLD_MS) {
    hold(deciding, device, soft);
    return;
  }
  goDown(deciding, device, state, soft, 'confirmed-failure');
}

/** What lay behind a dead parent and stays silent gets a full confirmation of its own first. */
function judgeAfterParentsReturned(
  deciding: Deciding,
  device: TopologyDevice,
  state: DeviceState,
  soft: SoftDevice,
): void {
  const returnedAt = Math.max(
    ...device.parents.map(({ deviceId }) => aliveSince(deciding, deviceId) ?? 0),
  );
  if (soft.silentSince! < returnedAt) {
    forgetFailures(soft);
    return;
  }
  goDown(deciding, device, state, soft, 'parents-recovered');
}

function goDown(
  deciding: Deciding,
  device: TopologyDevice,
  state: DeviceState,
  soft: SoftDevice,
  reason: HealthReason,
): void {
  const since = soft.silentSince!;
  const why = describe(soft);
  // It may have answered to the service as it ran before.
  const text = state.lastKnownHealth === 'unknown' ? why : answeredBefore(why);
  release(deciding, device.id, soft);
  changeHealth(deciding, state, 'down', since, reason);
  clearFault(deciding, faultKeyOf(device.id, null, 'monitoring-blind'), since);
  raiseDeviceFault(deciding, device.id, 'device-down', 'critical', since, text);
}

/**
 * Whether a path towards this device was alive after it fell silent: a parent that answers, and the
 * port there that leads here. A parent whose last good poll is older than the silence is not yet
 * judged, for it may have died with it; nor is a named port before the parent told of its ports.
 */
function judgeParents(
  deciding: Deciding,
  device: TopologyDevice,
  silentSince: EpochMs,
): ParentsVerdict {
  if (device.parents.length === 0) return 'alive';
  const verdicts = new Set<PathVerdict>();
  for (const parent of device.parents) {
    const verdict = judgePath(deciding, parent, silentSince);
    if (verdict === 'alive') return 'alive';
    verdicts.add(verdict);
  }
  if (verdicts.has('undecided')) return 'undecided';
  if (verdicts.has('parent-dead')) return 'dead';
  return device.parents.length > 1 ? 'common-cause' : 'dead';
}

function judgePath(
  deciding: Deciding,
  { deviceId, port }: TopologyDevice['parents'][number],
  silentSince: EpochMs,
): PathVerdict {
  const verdict = judgeParent(deciding, deviceId, silentSince);
  if (verdict !== 'alive' || port === null) return verdict;
  if (isPortPathDown(deciding.state, deviceId, port)) return 'port-down';
  const soft = softDevice(deciding.soft, deviceId);
  // A parent that answers without telling of its ports is taken at its word.
  if (soft.lastFullAt === null) return 'alive';
  return soft.lastFullAt >= silentSince ? 'alive' : 'undecided';
}

function judgeParent(deciding: Deciding, parentId: string, silentSince: EpochMs): PathVerdict {
  if (isSilent(deciding.state, parentId)) return 'parent-dead';
  const soft = softDevice(deciding.soft, parentId);
  if (soft.lastFailure !== null) {
    return isAnswering(soft.lastFailure.outcome) ? 'alive' : 'undecided';
  }
  return soft.lastOkAt !== null && soft.lastOkAt >= silentSince ? 'alive' : 'undecided';
}

function aliveSince(deciding: Deciding, deviceId: string): EpochMs | null {
  const state = deciding.state.devices.get(deviceId);
  return state?.health === 'up' || state?.health === 'degraded' ? state.healthSince : null;
}

function isAnswering(outcome: Outcome): boolean {
  return outcome === 'auth-failed' || outcome === 'bad-response';
}

function describe(soft: SoftDevice): LocalText {
  const { outcome, detail } = soft.lastFailure!;
  return isBlank(detail) ? OUTCOME_NAMES[outcome] : detail;
}

/** The device is judged later, and what that hangs on is polled at once. */
function hold(deciding: Deciding, device: TopologyDevice, soft: SoftDevice): void {
  soft.heldSince ??= deciding.now;
  deciding.soft.held.add(device.id);
  for (const parent of device.parents) deciding.probe(parent.deviceId);
}

function release(deciding: Deciding, deviceId: string, soft: SoftDevice): void {
  soft.heldSince = null;
  deciding.soft.held.delete(deviceId);
}
