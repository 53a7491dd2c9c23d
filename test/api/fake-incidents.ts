import { apply } from '../../alerting/apply.ts';
import type { DomainEvent, GradingEvidence, PageFacts } from '../../alerting/events.ts';
import type { Incident } from '../../alerting/state.ts';
import { parseFaultKey } from '../../api/incident-record.ts';
import { faultTitle } from '../../api/words.ts';
import { NO_FACTS } from '../../collector/observation.ts';
import type { Tier } from '../../config/model.ts';
import type { LocalText } from '../../lib/local-text.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { FAKE_STEPS, FAKE_TARGETS } from './fake-config.ts';
import type { FakeService } from './fake-service.ts';

export interface FakeIncident {
  readonly number: number;
  readonly tier: Tier;
  /** `<deviceId>/<component or *>/<kind>`. */
  readonly rootFaultKey: string;
  readonly because: GradingEvidence['sentence'];
  readonly text: LocalText;
  readonly openedAt: number;
  readonly acknowledgedBy?: string;
  readonly resolvedAt?: number;
  readonly behind?: readonly string[];
  /** Resolved and no longer held in the engine's state. */
  readonly archived?: boolean;
}

/** Puts an incident with its pages into the journal and, unless archived, into the state. */
export async function addIncident(service: FakeService, fake: FakeIncident): Promise<string> {
  const incidentId = `inc-${String(fake.number).padStart(6, '0')}`;
  const { deviceId, component, kind } = parseFaultKey(fake.rootFaultKey);
  const acknowledgeBy = fake.openedAt + FAKE_TARGETS[fake.tier].acknowledgeWithinMs;
  const evidence = evidenceOf(fake);
  const startedAt = fake.openedAt - 40 * SECOND;
  const events: DomainEvent[] = [
    {
      ...{ at: fake.openedAt, type: 'fault-raised', faultKey: fake.rootFaultKey, deviceId },
      ...{ component, kind, level: 'critical', since: startedAt, text: fake.text },
      facts: NO_FACTS,
    },
    {
      ...{ at: fake.openedAt, type: 'incident-opened', incidentId, startedAt, tier: fake.tier },
      ...{ rootFaultKey: fake.rootFaultKey, evidence, policyId: 'default', acknowledgeBy },
      ...{ steps: FAKE_STEPS, targets: FAKE_TARGETS },
    },
    ...(fake.behind ?? []).map((faultKey): DomainEvent => {
      const at = fake.openedAt + 10 * SECOND;
      return { at, type: 'member-added', incidentId, faultKey, relation: 'behind' };
    }),
  ];
  const pages = fakePages(service, fake, incidentId, acknowledgeBy);
  events.push(...pages.events);
  if (fake.acknowledgedBy !== undefined) {
    const at = fake.openedAt + 3 * MINUTE;
    events.push({
      at,
      type: 'incident-acknowledged',
      incidentId,
      by: fake.acknowledgedBy,
      via: 'console',
    });
  }
  if (fake.resolvedAt !== undefined) {
    const over = { by: null, reason: 'recovered', text: '' } as const;
    events.push({ at: fake.resolvedAt, type: 'incident-resolved', incidentId, ...over });
  }
  await service.record(...events);
  service.state.lastIncidentNumber = Math.max(service.state.lastIncidentNumber, fake.number);
  if (fake.archived) return incidentId;
  if (fake.resolvedAt === undefined) apply(service.state, events[0]!);
  for (const page of pages.held) service.state.pages.set(page.id, page);
  service.state.incidents.set(
    incidentId,
    liveIncident(
      fake,
      incidentId,
      pages.held.map(({ id }) => id),
    ),
  );
  return incidentId;
}

function evidenceOf(fake: FakeIncident): GradingEvidence {
  const { deviceId, kind } = parseFaultKey(fake.rootFaultKey);
  return {
    ruleId: `S${fake.tier}-1`,
    matchedRuleIds: [`S${fake.tier}-1`],
    inputs: {
      ...{ faultKind: kind, level: 'critical', rootDeviceId: deviceId, role: 'core' },
      ...{ redundancy: 'none', siteId: 'central', siteRole: 'core', devicesDown: 1 },
      ...{ coreDevicesDown: 0, siteDevices: 5, sitePercent: 20, sitesDown: 0, sitesPercent: 0 },
      ...{ customers: 0, customersPercent: 0, batteryMinutes: null, flapping: false },
      ...{ currentTier: null, durationMs: MINUTE },
    },
    sentence: fake.because,
  };
}

function fakePages(
  service: FakeService,
  fake: FakeIncident,
  incidentId: string,
  acknowledgeBy: number,
) {
  const { deviceId, component, kind } = parseFaultKey(fake.rootFaultKey);
  const names = new Map(service.config.people.map(({ id, name }) => [id, name]));
  const events: DomainEvent[] = [];
  const held = [];
  for (const [index, personId] of ['duty-primary', 'duty-second'].entries()) {
    const at = fake.openedAt + index * 5 * MINUTE + SECOND;
    if (at > service.deps.clock.now()) continue;
    const pageId = `${incidentId}/1/step:${index}/${personId}/inbox/opened`;
    const facts: PageFacts = {
      ...{ incidentId, tier: fake.tier, rootDeviceId: deviceId, rootDeviceName: deviceId },
      ...{ component, faultKind: kind, faultText: fake.text, siteName: 'Site' },
      ...{ because: fake.because, startedAt: fake.openedAt, openedAt: fake.openedAt },
      ...{ acknowledgeBy, acknowledgedBy: null, resolvedAt: null, affectedCount: 0 },
      ...{ affectedNames: [], batteryMinutes: null, reminderRatio: null },
    };
    const pageKind = index === 0 ? ('opened' as const) : ('escalated' as const);
    const queued = {
      ...{ incidentId, episode: 1, step: `step:${index}`, personId, channelId: 'inbox' },
      ...{ kind: pageKind, urgent: true, giveUpAt: acknowledgeBy, facts },
    };
    events.push({ ...queued, at, type: 'page-queued', pageId });
    events.push({ at: at + 200, type: 'page-sent', pageId, incidentId, attempt: 1, receipt: 'r1' });
    held.push({
      ...queued,
      ...{ id: pageId, queuedAt: at, waitingSince: at, replacedCount: 0, replacedBy: null },
      ...{ status: 'sent' as const, attempts: 1, mayHaveGoneOut: false, nextAttemptAt: at },
      notBefore: null,
      ...{ finishedAt: at + 200, lastFailure: null, receipt: 'r1' },
    });
    const title = faultTitle(deviceId, kind, component).en;
    service.inbox.unshift({
      ...{ pageId, channelId: 'inbox', personId, incidentId, kind: pageKind, tier: fake.tier },
      ...{ urgent: true, language: 'en', short: title, link: '', queuedAt: at },
      deliveredAt: at + 200,
      personName: names.get(personId) ?? personId,
      subject: `[Tier ${fake.tier}] ${title}`,
      text: `${title}\nTier ${fake.tier} because ${fake.because.en}.\nAcknowledge within ${FAKE_TARGETS[fake.tier].acknowledgeWithinMs / MINUTE} minutes.`,
    });
  }
  return { events, held };
}

function liveIncident(fake: FakeIncident, id: string, pageIds: string[]): Incident {
  const { deviceId, component, kind } = parseFaultKey(fake.rootFaultKey);
  return {
    id,
    rootFaultKey: fake.rootFaultKey,
    rootDeviceId: deviceId,
    rootComponent: component,
    rootKind: kind,
    rootText: fake.text,
    causes: [],
    rootKeys: new Set([fake.rootFaultKey]),
    startedAt: fake.openedAt - 40 * SECOND,
    troubleSince: fake.openedAt - 40 * SECOND,
    openedAt: fake.openedAt,
    reopenedAt: null,
    tier: fake.tier,
    evidence: evidenceOf(fake),
    evidenceAt: fake.openedAt,
    gravest: null,
    fromSecondLevel: false,
    lastUpdateAt: null,
    updateAskedAt: null,
    forecastRuleIds: new Set(),
    tierHold: null,
    tierProposal: null,
    toldTier: null,
    tierReachedAt: new Map([[fake.tier, fake.openedAt]]),
    policyId: 'default',
    steps: FAKE_STEPS,
    targets: FAKE_TARGETS,
    members: new Map([
      [fake.rootFaultKey, 'root' as const],
      ...(fake.behind ?? []).map((key) => [key, 'behind' as const] as const),
    ]),
    episode: 1,
    clockStartedAt: fake.openedAt,
    stepsStartedAt: fake.openedAt,
    worstOfClock: fake.tier,
    remindersFrom: fake.openedAt,
    upgradedAt: null,
    stepsReason: 'opened',
    acknowledgeBy: fake.openedAt + FAKE_TARGETS[fake.tier].acknowledgeWithinMs,
    acknowledgedAt: fake.acknowledgedBy === undefined ? null : fake.openedAt + 3 * MINUTE,
    acknowledgedBy: fake.acknowledgedBy ?? null,
    joinedIds: new Set(),
    refusedIds: new Set(),
    draftedEpisode: null,
    breachedAt: null,
    resolvedAt: fake.resolvedAt ?? null,
    restoredAt: fake.resolvedAt ?? null,
    silencedSteps: new Set(),
    stages: new Set(),
    reviewedAt: null,
    reviewedBy: null,
    approvedAt: null,
    reviewDuty: null,
    wasBreached: false,
    previousEndedAt: null,
    authorityClocks: new Map(),
    closedAt: null,
    stepsTaken: new Set(),
    pageIds,
  };
}
