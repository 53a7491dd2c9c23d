import { type DurationMs, type EpochMs, SECOND } from '../lib/time.ts';
import type { PageKind } from './events.ts';
import type { ToldByPage } from './page-events.ts';
import { pageIdOf, type Recipient, recipientKey } from './paging.ts';
import type { EngineState, Incident } from './state.ts';

/**
 * One page at a time for a person on a channel: of the steps of a clock that meet, the most
 * important one pages, and the page of any other says nothing that this one does not.
 */

/** Steps due within this time of each other count as one moment. */
export const ONE_MOMENT_MS: DurationMs = 3 * SECOND;

/** The higher, the more important. `resolved` is no step of a clock. */
const RANKS: Readonly<Record<PageKind, number>> = {
  breached: 4,
  opened: 3,
  reopened: 3,
  upgraded: 3,
  lapsed: 3,
  escalated: 3,
  reminder: 2,
  'update-due': 2,
  'notice-due': 2,
  forecast: 2,
  repeat: 1,
  'duty-due': 0,
  'duty-overdue': 0,
  acknowledged: 0,
  resolved: 0,
};
/** Kinds up to this rank only say again what is known; the others each bring news to someone. */
const SAYS_IT_AGAIN = RANKS.reminder;

interface PagingStep {
  readonly name: string;
  readonly dueAt: EpochMs;
  readonly kind: PageKind;
}

/** Whom a step pages, and whom another page of this moment tells already. */
export interface StepPages {
  readonly paged: readonly Recipient[];
  readonly toldBy: readonly ToldByPage[];
}

/**
 * Whether a due step waits for a more important one of the same moment. The first page of an
 * incident, of a worse tier or of a new outbreak never waits.
 */
export function waitsForMoreImportant(step: PagingStep, all: readonly PagingStep[]): boolean {
  if (step.kind !== 'escalated' && RANKS[step.kind] > SAYS_IT_AGAIN) return false;
  return all.some(
    (other) =>
      RANKS[other.kind] > RANKS[step.kind] &&
      other.dueAt > step.dueAt &&
      other.dueAt - step.dueAt <= ONE_MOMENT_MS,
  );
}

/** Divides the recipients of the steps that are taken now; by the name of the step. */
export function mergePages<Step extends PagingStep>(
  state: EngineState,
  incident: Incident,
  steps: readonly Step[],
  now: EpochMs,
  recipientsOfStep: (step: Step) => readonly Recipient[],
): ReadonlyMap<string, StepPages> {
  const told = justTold(state, incident, now);
  const pages = new Map<string, StepPages>();
  for (const step of [...steps].sort(mostImportantFirst)) {
    const paged: Recipient[] = [];
    const toldBy: ToldByPage[] = [];
    for (const [key, recipient] of byKey(recipientsOfStep(step))) {
      const earlier = told.get(key);
      if (earlier !== undefined && (earlier.isOfThisTick || saysEnough(earlier, step.kind))) {
        toldBy.push({ ...recipient, pageId: earlier.pageId });
        continue;
      }
      paged.push(recipient);
      const pageId = pageIdOf(state, incident, step, recipient);
      told.set(key, { pageId, rank: RANKS[step.kind], isOfThisTick: true });
    }
    pages.set(step.name, { paged, toldBy });
  }
  return pages;
}

interface Told {
  readonly pageId: string;
  readonly rank: number;
  readonly isOfThisTick: boolean;
}

/** The latest page of this moment to each recipient, as long as its tier and clock still hold. */
function justTold(state: EngineState, incident: Incident, now: EpochMs): Map<string, Told> {
  const told = new Map<string, Told>();
  for (const pageId of incident.pageIds) {
    const page = state.pages.get(pageId)!;
    if (!page.urgent || page.episode !== incident.episode) continue;
    if (page.facts.tier !== incident.tier) continue;
    if (Math.abs(now - page.queuedAt) > ONE_MOMENT_MS) continue;
    told.set(recipientKey(page), { pageId, rank: RANKS[page.kind], isOfThisTick: false });
  }
  return told;
}

function saysEnough(earlier: Told, kind: PageKind): boolean {
  const rank = RANKS[kind];
  return earlier.rank > rank || (earlier.rank === rank && rank <= SAYS_IT_AGAIN);
}

/** Of what brings news the earliest first, of what says it again the latest. */
function mostImportantFirst(a: PagingStep, b: PagingStep): number {
  const byRank = RANKS[b.kind] - RANKS[a.kind];
  if (byRank !== 0) return byRank;
  return RANKS[a.kind] > SAYS_IT_AGAIN ? a.dueAt - b.dueAt : b.dueAt - a.dueAt;
}

function byKey(recipients: readonly Recipient[]): ReadonlyMap<string, Recipient> {
  return new Map(recipients.map((each) => [recipientKey(each), each]));
}
