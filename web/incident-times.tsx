import type { ComponentChildren } from 'preact';
import type { Cause, Incident } from './api-types.ts';
import { formatDuration, formatInstant } from './format.ts';
import { local, messages } from './language.ts';
import { punctuation } from './punctuation.ts';

/** The fault that the title names; null where it has lasted as long as the incident. */
function titleCause({ causes }: Incident): Cause | null {
  return causes.find(({ isTitle }) => isTitle) ?? null;
}

/** Since when the fault lasts that the title names: the incident may be older, or younger than what flaps. */
export function faultSince(incident: Incident): number {
  const { flappingSince, startedAt } = incident;
  return Date.parse(flappingSince ?? titleCause(incident)?.since ?? startedAt);
}

/** When the first sign of the incident was seen: of what flaps, its first time. */
export function firstSeenAt({ flappingSince, startedAt }: Incident): string {
  const isEarlier = flappingSince !== null && Date.parse(flappingSince) < Date.parse(startedAt);
  return isEarlier ? flappingSince : startedAt;
}

/** Whether it works again; a person may have resolved what still fails. */
export function isFaultOver({ resolvedAt, restoredAt }: Incident): boolean {
  return resolvedAt !== null && Date.parse(restoredAt ?? resolvedAt) < Date.parse(resolvedAt);
}

/** How long the fault lasted that the title of a resolved incident names. */
export function faultLastedMs(incident: Incident): number {
  const { flappingSince } = incident;
  const cause = titleCause(incident);
  const end = cause?.endedAt ?? endOf(incident);
  if (flappingSince !== null) return wholeSecond(end) - wholeSecond(flappingSince);
  return cause === null ? incidentLastedMs(incident) : shownHeldMs(cause);
}

/** From the first sign to the first good poll, as far apart as their clock times are shown. */
function incidentLastedMs(incident: Incident): number {
  return wholeSecond(endOf(incident)) - wholeSecond(firstSeenAt(incident));
}

function endOf({ openedAt, restoredAt, resolvedAt }: Incident): string {
  return restoredAt ?? resolvedAt ?? openedAt;
}

/** Of what came once, as far apart as the clock times of its start and its end are shown. */
function shownHeldMs({ count, since, endedAt, heldMs }: Cause): number {
  return count > 1 || endedAt === null ? heldMs : wholeSecond(endedAt) - wholeSecond(since);
}

function wholeSecond(instant: string): number {
  return Math.floor(Date.parse(instant) / 1000) * 1000;
}

/**
 * What else there is to say of its times, as rows: faults that are over, each with its own time, and
 * the incident as a whole, where that is more than the fault that the title names.
 */
export function OtherTimes({
  incident,
  row: Row,
  now,
}: {
  incident: Incident;
  row: (row: { name: string; children: ComponentChildren }) => ComponentChildren;
  now: number;
}) {
  const text = messages.value;
  const over = incident.causes.filter(
    ({ isTitle, endedAt, count }) =>
      endedAt !== null && (!isTitle || (count > 1 && incident.flappingSince === null)),
  );
  const isOpen = incident.resolvedAt === null;
  const isWhole = isOpen
    ? faultSince(incident) <= Date.parse(incident.startedAt)
    : faultLastedMs(incident) === incidentLastedMs(incident);
  return (
    <>
      {over.length === 0 ? null : (
        <Row name={text.over}>
          {over.map((cause) => (
            <span key={cause.faultKey} class="names">
              {local(cause.title)}
              {punctuation.value.comma}
              {text.heldUntil(
                formatDuration(shownHeldMs(cause)),
                cause.count,
                formatInstant(cause.endedAt!, now),
              )}
            </span>
          ))}
        </Row>
      )}
      {isWhole ? null : isOpen ? (
        <Row name={text.incidentSince}>
          {formatInstant(incident.startedAt, now)}
          <span class="quiet">
            {punctuation.value.comma}
            {text.ago(formatDuration(now - Date.parse(incident.startedAt)))}
          </span>
        </Row>
      ) : (
        <Row name={text.inAll}>{formatDuration(incidentLastedMs(incident))}</Row>
      )}
    </>
  );
}
