import { computed, effect, signal } from '@preact/signals';
import type { Language, LocalText } from './api-types.ts';
import { DUTY_MESSAGES } from './duty-messages.ts';
import { english, type Messages } from './messages-en.ts';
import { chinese } from './messages-zh-cn.ts';
import { recall, remember } from './remembered.ts';

const MESSAGES: Readonly<Record<Language, Messages>> = { en: english, 'zh-CN': chinese };

/** The choice of before, else what the browser asks for. */
function firstLanguage(): Language {
  const chosen = recall('language');
  if (chosen === 'en' || chosen === 'zh-CN') return chosen;
  const wanted = navigator.languages.find((tag) => /^(en|zh)\b/i.test(tag)) ?? 'en';
  return wanted.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
}

export const language = signal<Language>(firstLanguage());

/** The texts of the console in the language in use. */
export const messages = computed(() => MESSAGES[language.value]);

/** The texts of who is on call, silences and the procedure in the language in use. */
export const dutyMessages = computed(() => DUTY_MESSAGES[language.value]);

/** The text of the API in the language in use. */
export function local(text: LocalText): string {
  return text[language.value];
}

/** Switches the language at once and keeps the choice in this browser. */
export function chooseLanguage(chosen: Language): void {
  language.value = chosen;
  remember('language', chosen);
}

effect(() => {
  document.documentElement.lang = language.value;
});
