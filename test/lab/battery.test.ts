import { expect, test } from 'vitest';
import {
  chargeAt,
  emptyAt,
  fullBattery,
  hasOutput,
  LOW_BATTERY_MINUTES,
  mainsFailed,
  mainsRestored,
  minutesLeft,
} from '../../lab/battery.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';

const FAILED_MS = 10 * SECOND;
const onBattery = mainsFailed(fullBattery(0), FAILED_MS);

test('forty minutes run down to six in eighty seconds', () => {
  expect(minutesLeft(onBattery, FAILED_MS)).toBe(40);
  expect(chargeAt(onBattery, FAILED_MS + 80 * SECOND)).toBeCloseTo(0.15, 10);
  expect(minutesLeft(onBattery, FAILED_MS + 80 * SECOND)).toBeGreaterThanOrEqual(5);
  expect(minutesLeft(onBattery, FAILED_MS + 80 * SECOND)).toBeLessThanOrEqual(6);
});

test('there is output and a low battery when the story brings the mains back', () => {
  const backMs = FAILED_MS + 100 * SECOND;
  expect(hasOutput(onBattery, backMs)).toBe(true);
  expect(minutesLeft(onBattery, backMs)).toBeLessThan(LOW_BATTERY_MINUTES);
});

test('it is empty at the instant it says, and not a moment before', () => {
  const at = emptyAt(onBattery)!;
  expect(at).toBeCloseTo(FAILED_MS + 140 * SECOND, 6);
  expect(hasOutput(onBattery, at - 1)).toBe(true);
  expect(chargeAt(onBattery, at - 1)).toBeGreaterThan(0);
  expect(hasOutput(onBattery, at)).toBe(false);
  expect(chargeAt(onBattery, at + MINUTE)).toBe(0);
});

test('it refills on mains and a second failure starts from the charge reached', () => {
  const backMs = FAILED_MS + 80 * SECOND;
  const charging = mainsRestored(onBattery, backMs);
  expect(emptyAt(charging)).toBeNull();
  expect(chargeAt(charging, backMs + MINUTE)).toBeCloseTo(0.4, 10);
  const again = mainsFailed(charging, backMs + MINUTE);
  expect(chargeAt(again, backMs + MINUTE)).toBeCloseTo(0.4, 10);
  expect(chargeAt(charging, backMs + 60 * MINUTE)).toBe(1);
});

test('failing or restoring twice changes nothing', () => {
  expect(mainsFailed(onBattery, 90 * SECOND)).toBe(onBattery);
  const full = fullBattery(0);
  expect(mainsRestored(full, 5)).toBe(full);
});
