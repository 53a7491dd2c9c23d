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

/** Packs a table column after column, each of `rowCount` numbers; NaN where a row has none. */
export function packNumbers(rowCount: number, numbers: Float64Array): PackedNumbers {
  const kinds = new Uint8Array(rowCount === 0 ? 0 : numbers.length / rowCount);
  let length = 0;
  for (let column = 0; column < kinds.length; column += 1) {
    kinds[column] = kindOf(numbers, column * rowCount, (column + 1) * rowCount);
    length += WIDTHS[kinds[column]!]! * rowCount;
  }
  const octets = new DataView(new ArrayBuffer(length));
  let at = 0;
  for (let column = 0; column < kinds.length; column += 1) {
    const kind = kinds[column]!;
    if (kind === NOTHING) continue;
    for (let place = column * rowCount; place < (column + 1) * rowCount; place += 1) {
      write(octets, at, kind, numbers[place]!);
      at += WIDTHS[kind]!;
    }
  }
  return { rowCount, kinds, octets };
}

/** Where a column begins, to be given to `numberAt`; null when it holds no number. */
export function columnStart(packed: PackedNumbers, column: number): number | null {
  if ((packed.kinds[column] ?? NOTHING) === NOTHING) return null;
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

function kindOf(numbers: Float64Array, from: number, to: number): number {
  let largest = -1;
  for (let place = from; place < to; place += 1) {
    const number = numbers[place]!;
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
