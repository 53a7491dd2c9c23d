import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { renderBoards } from '../../dashboards/render-boards.ts';
import { renderFaultRules } from '../../dashboards/rules/fault-rules.ts';
import { renderServiceRules } from '../../dashboards/rules/service-rules.ts';
import { WORDS } from '../../dashboards/words/words.ts';
import { LANGUAGES } from './board-json.ts';

const out = fileURLToPath(new URL('../../dashboards/out/', import.meta.url));

describe.each(LANGUAGES)('the committed boards in %s', (language) => {
  test('are what the program writes: else run npx threenines dashboards', () => {
    const committed = readdirSync(`${out}${language}`).sort();
    const rendered = renderBoards(language);
    expect(committed).toEqual([...rendered.keys()].sort());
    for (const [name, text] of rendered) {
      expect(readFileSync(`${out}${language}/${name}`, 'utf8')).toBe(text);
    }
  });

  test('are the same bytes each time', () => {
    expect([...renderBoards(language)]).toEqual([...renderBoards(language)]);
  });
});

test('the committed rules are what the program writes', () => {
  expect(readFileSync(`${out}rules.yml`, 'utf8')).toBe(renderServiceRules());
  expect(readFileSync(`${out}fault-rules.yml`, 'utf8')).toBe(renderFaultRules());
});

describe('the words', () => {
  const flat = (value: unknown, path: string): [string, string][] => {
    if (typeof value === 'function') return flat(value('N'), path);
    if (typeof value === 'string') return [[path, value]];
    return Object.entries(value as object).flatMap(([key, item]) => flat(item, `${path}.${key}`));
  };
  const english = new Map(flat(WORDS.en, 'words'));
  const chinese = flat(WORDS['zh-CN'], 'words');

  test('are translated, every one', () => {
    expect(chinese.map(([path]) => path)).toEqual([...english.keys()]);
    expect(chinese.filter(([path, text]) => text === '' || text === english.get(path))).toEqual([]);
    expect(chinese.filter(([, text]) => !/\p{Script=Han}/u.test(text))).toEqual([]);
  });

  test('stay without Chinese in English', () => {
    expect([...english].filter(([, text]) => /\p{Script=Han}/u.test(text))).toEqual([]);
  });
});
