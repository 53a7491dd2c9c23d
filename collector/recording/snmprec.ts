import { compareOids, parseOid } from '../oid.ts';
import type { Varbind, VarbindType } from '../snmp-client.ts';

/** A device as it once answered, in the order of its OIDs. */
export interface Recording {
  readonly varbinds: readonly Varbind[];
  /** Lines that are no varbind. */
  readonly unreadableLines: number;
  /** Lines behind the last that is read. */
  readonly linesLeftOut: number;
}

/** Longest file and most lines that are read. */
export const MOST_RECORDING_OCTETS = 64 * 1024 * 1024;
const MOST_LINES = 1_000_000;

/** ASN.1 tags by which a recording says the type (RFC 2578 §7.1). */
const TYPES: Readonly<Record<number, VarbindType>> = {
  2: 'integer',
  4: 'octet-string',
  5: 'null',
  6: 'oid',
  64: 'ip-address',
  65: 'counter32',
  66: 'gauge32',
  67: 'time-ticks',
  68: 'opaque',
  70: 'counter64',
};

/** Their tags, to write one. */
export const TAG_OF: Readonly<Partial<Record<VarbindType, number>>> = Object.fromEntries(
  Object.entries(TYPES).map(([tag, type]) => [type, Number(tag)]),
);

/**
 * Reads a recording: a line for each object, `OID|TAG|VALUE`, the tag with an `x` behind it where the
 * value is in hexadecimal. Lines in any order and lines twice are put right; others are left out and
 * counted. A line of a simulation (`67:numeric|initial=…`) has its first value.
 */
export function parseRecording(text: string): Recording {
  const byOid = new Map<string, Varbind>();
  let unreadableLines = 0;
  const lines = text.split('\n');
  for (const line of lines.slice(0, MOST_LINES)) {
    const trimmed = line.replace(/\r$/, '');
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const varbind = parseLine(trimmed);
    if (varbind === null) unreadableLines += 1;
    else if (!byOid.has(varbind.oid)) byOid.set(varbind.oid, varbind);
  }
  const varbinds = [...byOid.values()].sort((a, b) => compareOids(a.oid, b.oid));
  return { varbinds, unreadableLines, linesLeftOut: Math.max(0, lines.length - MOST_LINES) };
}

function parseLine(line: string): Varbind | null {
  const match = /^\.?([0-9.]+)\|(\d+)(x?)(:[a-z]+)?\|(.*)$/s.exec(line);
  if (match === null) return null;
  const [, oid, tag, hex, simulated, rest] = match;
  const type = TYPES[Number(tag)];
  if (type === undefined || parseOid(oid!) === null) return null;
  const text =
    simulated === undefined ? rest! : (/(?:initial|value)=([^,]*)/.exec(rest!)?.[1] ?? '');
  const value = recordedValue(type, text, hex === 'x');
  return value === undefined ? null : { oid: oid!, type, value };
}

function recordedValue(
  type: VarbindType,
  text: string,
  isHex: boolean,
): Varbind['value'] | undefined {
  switch (type) {
    case 'null':
      return null;
    case 'octet-string':
    case 'opaque':
      return octetsOf(text, isHex);
    case 'oid': {
      const oid = text.replace(/^\./, '');
      return parseOid(oid) === null ? undefined : oid;
    }
    case 'ip-address':
      return isHex ? [...(octetsOf(text, true) ?? [])].join('.') : text;
    case 'counter64':
      return /^\d{1,20}$/.test(text.trim()) ? BigInt(text.trim()) : undefined;
    default:
      return /^-?\d{1,12}$/.test(text.trim()) ? Number(text.trim()) : undefined;
  }
}

function octetsOf(text: string, isHex: boolean): Uint8Array | undefined {
  if (!isHex) return new TextEncoder().encode(text);
  return /^([0-9a-fA-F]{2})*$/.test(text) ? new Uint8Array(Buffer.from(text, 'hex')) : undefined;
}

/** Writes varbinds as a recording; those without a value are left out. */
export function renderRecording(varbinds: readonly Varbind[]): string {
  const lines = varbinds.flatMap(({ oid, type, value }) => {
    const tag = TAG_OF[type];
    if (tag === undefined) return [];
    if (!(value instanceof Uint8Array)) return [`${oid}|${tag}|${value ?? ''}`];
    const text = new TextDecoder('latin1').decode(value);
    return PLAIN.test(text)
      ? [`${oid}|${tag}|${text}`]
      : [`${oid}|${tag}x|${Buffer.from(value).toString('hex')}`];
  });
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

/** Text that a line can hold as it is: printable ASCII that does not look like anything else. */
const PLAIN = /^[\x20-\x7e]*$/;
