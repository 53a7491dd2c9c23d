import type { TextPiece } from './text-stream.ts';

/** OpenMetrics 1.0, media type and what ends an exposition. */
export const OPEN_METRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8';
const END = '# EOF\n';

const LINE_FEED = 0x0a;
const HASH = 0x23;

/**
 * Whether an Accept header (RFC 9110 §12.5.1) wants OpenMetrics 1.0 rather than the text format of
 * Prometheus. Every Prometheus asks for both, OpenMetrics first; nobody else is given it unasked.
 */
export function asksForOpenMetrics(header: string | undefined): boolean {
  let openMetrics = 0;
  let text = 0;
  for (const range of (header ?? '').split(',')) {
    const [type, ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const parameterOf = (name: string) =>
      parameters.find((each) => each.startsWith(`${name}=`))?.slice(name.length + 1);
    const given = Number(parameterOf('q') ?? 1);
    const quality = Number.isNaN(given) ? 0 : given;
    const version = parameterOf('version')?.replaceAll('"', '');
    if (type === 'application/openmetrics-text' && (version === undefined || version === '1.0.0')) {
      openMetrics = Math.max(openMetrics, quality);
    } else if (type === 'text/plain' && (version === undefined || version === '0.0.4')) {
      text = Math.max(text, quality);
    }
  }
  return openMetrics > 0 && openMetrics >= text;
}

/**
 * Text format 0.0.4 as OpenMetrics 1.0: the samples are the same, octet for octet, and only the lines
 * about families differ: the family of a counter is called without `_total`, and quotation marks in its
 * help are escaped. Octets between two of those lines are handed on as they are, never looked at one by one.
 */
export async function* asOpenMetrics(
  pieces: AsyncIterable<TextPiece> | Iterable<TextPiece>,
): AsyncGenerator<TextPiece> {
  const heads = new HeadLines();
  let carried: Buffer = Buffer.alloc(0);
  let isAtLineStart = true;
  for await (const piece of pieces) {
    let octets = asBuffer(piece);
    if (carried.length > 0) octets = Buffer.concat([carried, octets]);
    carried = Buffer.alloc(0);
    let at = 0;
    while (at < octets.length) {
      if (isAtLineStart && octets[at] === LINE_FEED) {
        at += 1;
      } else if (isAtLineStart && octets[at] === HASH) {
        const end = octets.indexOf(LINE_FEED, at);
        if (end === -1) {
          carried = octets.subarray(at);
          break;
        }
        const line = heads.convert(octets.toString('utf8', at, end));
        if (line !== '') yield line;
        at = end + 1;
      } else {
        const end = endOfSamples(octets, at);
        yield octets.subarray(at, end);
        isAtLineStart = octets[end - 1] === LINE_FEED;
        at = end;
      }
    }
  }
  if (carried.length > 0) yield heads.convert(carried.toString('utf8'));
  yield END;
}

function asBuffer(piece: TextPiece): Buffer {
  if (typeof piece === 'string') return Buffer.from(piece);
  return Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
}

const BEFORE_HEAD = Buffer.from('\n#');
const BEFORE_BLANK = Buffer.from('\n\n');

/** Behind the last sample before the next line about a family, or a blank one; label values hold no line end. */
function endOfSamples(octets: Buffer, from: number): number {
  const head = octets.indexOf(BEFORE_HEAD, from);
  const until = head === -1 ? octets : octets.subarray(0, head + 1);
  const blank = until.indexOf(BEFORE_BLANK, from);
  if (blank !== -1) return blank + 1;
  return until.length;
}

/** HELP comes before TYPE, and only TYPE tells that a family is one of counters. */
class HeadLines {
  #help: { readonly name: string; readonly text: string } | null = null;

  /** What stands for the line, with its line end; blank while it waits for the next one. */
  convert(line: string): string {
    const [, keyword, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) ?(.*)$/.exec(line) ?? [];
    if (keyword === undefined) return '';
    if (keyword === 'HELP') {
      const before = this.#takeHelp(null);
      this.#help = { name, text: rest.replaceAll('"', '\\"') };
      return before;
    }
    const family = rest === 'counter' ? name.replace(/_total$/, '') : name;
    const help = this.#takeHelp({ name, family });
    return `${help}# TYPE ${family} ${rest === 'untyped' ? 'unknown' : rest}\n`;
  }

  #takeHelp(known: { readonly name: string; readonly family: string } | null): string {
    const help = this.#help;
    this.#help = null;
    if (help === null) return '';
    const family = known?.name === help.name ? known.family : help.name;
    return `# HELP ${family} ${help.text}\n`;
  }
}
