import type { LocalText } from '../lib/local-text.ts';
import type { FaultKind } from './model.ts';

/**
 * What one family of devices answers and what it means: data, one YAML file in `config/profiles/`.
 * Every applicable profile is read; a profile never switches another one off. Objects, values and
 * flags are known by name; a name means the same thing everywhere in its profile.
 */
export interface Profile {
  readonly id: string;
  readonly title: string;
  /** When two profiles give the same series or the same fault of a part, the higher one is kept. */
  readonly precedence: number;
  readonly match: ProfileMatch;
  readonly identity: Identity;
  readonly scalars: readonly ScalarDef[];
  readonly tables: readonly TableDef[];
  /** Computed from scalars and tables, in this order; a later one may use an earlier one. */
  readonly values: readonly ValueDef[];
  readonly conditions: readonly ConditionDef[];
}

/** A device matches when any entry does. */
export interface ProfileMatch {
  /** Applies to every device. */
  readonly always: boolean;
  readonly sysObjectIdPrefixes: readonly string[];
  readonly sysDescrContains: readonly string[];
  /** The device has something below this OID. */
  readonly probeOid: string | null;
}

/** Scalars whose text names the device. */
export interface Identity {
  readonly vendor: string | null;
  readonly model: string | null;
  readonly os: string | null;
  /** Vendor names by the number under 1.3.6.1.4.1 in sysObjectID. */
  readonly vendorByEnterprise: Readonly<Record<string, string>>;
}

/** How the raw value of an object becomes a value, and the series it is exported as. */
export interface ReadingDef {
  /** Symbolic name in the MIB. */
  readonly name: string;
  /** Kept as cleaned text instead of a number; OIDs are dotted text. */
  readonly text: boolean;
  /** Name of a declared metric without its prefix; null when only conditions, values or labels use it. */
  readonly metric: string | null;
  readonly labels: Readonly<Record<string, string>>;
  /** value = raw × scale + offset, in the metric's base unit. */
  readonly scale: number;
  readonly offset: number;
  /** A negative raw value is a wrapped unsigned one (some agents have sizes above 2^31). */
  readonly unsigned: boolean;
  /** Name of a value of the same row to multiply with. */
  readonly times: string | null;
  /** Raw values that mean "not there". */
  readonly absent: readonly number[];
  /** Values (after scaling) outside are not believed, unless `orScale` in place of `scale` brings them inside. */
  readonly atLeast: number | null;
  readonly atMost: number | null;
  /** Some agents use another unit than their MIB says: 0.1 V in place of V. */
  readonly orScale: number | null;
  /** What the numbers of an enumeration mean; with it the metric carries the state, not the number. */
  readonly states: Readonly<Record<string, StateDef>>;
  /** Only kept as sent, for `/snmp`: no value, so no series of its own, no condition. */
  readonly rawOnly: boolean;
}

export const HEALTH_STATES = ['good', 'warning', 'critical', 'unknown'] as const;

export interface StateDef {
  readonly text: string;
  readonly state: (typeof HEALTH_STATES)[number];
}

export interface ScalarDef extends ReadingDef {
  /** With its instance, usually `.0`. */
  readonly oid: string;
  /** Changes seldom: read again only when the agent restarts, or after a while. */
  readonly rarelyChanges: boolean;
}

export interface ColumnDef extends ReadingDef {
  /** Of the column, without a row index. */
  readonly oid: string;
  /** Changes seldom: read again only when the rows change, the agent restarts, or after a while. */
  readonly rarelyChanges: boolean;
  /**
   * Name of the 64-bit column that this 32-bit counter is the low half of. It is left unread while
   * the device shows that it is.
   */
  readonly lowHalfOf: string | null;
}

/** `interfaces`: IF-MIB rows, which become ports with rates. `sensors`: ENTITY-SENSOR-MIB rows, whose unit is in the row. */
export const TABLE_KINDS = ['plain', 'interfaces', 'sensors'] as const;
export type TableKind = (typeof TABLE_KINDS)[number];

export interface TableDef {
  readonly name: string;
  readonly kind: TableKind;
  /** Component of a row: `<component>:<row name>`. */
  readonly component: string;
  /** Text columns that name a row, first that has text; else the row's index. */
  readonly nameFrom: readonly string[];
  /** Label that carries the row's name on every series of the table; null: none. */
  readonly rowLabel: string | null;
  /** Only rows whose column has one of these values are exported and judged; all when empty. */
  readonly only: Readonly<Record<string, readonly string[]>>;
  /** Rows whose name begins with one of these are left out. */
  readonly exceptNames: readonly string[];
  readonly columns: readonly ColumnDef[];
  /** Computed in each row: sums, ratios and flags. */
  readonly values: readonly ValueDef[];
  readonly conditions: readonly ConditionDef[];
}

/** A value computed from others. It is absent when what it needs is. */
export interface ValueDef {
  readonly name: string;
  readonly metric: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly compute:
    | { readonly how: 'sum'; readonly terms: Readonly<Record<string, number>> }
    | { readonly how: 'ratio'; readonly of: string; readonly per: string }
    /** Over the rows of a table; `where` keeps only rows with that value. */
    | {
        readonly how: 'max' | 'min' | 'mean' | 'count';
        readonly of: string;
        readonly where: Readonly<Record<string, readonly string[]>>;
      }
    /** 1 or 0. */
    | { readonly how: 'flag'; readonly when: Tests };
}

/** All of `all`, at least one of `any` (when there are any), none of `none`. */
export interface Tests {
  readonly all: readonly Test[];
  readonly any: readonly Test[];
  readonly none: readonly Test[];
}

/** A test of a value that is absent does not hold. */
export interface Test {
  readonly value: string;
  readonly equals: readonly number[] | null;
  /** As `equals`, for text and OIDs. */
  readonly is: readonly string[] | null;
  readonly atLeast: number | null;
  readonly atMost: number | null;
  /** Used instead of `atLeast`, `atMost` while the condition stands, so that it does not flutter. */
  readonly stayAtLeast: number | null;
  readonly stayAtMost: number | null;
  /** Text contains one of these, in any case. */
  readonly contains: readonly string[] | null;
}

/** When the tests hold in `forPolls` full polls in a row, the named thing is wrong with the component. */
export interface ConditionDef {
  readonly kind: FaultKind;
  readonly level: 'warning' | 'critical';
  /** null: the row's component. */
  readonly component: string | null;
  readonly when: Tests;
  readonly forPolls: number;
  /** `{row}`, `{value}`, `{percent}` and names of values are filled in, the same ones in both languages. */
  readonly text: LocalText;
  readonly facts: {
    readonly batteryMinutes: string | null;
    readonly chargeRatio: string | null;
    readonly value: string | null;
  };
}
