/** What a template of a channel may ask for; `secret.NAME` stands for a secret of the channel. */
export const TEMPLATE_FIELDS = [
  'address',
  'person',
  'language',
  'subject',
  'text',
  'short',
  'link',
  'acknowledgeLink',
  'incident',
  'event',
  'tier',
  'tierName',
  'device',
  'site',
  'pageId',
  'timestamp',
] as const;
export type TemplateField = (typeof TEMPLATE_FIELDS)[number];

const PLACEHOLDER = /\{\{\s*([^{}]*?)\s*\}\}/g;

/** The names that the template asks for, each as it is written. */
export function placeholdersIn(template: string): readonly string[] {
  return [...template.matchAll(PLACEHOLDER)].map((found) => found[1]!);
}

/** Puts values in the place of `{{name}}`, escaped; a name without a value gives nothing. */
export function fillTemplate(
  template: string,
  valueFor: (name: string) => string,
  escaped: (value: string) => string,
): string {
  return template.replace(PLACEHOLDER, (_, name: string) => escaped(valueFor(name)));
}
