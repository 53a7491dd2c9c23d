import { DEVICE_STATE_VALUES } from '../alerting/metrics.ts';
import type { Tier } from '../config/model.ts';
import type { Level, Naming } from './board.ts';
import type { Words } from './words/words.ts';

export type DeviceStateName = keyof typeof DEVICE_STATE_VALUES;

/**
 * One symbol and one colour for each state. Each pair stays apart (ΔE 20 or more) for normal sight
 * and for the three common kinds of colour blindness; the symbol and the word carry it without colour.
 */
export const STATE_LOOKS: Readonly<
  Record<DeviceStateName, { readonly symbol: string; readonly colour: string }>
> = {
  up: { symbol: '✔', colour: '#1B7F5C' },
  'out-of-service': { symbol: '⊘', colour: '#3A3A3A' },
  maintenance: { symbol: '⏸', colour: '#74B9E6' },
  degraded: { symbol: '▲', colour: '#F0B400' },
  unknown: { symbol: '?', colour: '#C8C8C8' },
  unreachable: { symbol: '◆', colour: '#8E44AD' },
  down: { symbol: '✖', colour: '#D7301F' },
};

/** Red, orange, yellow, blue: the order in which Chinese emergency plans colour the four tiers. */
export const TIER_COLOURS: Readonly<Record<Tier, string>> = {
  1: '#C4162A',
  2: '#F2740D',
  3: '#F7D84A',
  4: '#2C7FB8',
};

export const GOOD = STATE_LOOKS.up.colour;
export const WARNING = STATE_LOOKS.degraded.colour;
export const BAD = STATE_LOOKS.down.colour;
export const UNKNOWN = STATE_LOOKS.unknown.colour;
/** Neither good nor bad: the colour of a counter that stands at nought. */
export const NEUTRAL = '#5B6770';

/** Colours a value that is worse the higher it is. */
export function worseAbove(warningFrom: number, badFrom: number): Level[] {
  return [
    { from: null, colour: GOOD },
    { from: warningFrom, colour: WARNING },
    { from: badFrom, colour: BAD },
  ];
}

/** Colours a value that is worse the lower it is. */
export function worseBelow(warningBelow: number, badBelow: number): Level[] {
  return [
    { from: null, colour: BAD },
    { from: badBelow, colour: WARNING },
    { from: warningBelow, colour: GOOD },
  ];
}

/** Neutral at nought, `colour` from one upwards. */
export function colouredFromOne(colour: string): Level[] {
  return [
    { from: null, colour: NEUTRAL },
    { from: 1, colour },
  ];
}

/** What is written, in red, where no answer came. */
export function noDataNaming(words: Words): Naming {
  return { kind: 'nothing', text: words.noData, colour: BAD };
}

/** The name of each number of `threenines_device_state`. */
export function stateNamings(words: Words): Naming[] {
  return Object.entries(DEVICE_STATE_VALUES).map(([name, value]) => {
    const { symbol, colour } = STATE_LOOKS[name as DeviceStateName];
    const text = `${symbol} ${words.states[name as DeviceStateName]}`;
    return { kind: 'value', value: String(value), text, colour };
  });
}

/** The name of each tier where it stands as a label. */
export function tierNamings(words: Words): Naming[] {
  return ([1, 2, 3, 4] as const).map((tier) => ({
    kind: 'value',
    value: String(tier),
    text: words.tiers[tier],
    colour: TIER_COLOURS[tier],
  }));
}

/** The name of each stage of an incident where it stands as a label. */
export function stageNamings(words: Words): Naming[] {
  return [
    { kind: 'value', value: 'open', text: words.stages.open, colour: BAD },
    { kind: 'value', value: 'acknowledged', text: words.stages.acknowledged, colour: WARNING },
    { kind: 'value', value: 'restored', text: words.stages.restored, colour: GOOD },
  ];
}

/** The name of each number of `threenines_interface_oper_status` (IF-MIB ifOperStatus). */
export function operNamings(words: Words): Naming[] {
  const colours = { 1: GOOD, 2: BAD, 3: WARNING, 4: UNKNOWN, 5: WARNING, 6: NEUTRAL, 7: BAD };
  return numberNamings(words.portBoard.operStates, colours);
}

/** The name of each number of `threenines_interface_admin_status` (IF-MIB ifAdminStatus). */
export function adminNamings(words: Words): Naming[] {
  return numberNamings(words.portBoard.adminStates, { 1: GOOD, 2: NEUTRAL, 3: WARNING });
}

/** The name of each number of `threenines_component_state`. */
export function partNamings(words: Words): Naming[] {
  return numberNamings(words.partStates, { 0: GOOD, 1: WARNING, 2: BAD, 3: UNKNOWN });
}

/** The name of each kind of link where it stands as a label. */
export function linkKindNamings(words: Words): Naming[] {
  return (['network', 'power'] as const).map((kind) => ({
    kind: 'value',
    value: kind,
    text: words.linkKinds[kind],
    colour: NEUTRAL,
  }));
}

/** One naming for each number that `texts` names, in the colour that `colours` gives it. */
export function numberNamings<Value extends number>(
  texts: Readonly<Record<Value, string>>,
  colours: Readonly<Record<Value, string>>,
): Naming[] {
  return Object.entries<string>(texts).map(([value, text]) => {
    return { kind: 'value', value, text, colour: colours[Number(value) as Value] };
  });
}
