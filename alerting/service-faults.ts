import { NO_FACTS } from '../collector/observation.ts';
import type {
  EscalationPolicy,
  EscalationStep,
  FaultKind,
  GradingCondition,
  GradingRule,
  Tier,
} from '../config/model.ts';
import type { LocalText } from '../lib/local-text.ts';
import type { EpochMs } from '../lib/time.ts';
import { SEVERITY_VALUES } from './alert-labels.ts';
import { CRITICAL_SEVERITIES, MAJOR_SEVERITIES, NEWS_SEVERITIES } from './alert-severities.ts';
import type { Deciding } from './deciding.ts';
import { faultKeyOf } from './fault-key.ts';
import { clearFault } from './faults.ts';
import type { Graph } from './graph.ts';
import type { Fault } from './state.ts';

/** Faults that no device has: their grading rules, who is paged, and how they are raised. */

/** Who is told of a gap in a schedule: `schedule:<id>` is its component. */
const SCHEDULE_PREFIX = 'schedule:';

const ANYTHING: GradingCondition = {
  faultKinds: null,
  levels: null,
  roles: null,
  redundancy: null,
  siteRoles: null,
  devicesDown: null,
  coreDevicesDown: null,
  sitePercent: null,
  sitesDown: null,
  sitesPercent: null,
  customers: null,
  customersPercent: null,
  batteryMinutes: null,
  flapping: null,
  currentTier: null,
  anyOf: null,
};

function rule(id: string, tier: Tier, kind: FaultKind, level?: 'critical'): GradingRule {
  const when = { ...ANYTHING, faultKinds: [kind], levels: level === undefined ? null : [level] };
  return { id, tier, when, forMs: 0 };
}

function alertRule(id: string, tier: Tier, change: Partial<GradingCondition>): GradingRule {
  return { id, tier, when: { ...ANYTHING, faultKinds: ['alert'], ...change }, forMs: 0 };
}

const SERVICE_RULES: readonly GradingRule[] = [
  alertRule('alert-critical', 2, { alertSeverities: CRITICAL_SEVERITIES }),
  alertRule('alert-major', 3, { alertSeverities: MAJOR_SEVERITIES }),
  alertRule('alert-other', 4, { exceptSeverities: NEWS_SEVERITIES }),
  ...([1, 2, 3, 4] as const).map((tier) => ({
    ...{ id: `alert-storm-${tier}`, tier, forMs: 0 },
    when: {
      ...ANYTHING,
      ...{ faultKinds: ['alert-storm' as const], alertSeverities: [SEVERITY_VALUES[tier - 1]!] },
    },
  })),
  rule('service-paging-stuck', 2, 'paging-stuck'),
  rule('service-journal-damaged', 2, 'journal-damaged'),
  // Nobody answers at all: that everything is down cannot be ruled out.
  rule('service-nobody-answers', 1, 'collector-blind', 'critical'),
  rule('service-collector-blind', 3, 'collector-blind'),
  rule('service-cover-gap-soon', 3, 'cover-gap', 'critical'),
  rule('service-cover-gap', 4, 'cover-gap'),
  rule('service-disk-nearly-full', 3, 'disk-nearly-full'),
  rule('service-customer-report', 4, 'customer-report'),
  rule('service-report-undelivered', 4, 'report-undelivered'),
  rule('service-clock-stepped', 4, 'clock-stepped'),
];

/** The rules of the configuration, after those for faults of no device that they do not name. */
export function withServiceRules(rules: readonly GradingRule[]): readonly GradingRule[] {
  const named = new Set(rules.flatMap(({ when }) => kindsOf(when)));
  const missing = SERVICE_RULES.filter(
    ({ when }) => !kindsOf(when).some((kind) => named.has(kind)),
  );
  return [...missing, ...rules];
}

function kindsOf({ faultKinds, anyOf }: GradingCondition): readonly FaultKind[] {
  return [...(faultKinds ?? []), ...(anyOf ?? []).flatMap(kindsOf)];
}

/** The component under which a schedule has its gaps. */
export function scheduleComponent(scheduleId: string): string {
  return `${SCHEDULE_PREFIX}${scheduleId}`;
}

/** Who is paged where the escalation policies do not say: the manager of a schedule, or the catch-all. */
export function ownPolicyOf(graph: Graph, fault: Fault): EscalationPolicy | null {
  if (fault.kind !== 'cover-gap') return null;
  const scheduleId = fault.component?.slice(SCHEDULE_PREFIX.length) ?? '';
  const managerIds = graph.schedules.get(scheduleId)?.managerIds ?? [];
  const catchAll = graph.topology.catchAll ?? [];
  const first = managerIds.length === 0 ? catchAll : managerIds;
  const steps: readonly EscalationStep[] = [{ afterMs: 0, personIds: first, channelIds: [] }];
  return { id: 'cover-gap', siteIds: [], steps: { 1: steps, 2: steps, 3: steps, 4: steps } };
}

export interface ServiceFault {
  readonly subjectId: string;
  readonly component: string | null;
  readonly kind: FaultKind;
  readonly level: 'warning' | 'critical';
  readonly text: LocalText;
  readonly since: EpochMs;
}

/** Raises the fault, or brings what it says up to date; nothing happens when it says the same. */
export function raiseServiceFault(deciding: Deciding, wanted: ServiceFault): void {
  const { subjectId, component, kind, level, text, since } = wanted;
  const faultKey = faultKeyOf(subjectId, component, kind);
  const at = deciding.now;
  const known = deciding.state.faults.get(faultKey);
  if (known === undefined) {
    const rest = { component, kind, level, since, text, facts: NO_FACTS };
    deciding.emit({ type: 'fault-raised', at, faultKey, deviceId: subjectId, ...rest });
    return;
  }
  if (known.level === level && known.text.en === text.en) return;
  deciding.emit({ type: 'fault-updated', at, faultKey, level, text, facts: NO_FACTS });
}

/** Clears the faults of a subject and kind whose component is not among those that still have it. */
export function clearServiceFaults(
  deciding: Deciding,
  subjectId: string,
  kind: FaultKind,
  stillHave: ReadonlySet<string | null>,
): void {
  for (const fault of [...deciding.state.faults.values()]) {
    if (fault.deviceId !== subjectId || fault.kind !== kind) continue;
    if (!stillHave.has(fault.component)) clearFault(deciding, fault.key, deciding.now);
  }
}
