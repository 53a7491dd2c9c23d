import {
  MappingType,
  SpecialValueMatch,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Level, Naming, Unit } from './board.ts';
import { NEUTRAL } from './palette.ts';

/** Grafana's names of our units. */
export const UNIT_NAMES: Readonly<Record<Unit, string>> = {
  count: 'short',
  duration: 'dtdurations',
  seconds: 's',
  ratio: 'percentunit',
  text: 'string',
  'bits-per-second': 'bps',
  'packets-per-second': 'pps',
  'per-second': 'cps',
  bytes: 'bytes',
  celsius: 'celsius',
  volts: 'volt',
  watts: 'watt',
  dbm: 'dBm',
};

/** Thresholds in Grafana's form; without levels everything is neutral. */
export function emitLevels(levels: readonly Level[]): ThresholdsConfigBuilder {
  const steps = levels.length === 0 ? [{ from: null, colour: NEUTRAL }] : levels;
  return new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps(steps.map(({ from, colour }) => ({ value: from, color: colour })));
}

/** Value mappings in Grafana's form, in the order given. */
export function emitNamings(namings: readonly Naming[]): ValueMapping[] {
  return namings.map((naming, index): ValueMapping => {
    const result = { text: naming.text, color: naming.colour, index };
    if (naming.kind === 'value') {
      return { type: MappingType.ValueToText, options: { [naming.value]: result } };
    }
    if (naming.kind === 'range') {
      const { from, to } = naming;
      return { type: MappingType.RangeToText, options: { from, to, result } };
    }
    return {
      type: MappingType.SpecialValue,
      options: { match: SpecialValueMatch.NullAndNan, result },
    };
  });
}
