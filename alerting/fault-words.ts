import type { FaultKind, Language } from '../config/model.ts';
import { type DurationMs, formatDuration } from '../lib/time.ts';
import type { FlapFacts } from './flaps.ts';
import { faultName, PAGE_MESSAGES } from './page-messages.ts';

const CHINESE_UNITS: Readonly<Record<string, string>> = { d: '天', h: '小时', m: '分钟', s: '秒' };

/** A duration in the reader's language; a clock that was set back never shows as a negative one. */
export function words(durationMs: DurationMs, language: Language): string {
  const english = formatDuration(Math.max(0, durationMs));
  if (language === 'en') return english;
  return english.replace(/(\d+)([dhms])/g, (_, count, unit) => `${count} ${CHINESE_UNITS[unit]}`);
}

/**
 * What is wrong, in words; of what comes and goes, that it does, how often and in which window: `port
 * flaps, 7 times in 1h`. Without the figures once it has settled.
 */
export function faultWords(
  kind: FaultKind,
  flapping: FlapFacts | null,
  language: Language,
): string {
  const messages = PAGE_MESSAGES[language];
  const name = faultName(messages, kind);
  if (flapping === null) return name;
  const what =
    kind === 'port-down'
      ? messages.portFlaps
      : kind === 'device-down'
        ? messages.deviceFlaps
        : messages.flaps(name);
  if (flapping.rate === null) return what;
  const { count, windowMs, isMore } = flapping.rate;
  return messages.flapRate(what, `${count}`, isMore, words(windowMs, language));
}
