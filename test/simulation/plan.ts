import type { DurationMs, EpochMs } from '../../lib/time.ts';
import { DAY, HOUR, MINUTE } from '../../lib/time.ts';
import type { Chance } from './chance.ts';
import type { NetworkTruth, Trouble } from './network-truth.ts';
import { PROVIDER_ACTS, type ProviderAct } from './providers.ts';
import { FEEDINGS, type Feeding } from './sim-feeds.ts';

/** Nights on which the clocks of Europe change, 01:00 UTC. */
const CLOCK_CHANGES = [Date.UTC(2026, 9, 25, 1), Date.UTC(2027, 2, 28, 1)];

/** Which faults exist in a seed: drawn first, so that they meet in ever other company. */
export interface Plan {
  readonly startsAt: EpochMs;
  readonly days: number;
  readonly troubles: number;
  readonly kills: boolean;
  readonly slowJournal: boolean;
  readonly brokenJournal: boolean;
  readonly clockSteps: boolean;
  readonly stalls: boolean;
  readonly lateObservations: boolean;
  readonly doubledObservations: boolean;
  readonly silences: boolean;
  readonly maintenance: boolean;
  readonly exceptions: boolean;
  readonly reports: boolean;
  readonly providerLies: readonly ProviderAct[];
  /** What hangs on which power. */
  readonly feeding: Feeding;
}

/** What a seed came to. */
export interface SeedResult {
  readonly seed: number;
  readonly plan: Plan;
  readonly days: number;
  readonly steps: number;
  readonly incidents: number;
  readonly pages: number;
  readonly kills: number;
  readonly violations: readonly string[];
  /** How the journal of a seed that failed ends. */
  readonly journalEnd: readonly string[];
}

/** Draws which faults a seed has. */
export function drawPlan(chance: Chance, days: number): Plan {
  const isChangeNight = chance.sometimes(0.3);
  const night = chance.oneOf(CLOCK_CHANGES) - chance.between(0, 40) * MINUTE;
  const anyDay = Date.UTC(2026, 0, 1) + chance.between(0, 700) * DAY + chance.between(0, 23) * HOUR;
  const faults = PROVIDER_ACTS.slice(1).filter(() => chance.sometimes(0.35));
  return {
    startsAt: isChangeNight ? night : anyDay,
    days,
    troubles: chance.between(4, 7),
    kills: chance.sometimes(0.5),
    slowJournal: chance.sometimes(0.3),
    brokenJournal: chance.sometimes(0.2),
    clockSteps: chance.sometimes(0.3),
    stalls: chance.sometimes(0.3),
    lateObservations: chance.sometimes(0.25),
    doubledObservations: chance.sometimes(0.25),
    silences: chance.sometimes(0.35),
    maintenance: chance.sometimes(0.25),
    exceptions: chance.sometimes(0.35),
    reports: chance.sometimes(0.25),
    providerLies: faults,
    feeding: chance.oneOf(FEEDINGS),
  };
}

/** How long a trouble lasts: mostly minutes, sometimes hours. */
export function drawDuration(chance: Chance): DurationMs {
  if (chance.sometimes(0.06)) return chance.between(60, 150) * MINUTE;
  return chance.between(1, 25) * MINUTE + chance.between(0, 59) * 1000;
}

/** One thing that goes wrong at `at`. */
export function drawTrouble(chance: Chance, truth: NetworkTruth, at: EpochMs): Trouble {
  const deviceId = chance.oneOf(truth.deviceIds);
  const draw = chance.between(0, 12);
  if (draw <= 5) return { kind: 'dead', deviceId };
  if (draw === 6) return { kind: 'battery', deviceId: chance.oneOf(truth.feedIds), sinceAt: at };
  if (draw === 7) return { kind: 'port', deviceId: 'core-1', port: 'Te2' };
  if (draw === 8) return { kind: 'unreadable', deviceId };
  if (draw === 9) return { kind: 'cut', deviceId };
  if (draw >= 11) return { kind: 'dark', deviceId: chance.oneOf(truth.feedIds) };
  return { kind: 'hot', deviceId };
}
