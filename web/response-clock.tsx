import type { Incident } from './api-types.ts';
import { now } from './browser-clock.ts';
import { formatCountdown, formatDuration, formatInstant } from './format.ts';
import { messages } from './language.ts';

/** Reminders go out at these shares of the response time. */
const TICKS = [0.5, 0.8];

/** How long there is left to acknowledge, or how that ended. */
export function ResponseClock({ incident }: { incident: Incident }) {
  if (incident.acknowledgedAt !== null || incident.resolvedAt !== null)
    return <FinishedClock incident={incident} />;
  const text = messages.value;
  const startedAt = Date.parse(incident.clock.startedAt);
  const dueAt = Date.parse(incident.clock.acknowledgeBy);
  const leftMs = dueAt - now.value;
  const usedRatio = Math.min(1, Math.max(0, (now.value - startedAt) / (dueAt - startedAt)));
  const phase =
    leftMs <= 0 ? 'over' : usedRatio >= 0.8 ? 'late' : usedRatio >= 0.5 ? 'half' : 'fresh';
  const due = formatInstant(dueAt, now.value);
  const left = formatCountdown(leftMs);
  return (
    <div class={`clock clock-${phase}`} role="timer" aria-label={text.responseTime}>
      <div class="clock-words">
        <strong>{leftMs > 0 ? text.leftToAcknowledge(left) : text.overdueBy(left)}</strong>
        <span>{leftMs > 0 ? text.by(due) : text.wasDue(due)}</span>
      </div>
      <svg class="clock-bar" viewBox="0 0 1000 8" preserveAspectRatio="none" aria-hidden="true">
        <rect class="track" width="1000" height="8" />
        <rect class="used" width={usedRatio * 1000} height="8" />
        {TICKS.map((ratio) => (
          <rect key={ratio} class="tick" x={ratio * 1000 - 1.5} width="3" height="8" />
        ))}
      </svg>
    </div>
  );
}

function FinishedClock({ incident }: { incident: Incident }) {
  const text = messages.value;
  const { acknowledgedAt, acknowledgedBy, clock } = incident;
  if (acknowledgedAt === null || acknowledgedBy === null)
    return <p class={`clock-end clock-${clock.status}`}>{text.neverAcknowledged}</p>;
  const took = formatDuration(Date.parse(acknowledgedAt) - Date.parse(clock.startedAt));
  const say = clock.status === 'breached' ? text.acknowledgedLate : text.acknowledgedAfter;
  return <p class={`clock-end clock-${clock.status}`}>{say(acknowledgedBy.name, took)}</p>;
}
