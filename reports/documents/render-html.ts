import { hash } from 'node:crypto';
import { escapeHtml } from '../../lib/html.ts';
import type { Block, Column, Content } from './content.ts';
import { COLOURS, type Drawing, type Shape } from './drawing.ts';

/** The look of a report, on a screen and on paper. No script, and nothing from elsewhere. */
const STYLE = `
:root { color-scheme: light; }
body { font: 14px/1.5 system-ui, "Noto Sans", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif;
  color: ${COLOURS.ink}; background: #fff; margin: 0 auto; padding: 24px; max-width: 980px; }
h1 { font-size: 24px; margin: 0; } h2 { font-size: 16px; margin: 28px 0 8px; }
p { margin: 6px 0; } .subtitle, footer, figcaption { color: ${COLOURS.faint}; font-size: 12px; }
.verdict { border-left: 8px solid; padding: 10px 16px; margin: 18px 0; background: #f7f8fa; }
.verdict strong { font-size: 21px; line-height: 1.3; display: block; }
.met { border-color: #2e8b57; } .missed { border-color: ${COLOURS.grave}; } .not-proven { border-color: #b98a1d; }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 10px 18px; margin: 14px 0; }
dt { color: ${COLOURS.faint}; font-size: 12px; } dd { margin: 0; font-size: 16px; font-variant-numeric: tabular-nums; }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: 12.5px; }
th { text-align: left; color: ${COLOURS.faint}; font-weight: 600; border-bottom: 1px solid ${COLOURS.rule}; }
th, td { padding: 3px 8px 3px 0; vertical-align: top; } tbody tr:nth-child(even) { background: #f7f8fa; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
figure { margin: 14px 0; } svg { width: 100%; height: auto; display: block; } svg.on-narrow { display: none; } ul { margin: 6px 0; padding-left: 20px; }
footer { border-top: 1px solid ${COLOURS.rule}; margin-top: 32px; padding-top: 8px; overflow-wrap: anywhere; }
@media screen and (max-width: 640px) {
  body { padding: 16px; } svg.on-wide { display: none; } svg.on-narrow { display: block; }
  .cards thead { display: none; } .cards tr { display: block; padding: 8px 6px; border-bottom: 1px solid ${COLOURS.rule}; }
  .cards td { display: flex; justify-content: space-between; gap: 14px; padding: 2px 0; text-align: right; white-space: normal; font-size: 14px; overflow-wrap: anywhere; }
  .cards td::before { content: attr(data-label); color: ${COLOURS.faint}; text-align: left; flex: none; max-width: 50%; }
  .cards td:first-child { display: block; text-align: left; font-weight: 600; } .cards td:first-child::before { content: none; }
  .cards td:empty { display: none; } }
@page { size: A4; margin: 14mm; }
@media print { body { padding: 0; max-width: none; font-size: 11px; } .page-break { break-before: page; }
  h2 { break-after: avoid; } tr, figure { break-inside: avoid; } thead { display: table-header-group; }
  .verdict, tbody tr, rect { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
`;

/** What a Content-Security-Policy must allow for the page: its own style, and nothing else. */
export const PAGE_CSP = `default-src 'none'; style-src 'sha256-${hash('sha256', STYLE, 'base64')}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`;

/** One page that needs nothing beside it: saved, mailed or printed it stays what it is. */
export function renderHtml(content: Content): string {
  const { title, subtitle, language, blocks, footer } = content;
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escapeHtml(title)}</h1>
<p class="subtitle">${escapeHtml(subtitle)}</p>
${blocks.map(renderBlock).join('\n')}
<footer>${escapeHtml(footer)}</footer>
</body>
</html>
`;
}

function renderBlock(block: Block): string {
  switch (block.kind) {
    case 'verdict': {
      const sentences = block.sentences.map((text) => `<p>${escapeHtml(text)}</p>`).join('');
      return `<div class="verdict ${block.verdict}"><strong>${escapeHtml(block.headline)}</strong>${sentences}</div>`;
    }
    case 'figures': {
      const items = block.items.map(
        ({ label, value }) =>
          `<div><dt>${escapeHtml(label)}</dt><dd>${escapeHtml(value)}</dd></div>`,
      );
      return `<dl>${items.join('')}</dl>`;
    }
    case 'heading':
      return `<h2>${escapeHtml(block.text)}</h2>`;
    case 'paragraph':
      return `<p>${escapeHtml(block.text)}</p>`;
    case 'list':
      return `<ul>${block.items.map((item) => `<li>${escapeHtml(item)}</li>`).join('')}</ul>`;
    case 'table':
      return renderTable(block.columns, block.rows);
    case 'drawing': {
      const caption =
        block.title === '' ? '' : `<figcaption>${escapeHtml(block.title)}</figcaption>`;
      const pictures = [
        renderSvg(block.drawing, block.title, 'on-wide'),
        renderSvg(block.narrow, block.title, 'on-narrow'),
      ];
      return `<figure>${caption}${pictures.join('')}</figure>`;
    }
    case 'page-break':
      return '<div class="page-break"></div>';
  }
}

/** More columns than these do not fit a telephone: a row becomes a card there, each cell with its label. */
const MOST_COLUMNS_ON_A_PHONE = 4;

function renderTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const isCards = columns.length > MOST_COLUMNS_ON_A_PHONE;
  const mark = (index: number) => (columns[index]?.align === 'right' ? ' class="number"' : '');
  const label = (index: number) =>
    isCards ? ` data-label="${escapeHtml(columns[index]?.label ?? '')}"` : '';
  const head = columns.map((column, index) => `<th${mark(index)}>${escapeHtml(column.label)}</th>`);
  const cellOf = (cell: string, index: number) =>
    `<td${mark(index)}${label(index)}>${escapeHtml(cell)}</td>`;
  const body = rows.map((row) => `<tr>${row.map(cellOf).join('')}</tr>`);
  return `<div class="${isCards ? 'wide cards' : 'wide'}"><table><thead><tr>${head.join('')}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>`;
}

/** A drawing as SVG that stands by itself. */
export function renderSvg(
  { width, height, shapes }: Drawing,
  label: string,
  className: string,
): string {
  const name = label === '' ? '' : ` aria-label="${escapeHtml(label)}"`;
  return `<svg class="${className}" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${fixed(height)}" role="img"${name}>${shapes.map(renderShape).join('')}</svg>`;
}

function renderShape(shape: Shape): string {
  switch (shape.kind) {
    case 'rect': {
      const place = `x="${fixed(shape.x)}" y="${fixed(shape.y)}" width="${fixed(shape.width)}" height="${fixed(shape.height)}"`;
      const title = shape.title === undefined ? '' : `<title>${escapeHtml(shape.title)}</title>`;
      return `<rect ${place} fill="${shape.fill}">${title}</rect>`;
    }
    case 'line': {
      const points = shape.points.map(([x, y]) => `${fixed(x)},${fixed(y)}`).join(' ');
      const dashes = shape.dashed ? ' stroke-dasharray="3 3"' : '';
      return `<polyline points="${points}" fill="none" stroke="${shape.stroke}" stroke-width="${shape.strokeWidth}"${dashes}/>`;
    }
    case 'text':
      return `<text x="${fixed(shape.x)}" y="${fixed(shape.y)}" font-size="${shape.size}" text-anchor="${shape.anchor}" dominant-baseline="central" fill="${shape.fill}">${escapeHtml(shape.text)}</text>`;
  }
}

/** Short, and the same on every machine. */
function fixed(value: number): string {
  return String(Math.round(value * 100) / 100);
}
