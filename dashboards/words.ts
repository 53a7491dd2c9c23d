import type { Language } from '../config/model.ts';
import { chinese } from './words-chinese.ts';
import { english } from './words-english.ts';

/** Everything a reader of the boards can read, in one language. A missing translation is a type error. */
export type Words = typeof english;

export const WORDS: Readonly<Record<Language, Words>> = { en: english, 'zh-CN': chinese };
