import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import PDFDocument from 'pdfkit';
import type { Block, Column, Content } from './content.ts';
import { COLOURS, type Drawing } from './drawing.ts';
import { documentWords } from './words.ts';

/** Noto Sans Hans (SIL Open Font License): Latin and Chinese from one hand; only glyphs in use are embedded. */
const FONTS = join(
  dirname(createRequire(import.meta.url).resolve('@embedpdf/fonts-sc')),
  '../fonts/NotoSansHans',
);

const MARGIN = 40;
const FOOT = 30;
const TEXT = 9;
const CELL = 7;
const CELL_PAD = 3;
const VERDICT_COLOURS = { met: '#2e8b57', missed: COLOURS.grave, 'not-proven': '#b98a1d' };

type Pdf = PDFKit.PDFDocument;

/** A4, fonts embedded, no browser. The same content gives the same bytes. */
export function renderPdf(content: Content): Promise<Uint8Array> {
  const pdf = new PDFDocument({
    size: 'A4',
    margins: { top: MARGIN, left: MARGIN, right: MARGIN, bottom: MARGIN + FOOT },
    bufferPages: true,
    lang: content.language,
    displayTitle: true,
    info: {
      Title: content.title,
      Producer: 'Threenines',
      Creator: 'Threenines',
      CreationDate: new Date(content.createdAt),
    },
  });
  const chunks: Buffer[] = [];
  pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise<Uint8Array>((resolve, reject) => {
    pdf.on('end', () => resolve(Buffer.concat(chunks)));
    pdf.on('error', reject);
  });
  pdf.registerFont('regular', `${FONTS}-Regular.otf`);
  pdf.registerFont('bold', `${FONTS}-Bold.otf`);
  pdf.font('bold').fontSize(18).fillColor(COLOURS.ink).text(content.title);
  pdf.font('regular').fontSize(8).fillColor(COLOURS.faint).text(content.subtitle);
  for (const [index, block] of content.blocks.entries()) {
    if (block.kind === 'heading') ensureRoom(pdf, roomUnderHeading(pdf, content.blocks[index + 1]));
    drawBlock(pdf, block);
  }
  drawFooters(pdf, content);
  pdf.end();
  return ended;
}

/** A heading stays with what it is the heading of. */
function roomUnderHeading(pdf: Pdf, next: Block | undefined): number {
  if (next?.kind !== 'drawing') return 60;
  return (next.drawing.height * contentWidth(pdf)) / next.drawing.width + 60;
}

function drawBlock(pdf: Pdf, block: Block): void {
  switch (block.kind) {
    case 'verdict':
      drawVerdict(pdf, block);
      return;
    case 'figures':
      drawFigures(pdf, block.items);
      return;
    case 'heading':
      pdf.moveDown(0.8).font('bold').fontSize(11).fillColor(COLOURS.ink);
      pdf.text(block.text, MARGIN).moveDown(0.2);
      return;
    case 'paragraph':
      pdf.font('regular').fontSize(TEXT).fillColor(COLOURS.ink).text(block.text, MARGIN);
      pdf.moveDown(0.3);
      return;
    case 'list':
      pdf.font('regular').fontSize(TEXT).fillColor(COLOURS.ink);
      for (const item of block.items) pdf.text(`·  ${item}`, MARGIN + 6);
      pdf.moveDown(0.3);
      return;
    case 'table':
      drawTable(pdf, block.columns, block.rows);
      return;
    case 'drawing':
      drawDrawing(pdf, block.title, block.drawing);
      return;
    case 'page-break':
      pdf.addPage();
      return;
  }
}

function drawVerdict(pdf: Pdf, block: Block & { kind: 'verdict' }): void {
  pdf.moveDown(0.8);
  const top = pdf.y;
  const left = MARGIN + 14;
  pdf
    .font('bold')
    .fontSize(15)
    .fillColor(COLOURS.ink)
    .text(block.headline, left, top + 6);
  pdf.font('regular').fontSize(TEXT).fillColor(COLOURS.faint);
  for (const sentence of block.sentences) pdf.text(sentence, left);
  const height = pdf.y - top + 6;
  pdf.rect(MARGIN, top, 5, height).fill(VERDICT_COLOURS[block.verdict]);
  pdf.y = top + height;
}

function drawFigures(
  pdf: Pdf,
  items: readonly { readonly label: string; readonly value: string }[],
): void {
  const perRow = 3;
  const width = contentWidth(pdf) / perRow;
  pdf.moveDown(0.6);
  for (let first = 0; first < items.length; first += perRow) {
    const top = pdf.y;
    let bottom = top;
    for (const [place, { label, value }] of items.slice(first, first + perRow).entries()) {
      const x = MARGIN + place * width;
      const options = { width: width - 8 };
      pdf.font('regular').fontSize(7.5).fillColor(COLOURS.faint).text(label, x, top, options);
      pdf.fontSize(10).fillColor(COLOURS.ink).text(value, x, pdf.y, options);
      bottom = Math.max(bottom, pdf.y);
    }
    pdf.x = MARGIN;
    pdf.y = bottom + 5;
  }
}

function drawTable(
  pdf: Pdf,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): void {
  const widths = columnWidths(pdf, columns, rows);
  const heightOf = (cells: readonly string[]) =>
    Math.max(
      ...cells.map((cell, index) =>
        pdf.heightOfString(cell || ' ', { width: widths[index]! - CELL_PAD * 2 }),
      ),
    );
  const drawRow = (cells: readonly string[], colour: string, height: number) => {
    const top = pdf.y;
    let x = MARGIN;
    for (const [index, cell] of cells.entries()) {
      const width = widths[index]! - CELL_PAD * 2;
      pdf.fillColor(colour).text(cell, x + CELL_PAD, top + 1.5, {
        width,
        align: columns[index]!.align,
      });
      x += widths[index]!;
    }
    pdf.x = MARGIN;
    pdf.y = top + height + 3;
  };
  const drawHead = () => {
    pdf.font('bold').fontSize(CELL);
    const head = columns.map(({ label }) => label);
    drawRow(head, COLOURS.faint, heightOf(head));
    rule(pdf);
    pdf.font('regular').fontSize(CELL);
  };
  ensureRoom(pdf, 40);
  drawHead();
  for (const [index, row] of rows.entries()) {
    const height = heightOf(row);
    if (pdf.y + height + 3 > bottomOf(pdf)) {
      pdf.addPage();
      drawHead();
    }
    if (index % 2 === 1) {
      pdf.rect(MARGIN, pdf.y, contentWidth(pdf), height + 3).fill('#f7f8fa');
    }
    drawRow(row, COLOURS.ink, height);
  }
  pdf.moveDown(0.4);
}

/** Cells looked at for words that must not break: enough for a table that is read. */
const MEASURED_ROWS = 400;
/** A longer word breaks: a name without a space must not take the page. */
const LONGEST_WORD = 90;

/**
 * The page's width shared out by weight, but to each column no less than its longest word takes: a
 * word broken in the middle is read as two. Where that is more than the page has, weights alone count.
 */
function columnWidths(
  pdf: Pdf,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): readonly number[] {
  const total = contentWidth(pdf);
  const least = columns.map(({ label }, index) => {
    pdf.font('bold').fontSize(CELL);
    const ofHead = longestWord(pdf, label);
    pdf.font('regular');
    const cells = rows.slice(0, MEASURED_ROWS).map((row) => longestWord(pdf, row[index] ?? ''));
    return Math.max(ofHead, ...cells) + CELL_PAD * 2 + 0.5;
  });
  const short = new Set<number>();
  const weigh = () => {
    const taken = [...short].reduce((sum, index) => sum + least[index]!, 0);
    const weights = columns.reduce((sum, { weight }, at) => sum + (short.has(at) ? 0 : weight), 0);
    return columns.map(({ weight }, index) =>
      short.has(index) ? least[index]! : ((total - taken) * weight) / weights,
    );
  };
  let widths = weigh();
  const leastOfAll = least.reduce((sum, each) => sum + each, 0);
  if (leastOfAll > total) return widths;
  for (let found = true; found; ) {
    found = false;
    for (const [index, width] of widths.entries()) {
      if (short.has(index) || width >= least[index]!) continue;
      short.add(index);
      found = true;
    }
    widths = weigh();
  }
  return widths;
}

function longestWord(pdf: Pdf, text: string): number {
  const widths = text.split(/[\s\p{Script=Han}]+/u).map((word) => pdf.widthOfString(word));
  return Math.min(LONGEST_WORD, Math.max(...widths));
}

function rule(pdf: Pdf): void {
  pdf
    .moveTo(MARGIN, pdf.y)
    .lineTo(MARGIN + contentWidth(pdf), pdf.y)
    .lineWidth(0.5)
    .stroke(COLOURS.rule);
  pdf.y += 1;
}

function drawDrawing(pdf: Pdf, title: string, drawing: Drawing): void {
  const scale = contentWidth(pdf) / drawing.width;
  ensureRoom(pdf, drawing.height * scale + 26);
  pdf.moveDown(0.5);
  if (title !== '') {
    pdf.font('regular').fontSize(8).fillColor(COLOURS.faint).text(title, MARGIN).moveDown(0.2);
  }
  const top = pdf.y;
  pdf.save().translate(MARGIN, top).scale(scale);
  pdf.font('regular');
  for (const shape of drawing.shapes) {
    if (shape.kind === 'rect') {
      pdf.rect(shape.x, shape.y, shape.width, shape.height).fill(shape.fill);
    } else if (shape.kind === 'line') {
      for (const [index, [x, y]] of shape.points.entries()) {
        if (index === 0) pdf.moveTo(x, y);
        else pdf.lineTo(x, y);
      }
      pdf.lineWidth(shape.strokeWidth);
      if (shape.dashed) pdf.dash(3, { space: 3 });
      pdf.stroke(shape.stroke).undash();
    } else {
      pdf.fontSize(shape.size).fillColor(shape.fill);
      const width = pdf.widthOfString(shape.text);
      const shift = shape.anchor === 'start' ? 0 : shape.anchor === 'end' ? width : width / 2;
      pdf.text(shape.text, shape.x - shift, shape.y - shape.size * 0.72, { lineBreak: false });
    }
  }
  pdf.restore();
  pdf.x = MARGIN;
  pdf.y = top + drawing.height * scale + 4;
}

/** Page numbers and what the report was made from, once it is known how many pages there are. */
function drawFooters(pdf: Pdf, { footer, language }: Content): void {
  const words = documentWords(language, false);
  const { start, count } = pdf.bufferedPageRange();
  for (let page = 0; page < count; page += 1) {
    pdf.switchToPage(start + page);
    // Writing below the margin would otherwise begin a page of its own.
    pdf.page.margins.bottom = 0;
    const y = pdf.page.height - MARGIN;
    pdf.font('regular').fontSize(7).fillColor(COLOURS.faint);
    pdf.text(footer, MARGIN, y, { width: contentWidth(pdf) - 90, lineBreak: false });
    const number = words.page(page + 1, count);
    pdf.text(number, MARGIN, y, { width: contentWidth(pdf), align: 'right', lineBreak: false });
  }
}

function contentWidth(pdf: Pdf): number {
  return pdf.page.width - 2 * MARGIN;
}

function bottomOf(pdf: Pdf): number {
  return pdf.page.height - MARGIN - FOOT;
}

function ensureRoom(pdf: Pdf, height: number): void {
  if (pdf.y + height > bottomOf(pdf)) pdf.addPage();
}
