import { type DurationMs, type EpochMs, SECOND } from '../lib/time.ts';
import { heldMs } from './causes.ts';
import type { CauseFacts, PageFacts } from './events.ts';
import { partNameOf } from './fault-key.ts';
import type { PageLine } from './page-content.ts';
import { faultName, type PageMessages } from './page-messages.ts';

/** When what the page is about was over: at the first good poll. Null while it lasts, and where that is not known. */
export function restoredAt(facts: PageFacts): EpochMs | null {
  return facts.isRemoved ? null : (facts.restoredAt ?? facts.resolvedAt);
}

/** How long the fault that the page names lasted until `end`, which may be less than the incident did. */
export function lastedMs(facts: PageFacts, end: EpochMs): DurationMs {
  const { causes = [], startedAt } = facts;
  const told = causes.find(({ isTold }) => isTold);
  const firstAt = flappingFrom(facts);
  if (firstAt !== null) return apartMs(firstAt, told?.until ?? end);
  return told === undefined ? apartMs(startedAt, end) : shownHeldMs(told, end);
}

/** How far apart two instants are as people read them: to the second, both rounded down. */
function apartMs(from: EpochMs, to: EpochMs): DurationMs {
  return Math.floor(to / SECOND) * SECOND - Math.floor(from / SECOND) * SECOND;
}

/** How long a cause lasted; of what came once, from its start to its end as both are shown. */
function shownHeldMs(cause: CauseFacts, end: EpochMs): DurationMs {
  if (cause.count > 1) return heldMs(cause, end);
  return Math.max(0, apartMs(cause.since, cause.until ?? end));
}

interface Times {
  readonly messages: PageMessages;
  readonly facts: PageFacts;
  readonly now: EpochMs;
  readonly instant: (at: EpochMs) => string;
  readonly lengthOf: (durationMs: DurationMs) => string;
}

/**
 * Since when the fault lasts, or how long it lasted; the same of what else the incident has been about,
 * apart; and then the incident as a whole. One fault from the start to the end is one line.
 */
export function timeLines(times: Times): readonly PageLine[] {
  const { messages, facts, now, instant, lengthOf } = times;
  const { causes = [], startedAt, resolvedAt } = facts;
  const told = causes.find(({ isTold }) => isTold);
  const line = (label: string, value: string, droppedAs: number) => ({ label, value, droppedAs });
  const others = causes.filter((cause) => cause !== told && cause.until !== null);
  const also = others.map((cause) => overText(times, cause)).join(messages.causeSeparator);
  if (resolvedAt === null) {
    // What comes and goes is one condition as long as it does.
    const since = flappingFrom(facts) ?? told?.since ?? startedAt;
    const sinceText = (at: EpochMs) => messages.since(instant(at), lengthOf(now - at));
    const isOver = facts.isCauseOver === true && told !== undefined;
    return [
      isOver
        ? line(messages.label_lasted, lastedText(times, told, now), 2)
        : line(messages.label_since, sinceText(since), 2),
      ...(also === '' ? [] : [line(messages.label_over, also, 3)]),
      ...(since <= startedAt && !isOver
        ? []
        : [line(messages.label_incidentSince, sinceText(startedAt), 4)]),
    ];
  }
  if (facts.isRemoved)
    return [
      line(messages.label_since, instant(startedAt), 2),
      line(messages.label_watchedUntil, instant(resolvedAt), 3),
    ];
  const end = restoredAt(facts)!;
  const flappedFrom = flappingFrom(facts);
  // What comes and goes has begun with its first time, and the incident is told from there on.
  const from = Math.min(startedAt, flappedFrom ?? startedAt);
  const whole = messages.lasted(lengthOf(apartMs(from, end)), instant(from), instant(end));
  if (told === undefined) {
    const onOff = () =>
      messages.lastedOnOff(lengthOf(apartMs(from, end)), instant(from), instant(end));
    return [line(messages.label_lasted, flappedFrom === null ? whole : onOff(), 2)];
  }
  const isWhole = (flappedFrom ?? told.firstAt) === from && (told.until ?? end) === end;
  return [
    line(messages.label_lasted, lastedText(times, told, end), 2),
    ...(also === '' ? [] : [line(messages.label_also, also, 3)]),
    ...(isWhole ? [] : [line(messages.label_inAll, whole, 4)]),
  ];
}

/** When what flaps began to: at its first time, which may be before the incident; null: it does not, or that is not known. */
function flappingFrom({ flapping, causes = [] }: PageFacts): EpochMs | null {
  if (!flapping?.rate) return null;
  return flapping.rate.firstAt ?? causes.find(({ isTold }) => isTold)?.firstAt ?? null;
}

function lastedText(
  { messages, facts, instant, lengthOf }: Times,
  cause: CauseFacts,
  end: EpochMs,
) {
  const { firstAt, until, count } = cause;
  const flappedFrom = cause.isTold ? flappingFrom(facts) : null;
  const [from, to] = [instant(flappedFrom ?? firstAt), instant(until ?? end)];
  // How often it came is said of it as a whole.
  if (flappedFrom !== null) return messages.lastedOnOff(lengthOf(lastedMs(facts, end)), from, to);
  const length = lengthOf(shownHeldMs(cause, end));
  return count === 1
    ? messages.lasted(length, from, to)
    : messages.lastedTimes(length, count, from, to);
}

/** A fault that is over, named by its part and kind where its device is that of the page. */
function overText({ messages, facts, instant, lengthOf }: Times, cause: CauseFacts): string {
  const { deviceName, component, faultKind, until } = cause;
  const kind = faultName(messages, faultKind);
  const part = partNameOf(component);
  const isOfSame = deviceName === facts.rootDeviceName && part === null;
  const what = isOfSame ? kind : messages.fault(deviceName, part, kind);
  return messages.causeOver(what, lengthOf(shownHeldMs(cause, until!)), instant(until!));
}
