import type { FaultKind } from './model.ts';

/**
 * What one family of devices answers and what it means: data, one YAML file in `config/profiles/`.
 * Every applicable profile is read; a profile never switches another one off.
 */
export interface Profile {
  readonly id: string;
  readonly title: string;
  /** null: applies to every device whose `probe` object answers. */
  readonly match: ProfileMatch;
  readonly scalars: readonly ScalarDef[];
  readonly tables: readonly TableDef[];
}

/** A device matches when any list entry does; `probe` names an object whose answer shows the MIB is there. */
export interface ProfileMatch {
  readonly sysObjectIdPrefixes: readonly string[];
  readonly sysDescrContains: readonly string[];
  readonly probeOid: string | null;
  readonly always: boolean;
}

export interface ScalarDef {
  readonly name: string;
  readonly oid: string;
  readonly reading: ReadingDef;
}

export interface TableDef {
  readonly name: string;
  /** OID of the entry; columns are below it. */
  readonly entryOid: string;
  /** Columns whose text names a row, first that answers wins. */
  readonly labelColumns: readonly LabelColumn[];
  readonly columns: readonly ColumnDef[];
}

export interface LabelColumn {
  readonly label: string;
  readonly name: string;
  readonly columnId: number;
}

export interface ColumnDef {
  readonly name: string;
  readonly columnId: number;
  readonly reading: ReadingDef;
}

/** How one object becomes a sample and, where it says something about health, a condition. */
export interface ReadingDef {
  /** Name of a declared metric, or null when the object only feeds conditions or labels. */
  readonly metric: string | null;
  readonly labels: Readonly<Record<string, string>>;
  /** value = raw × scale + offset, in the metric's base unit. */
  readonly scale: number;
  readonly offset: number;
  /** Raw values that mean "not there". */
  readonly absent: readonly number[];
  readonly conditions: readonly ConditionDef[];
}

/** When the value (after scaling) is one of `equals`, or inside the bounds, the named fault exists. */
export interface ConditionDef {
  readonly kind: FaultKind;
  readonly level: 'warning' | 'critical';
  readonly equals: readonly number[] | null;
  readonly atLeast: number | null;
  readonly atMost: number | null;
  readonly text: string;
}
