import {
  type ReplayedIncident,
  type ReplayedPage,
  worstTierOf,
} from '../../alerting/replay/outcomes.ts';
import type { Replay } from '../../alerting/replay/replay.ts';
import { parseFaultKey } from '../../api/incident-record.ts';
import { TIERS } from '../../config/model.ts';
import type { LocalText } from '../../lib/local-text.ts';
import { formatInstant, MINUTE } from '../../lib/time.ts';

/** `only-recorded`, `only-replayed`: an incident for the one and none for the other. */
export type ReplayChange = 'same' | 'worse' | 'milder' | 'only-recorded' | 'only-replayed';

export interface ReplayedIncidentView {
  readonly id: string;
  readonly openedAt: string;
  /** Its worst tier. */
  readonly tier: number;
  readonly grades: readonly {
    readonly at: string;
    readonly tier: number;
    readonly ruleId: string;
  }[];
  readonly because: LocalText;
  readonly acknowledgedAt: string | null;
  readonly breaches: number;
  readonly resolvedAt: string | null;
  readonly pages: readonly ReplayedPageView[];
}

export interface ReplayedPageView {
  readonly at: string;
  /** After the incident opened. */
  readonly afterMinutes: number;
  readonly person: string;
  readonly channel: string;
  readonly kind: ReplayedPage['kind'];
  readonly tier: number;
  readonly heldUntil: string | null;
}

export interface ReplayTotals {
  readonly incidents: number;
  readonly byTier: Readonly<Record<string, number>>;
  readonly breaches: number;
  readonly pages: number;
  /** Pages by person, then channel. */
  readonly byPerson: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** The most pages that one person got within a minute. */
  readonly mostInAMinute: number;
}

/** What `threenines replay --json` prints. */
export interface ReplayView {
  readonly from: string;
  readonly to: string;
  readonly whatIf: boolean;
  readonly incidents: readonly {
    readonly deviceId: string;
    readonly component: string | null;
    readonly faultKind: string;
    readonly startedAt: string;
    readonly change: ReplayChange;
    readonly recorded: ReplayedIncidentView | null;
    readonly replayed: ReplayedIncidentView | null;
  }[];
  readonly totals: { readonly recorded: ReplayTotals; readonly replayed: ReplayTotals };
  /** Left out of the replay: facts about devices that are not configured, and what people could not do. */
  readonly leftOut: { readonly facts: number; readonly acts: number };
}

/** Puts what happened beside what would have: incidents over the same failure of the same part. */
export function viewReplay(replay: Replay, isWhatIf: boolean): ReplayView {
  const keyOf = ({ rootFaultKey, startedAt }: ReplayedIncident) => `${rootFaultKey} ${startedAt}`;
  const recorded = new Map(replay.recorded.map((incident) => [keyOf(incident), incident]));
  const replayed = new Map(replay.replayed.map((incident) => [keyOf(incident), incident]));
  const pairs = [...new Set([...recorded.keys(), ...replayed.keys()])]
    .map((key) => ({ was: recorded.get(key) ?? null, would: replayed.get(key) ?? null }))
    .sort((a, b) => openedAt(a) - openedAt(b));
  return {
    from: formatInstant(replay.from),
    to: formatInstant(replay.to),
    whatIf: isWhatIf,
    incidents: pairs.map(({ was, would }) => {
      const { rootFaultKey, startedAt } = (would ?? was)!;
      const { deviceId, component, kind } = parseFaultKey(rootFaultKey);
      return {
        ...{ deviceId, component, faultKind: kind, startedAt: formatInstant(startedAt) },
        change: changeOf(was, would),
        recorded: was && viewIncident(was),
        replayed: would && viewIncident(would),
      };
    }),
    totals: { recorded: totalsOf(replay.recorded), replayed: totalsOf(replay.replayed) },
    leftOut: { facts: replay.unknownFactCount, acts: replay.undoneActCount },
  };
}

interface Pair {
  readonly was: ReplayedIncident | null;
  readonly would: ReplayedIncident | null;
}

function openedAt({ was, would }: Pair): number {
  return (was ?? would)!.openedAt;
}

function changeOf(was: Pair['was'], would: Pair['would']): ReplayChange {
  if (was === null) return 'only-replayed';
  if (would === null) return 'only-recorded';
  const [before, after] = [worstTierOf(was), worstTierOf(would)];
  if (before === after) return 'same';
  return after < before ? 'worse' : 'milder';
}

function viewIncident(incident: ReplayedIncident): ReplayedIncidentView {
  const instant = (at: number | null) => (at === null ? null : formatInstant(at));
  return {
    id: incident.id,
    openedAt: formatInstant(incident.openedAt),
    tier: worstTierOf(incident),
    grades: incident.grades.map(({ at, tier, ruleId }) => ({
      at: formatInstant(at),
      tier,
      ruleId,
    })),
    because: incident.because,
    acknowledgedAt: instant(incident.acknowledgedAt),
    breaches: incident.breachCount,
    resolvedAt: instant(incident.resolvedAt),
    pages: incident.pages.map((page) => ({
      at: formatInstant(page.at),
      afterMinutes: Math.floor((page.at - incident.openedAt) / MINUTE),
      ...{ person: page.personId, channel: page.channelId, kind: page.kind, tier: page.tier },
      heldUntil: instant(page.heldUntil),
    })),
  };
}

function totalsOf(incidents: readonly ReplayedIncident[]): ReplayTotals {
  const pages = incidents.flatMap((incident) => incident.pages);
  const byPerson: Record<string, Record<string, number>> = {};
  const byMinute = new Map<string, number>();
  for (const { at, personId, channelId } of pages) {
    byPerson[personId] ??= {};
    byPerson[personId][channelId] = (byPerson[personId][channelId] ?? 0) + 1;
    const minute = `${personId} ${Math.floor(at / MINUTE)}`;
    byMinute.set(minute, (byMinute.get(minute) ?? 0) + 1);
  }
  const tiers = incidents.map(worstTierOf);
  return {
    incidents: incidents.length,
    byTier: Object.fromEntries(
      TIERS.map((tier) => [tier, tiers.filter((each) => each === tier).length]),
    ),
    breaches: incidents.reduce((sum, { breachCount }) => sum + breachCount, 0),
    pages: pages.length,
    byPerson,
    mostInAMinute: Math.max(0, ...byMinute.values()),
  };
}
