import type { Language } from '../../config/model.ts';
import { chinese } from './chinese.ts';
import { english, type Words } from './english.ts';

export type { Words };

export const WORDS: Readonly<Record<Language, Words>> = { en: english, 'zh-CN': chinese };
