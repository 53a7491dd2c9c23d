import type { Language } from '../config/model.ts';
import { chinese } from './words-chinese.ts';
import { english, type Words } from './words-english.ts';

export type { Words };

export const WORDS: Readonly<Record<Language, Words>> = { en: english, 'zh-CN': chinese };
