import { GAP_HORIZON_MS, gapsAhead } from '../config/schedule/gaps-ahead.ts';
import type { Cover } from '../config/schedule/on-call.ts';
import type { Schedule } from '../config/schedule/schedule.ts';
import { type LocalText, say } from '../lib/local-text.ts';
import { DAY, type DurationMs, type EpochMs, HOUR, MINUTE } from '../lib/time.ts';
import type { Deciding } from './deciding.ts';
import { overridesOf } from './on-call.ts';
import { formatZoned } from './page-text.ts';
import { clearServiceFaults, raiseServiceFault, scheduleComponent } from './service-faults.ts';
import type { EngineState } from './state.ts';
import { SERVICE_SUBJECT } from './subjects.ts';

/** The manager is paged about a gap this long before it begins, */
const NOTICE_MS: DurationMs = 7 * DAY;
/** and when it is this near, it is urgent. */
const SOON_MS: DurationMs = DAY;
/** Time alone opens no gap; it only brings one nearer. */
const LOOK_EVERY_MS: DurationMs = 5 * MINUTE;

/** Times in the next thirty days at which nobody of the schedule is on call. */
export function upcomingGaps(
  state: Pick<EngineState, 'overrides'>,
  schedule: Schedule,
  now: EpochMs,
): readonly Cover[] {
  return gapsAhead(schedule, overridesOf(state, schedule.id), now);
}

/**
 * Finds the times that nobody covers before they begin: from a week ahead on the gap is an incident
 * of its own that pages the manager of the schedule, and it ends when someone takes the time over.
 */
export function decideCover(deciding: Deciding): void {
  const { state, soft, now } = deciding;
  const of = `${state.topologyHash} ${state.lastOverrideNumber} ${state.overrides.size}`;
  const last = soft.coverLook;
  const isFresh = last !== null && last.of === of && now >= last.at;
  if (isFresh && now - last.at < LOOK_EVERY_MS) return;
  soft.coverLook = { of, at: now };
  const open = new Set<string | null>();
  for (const schedule of deciding.requireGraph().schedules.values()) {
    if (schedule.isPartial) continue;
    const gaps = upcomingGaps(state, schedule, now);
    const first = gaps[0];
    if (first === undefined || first.from - now > NOTICE_MS) continue;
    const component = scheduleComponent(schedule.id);
    open.add(component);
    raiseServiceFault(deciding, {
      subjectId: SERVICE_SUBJECT,
      component,
      kind: 'cover-gap',
      level: first.from - now <= SOON_MS ? 'critical' : 'warning',
      text: gapText(schedule, first, now),
      since: now,
    });
  }
  clearServiceFaults(deciding, SERVICE_SUBJECT, 'cover-gap', open);
}

function gapText(schedule: Schedule, gap: Cover, now: EpochMs): LocalText {
  const to = formatZoned(gap.to, schedule.timeZone);
  const from = formatZoned(gap.from, schedule.timeZone);
  const { name } = schedule;
  if (gap.to - now > GAP_HORIZON_MS - HOUR) {
    return say(`nobody is on call for ${name} from ${from} on`, `${name} 自 ${from} 起无人值班`);
  }
  if (gap.from <= now)
    return say(`nobody is on call for ${name} until ${to}`, `${name} 至 ${to} 无人值班`);
  return say(
    `nobody is on call for ${name} from ${from} to ${to}`,
    `${name} 自 ${from} 至 ${to} 无人值班`,
  );
}
