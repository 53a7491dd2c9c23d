export type Cell = string | number | null;

/**
 * What spreadsheets begin a formula with, their full-width forms included, also behind white space;
 * and behind a semicolon, where a spreadsheet that separates by those begins a cell.
 */
const FORMULA = /(^|;)(?=[\s"']*[=+\-@\t\r|%\uff1d\uff0b\uff0d\uff20])/g;

/** One cell: numbers bare, text quoted where needed and made harmless. */
export function renderCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const harmless = cell.replace(FORMULA, "$1'");
  return /[",;\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
