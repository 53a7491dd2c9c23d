import type { LedgerState } from './ledger.ts';

/** How many members of a group are in each state; `ran…`: those among them that are proven to run. */
export interface MemberCounts extends Record<LedgerState, number> {
  ranUnknown: number;
  ranUnreachable: number;
}

/** What a group is at one instant; `ran`: its members are proven to have carried it all the same. */
export interface GroupInstant {
  readonly state: LedgerState;
  readonly ran: boolean;
}

const CARRIED: GroupInstant = { state: 'up', ran: false };
const WITH_LESS: GroupInstant = { state: 'degraded', ran: false };
const PLANNED: GroupInstant = { state: 'maintenance', ran: false };
const NO_GROUP: GroupInstant = { state: 'out-of-service', ran: false };

/**
 * What a group is at one instant, by its members that are in service; it needs `need` of them, or all
 * where there are fewer. A member out of service is none. The rules in the order in which they win:
 *
 * - out-of-service: it has no member;
 * - up while as many as it needs work, degraded when another one is lost; members in planned work
 *   and those not observed do not make it so;
 * - maintenance: the planned work alone leaves fewer than it needs. Where it leaves enough, it is what
 *   failed beside the work that the group is without, and not the work;
 * - unknown: the members not observed could have carried it;
 * - unreachable: those behind a dead parent could have, had they been reached. To customers it is
 *   down; it says nothing of the devices;
 * - else down: too many members have failed themselves.
 *
 * In unknown and unreachable time it `ran` when as many as it needs worked or are proven to have run.
 */
export function groupInstant(counts: Readonly<MemberCounts>, need: number): GroupInstant {
  const { up, degraded, down, unreachable, maintenance, unknown } = counts;
  const observed = up + degraded + down + unreachable + unknown;
  const members = observed + maintenance;
  if (members === 0) return NO_GROUP;
  const needed = Math.min(need, members);
  const working = up + degraded;
  if (working >= needed) return down + unreachable > 0 ? WITH_LESS : CARRIED;
  if (observed < needed) return PLANNED;
  const ran = working + counts.ranUnknown + counts.ranUnreachable >= needed;
  if (working + unknown >= needed) return { state: 'unknown', ran };
  if (working + unknown + unreachable >= needed) return { state: 'unreachable', ran };
  return { state: 'down', ran: false };
}
