import { type LocalText, mapText } from '../lib/local-text.ts';
import type { Draft } from './draft.ts';
import type { Findings } from './findings.ts';
import { listWords, type Path, show, suggestion } from './problem-text.ts';

/** What `measured` is shown as. */
const MEASURED: readonly string[] = ['value', 'percent'];

/**
 * Holds the text of a condition against the values there are: `{…}` names one of them, `{row}` where
 * there are rows, `{value}` or `{percent}` where something is measured; and both languages fill in
 * the same ones, so that nobody is told less.
 */
export function checkPlaceholders(
  findings: Findings,
  path: Path,
  text: Draft<LocalText>,
  scope: {
    /** Null when not all of them are known. */
    readonly known: ReadonlySet<string> | null;
    readonly inTable: boolean;
    readonly isMeasured: boolean;
  },
): void {
  if (text.en === null || text['zh-CN'] === null) return;
  const whole = { en: text.en, 'zh-CN': text['zh-CN'] };
  const { en, 'zh-CN': zhCn } = mapText(whole, (pattern) => namesIn(pattern).join(' '));
  if (en !== zhCn) {
    const [inEnglish, inChinese] = [en, zhCn].map((names) => shown(names.split(' ')));
    findings.error(path, `en fills in ${inEnglish}, zh-CN ${inChinese}; expected the same in both`);
    return;
  }
  const { known } = scope;
  const usable = new Set([...(known ?? []), ...(scope.inTable ? ['row'] : []), ...MEASURED]);
  for (const name of namesIn(whole.en)) {
    if (!usable.has(name) && known !== null) {
      findings.error(
        path,
        `${show(name)} is no value declared here${suggestion(name, [...usable])}`,
      );
    } else if (MEASURED.includes(name) && !scope.isMeasured) {
      findings.error(path, `{${name}} is filled in from measured, which is missing`);
    }
  }
}

/** Each name in braces once, in the order of the alphabet. */
function namesIn(pattern: string): string[] {
  return [...new Set([...pattern.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!))].sort();
}

function shown(names: readonly string[]): string {
  const inBraces = names.filter((name) => name !== '').map((name) => `{${name}}`);
  return inBraces.length === 0 ? 'nothing' : listWords(inBraces, 'and');
}
