import { type LocalText, say, sayWith } from '../lib/local-text.ts';
import type { ReadingDetail } from './device-detail.ts';
import type { Ends } from './reading.ts';
import type { RawValue, RefusalDetail } from './reading-detail.ts';
import { shownIn } from './unit-signs.ts';

/** What of the last full poll was not believed as it was sent, for people. */
export interface DoubtedValues {
  /** The first values that are not shown, those that say something impossible before those that say "none". */
  readonly refused: readonly (RefusalDetail & { readonly why: LocalText })[];
  /** How many there are in all. */
  readonly refusedCount: number;
  /** Readings that are shown with another factor than their MIB declares: a guess that made sense of them. */
  readonly rescaled: readonly RescaledValue[];
}

export interface RescaledValue {
  readonly oid: string;
  readonly object: string;
  readonly title: string;
  readonly raw: RawValue;
  /** The factor that was used. */
  readonly scale: number;
  /** In the base unit. */
  readonly value: number;
  readonly unit: string | null;
  readonly why: LocalText;
}

const MOST_SHOWN = 50;

/** Sorts out what was doubted in a poll; nothing of either while there was none. */
export function doubtedValues(
  refusals: readonly RefusalDetail[],
  readings: readonly ReadingDetail[],
): DoubtedValues {
  const isNone = ({ reason }: RefusalDetail) => Number(reason === 'absent');
  const ordered = [...refusals].sort((a, b) => isNone(a) - isNone(b));
  return {
    refused: ordered.slice(0, MOST_SHOWN).map((one) => ({ ...one, why: whyRefused(one) })),
    refusedCount: refusals.length,
    rescaled: readings.flatMap(rescaled).slice(0, MOST_SHOWN),
  };
}

/** Why a value is not shown, in words that follow it: `232500: that is 232500 V, and …`. */
export function whyRefused(refusal: RefusalDetail): LocalText {
  const { reason, value, scale, class: readingClass, possible, unit } = refusal;
  if (reason === 'absent') return say('stands for "no value"', '表示“无数值”');
  if (reason !== 'out-of-range') return say('is no number', '不是数值');
  if (value === null) return say('has a scale that does not exist', '所附比例无效');
  const parts = {
    shown: shownIn(readingClass, value),
    factor: scale === null || scale === 1 ? '' : ` (× ${scale})`,
    range: mostRanges(possible ?? [], (end) =>
      unit === null ? String(end) : shownIn(readingClass, end),
    ),
  };
  return sayWith(
    parts,
    'would be {shown}{factor}, which is not possible; possible is {range}',
    '换算为 {shown}{factor}，不可能出现；可能的范围：{range}',
  );
}

function mostRanges(ranges: readonly Ends[], shown: (end: number) => string): LocalText {
  const texts = ranges.map((range) => rangeText(range, shown));
  return say(texts.map(({ en }) => en).join(' or '), texts.map((text) => text['zh-CN']).join('、'));
}

function rangeText({ atLeast, atMost }: Ends, shown: (end: number) => string): LocalText {
  const [least, most] = [atLeast, atMost].map((end) => (end === null ? '' : shown(end)));
  if (atLeast === null) return sayWith({ most: most! }, 'at most {most}', '至多 {most}');
  if (atMost === null) return sayWith({ least: least! }, 'at least {least}', '至少 {least}');
  if (atLeast === atMost) return say(least!, least!);
  return sayWith({ least: least!, most: most! }, '{least} to {most}', '{least} 至 {most}');
}

function rescaled({ value, source }: ReadingDetail): RescaledValue[] {
  if (source === null || source.otherScale === null) return [];
  const { oid, object, title, raw, unit, otherScale: scale, class: readingClass } = source;
  const why = sayWith(
    { scale: String(scale), shown: shownIn(readingClass, value) },
    'makes no sense as its MIB declares it; with the factor {scale} it is {shown}',
    '按其 MIB 的定义不合理；按系数 {scale} 为 {shown}',
  );
  return [{ oid, object, title, raw, scale, value, unit, why }];
}
