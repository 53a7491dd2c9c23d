import { DAY } from '../lib/time.ts';

/** What IF-MIB says of one row that may tell which port it is; empty where it says nothing. */
export interface PortFacts {
  /** ifIndex: the number of the row, which a device may give to another port at any start. */
  readonly index: string;
  readonly name: string;
  readonly descr: string;
  /** ifPhysAddress as hexadecimal; empty as well when it is all zeros. */
  readonly mac: string;
  readonly alias: string;
  /** ifType; null when not told. */
  readonly type: number | null;
}

/** A port that was seen at some time, whatever its row is now. */
export interface KnownPort {
  /** Place of its counters in `RateMemory`; its own until it is forgotten. */
  readonly slot: number;
  /** Name in series, conditions and configuration: unique in the device, and its own while it is known. */
  label: string;
  facts: PortFacts;
  /** Since when a complete reading has not shown it, by our monotonic clock; null while it is there. */
  absentSinceMs: number | null;
}

/** The ports of one device. */
export interface PortRegistry {
  ports: KnownPort[];
  readonly freeSlots: number[];
  slotCount: number;
}

/**
 * What became of a port since the reading before. `same`; `renumbered`: another ifIndex or MAC
 * address, same name;
 * `renamed`: another name, told to be the same port by what else it says; `returned`: it was gone;
 * `new`: none of the ports known. A port that only its ifIndex tells from others counts as
 * `renumbered` when these others have become more or fewer.
 */
export type PortChange = 'same' | 'renumbered' | 'renamed' | 'returned' | 'new';

export interface PortMatch {
  readonly port: KnownPort;
  readonly change: PortChange;
  /** Nothing but ifIndex tells the port from others: whether it is the same, nobody can say. */
  readonly isByIndex: boolean;
}

export interface Identified {
  /** In the order of the rows. */
  readonly matches: readonly PortMatch[];
  /** Labels that have changed, old to new; all at once, for they may have changed places. */
  readonly relabelled: ReadonlyMap<string, string>;
}

/** A port that is gone is known for so long, so that it gets its memory back with a card that is put in again. */
const LONGEST_ABSENCE_MS = DAY;
/** Ports that are gone and still known; the longest gone are forgotten first. */
const MOST_ABSENT_PORTS = 1000;

/** With no port yet. */
export function createPortRegistry(): PortRegistry {
  return { ports: [], freeSlots: [], slotCount: 0 };
}

/**
 * Tells which port each row is: by ifName, unless it is empty or not the only one; then ifDescr, the
 * MAC address, ifAlias; by ifIndex only rows that nothing tells apart or that have nothing else.
 * All rows are matched before anything is changed, so that ports may change places. A row that fits
 * no known port, or more than one, is a new port: never a guess. `isComplete`: ports without a row
 * are gone; otherwise they were only not read.
 */
export function identifyPorts(
  registry: PortRegistry,
  rows: readonly PortFacts[],
  nowMs: number,
  isComplete: boolean,
): Identified {
  const isAbsent = (port: KnownPort) => port.absentSinceMs !== null;
  const present = registry.ports.filter((port) => !isAbsent(port));
  const before = present.map(({ facts }) => facts);
  const found: (Found | null)[] = rows.map(() => null);
  const taken = new Set<KnownPort>();
  matchByTiers(rows, found, present, taken);
  if (found.includes(null)) matchByTiers(rows, found, registry.ports.filter(isAbsent), taken);
  const marked = markedRows(rows);
  const hasMoved =
    marked.size < rows.length || found.some((match) => match?.isByIndex)
      ? changedLikes(before, rows)
      : null;
  const matches = rows.map((facts, place): PortMatch => {
    const match = found[place] ?? null;
    if (match === null) {
      return { port: newPort(registry, facts), change: 'new', isByIndex: !marked.has(facts) };
    }
    const { port } = match;
    const isByIndex = match.isByIndex || !marked.has(facts);
    const change = changeOf(port, facts);
    const isDoubtful = change === 'same' && isByIndex && hasMoved!.has(likeOf(facts));
    return { port, change: isDoubtful ? 'renumbered' : change, isByIndex };
  });
  const shown = new Set(matches.map(({ port }) => port));
  for (const port of registry.ports) {
    if (isComplete && !shown.has(port)) port.absentSinceMs ??= nowMs;
  }
  const relabelled = takeOver(registry, matches, rows);
  forgetLongGone(registry, nowMs);
  return { matches, relabelled };
}

interface Found {
  readonly port: KnownPort;
  readonly isByIndex: boolean;
}

/** Rows that something other than ifIndex tells from all others. */
function markedRows(rows: readonly PortFacts[]): ReadonlySet<PortFacts> {
  const marked = new Set<PortFacts>();
  for (const { key, isByIndex } of TIERS) {
    if (isByIndex || marked.size === rows.length) continue;
    for (const { item } of onlyOnes(rows, key).values()) marked.add(item);
  }
  return marked;
}

/** Ports with the same of this look the same but for their index. */
function likeOf({ name, descr, mac }: PortFacts): string {
  return [name, descr, mac].join(SEPARATOR);
}

/** Looks of which there are rows at other indexes than before. */
function changedLikes(
  before: readonly PortFacts[],
  now: readonly PortFacts[],
): ReadonlySet<string> {
  const keyOf = (facts: PortFacts) => likeOf(facts) + SEPARATOR + facts.index;
  const [old, fresh] = [new Set(before.map(keyOf)), new Set(now.map(keyOf))];
  const changed = new Set<string>();
  for (const facts of before) if (!fresh.has(keyOf(facts))) changed.add(likeOf(facts));
  for (const facts of now) if (!old.has(keyOf(facts))) changed.add(likeOf(facts));
  return changed;
}

/** What ports and rows have in common, strongest first; empty: it says nothing about this one. */
interface Tier {
  readonly key: (facts: PortFacts) => string;
  readonly fits: (port: PortFacts, row: PortFacts) => boolean;
  readonly isByIndex?: true;
}

const always = () => true;
const SEPARATOR = '\u0000';
const both = (a: string, b: string) => (a === '' || b === '' ? '' : a + SEPARATOR + b);
const agree = (a: string, b: string) => a === '' || b === '' || a === b;
const sameType = (port: PortFacts, row: PortFacts) =>
  port.type === null || row.type === null || port.type === row.type;

const TIERS: readonly Tier[] = [
  { key: ({ name }) => name, fits: always },
  { key: ({ name, descr }) => both(name, descr), fits: always },
  { key: ({ name, mac }) => both(name, mac), fits: always },
  { key: ({ name, alias }) => both(name, alias), fits: always },
  {
    key: ({ name, index }) => both(name, index),
    fits: (port, row) => agree(port.descr, row.descr) && agree(port.mac, row.mac),
    isByIndex: true,
  },
  { key: ({ descr }) => descr, fits: sameType },
  { key: ({ mac }) => mac, fits: sameType },
  { key: ({ alias }) => alias, fits: sameType },
  {
    key: ({ index }) => index,
    fits: (port, row) =>
      agree(port.name, row.name) &&
      agree(port.descr, row.descr) &&
      agree(port.mac, row.mac) &&
      sameType(port, row),
    isByIndex: true,
  },
];

/** Joins rows and ports that share a key nobody else has, tier by tier; nothing is changed but `found` and `taken`. */
function matchByTiers(
  rows: readonly PortFacts[],
  found: (Found | null)[],
  ports: readonly KnownPort[],
  taken: Set<KnownPort>,
): void {
  if (ports.length === 0) return;
  for (const tier of TIERS) {
    if (!found.includes(null)) return;
    const portOf = onlyOnes(ports, (port) => tier.key(port.facts));
    const rowOf = onlyOnes(rows, tier.key);
    for (const [key, row] of rowOf) {
      const port = portOf.get(key);
      const place = row.place;
      if (port === undefined || taken.has(port.item) || found[place] !== null) continue;
      if (!tier.fits(port.item.facts, row.item)) continue;
      found[place] = { port: port.item, isByIndex: tier.isByIndex ?? false };
      taken.add(port.item);
    }
  }
}

/** By key, those that have it alone. */
function onlyOnes<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
): Map<string, { readonly item: T; readonly place: number }> {
  const only = new Map<string, { readonly item: T; readonly place: number }>();
  const shared = new Set<string>();
  items.forEach((item, place) => {
    const key = keyOf(item);
    if (key === '' || shared.has(key)) return;
    if (only.delete(key)) shared.add(key);
    else only.set(key, { item, place });
  });
  return only;
}

function changeOf(port: KnownPort, facts: PortFacts): PortChange {
  if (port.absentSinceMs !== null) return 'returned';
  if (baseNameOf(merged(port.facts, facts)) !== baseNameOf(port.facts)) return 'renamed';
  const isSameRow = port.facts.index === facts.index && agree(port.facts.mac, facts.mac);
  return isSameRow ? 'same' : 'renumbered';
}

/** A name that a device no longer tells is still the port's. */
function merged(before: PortFacts, now: PortFacts): PortFacts {
  if (now.name !== '' && now.descr !== '') return now;
  return { ...now, name: now.name || before.name, descr: now.descr || before.descr };
}

/**
 * Without backticks: the boards put the name of the chosen port between two, where PromQL knows no
 * escapes, and Grafana has no format that would write one so that it ends nothing.
 */
function baseNameOf(facts: PortFacts): string {
  return (facts.name || facts.descr || facts.index).replaceAll('`', "'");
}

function newPort(registry: PortRegistry, facts: PortFacts): KnownPort {
  const slot = registry.freeSlots.pop() ?? registry.slotCount;
  if (slot === registry.slotCount) registry.slotCount += 1;
  const port: KnownPort = { slot, label: '', facts, absentSinceMs: null };
  registry.ports.push(port);
  return port;
}

/**
 * Gives every port what its row says, and a label to those that are new or renamed: the name, with
 * the index behind it where several rows have it. Ports that keep their name keep their label too.
 */
function takeOver(
  registry: PortRegistry,
  matches: readonly PortMatch[],
  rows: readonly PortFacts[],
): ReadonlyMap<string, string> {
  const uses = new Map<string, number>();
  for (const facts of rows) uses.set(baseNameOf(facts), (uses.get(baseNameOf(facts)) ?? 0) + 1);
  const unnamed = new Map<KnownPort, string>();
  matches.forEach(({ port }, place) => {
    const facts = merged(port.facts, rows[place]!);
    if (port.label === '' || baseNameOf(facts) !== baseNameOf(port.facts)) {
      unnamed.set(port, port.label);
      port.label = '';
    }
    port.facts = facts;
    port.absentSinceMs = null;
  });
  const relabelled = new Map<string, string>();
  if (unnamed.size === 0) return relabelled;
  const holders = new Map(registry.ports.map((port) => [port.label, port]));
  for (const [port, before] of unnamed) {
    const base = baseNameOf(port.facts);
    const isShared = (uses.get(base) ?? 0) > 1 || holders.get(base)?.absentSinceMs === null;
    port.label = freeLabel(registry, holders, isShared ? `${base}#${port.facts.index}` : base);
    holders.set(port.label, port);
    if (before !== '' && before !== port.label) relabelled.set(before, port.label);
  }
  return relabelled;
}

/** The label, or one like it while a port that is there has it. One that is gone loses it, and is forgotten. */
function freeLabel(
  registry: PortRegistry,
  holders: ReadonlyMap<string, KnownPort>,
  wanted: string,
): string {
  for (let label = wanted; ; label += '#') {
    const holder = holders.get(label);
    if (holder === undefined) return label;
    if (holder.absentSinceMs === null) continue;
    forget(registry, holder);
    return label;
  }
}

function forgetLongGone(registry: PortRegistry, nowMs: number): void {
  const gone = registry.ports.filter((port) => port.absentSinceMs !== null);
  if (gone.length === 0) return;
  gone.sort((a, b) => b.absentSinceMs! - a.absentSinceMs!);
  gone.forEach((port, place) => {
    const isLong = nowMs - port.absentSinceMs! >= LONGEST_ABSENCE_MS;
    if (isLong || place >= MOST_ABSENT_PORTS) forget(registry, port);
  });
}

function forget(registry: PortRegistry, port: KnownPort): void {
  registry.ports = registry.ports.filter((other) => other !== port);
  registry.freeSlots.push(port.slot);
}
