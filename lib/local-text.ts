/** A text for people in each language of the product. Names that devices and people gave are the same in both. */
export interface LocalText {
  readonly en: string;
  readonly 'zh-CN': string;
}

export type Language = keyof LocalText;

/** Nothing to say, in either language. */
export const NO_TEXT: LocalText = { en: '', 'zh-CN': '' };

/** One text in both languages. */
export function say(en: string, zhCn: string): LocalText {
  return { en, 'zh-CN': zhCn };
}

/** Fills `{name}` in both patterns: with the part of that language, or with a part that is in none. */
export function sayWith(
  parts: Readonly<Record<string, LocalText | string>>,
  en: string,
  zhCn: string,
): LocalText {
  return mapText(say(en, zhCn), (pattern, language) =>
    pattern.replace(/\{(\w+)\}/g, (_, name: string) => {
      const part = parts[name] ?? '';
      return typeof part === 'string' ? part : part[language];
    }),
  );
}

/** The same change to both languages. */
export function mapText(
  text: LocalText,
  change: (text: string, language: Language) => string,
): LocalText {
  return { en: change(text.en, 'en'), 'zh-CN': change(text['zh-CN'], 'zh-CN') };
}

/** With the code behind it by which the network, a protocol or a program names what happened. */
export function withCode(text: LocalText, code: string): LocalText {
  return say(`${text.en} (${code})`, `${text['zh-CN']}（${code}）`);
}

/** A text as older records may hold it: in one language, which then stands for both. */
export function asLocalText(text: LocalText | string): LocalText {
  return typeof text === 'string' ? say(text, text) : text;
}

/** Whether it says nothing. A text is complete in both languages or empty in both. */
export function isBlank(text: LocalText): boolean {
  return text.en === '';
}
