/** Octets that one number of a column takes. 0: the column has no number at all. */
const WIDTHS = [0, 1, 2, 4, 8] as const;
const NOTHING = 0;
const DOUBLE = 4;

/**
 * Columns of numbers in as few octets as they need: unsigned integers in 1, 2 or 4, everything else
 * in 8. The largest integer of a width, and NaN in 8 octets, stand for "no number here".
 */
export interface PackedNumbers {
  readonly rowCount: number;
  /** Place in WIDTHS, by column. */
  readonly kinds: Uint8Array;
  readonly octets: DataView;
}

/** Packs columns of `rowCount` numbers each; NaN where a row has none. */
export function packNumbers(rowCount: number, columns: readonly Float64Array[]): PackedNumbers {
  const kinds = Uint8Array.from(columns, kindOf);
  const length = kinds.reduce((sum, kind) => sum + WIDTHS[kind]! * rowCount, 0);
  const octets = new DataView(new ArrayBuffer(length));
  let at = 0;
  columns.forEach((column, place) => {
    const kind = kinds[place]!;
    if (kind === NOTHING) return;
    for (const number of column) {
      write(octets, at, kind, number);
      at += WIDTHS[kind]!;
    }
  });
  return { rowCount, kinds, octets };
}

/** Where a column begins, to be given to `numberAt`; null when it holds no number. */
export function columnStart(packed: PackedNumbers, column: number): number | null {
  if (packed.kinds[column] === NOTHING) return null;
  let start = 0;
  for (let place = 0; place < column; place += 1) {
    start += WIDTHS[packed.kinds[place]!]! * packed.rowCount;
  }
  return start;
}

/** The number of a row in a column that begins at `start`; NaN when it has none. */
export function numberAt(
  packed: PackedNumbers,
  column: number,
  start: number,
  row: number,
): number {
  const kind = packed.kinds[column]!;
  const at = start + row * WIDTHS[kind]!;
  if (kind === DOUBLE) return packed.octets.getFloat64(at);
  const number = readInteger(packed.octets, at, kind);
  return number === absentOf(kind) ? Number.NaN : number;
}

function kindOf(column: Float64Array): number {
  let largest = -1;
  for (const number of column) {
    if (Number.isNaN(number)) continue;
    if (!Number.isInteger(number) || number < 0) return DOUBLE;
    if (number > largest) largest = number;
  }
  if (largest < 0) return NOTHING;
  let kind = 1;
  while (kind < DOUBLE && largest >= absentOf(kind)) kind += 1;
  return kind;
}

function absentOf(kind: number): number {
  return 2 ** (8 * WIDTHS[kind]!) - 1;
}

function write(octets: DataView, at: number, kind: number, number: number): void {
  const stored = Number.isNaN(number) && kind !== DOUBLE ? absentOf(kind) : number;
  if (kind === 1) octets.setUint8(at, stored);
  else if (kind === 2) octets.setUint16(at, stored);
  else if (kind === 3) octets.setUint32(at, stored);
  else octets.setFloat64(at, stored);
}

function readInteger(octets: DataView, at: number, kind: number): number {
  if (kind === 1) return octets.getUint8(at);
  return kind === 2 ? octets.getUint16(at) : octets.getUint32(at);
}
