import { computed } from '@preact/signals';
import { language } from './language.ts';

const ENGLISH = {
  comma: ', ',
  list: ', ',
  colon: ': ',
  inBrackets: (text: string) => ` (${text})`,
};
const CHINESE: typeof ENGLISH = {
  comma: '，',
  list: '、',
  colon: '：',
  inBrackets: (text) => `（${text}）`,
};

/** What stands between texts, in the reader's language. */
export const punctuation = computed(() => (language.value === 'en' ? ENGLISH : CHINESE));
