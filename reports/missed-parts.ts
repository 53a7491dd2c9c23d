import type { Language } from '../config/model.ts';
import { cleanText } from '../lib/device-text.ts';
import { formatPpm } from './availability.ts';
import type { AvailabilityReport } from './availability-report.ts';
import type { GroupFigures } from './figures.ts';
import type { ReportWords } from './report-words.ts';

/** Beside the answer: the worst; the tables have the others. */
const MOST_PARTS = 3;
const LONGEST_NAME = 40;

type PartKind = 'site' | 'role' | 'tag';

/** How it is said that a part misses the objective, whatever all together do. */
export interface PartWords {
  readonly kinds: Readonly<Record<PartKind, (name: string, figure: string) => string>>;
  readonly missed: (verdict: string, parts: readonly string[], more: number) => string;
}

export const PART_WORDS: Readonly<Record<Language, PartWords>> = {
  en: {
    kinds: {
      site: (name, figure) => `site ${name} (${figure})`,
      role: (name, figure) => `role ${name} (${figure})`,
      tag: (name, figure) => `tag ${name} (${figure})`,
    },
    missed: (verdict, parts, more) =>
      `In a part of it the objective is ${verdict}: ${parts.join(', ')}${more === 0 ? '' : ` and ${more} more`}.`,
  },
  'zh-CN': {
    kinds: {
      site: (name, figure) => `站点 ${name}（${figure}）`,
      role: (name, figure) => `角色 ${name}（${figure}）`,
      tag: (name, figure) => `标签 ${name}（${figure}）`,
    },
    missed: (verdict, parts, more) =>
      `其中部分范围${verdict}：${parts.join('、')}${more === 0 ? '' : `，另有 ${more} 项`}。`,
  },
};

interface Part {
  readonly kind: PartKind;
  readonly group: GroupFigures;
}

/**
 * The sites, roles and tags whose service missed the objective, worst first. One with every device is
 * the answer itself where that is a miss.
 */
export function missedParts({ fleet, sites, roles, tags }: AvailabilityReport): readonly Part[] {
  const isWhole = ({ deviceCount }: GroupFigures) =>
    fleet.service.verdict === 'missed' && deviceCount === fleet.deviceCount;
  const all = [
    ...sites.map((group): Part => ({ kind: 'site', group })),
    ...roles.map((group): Part => ({ kind: 'role', group })),
    ...tags.map((group): Part => ({ kind: 'tag', group })),
  ];
  const figureOf = ({ group }: Part) => group.service.ratioPpm ?? 0;
  return all
    .filter(({ group }) => group.service.verdict === 'missed' && !isWhole(group))
    .sort((a, b) => figureOf(a) - figureOf(b));
}

/** One sentence where there are any: the worst three by name, and how many more. */
export function missedNotes(report: AvailabilityReport, words: ReportWords): string[] {
  const missed = missedParts(report);
  if (missed.length === 0) return [];
  const named = missed.slice(0, MOST_PARTS).map(({ kind, group: { id, name, service } }) => {
    const shown = kind === 'role' ? words.roles[id as keyof typeof words.roles] : name;
    return words.parts.kinds[kind](cleanText(shown, LONGEST_NAME), formatPpm(service.ratioPpm));
  });
  return [words.parts.missed(words.verdicts.missed, named, missed.length - named.length)];
}
