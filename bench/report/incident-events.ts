import type { DomainEvent, GradingEvidence, PageFacts } from '../../alerting/events.ts';
import type { Tier, TierTargets } from '../../config/model.ts';
import { say } from '../../lib/local-text.ts';
import { type DurationMs, type EpochMs, HOUR, MINUTE, SECOND } from '../../lib/time.ts';

export interface IncidentSketch {
  readonly number: number;
  readonly deviceId: string;
  readonly start: EpochMs;
  readonly end: EpochMs;
  readonly tier: Tier;
  /** From the opening to the acknowledgement. */
  readonly answeredMs: DurationMs;
}

const MINUTES: Readonly<Record<Tier, number>> = { 1: 15, 2: 15, 3: 30, 4: 60 };

/** One incident from its opening to its end: opened, paged, answered (in time or late), resolved. */
export function incidentEvents(sketch: IncidentSketch): DomainEvent[] {
  const { number, deviceId, start, end, tier, answeredMs } = sketch;
  const incidentId = `INC-${number}`;
  const at = start + 20 * SECOND;
  const acknowledgeBy = at + MINUTES[tier] * MINUTE;
  const targets = { 1: targetsOf(1), 2: targetsOf(2), 3: targetsOf(3), 4: targetsOf(4) };
  const pageId = `${incidentId}/e1/step:0/first/mail/opened`;
  const page = { pageId, incidentId };
  const acknowledgedAt = at + answeredMs;
  const resolvedAt = Math.max(end, acknowledgedAt) + MINUTE;
  const events: DomainEvent[] = [
    {
      ...{ type: 'incident-opened', at, incidentId, startedAt: start, tier, acknowledgeBy },
      ...{ rootFaultKey: `${deviceId}/*/device-down`, policyId: 'bench', targets },
      ...{ evidence: evidenceOf(sketch), steps: { 1: [], 2: [], 3: [], 4: [] } },
    },
    {
      ...{ type: 'page-queued', at, ...page, episode: 1, step: 'step:0', personId: 'first' },
      ...{ channelId: 'mail', kind: 'opened', urgent: true, giveUpAt: at + HOUR },
      facts: {} as PageFacts,
    },
    { type: 'page-sent', at: at + 2 * SECOND, ...page, attempt: 1, receipt: 'ok' },
    { type: 'incident-acknowledged', at: acknowledgedAt, incidentId, by: 'first', via: 'link' },
    {
      ...{ type: 'incident-resolved', at: resolvedAt, incidentId, by: null },
      ...{ reason: 'recovered', text: '', restoredAt: end },
    },
  ];
  if (acknowledgedAt > acknowledgeBy) {
    const breach = { at: acknowledgeBy, incidentId, episode: 1, deadline: acknowledgeBy };
    events.push({ type: 'response-breached', ...breach });
  }
  return events;
}

function evidenceOf({ deviceId }: IncidentSketch): GradingEvidence {
  return {
    ruleId: 'bench',
    matchedRuleIds: ['bench'],
    inputs: {
      ...{ faultKind: 'device-down', level: 'critical', rootDeviceId: deviceId, role: 'access' },
      ...{ redundancy: 'none', siteId: 'site-0', siteRole: 'access', devicesDown: 1 },
      ...{ coreDevicesDown: 0, siteDevices: 200, sitePercent: 0, sitesDown: 0, sitesPercent: 0 },
      ...{ customers: 0, customersPercent: 0, batteryMinutes: null, flapping: false },
      ...{ currentTier: null, durationMs: 0 },
    },
    sentence: say(`${deviceId} is down`, `${deviceId} 中断`),
  };
}

function targetsOf(tier: Tier): TierTargets {
  const acknowledgeWithinMs = MINUTES[tier] * MINUTE;
  return { acknowledgeWithinMs, reminderRatios: [], repeatEveryMs: null };
}
