/** Column alignment: text to the left, numbers to the right. */
export type Alignment = 'left' | 'right';

/** Characters that take two cells in a terminal: East Asian wide and fullwidth forms, and emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const NO_WIDTH = /\p{Mn}|\p{Me}|\p{Cf}/u;
const GAP = '  ';

/** How many cells a text takes in a terminal. */
export function displayWidth(text: string): number {
  let cells = 0;
  for (const character of text)
    cells += NO_WIDTH.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return cells;
}

/**
 * Lines up rows in columns, the first row underlined as the head. Every row has as many cells as
 * `alignments`. No line ends in white space.
 */
export function renderTable(
  alignments: readonly Alignment[],
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const widths = alignments.map((_, column) =>
    Math.max(...[head, ...rows].map((row) => displayWidth(row[column] ?? ''))),
  );
  const rule = widths.map((width) => '─'.repeat(width)).join(GAP);
  const lines = [head, ...rows].map((row) =>
    alignments
      .map((alignment, column) => pad(row[column] ?? '', widths[column]!, alignment))
      .join(GAP)
      .trimEnd(),
  );
  return [lines[0]!, rule, ...lines.slice(1)].join('\n');
}

function pad(text: string, width: number, alignment: Alignment): string {
  const blanks = ' '.repeat(width - displayWidth(text));
  return alignment === 'left' ? text + blanks : blanks + text;
}
