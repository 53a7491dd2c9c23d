import { NO_FACTS } from '../collector/observation.ts';
import type { RedundancyGroup } from '../config/model.ts';
import { type LocalText, sayWith } from '../lib/local-text.ts';
import type { EpochMs } from '../lib/time.ts';
import type { Deciding } from './deciding.ts';
import { faultKeyOf } from './fault-key.ts';
import { clearFault, noticeFlapping, removeFault } from './faults.ts';
import type { Graph } from './graph.ts';
import { type GroupStanding, memberName, standingOf } from './groups.ts';
import { faultsOfLink } from './link-faults.ts';
import { isInMaintenance } from './maintenance.ts';
import { groupSubjectId } from './subjects.ts';

/**
 * Faults of redundancy groups, which are about what is left and not about what is lost:
 *
 *   a member lost ──▶ redundancy-lost: a warning while enough are left, critical below that
 *   a primary lost while another serves ──▶ switched-over
 *   every member seen again ──▶ both cleared
 *
 * Members are judged by their confirmed states, so a group comes and goes no faster than they do.
 * Members lost to planned work raise nothing.
 */

/** Names in one text; more are left out. */
const MOST_NAMED = 3;

const GROUP_FAULT_KINDS = ['redundancy-lost', 'switched-over'] as const;
type GroupFaultKind = (typeof GROUP_FAULT_KINDS)[number];

/** Raises and clears the faults of all redundancy groups, or of those of devices that have changed. */
export function decideGroupFaults(deciding: Deciding): void {
  const graph = deciding.requireGraph();
  const subjectIds = deciding.isFullLook ? graph.groupSubjects.keys() : changedGroups(deciding);
  for (const subjectId of subjectIds) {
    const { group } = graph.groupSubjects.get(subjectId)!;
    const lostKey = faultKeyOf(subjectId, null, 'redundancy-lost');
    const wasLost = deciding.state.faults.has(lostKey);
    const standing = standingOf(deciding.state, graph, group, wasLost);
    const isPlanned = standing.lostIds.every((id) => isMemberPlanned(deciding, graph, id));
    const isLost = standing.lostIds.length > 0 && (wasLost || !isPlanned);
    decide(deciding, subjectId, 'redundancy-lost', standing, isLost);
    const isSwitched = isLost && standing.servingIds.length > 0;
    decide(deciding, subjectId, 'switched-over', standing, isSwitched);
  }
}

function changedGroups(deciding: Deciding): ReadonlySet<string> {
  const { groupsOf, groupSubjects } = deciding.requireGraph();
  const changed = [...deciding.changedDevices()].flatMap((id) => groupsOf.get(id) ?? []);
  const subjectIds = changed.map(({ id }) => groupSubjectId(id));
  return new Set(subjectIds.filter((id) => groupSubjects.has(id)));
}

/** Ends the faults of groups that are no longer configured. */
export function clearFaultsOfGoneGroups(
  deciding: Deciding,
  groups: readonly RedundancyGroup[],
): void {
  const present = new Set(groups.map(({ id }) => id));
  for (const { id } of deciding.state.topology?.redundancyGroups ?? []) {
    if (present.has(id)) continue;
    for (const kind of GROUP_FAULT_KINDS)
      removeFault(deciding, faultKeyOf(groupSubjectId(id), null, kind));
  }
}

function decide(
  deciding: Deciding,
  deviceId: string,
  kind: GroupFaultKind,
  standing: GroupStanding,
  isActive: boolean,
): void {
  const faultKey = faultKeyOf(deviceId, null, kind);
  const { now } = deciding;
  if (!isActive) {
    clearFault(deciding, faultKey, now);
    return;
  }
  const text = textOf(deciding.requireGraph(), kind, standing);
  const isShort = kind === 'redundancy-lost' && standing.leftCount < standing.group.need;
  const level = isShort ? 'critical' : 'warning';
  const facts = { ...NO_FACTS, value: standing.leftCount };
  const before = deciding.state.faults.get(faultKey);
  if (before === undefined) {
    const since = sinceOf(deciding, standing);
    const raised = {
      faultKey,
      deviceId,
      component: null,
      kind,
      level,
      since,
      text,
      facts,
    } as const;
    deciding.emit({ type: 'fault-raised', at: now, ...raised });
    noticeFlapping(deciding, faultKey, deviceId);
  } else if (before.text.en !== text.en || before.level !== level) {
    deciding.emit({ type: 'fault-updated', at: now, faultKey, level, text, facts });
  }
}

/** When the member that was lost last began to fail. */
function sinceOf(deciding: Deciding, { lostIds }: GroupStanding): EpochMs {
  const { state, now } = deciding;
  const { links } = deciding.requireGraph();
  const since = lostIds.flatMap((id) => {
    const link = links.byId.get(id);
    if (link === undefined) return state.devices.get(id)?.healthSince ?? [];
    return faultsOfLink(state, link).map((fault) => fault.since);
  });
  return since.length === 0 ? now : Math.min(now, Math.max(...since));
}

function textOf(graph: Graph, kind: GroupFaultKind, standing: GroupStanding): LocalText {
  const lost = namesOf(graph, standing.lostIds);
  if (kind === 'switched-over') {
    const serving = namesOf(graph, standing.servingIds);
    const primaries = standing.group.primaryIds ?? [];
    const gone = namesOf(
      graph,
      standing.lostIds.filter((id) => primaries.includes(id)),
    );
    return sayWith({ serving, gone }, '{serving} in place of {gone}', '{serving} 代替 {gone}');
  }
  const parts = {
    left: `${standing.leftCount}`,
    all: `${standing.memberCount}`,
    need: `${standing.group.need}`,
    lost,
  };
  return sayWith(
    parts,
    '{left} of {all} left, {need} needed; lost: {lost}',
    '剩余 {left}/{all}，需要 {need}；失去：{lost}',
  );
}

function namesOf(graph: Graph, ids: readonly string[]): LocalText {
  const names = ids.slice(0, MOST_NAMED).map((id) => memberName(graph, id));
  const more = ids.length > MOST_NAMED ? ' …' : '';
  return { en: names.join(', ') + more, 'zh-CN': names.join('、') + more };
}

function isMemberPlanned({ now }: Deciding, graph: Graph, memberId: string): boolean {
  const ends = graph.links.byId.get(memberId)?.ends.map(({ deviceId }) => deviceId);
  return (ends ?? [memberId]).some((deviceId) => isInMaintenance(graph, deviceId, now));
}
