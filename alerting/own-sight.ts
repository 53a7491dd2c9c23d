import { say } from '../lib/local-text.ts';
import { type DurationMs, type EpochMs, SECOND } from '../lib/time.ts';
import { isFailing } from './answers.ts';
import { mayBePowerless } from './dark-feeds.ts';
import type { Deciding } from './deciding.ts';
import type { ServiceFault } from './service-faults.ts';
import type { SoftState } from './soft-state.ts';
import { SERVICE_SUBJECT } from './subjects.ts';

/**
 * Whether it is the network that is silent, or we that are cut off from it. As long as anybody answers,
 * a silent device is judged by itself. Where nobody at all has answered since it fell silent, although
 * several devices that hang on nothing in common were asked, nothing tells an outage of everything from
 * a dead uplink of this machine:
 *
 *   a device silent, somebody answered since           ──▶ seen: the device is judged
 *   nobody answered since, others not asked yet        ──▶ undecided: they are asked at once
 *   nobody answered since, others have begun to fail   ──▶ undecided: they are about to be confirmed
 *   nobody answered since, two or more lost each for
 *   itself, and nobody left to ask (or asked in vain)  ──▶ lost: nobody is down, nobody is observed
 *   all that is silent hangs on power that ran out     ──▶ seen: that is why
 *   anybody answers                                    ──▶ seen: whoever stays silent is confirmed anew
 */
export type Sight = 'seen' | 'undecided' | 'lost';

/** What the engine remembers of answers, whoever gave them. */
export interface OwnSight {
  /** Start of the latest poll that was answered, by anybody. */
  lastAnswerAt: EpochMs | null;
  /** Since when nobody answers; null while somebody does. */
  lostSince: EpochMs | null;
  /** When the first answer came after that. */
  backAt: EpochMs | null;
  /** Devices whose silence is confirmed. */
  readonly silentIds: Set<string>;
  /** When others were last asked. */
  askedAt: EpochMs | null;
}

/** Devices that must have failed each for itself before we suspect ourselves. */
const FEWEST_LOST = 2;

/** Nobody who is asked needs longer than this to answer. */
const ASKED_FOR_MS: DurationMs = 20 * SECOND;

/** Those that have begun to fail may be confirmed as silent within this. */
const DOUBT_FOR_MS: DurationMs = 60 * SECOND;

/** Devices that are polled at once to find anybody who answers. */
const MOST_ASKED = 16;

/** Nothing was asked yet. */
export function freshSight(): OwnSight {
  return { lastAnswerAt: null, lostSince: null, backAt: null, silentIds: new Set(), askedAt: null };
}

/** A device has answered, if only to refuse. Returns whether nobody had until now. */
export function noteAnswer(deciding: Deciding, deviceId: string, askedAt: EpochMs): boolean {
  const { ownSight: sight } = deciding.soft;
  sight.silentIds.delete(deviceId);
  // What runs on this very machine answers over no network.
  if (deciding.requireGraph().devices.get(deviceId)?.isLocal === true) return false;
  sight.lastAnswerAt = Math.max(sight.lastAnswerAt ?? askedAt, askedAt);
  if (sight.lostSince === null || askedAt < sight.lostSince) return false;
  sight.lostSince = null;
  sight.backAt = askedAt;
  return true;
}

/** Whether a poll that failed was sent while we saw nobody: it says nothing of the device. */
export function wasSentBlind({ ownSight }: SoftState, askedAt: EpochMs): boolean {
  return ownSight.lostSince === null && ownSight.backAt !== null && askedAt < ownSight.backAt;
}

/** Judges the silence of a device since `since`, confirmed at `confirmedAt`. */
export function judgeSight(deciding: Deciding, since: EpochMs, confirmedAt: EpochMs): Sight {
  const { soft, now } = deciding;
  const { ownSight: sight } = soft;
  if (sight.lostSince !== null) return 'lost';
  if (sight.lastAnswerAt !== null && sight.lastAnswerAt >= since) return 'seen';
  const { lost, unasked } = entriesOf(deciding, since);
  if (lost + unasked.length < FEWEST_LOST) return 'seen';
  const isAskedInVain = now - confirmedAt >= ASKED_FOR_MS;
  if (lost >= FEWEST_LOST && (isAskedInVain || isNobodyLeft(deciding))) {
    sight.lostSince = since;
    return 'lost';
  }
  const isDoubtOver = now - confirmedAt >= DOUBT_FOR_MS;
  if (isAskedInVain && (isDoubtOver || !unasked.some((id) => isFailing(deciding, id))))
    return 'seen';
  if (sight.askedAt !== now) for (const id of unasked) deciding.probe(id);
  sight.askedAt = now;
  return 'undecided';
}

/** What is to be said while nobody answers; null while somebody does. */
export function lostSightFault({ soft, state }: Deciding): ServiceFault | null {
  const since = soft.ownSight.lostSince;
  if (since === null) return null;
  const count = state.devices.size;
  return {
    ...{ subjectId: SERVICE_SUBJECT, component: null, kind: 'collector-blind', since },
    level: 'critical',
    text: say(
      `none of the ${count} devices answers: this service is cut off from the network, or all of it is down`,
      `全部 ${count} 台设备均无应答：监控服务与网络断开，或全网中断`,
    ),
  };
}

/**
 * Of the devices that hang on no other and were not known to be down: how many are confirmed silent, and
 * the first few of those that may still answer. One whose power had told that it runs out by `since` has
 * its reason to be silent, and bears no witness against us.
 */
function entriesOf(
  deciding: Deciding,
  since: EpochMs,
): { lost: number; unasked: readonly string[] } {
  const { state, soft } = deciding;
  const graph = deciding.requireGraph();
  let lost = 0;
  const unasked: string[] = [];
  for (const id of graph.entryIds) {
    const health = state.devices.get(id)?.health;
    if (health === 'down' || health === 'unreachable') continue;
    if (mayBePowerless(state, graph, id, since)) continue;
    if (soft.ownSight.silentIds.has(id)) lost += 1;
    else if (unasked.length < MOST_ASKED) unasked.push(id);
    if (lost >= FEWEST_LOST && unasked.length === MOST_ASKED) break;
  }
  return { lost, unasked };
}

function isNobodyLeft(deciding: Deciding): boolean {
  const { localCount } = deciding.requireGraph();
  return deciding.soft.ownSight.silentIds.size >= deciding.state.devices.size - localCount;
}
