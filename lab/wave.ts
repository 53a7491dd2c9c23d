import type { Random } from '../lib/random.ts';
import { DAY, type EpochMs, HOUR, MINUTE, SECOND } from '../lib/time.ts';

interface WavePart {
  readonly periodMs: number;
  readonly ratio: number;
  /** Share of the period, 0..1. */
  readonly phase: number;
}

/**
 * A quantity that lives: a day's rise and fall with faster movement on top. It is a sum of cosines,
 * so that its value and its integral at any instant cost a few multiplications, need no memory and
 * are the same in every run with the same seed.
 */
export interface Wave {
  readonly mean: number;
  readonly parts: readonly WavePart[];
}

/** Busiest at 14:00 UTC. */
const DAY_PHASE = -14 / 24;
/** Together below 1: a wave never goes below zero. */
const SHAPE = [
  { periodMs: DAY, ratio: 0.45 },
  { periodMs: HOUR + 7 * MINUTE, ratio: 0.12 },
  { periodMs: 11 * MINUTE, ratio: 0.12 },
  { periodMs: 97 * SECOND, ratio: 0.14 },
  { periodMs: 23 * SECOND, ratio: 0.1 },
] as const;

/** `swing` 0..1 scales the movement around `mean`. */
export function createWave(mean: number, swing: number, random: Random): Wave {
  const parts = SHAPE.map(({ periodMs, ratio }) => ({
    periodMs,
    ratio: ratio * swing,
    phase: periodMs === DAY ? DAY_PHASE : random.next(),
  }));
  return { mean, parts };
}

/** Value at an instant, in the unit of `mean`. */
export function waveAt(wave: Wave, at: EpochMs): number {
  let relative = 1;
  for (const part of wave.parts) relative += part.ratio * Math.cos(angle(part, at));
  return wave.mean * relative;
}

/** Sum over `[from, to)` of a wave whose mean is per second. Never negative; grows with `to`. */
export function waveTotal(wave: Wave, from: EpochMs, to: EpochMs): number {
  let relativeMs = to - from;
  for (const part of wave.parts) {
    const reach = (part.ratio * part.periodMs) / (2 * Math.PI);
    relativeMs += reach * (Math.sin(angle(part, to)) - Math.sin(angle(part, from)));
  }
  return (wave.mean * relativeMs) / SECOND;
}

/** The period is taken out first: a cosine of a number as large as an epoch would lose its precision. */
function angle(part: WavePart, at: EpochMs): number {
  return 2 * Math.PI * ((at % part.periodMs) / part.periodMs + part.phase);
}

/** 32-bit FNV-1a: one seed for all, another stream for each named part. */
export function namedSeed(seed: number, name: string): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (const octet of Buffer.from(name)) hash = Math.imul(hash ^ octet, 0x01000193) >>> 0;
  return hash;
}
