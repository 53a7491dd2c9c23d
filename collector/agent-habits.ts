import type { Profile, Quirks } from '../config/profile.ts';
import { type LocalText, say } from '../lib/local-text.ts';

/** What is known about how one agent wants to be asked: from its profiles, and learned. */
export interface AgentHabits {
  /** What its profiles say. */
  quirks: Quirks;
  /** It answers GETNEXT, but not GETBULK (RFC 3416 §4.2.3). */
  refusesBulk: boolean;
  /** Why it turned out to want little at a time, with pauses; null: it did not. */
  gentle: GentleReason | null;
  /** Polls in a row in which it lost a request of several objects, yet answered a single one. */
  lossyPolls: number;
  /** Polls in a row in which its replies came late. */
  slowPolls: number;
}

export const GENTLE_REASONS = ['loses-requests', 'slow'] as const;
export type GentleReason = (typeof GENTLE_REASONS)[number];

const GENTLE_TEXTS: Readonly<Record<GentleReason, LocalText>> = {
  'loses-requests': say(
    'it does not answer requests for many objects, but answers small ones',
    '对象较多的请求无应答，小请求有应答',
  ),
  slow: say('its replies take long', '应答缓慢'),
};

/** Why an agent is asked for little at a time, with pauses; null: it is not. */
export function whyGentle({ quirks, gentle }: AgentHabits): LocalText | null {
  if (quirks.gentle)
    return say('its profile says that its agent is weak', '设备档案注明其代理性能弱');
  return gentle && GENTLE_TEXTS[gentle];
}

/** Objects that a weak agent is asked for at once. */
export const GENTLE_VARBINDS = 8;
/** The pause between two requests to it. */
export const GENTLE_SPACING_MS = 50;
const POLLS_TO_CONVINCE = 2;
const SLOW_REPLY_MS = 1_500;

/** Of an agent that was never asked. */
export function unknownHabits(): AgentHabits {
  return { quirks: NO_QUIRKS, refusesBulk: false, gentle: null, lossyPolls: 0, slowPolls: 0 };
}

const NO_QUIRKS: Quirks = { noBulk: false, mostVarbinds: null, gentle: false };

/** What several profiles say together: the agent is asked so that it suits all of them. */
export function quirksOf(profiles: readonly Pick<Profile, 'quirks'>[]): Quirks {
  const most = profiles.flatMap(({ quirks }) => quirks.mostVarbinds ?? []);
  return {
    noBulk: profiles.some(({ quirks }) => quirks.noBulk),
    mostVarbinds: most.length === 0 ? null : Math.min(...most),
    gentle: profiles.some(({ quirks }) => quirks.gentle),
  };
}

/** Whether it is asked with GETBULK, where the version has it. */
export function usesBulk({ quirks, refusesBulk }: AgentHabits): boolean {
  return !quirks.noBulk && !refusesBulk;
}

/** Objects that it is asked for at once, at most. */
export function mostVarbindsOf({ quirks }: AgentHabits): number {
  return quirks.mostVarbinds ?? Number.POSITIVE_INFINITY;
}

/** Takes in how a poll went: `lostRequests` were lost although the agent answered; `rttMs` of its last reply. */
export function noteManners(habits: AgentHabits, lostRequests: number, rttMs: number | null): void {
  habits.lossyPolls = lostRequests > 0 ? habits.lossyPolls + 1 : 0;
  habits.slowPolls = rttMs !== null && rttMs >= SLOW_REPLY_MS ? habits.slowPolls + 1 : 0;
  if (habits.gentle !== null) return;
  if (habits.lossyPolls >= POLLS_TO_CONVINCE) habits.gentle = 'loses-requests';
  else if (habits.slowPolls >= POLLS_TO_CONVINCE) habits.gentle = 'slow';
}
