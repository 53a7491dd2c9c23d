import type { DomainEvent, GradingEvidence } from '../../alerting/events.ts';
import type { Tier, TierTargets } from '../../config/model.ts';
import { second } from './story.ts';

const MINUTES: Readonly<Record<Tier, number>> = { 1: 15, 2: 15, 3: 30, 4: 60 };

export const evidence: GradingEvidence = {
  ruleId: 'rule',
  matchedRuleIds: ['rule'],
  inputs: {
    faultKind: 'device-down',
    level: 'critical',
    rootDeviceId: 'a',
    role: 'access',
    redundancy: 'none',
    siteId: 'site-1',
    siteRole: 'access',
    devicesDown: 1,
    coreDevicesDown: 0,
    siteDevices: 1,
    sitePercent: 100,
    sitesDown: 1,
    sitesPercent: 100,
    customers: 0,
    customersPercent: 0,
    batteryMinutes: null,
    flapping: false,
    currentTier: null,
    durationMs: 0,
  },
  sentence: { en: 'because', 'zh-CN': '因为' },
};

const targetsOf = (tier: Tier): TierTargets => ({
  acknowledgeWithinMs: MINUTES[tier] * 60_000,
  reminderRatios: [],
  repeatEveryMs: null,
});

const deadline = (at: number, tier: Tier) => second(at + MINUTES[tier] * 60);

/** Tells of one incident; instants are seconds of the story. */
export function incident(incidentId: string) {
  return {
    opened: (at: number, tier: Tier): DomainEvent => ({
      type: 'incident-opened',
      at: second(at),
      incidentId,
      rootFaultKey: 'a/*/device-down',
      startedAt: second(at),
      tier,
      evidence,
      policyId: 'policy',
      steps: { 1: [], 2: [], 3: [], 4: [] },
      targets: { 1: targetsOf(1), 2: targetsOf(2), 3: targetsOf(3), 4: targetsOf(4) },
      acknowledgeBy: deadline(at, tier),
    }),
    reopened: (at: number, tier: Tier, episode = 2): DomainEvent => ({
      type: 'incident-reopened',
      at: second(at),
      incidentId,
      episode,
      acknowledgeBy: deadline(at, tier),
    }),
    graded: (at: number, from: Tier, to: Tier, fresh: boolean, by = at): DomainEvent => ({
      type: 'incident-graded',
      at: second(at),
      incidentId,
      from,
      to,
      evidence,
      acknowledgeBy: deadline(by, to),
      needsFreshAcknowledgement: fresh,
    }),
    acknowledged: (at: number): DomainEvent => ({
      type: 'incident-acknowledged',
      at: second(at),
      incidentId,
      by: 'duty-primary',
      via: 'console',
    }),
    breached: (at: number): DomainEvent => ({
      type: 'response-breached',
      at: second(at),
      incidentId,
      episode: 1,
      deadline: second(at),
    }),
    resolved: (at: number): DomainEvent => ({
      type: 'incident-resolved',
      at: second(at),
      incidentId,
      by: null,
      reason: 'recovered',
      text: '',
    }),
  };
}
