import type { Tier } from '../config/model.ts';
import { escapeHtml } from '../lib/html.ts';
import type { PageContent } from './page-content.ts';
import type { PageMessages } from './page-messages.ts';

/** Light tones on a dark ground: a phone at night must not blind its reader. */
export const TIER_COLOURS: Readonly<Record<Tier, string>> = {
  1: '#ff7b72',
  2: '#ffa657',
  3: '#f2cc60',
  4: '#79c0ff',
};
export const GROUND = '#0f1318';
export const INK = '#eef1f5';
export const FAINT_INK = '#a9b4c2';

/** The page as an HTML document for mail: inline styles, no image, no script, nothing fetched. */
export function renderPageHtml(content: PageContent, messages: PageMessages): string {
  const colour = TIER_COLOURS[content.tier];
  const lines = content.lines.map(
    ({ label, value }) =>
      `<p style="margin:0 0 12px"><span style="color:${FAINT_INK};font-size:14px">${escapeHtml(label)}</span><br>${escapeHtml(value)}</p>`,
  );
  return [
    `<!doctype html><html lang="${content.language}"><head><meta charset="utf-8">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta name="color-scheme" content="dark"><title>${escapeHtml(content.subject)}</title></head>`,
    `<body style="margin:0;padding:16px;background:${GROUND};color:${INK};font:17px/1.45 system-ui,sans-serif">`,
    `<div style="max-width:560px;background:${GROUND};color:${INK};overflow-wrap:anywhere">`,
    `<div style="border-left:6px solid ${colour};padding-left:14px;margin-bottom:18px">`,
    `<p style="margin:0;color:${colour};font-weight:700">${escapeHtml(content.tierName)}</p>`,
    `<h1 style="margin:4px 0 0;font-size:21px;line-height:1.3">${escapeHtml(content.headline)}</h1></div>`,
    ...lines,
    ...linksOf(content, messages, colour),
    '</div></body></html>',
  ].join('\n');
}

function linksOf({ links }: PageContent, messages: PageMessages, colour: string): string[] {
  const shape =
    'display:inline-block;margin:8px 8px 0 0;padding:14px 20px;border-radius:8px;font-weight:700;text-decoration:none';
  const incident = link(
    links.incident,
    messages.openIncident,
    `${shape};border:1px solid ${FAINT_INK};color:${INK}`,
  );
  if (links.acknowledge === null) return [incident];
  return [
    link(links.acknowledge, messages.acknowledge, `${shape};background:${colour};color:${GROUND}`),
    incident,
  ];
}

/** Only web addresses become links; anything else is shown as text. */
function link(address: string, label: string, style: string): string {
  if (!/^https?:\/\//i.test(address)) return `<p>${escapeHtml(address)}</p>`;
  return `<a href="${escapeHtml(address)}" style="${style}">${escapeHtml(label)}</a>`;
}
