import { PAGE_MESSAGES } from '../page-messages.ts';
import type { OutgoingPage } from './outgoing-page.ts';

/** A page for a chat, in parts that each chat puts into its own form. */
export interface ChatText {
  /** `[2 major 重大] New incident` */
  readonly title: string;
  readonly lines: readonly { readonly label: string; readonly value: string }[];
  readonly buttons: readonly ChatButton[];
}

export interface ChatButton {
  readonly kind: 'acknowledge' | 'open';
  readonly label: string;
  readonly url: string;
}

/** The page in the parts of a chat message; the acknowledge button first, where somebody has to answer. */
export function chatText({ rendered, links, language }: OutgoingPage): ChatText {
  const messages = PAGE_MESSAGES[language];
  const { content } = rendered;
  const open: ChatButton = { kind: 'open', label: messages.openIncident, url: links.incident };
  const buttons: ChatButton[] =
    links.acknowledge === null
      ? [open]
      : [{ kind: 'acknowledge', label: messages.acknowledge, url: links.acknowledge }, open];
  return { title: `[${content.tierName}] ${content.headline}`, lines: content.lines, buttons };
}

/**
 * Text for a chat that reads Markdown and has no way to switch it off: what would be formatting,
 * a link or a mention is shown by its full-width look-alike.
 */
export function plainInMarkdown(text: string): string {
  return text
    .replaceAll('*', '＊')
    .replaceAll('`', 'ˋ')
    .replaceAll('#', '＃')
    .replaceAll('[', '［')
    .replaceAll(']', '］')
    .replaceAll('<', '‹')
    .replaceAll('>', '›')
    .replaceAll('@', '＠')
    .replace(/(^|\s)_|_(?=\s|$)/g, '$1＿')
    .replaceAll('~~', '～～');
}

/** Title, lines and links as the Markdown of a robot. */
export function chatMarkdown(page: OutgoingPage, lineBreak: string): string {
  const { title, lines, buttons } = chatText(page);
  const separator = page.language === 'en' ? ': ' : '：';
  return [
    `### ${plainInMarkdown(title)}`,
    ...lines.map(
      ({ label, value }) => `**${plainInMarkdown(label)}**${separator}${plainInMarkdown(value)}`,
    ),
    buttons.map(({ label, url }) => `[${plainInMarkdown(label)}](${url})`).join('　'),
  ].join(lineBreak);
}
