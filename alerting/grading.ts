import type { GradingCondition, GradingRule, NumberRange, Tier } from '../config/model.ts';
import type { EpochMs } from '../lib/time.ts';
import { NEWS_SEVERITIES } from './alert-severities.ts';
import type { GradingInputs } from './events.ts';

/** The rule that decides the tier now, and every rule that matched, top first. */
export interface Grade {
  readonly tier: Tier;
  readonly ruleId: string;
  readonly matchedRuleIds: readonly string[];
}

/**
 * Grades by the first rule from the top whose condition has held for its time. `heldSince` says
 * since when a rule's condition has held, and is told when it does not. Returns null when none
 * matches: the fault is recorded, but it is no incident.
 */
export function gradeBy(
  rules: readonly GradingRule[],
  inputs: GradingInputs,
  now: EpochMs,
  heldSince: (rule: GradingRule, holds: boolean) => EpochMs,
): Grade | null {
  const matched = rules.filter((rule) => {
    const holds = conditionHolds(rule.when, inputs);
    const since = heldSince(rule, holds);
    return holds && now - since >= rule.forMs;
  });
  const decisive = matched[0];
  if (decisive === undefined) return null;
  return {
    tier: decisive.tier,
    ruleId: decisive.id,
    matchedRuleIds: matched.map((rule) => rule.id),
  };
}

/** Whether every stated part of the condition holds; an input that is not known satisfies no range. */
export function conditionHolds(condition: GradingCondition, inputs: GradingInputs): boolean {
  return (
    isOneOf(condition.faultKinds, inputs.faultKind) &&
    isOneOf(condition.levels, inputs.level) &&
    isOneOf(condition.roles, inputs.role) &&
    isOneOf(condition.redundancy, inputs.redundancy) &&
    isOneOf(condition.siteRoles, inputs.siteRole) &&
    isInside(condition.devicesDown, inputs.devicesDown) &&
    isInside(condition.coreDevicesDown, inputs.coreDevicesDown) &&
    isInside(condition.domainDevicesDown, inputs.domainDevicesDown) &&
    isInside(condition.sitePercent, inputs.sitePercent) &&
    isInside(condition.sitesDown, inputs.sitesDown) &&
    isInside(condition.sitesPercent, inputs.sitesPercent) &&
    isInside(condition.customers, inputs.customers) &&
    isInside(condition.customersPercent, inputs.customersPercent) &&
    isInside(condition.keyCustomers, inputs.keyCustomers) &&
    isInside(condition.unknownPercent, inputs.unknownPercent) &&
    isOneOf(condition.generator, inputs.generator) &&
    isInside(condition.membersLeft, inputs.membersLeft) &&
    isInside(condition.sitePathsPercent, inputs.sitePathsPercent) &&
    (condition.switchedOver ?? inputs.switchedOver ?? false) === (inputs.switchedOver ?? false) &&
    isInside(condition.batteryMinutes, inputs.batteryMinutes) &&
    isOneOf(condition.alertSeverities ?? null, inputs.alertSeverity ?? '') &&
    !(condition.exceptSeverities ?? []).includes(inputs.alertSeverity ?? '') &&
    (condition.flapping === null || condition.flapping === inputs.flapping) &&
    hasReachedTier(condition.currentTier, inputs.currentTier) &&
    !isMereNews(condition, inputs) &&
    (condition.anyOf === null || condition.anyOf.some((part) => conditionHolds(part, inputs)))
  );
}

/** An alert that is no trouble: only a rule that speaks of alerts makes an incident of it, no rule for the rest. */
function isMereNews({ faultKinds, anyOf }: GradingCondition, inputs: GradingInputs): boolean {
  if (inputs.faultKind !== 'alert' || anyOf !== null) return false;
  const speaksOfAlerts = faultKinds?.includes('alert') ?? false;
  return !speaksOfAlerts && NEWS_SEVERITIES.includes(inputs.alertSeverity ?? '');
}

function isOneOf<Value>(wanted: readonly Value[] | null | undefined, value?: Value): boolean {
  return wanted === null || wanted === undefined || (value !== undefined && wanted.includes(value));
}

function isInside(range: NumberRange | null | undefined, value?: number | null): boolean {
  if (range === null || range === undefined) return true;
  if (value === null || value === undefined) return false;
  return value >= (range.atLeast ?? -Infinity) && value <= (range.atMost ?? Infinity);
}

/** "Tier 2 not restored" also holds once the incident is worse than tier 2, so that it does not fall back. */
function hasReachedTier(wanted: Tier | null, current: Tier | null): boolean {
  return wanted === null || (current !== null && current <= wanted);
}
