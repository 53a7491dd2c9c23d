import { MINUTE, SECOND } from '../lib/time.ts';

/**
 * The battery of one UPS. It runs at demo pace: what takes the better part of an hour in a power
 * room takes two minutes here, so that a story can be told.
 */
export interface Battery {
  readonly mainsUp: boolean;
  /** Charge at `asOfMs`, 0..1; later charges follow from the time passed. */
  readonly chargeRatio: number;
  readonly asOfMs: number;
  /** Lab time of the mains failure; null while the mains are there. */
  readonly onBatterySinceMs: number | null;
}

/** What a full battery says it can carry. */
const FULL_RUNTIME_MINUTES = 40;
/** upsConfigLowBattTime: fewer minutes left than this is a low battery. */
export const LOW_BATTERY_MINUTES = 10;

/** The last part runs down slower, so that the warning before the dark can be watched. */
const RESERVE_RATIO = 0.15;
const MAIN_PART_MS = 80 * SECOND;
const RESERVE_MS = 60 * SECOND;
/** What a worn battery has in truth: enough for three quarters of a minute here. */
const WORN_RATIO = 0.11;
const RECHARGE_MS = 4 * MINUTE;

const MAIN_PACE = (1 - RESERVE_RATIO) / MAIN_PART_MS;
const RESERVE_PACE = RESERVE_RATIO / RESERVE_MS;

/** A full battery on mains since `nowMs`. */
export function fullBattery(nowMs: number): Battery {
  return { mainsUp: true, chargeRatio: 1, asOfMs: nowMs, onBatterySinceMs: null };
}

/** The battery carrying the load from `nowMs` on; the same battery when it does already. */
export function mainsFailed(battery: Battery, nowMs: number): Battery {
  if (!battery.mainsUp) return battery;
  const chargeRatio = chargeAt(battery, nowMs);
  return { mainsUp: false, chargeRatio, asOfMs: nowMs, onBatterySinceMs: nowMs };
}

/** A worn battery carrying the load from `nowMs` on: it says to be full until it is needed. */
export function wornMainsFailed(battery: Battery, nowMs: number): Battery {
  const failed = mainsFailed(battery, nowMs);
  const chargeRatio = Math.min(chargeAt(failed, nowMs), WORN_RATIO);
  return { ...failed, chargeRatio, asOfMs: nowMs };
}

/** The battery refilling from `nowMs` on; the same battery when the mains are there already. */
export function mainsRestored(battery: Battery, nowMs: number): Battery {
  if (battery.mainsUp) return battery;
  const chargeRatio = chargeAt(battery, nowMs);
  return { mainsUp: true, chargeRatio, asOfMs: nowMs, onBatterySinceMs: null };
}

/** State of charge, 0..1. */
export function chargeAt(battery: Battery, nowMs: number): number {
  const elapsedMs = Math.max(0, nowMs - battery.asOfMs);
  if (battery.mainsUp) return Math.min(1, battery.chargeRatio + elapsedMs / RECHARGE_MS);
  const mainMs = mainPartMs(battery.chargeRatio);
  if (elapsedMs <= mainMs) return battery.chargeRatio - elapsedMs * MAIN_PACE;
  const reserve = Math.min(battery.chargeRatio, RESERVE_RATIO);
  return Math.max(0, reserve - (elapsedMs - mainMs) * RESERVE_PACE);
}

/** Lab time at which the battery is empty; null while the mains are there. */
export function emptyAt(battery: Battery): number | null {
  if (battery.mainsUp) return null;
  const reserve = Math.min(battery.chargeRatio, RESERVE_RATIO);
  return battery.asOfMs + mainPartMs(battery.chargeRatio) + reserve / RESERVE_PACE;
}

/** Whether the UPS still gives power. */
export function hasOutput(battery: Battery, nowMs: number): boolean {
  const at = emptyAt(battery);
  return at === null || nowMs < at;
}

/** Minutes the battery can carry the load, rounded down as a UPS does. */
export function minutesLeft(battery: Battery, nowMs: number): number {
  return Math.floor(chargeAt(battery, nowMs) * FULL_RUNTIME_MINUTES);
}

function mainPartMs(chargeRatio: number): number {
  return Math.max(0, chargeRatio - RESERVE_RATIO) / MAIN_PACE;
}
