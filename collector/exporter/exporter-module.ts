/**
 * What one module of snmp_exporter exports: which objects, under which names, labels and scales.
 * The modules are data, one file each. Values are exported as the device sent them, times `scale`.
 */
export interface ExporterModule {
  readonly name: string;
  readonly scalars: readonly ExporterObject[];
  readonly tables: readonly ExporterTable[];
}

/**
 * How an object becomes a series. `text`, `octets` and `mac` carry the value in a label named like
 * the object, and are 1; `octets` are shown as hexadecimal digits unless the device sent an OID.
 * `enum-info` is 1 under the name `<object>_info`, with the name of the number in that label.
 */
export type ExporterType = 'gauge' | 'counter' | 'text' | 'octets' | 'mac' | 'enum-info';

export interface ExporterObject {
  readonly name: string;
  /** Of the object, without an instance. */
  readonly oid: string;
  /** The document that defines it. */
  readonly source: string;
  readonly type: ExporterType;
  readonly scale: number;
  /** Names of the numbers of an `enum-info`. */
  readonly states: ReadonlyMap<number, string>;
}

/** A table whose index is one number. */
export interface ExporterTable {
  readonly indexLabel: string;
  /** Columns whose text is a label on every series of the row, empty where the row has none. */
  readonly lookups: readonly { readonly label: string; readonly oid: string }[];
  readonly columns: readonly ExporterObject[];
}

type ObjectLine = readonly [
  place: number,
  name: string,
  type: ExporterType,
  more?: { readonly scale?: number; readonly states?: ReadonlyMap<number, string> },
];

const NO_STATES: ReadonlyMap<number, string> = new Map();

/** Objects below one OID, each by its last number. */
export function objectsBelow(
  oid: string,
  source: string,
  lines: readonly ObjectLine[],
): readonly ExporterObject[] {
  return lines.map(([place, name, type, more]) => ({
    name,
    oid: `${oid}.${place}`,
    source,
    type,
    scale: more?.scale ?? 1,
    states: more?.states ?? NO_STATES,
  }));
}
