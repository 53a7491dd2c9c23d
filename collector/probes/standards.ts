import type { Device } from '../../config/model.ts';
import type { PathStandards, ProbesConfig } from '../../config/probe-standards.ts';
import { type LocalText, say, sayWith } from '../../lib/local-text.ts';
import { type Condition, NO_FACTS } from '../observation.ts';
import type { PathQuality } from './path-quality.ts';

const MEASURES = ['lossRatio', 'roundTripMs', 'jitterMs'] as const;
type Measure = (typeof MEASURES)[number];

/** Rounds in a row over a standard before it is broken, and under the lower mark before it is kept again. */
const ROUNDS_TO_BREAK = 3;
const ROUNDS_TO_KEEP = 2;
/** Share of the standard that counts as well inside it. */
const WELL_INSIDE = 0.8;

/** How often each measure of one device was over or well inside its standard, in a row. */
export interface StandardsMemory {
  readonly over: Record<Measure, number>;
  readonly inside: Record<Measure, number>;
  readonly broken: Set<Measure>;
}

/** Of a device that was never probed. */
export function emptyStandards(): StandardsMemory {
  const zero = () => ({ lossRatio: 0, roundTripMs: 0, jitterMs: 0 });
  return { over: zero(), inside: zero(), broken: new Set() };
}

/** The standards of a device: the common ones, and over them, key by key, every entry that fits it. */
export function standardsFor(
  device: Pick<Device, 'id' | 'siteId' | 'role'>,
  probes: ProbesConfig,
): PathStandards {
  const standards = { ...probes.standards };
  for (const { deviceIds, siteIds, roles, standards: own } of probes.overrides) {
    const isMeant =
      fits(deviceIds, device.id) && fits(siteIds, device.siteId) && fits(roles, device.role);
    if (isMeant) Object.assign(standards, own);
  }
  return standards;
}

function fits<Value>(named: readonly Value[], own: Value): boolean {
  return named.length === 0 || named.includes(own);
}

/**
 * Takes in one round. Nothing that came back says nothing: then the device is not reached at all, and
 * that is another fault.
 */
export function noteRound(
  memory: StandardsMemory,
  quality: PathQuality,
  standards: PathStandards,
): void {
  if (quality.lossRatio === 1) return;
  for (const measure of MEASURES) {
    const value = quality[measure];
    const standard = standards[measure];
    if (value === null || standard === null) {
      memory.over[measure] = 0;
      if (standard === null) memory.broken.delete(measure);
      continue;
    }
    memory.over[measure] = value > standard ? memory.over[measure] + 1 : 0;
    memory.inside[measure] = value <= standard * WELL_INSIDE ? memory.inside[measure] + 1 : 0;
    if (memory.over[measure] >= ROUNDS_TO_BREAK) memory.broken.add(measure);
    if (memory.inside[measure] >= ROUNDS_TO_KEEP) memory.broken.delete(measure);
  }
}

/** The path is one part of its device. */
const PATH = 'path';

/** One fault of the path, in whose words is every standard that is broken; none where none is. */
export function brokenStandards(
  { broken }: StandardsMemory,
  quality: PathQuality,
  standards: PathStandards,
): Condition[] {
  const measures = MEASURES.filter((measure) => broken.has(measure));
  const [first] = measures;
  if (first === undefined) return [];
  const texts = measures.map((measure) =>
    TEXTS[measure](shown(measure, quality[measure]), shown(measure, standards[measure])),
  );
  const text = say(
    texts.map(({ en }) => en).join('; '),
    texts.map((each) => each['zh-CN']).join('；'),
  );
  const value = measures.length === 1 ? quality[first] : null;
  const facts = { ...NO_FACTS, value };
  return [{ component: PATH, kind: 'path-quality', level: 'warning', text, facts }];
}

/** Names of the measures whose standards are broken. */
export function brokenMeasures({ broken }: StandardsMemory): string[] {
  return MEASURES.filter((measure) => broken.has(measure)).map((measure) => NAMES[measure]);
}

const NAMES: Readonly<Record<Measure, string>> = {
  lossRatio: 'loss',
  roundTripMs: 'round-trip',
  jitterMs: 'jitter',
};

const TEXTS: Readonly<Record<Measure, (value: string, standard: string) => LocalText>> = {
  lossRatio: (value, standard) =>
    sayWith(
      { value, standard },
      'packet loss {value}, standard {standard}',
      '丢包率 {value}，标准 {standard}',
    ),
  roundTripMs: (value, standard) =>
    sayWith(
      { value, standard },
      'round trip {value}, standard {standard}',
      '往返时延 {value}，标准 {standard}',
    ),
  jitterMs: (value, standard) =>
    sayWith(
      { value, standard },
      'jitter {value}, standard {standard}',
      '抖动 {value}，标准 {standard}',
    ),
};

function shown(measure: Measure, value: number | null): string {
  if (value === null) return '–';
  return measure === 'lossRatio'
    ? `${Number((value * 100).toFixed(1))} %`
    : `${Number(value.toFixed(1))} ms`;
}
