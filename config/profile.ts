import type { LocalText } from '../lib/local-text.ts';
import type { DurationMs } from '../lib/time.ts';
import type { FaultKind } from './model.ts';
import type { ReadingClass } from './reading-class.ts';
import type { StandardDef } from './standard-def.ts';

/**
 * What devices answer and what it means: data, one YAML file in `config/profiles/`. A profile is the
 * knowledge of one MIB (a module), or names a family of devices and what they have beyond the
 * modules. Profiles compose: every one that applies is read, and none switches another one off; where
 * two tell the same series, the one with the higher precedence counts. Objects, values and flags are
 * known by name; a name means the same thing everywhere in its profile.
 */
export interface Profile {
  readonly id: string;
  readonly title: string;
  /** When two profiles give the same series or the same fault of a part, the higher one is kept. */
  readonly precedence: number;
  /** Of the families that fit a device only the best fit is taken (profile-choice.ts). */
  readonly isFamily: boolean;
  /** Its identity says little: devices of many makers use the agent. What they answer counts more. */
  readonly isWeak: boolean;
  /** Modules that devices of this family may have: their probes are asked whoever made the device. */
  readonly modules: readonly string[];
  readonly quirks: Quirks;
  readonly match: ProfileMatch;
  readonly identity: Identity;
  readonly scalars: readonly ScalarDef[];
  readonly tables: readonly TableDef[];
  readonly pools: readonly PoolDef[];
  /** Computed from scalars and tables, in this order; a later one may use an earlier one. */
  readonly values: readonly ValueDef[];
  readonly conditions: readonly ConditionDef[];
  /**
   * While this holds, everything else that the profile reads is old, as of a card that has lost its
   * UPS: it is not shown, and nothing is raised or taken back because of it. So is what other profiles
   * of the device read of a UPS: they ask the same card.
   */
  readonly stale: Tests | null;
  readonly standards: readonly StandardDef[];
}

/**
 * A device matches by what it says it is (`sysObjectId` and `sysDescr`, both where both are given, and
 * nothing of `except`), or by what it answers.
 */
export interface ProfileMatch {
  /** Applies to every device. */
  readonly always: boolean;
  readonly sysObjectIdPrefixes: readonly string[];
  readonly sysDescrContains: readonly string[];
  /** Not a device whose sysDescr contains one of these. */
  readonly sysDescrExcept: readonly string[];
  /** The device has something below one of these OIDs. */
  readonly probeOids: readonly string[];
}

/** What the agents of a family cannot do as they should. */
export interface Quirks {
  /** GETBULK is not used. */
  readonly noBulk: boolean;
  /** Objects to a request, at most; null: as many as the device bears. */
  readonly mostVarbinds: number | null;
  /** Weak: asked for little at a time, with pauses between requests. */
  readonly gentle: boolean;
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
  /** What is measured; null: nothing that people read by itself. */
  readonly class: ReadingClass | null;
  /** How people call it; `{row}` and names of values are filled in. null: after its row, or its name. */
  readonly title: string | null;
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
  /** Name of a value of the same row: the value is divided by it, or by ten to the power of it. */
  readonly dividedBy: string | null;
  readonly decimals: string | null;
  /** The value of another object says unit and class: `scale` and `offset` are on top of those here. */
  readonly unitBy: UnitBy | null;
  readonly convert: Conversion | null;
  /** The number in a text, as the first group of this expression; null: the text is the number. */
  readonly pattern: RegExp | null;
  /**
   * Names of values whose product this one is about, as watts are of volts and amperes: the first of
   * `scale` and `orScales` that brings it near is used. Without them, or close to 0, it is as declared.
   */
  readonly product: readonly string[];
  /** Value of a setting that the device does not tell (older releases); null: then there is none. */
  readonly otherwise: number | null;
  /** Raw values that mean "not there". */
  readonly absent: readonly number[];
  /** Words that mean "not there", of agents that send numbers as text. */
  readonly absentTexts: readonly string[];
  /**
   * Values (after scaling) outside are not believed, unless one of `orScales` in place of `scale`
   * brings them inside. null: the bounds of the class.
   */
  readonly atLeast: number | null;
  readonly atMost: number | null;
  /** Some agents use another unit than their MIB says: 0.1 V in place of V. */
  readonly orScales: readonly number[];
  /** Read only while this holds of the row: a sensor that says it works. */
  readonly when: Tests | null;
  /** The device's own limits, by the names of values in the same unit. */
  readonly limits: Limits | null;
  /** Name of the value, one with `states`, by which the device judges this reading itself. */
  readonly gradedBy: string | null;
  /** What is wrong when the device's state or limits say so; null: nothing of its own. */
  readonly fault: FaultKind | null;
  /** Of the parts of one row (or of the device) that carry on for each other; null: the table tells. */
  readonly group: string | null;
  /** What the numbers of an enumeration mean; with it the metric carries the state, not the number. */
  readonly states: Readonly<Record<string, StateDef>>;
  /** Only kept as sent, for `/snmp`: no value, so no series of its own, no condition. */
  readonly rawOnly: boolean;
}

/** Which value tells the unit, and what each of its values says. */
export interface UnitBy {
  readonly value: string;
  readonly units: Readonly<Record<string, UnitDef>>;
}

export interface UnitDef {
  readonly class: ReadingClass;
  readonly scale: number;
  readonly offset: number;
}

/**
 * Milliwatts to dBm: 10 × log10; nothing received is -40 dBm. Some agents send hundredths of dBm, which
 * are negative, in new releases and microwatts, which are positive, in old ones. A date as text
 * (`06/24/2021`) or DateAndTime (RFC 2579) becomes seconds since 1970, at noon UTC: the zone of the
 * device is not known.
 */
export const CONVERSIONS = [
  'milliwatts-to-dbm',
  'hundredths-dbm-or-microwatts',
  'date-to-timestamp',
] as const;
export type Conversion = (typeof CONVERSIONS)[number];

export interface Limits {
  readonly lowCritical: string | null;
  readonly lowWarning: string | null;
  readonly highWarning: string | null;
  readonly highCritical: string | null;
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
  /** Its rows are only for joins: nothing is exported or judged. */
  readonly isLookup: boolean;
  /** Component of a row: `<component>:<row name>`. */
  readonly component: string;
  /** Text columns that name a row, first that has text; else the row's index. */
  readonly nameFrom: readonly string[];
  /** Label that carries the row's name on every series of the table; null: none. */
  readonly rowLabel: string | null;
  /** How a row is called when the columns alone do not say: `Slot {slot}`; null: as `nameFrom` says. */
  readonly rowName: string | null;
  /** Only rows for which this holds are exported and judged. */
  readonly rows: Tests | null;
  readonly indexValues: readonly IndexValueDef[];
  readonly joins: readonly JoinDef[];
  readonly pools: readonly PoolDef[];
  /** Where a table of `kind: sensors` has what. */
  readonly sensor: SensorColumns;
  /** Only rows whose column has one of these values are exported and judged; all when empty. */
  readonly only: Readonly<Record<string, readonly string[]>>;
  /** Rows whose name begins with one of these are left out. */
  readonly exceptNames: readonly string[];
  readonly columns: readonly ColumnDef[];
  /** Computed in each row: sums, ratios and flags. */
  readonly values: readonly ValueDef[];
  readonly conditions: readonly ConditionDef[];
}

/** Something of a size that fills: memory or a disk. What is not told is made of what is. */
export interface PoolDef {
  readonly kind: (typeof POOL_KINDS)[number];
  /** As for a reading; null: after its row, or `main`. */
  readonly title: string | null;
  /** Names of values in bytes. */
  readonly used: string | null;
  readonly free: string | null;
  readonly size: string | null;
  /** Name of a value 0..1. */
  readonly ratio: string | null;
  /** Only while this holds of the row. */
  readonly when: Tests | null;
}

export const POOL_KINDS = ['memory', 'storage'] as const;

/** A part of a row's index as a value of the row. Numbers count from 1; negative ones from the end. */
export interface IndexValueDef {
  readonly name: string;
  readonly from: number;
  /** Last part, for an address or a text of several; the same as `from` for a number. */
  readonly to: number;
  readonly as: (typeof INDEX_FORMS)[number];
}

/** `inet`: an address of 4 or 16 parts; `last-inet`: the last of several. `index`: the parts as they are. */
export const INDEX_FORMS = ['number', 'ipv4', 'inet', 'last-inet', 'text', 'index'] as const;

/** Values taken over from the row of another table, of any profile, whose index `by` tells. */
export interface JoinDef {
  readonly table: string;
  /** Name of a value of this row; null: the row's own index. */
  readonly by: string | null;
  /** Parts of the own index that are taken when `by` is null, and how many from the front; null: all. */
  readonly parts: number | null;
  /** New name → column of the other table. */
  readonly take: Readonly<Record<string, string>>;
}

/** RFC 3433 columns, by the names they have in the table. */
export interface SensorColumns {
  readonly type: string;
  readonly scale: string;
  readonly precision: string;
  readonly value: string;
  readonly status: string;
  /** Limits in the unit, scale and precision of the value; null: the rows have none. */
  readonly lowCritical: string | null;
  readonly lowWarning: string | null;
  readonly highWarning: string | null;
  readonly highCritical: string | null;
  /** Limits in a table of their own; null: there is none. */
  readonly thresholds: ThresholdTable | null;
}

/** Rows `<sensor>.<number>`: value, relation and severity as in CISCO-ENTITY-SENSOR-MIB. */
export interface ThresholdTable {
  readonly table: string;
  readonly value: string;
  readonly relation: string;
  readonly severity: string;
}

/** Absent until it has been told twice, and for `knownForMs`: a first value has fallen from nothing. */
export interface FallenDef {
  readonly how: 'fallen';
  readonly of: string;
  /** What is longer ago does not count. */
  readonly withinMs: DurationMs;
  readonly knownForMs: DurationMs;
  /** As a share of the highest value. */
  readonly asShare: boolean;
}

/** A value computed from others. It is absent when what it needs is. */
export interface ValueDef {
  readonly name: string;
  readonly metric: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly compute:
    | { readonly how: 'sum'; readonly terms: Readonly<Record<string, number>> }
    | { readonly how: 'ratio'; readonly of: string; readonly per: string }
    /** The first of these that the device tells. */
    | { readonly how: 'first'; readonly of: readonly string[] }
    /** Over the rows of a table; `where` keeps only rows with that value. */
    | {
        readonly how: 'max' | 'min' | 'mean' | 'count';
        readonly of: string;
        readonly where: Readonly<Record<string, readonly string[]>>;
      }
    /** How far a value of the whole device is below the highest that it has had lately. */
    | FallenDef
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
