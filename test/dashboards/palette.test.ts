import { describe, expect, test } from 'vitest';
import { STATE_LOOKS, TIER_COLOURS } from '../../dashboards/palette.ts';

type Triple = readonly [number, number, number];
type Matrix = readonly [Triple, Triple, Triple];

/** What is seen with each kind of sight, over linear RGB: Machado, Oliveira, Fernandes 2009, severity 1. */
const SIGHTS: Readonly<Record<string, Matrix>> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const SRGB_TO_XYZ: Matrix = [
  [0.4124564, 0.3575761, 0.1804375],
  [0.2126729, 0.7151522, 0.072175],
  [0.0193339, 0.119192, 0.9503041],
];
const D65: Triple = [0.95047, 1, 1.08883];

const times = (matrix: Matrix, [a, b, c]: Triple): Triple =>
  matrix.map(([x, y, z]) => x * a + y * b + z * c) as unknown as Triple;

/** IEC 61966-2-1: the light behind a colour value. */
function linear(colour: string): Triple {
  return [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as unknown as Triple;
}

/** CIE 1976 L*a*b*, in which a distance of 20 cannot be missed. */
function lab(light: Triple): Triple {
  const clipped = light.map((value) => Math.min(1, Math.max(0, value))) as unknown as Triple;
  const [x, y, z] = times(SRGB_TO_XYZ, clipped).map((value, index) => {
    const ratio = value / (D65[index] as number);
    return ratio > 216 / 24389 ? Math.cbrt(ratio) : (24389 / 27 / 116) * ratio + 16 / 116;
  }) as unknown as Triple;
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function nearestPair(colours: readonly string[], sight: Matrix): number {
  const seen = colours.map((colour) => lab(times(sight, linear(colour))));
  const distances = seen.flatMap((a, index) =>
    seen.slice(index + 1).map((b) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])),
  );
  return Math.min(...distances);
}

describe.each(Object.entries(SIGHTS))('with %s sight', (_name, sight) => {
  test('no two states look alike', () => {
    const colours = Object.values(STATE_LOOKS).map(({ colour }) => colour);
    expect(nearestPair(colours, sight)).toBeGreaterThan(20);
  });

  test('no two tiers look alike', () => {
    expect(nearestPair(Object.values(TIER_COLOURS), sight)).toBeGreaterThan(20);
  });
});

test('each state has its own symbol, so that no message is colour alone', () => {
  const symbols = Object.values(STATE_LOOKS).map(({ symbol }) => symbol);
  expect(new Set(symbols).size).toBe(symbols.length);
});
