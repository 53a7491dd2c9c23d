import { expect } from 'vitest';
import type { LocalText } from '../../lib/local-text.ts';

/** Names of protocols and objects, which are the same in every language. */
const NAMES = /\b(SNMPv3|SNMP|OID|CPU|sysObjectID|sysDescr)\b/g;

/** Holds that the text is whole in both languages; `given` are the names in it that devices or protocols gave. */
export function expectBothLanguages(text: LocalText, given: readonly string[] = []): void {
  const [english, chinese] = [text.en, text['zh-CN']].map((words) =>
    given.reduce((rest, name) => rest.replaceAll(name, ''), words.replace(/\{\w+\}/g, '')),
  );
  expect(english, 'no Chinese in English').not.toMatch(/[\p{Script=Han}，。：；（）]/u);
  expect(english).toMatch(/[a-z]{2,}/);
  expect(chinese, 'Chinese').toMatch(/\p{Script=Han}/u);
  const words = chinese!.replace(NAMES, '').match(/[A-Za-z]{2,}/g) ?? [];
  expect(words, `English left in ${text['zh-CN']}`).toEqual([]);
}
