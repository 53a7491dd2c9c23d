export interface Exposition {
  /** Values by series: name and labels in the order of their names, as they stand in the text. */
  readonly series: ReadonlyMap<string, number>;
  readonly types: ReadonlyMap<string, string>;
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(.*)\\})? (\\S+)$`, 's');
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(,|$)/gsy;
const NUMBER = /^(?:[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?|NaN|[-+]Inf)$/;

/**
 * Reads Prometheus text format 0.0.4 and throws at whatever a strict reader must refuse: a line that
 * is none, a family told twice or without its type before it, a series told twice, a bad escape.
 */
export function readStrictly(text: string): Exposition {
  if (text !== '' && !text.endsWith('\n')) throw new Error('the last line does not end');
  const series = new Map<string, number>();
  const types = new Map<string, string>();
  const finished = new Set<string>();
  let family = '';
  for (const line of text.split('\n').slice(0, -1)) {
    if (line.startsWith('#')) {
      const head = new RegExp(`^# (HELP|TYPE) (${NAME}) (.*)$`).exec(line);
      if (head === null) throw new Error(`no comment: ${line}`);
      const [, kind, name, rest] = head as unknown as [string, string, string, string];
      if (kind === 'HELP') {
        if (finished.has(name)) throw new Error(`family twice: ${name}`);
        finished.add(family);
        family = name;
      } else {
        if (name !== family || types.has(name)) throw new Error(`type out of place: ${line}`);
        if (!/^(gauge|counter|untyped)$/.test(rest)) throw new Error(`no type: ${line}`);
        types.set(name, rest);
      }
      continue;
    }
    readSample(line, family, types, series);
  }
  return { series, types };
}

function readSample(
  line: string,
  family: string,
  types: ReadonlyMap<string, string>,
  series: Map<string, number>,
): void {
  const sample = SAMPLE.exec(line);
  if (sample === null) throw new Error(`no sample: ${line}`);
  const [, name, labelText, value] = sample;
  if (name !== family || !types.has(name)) throw new Error(`sample outside its family: ${line}`);
  if (!NUMBER.test(value!)) throw new Error(`no number: ${line}`);
  const labels = readLabels(labelText ?? '');
  const key = `${name}{${labels.join(',')}}`;
  if (series.has(key)) throw new Error(`series twice: ${key}`);
  series.set(key, Number(value!.replace('Inf', 'Infinity')));
}

function readLabels(text: string): string[] {
  const labels = new Map<string, string>();
  let at = 0;
  while (at < text.length) {
    LABEL.lastIndex = at;
    const label = LABEL.exec(text);
    if (label === null) throw new Error(`no label: ${text.slice(at)}`);
    if (labels.has(label[1]!)) throw new Error(`label twice: ${label[1]}`);
    labels.set(label[1]!, label[2]!);
    at = LABEL.lastIndex;
  }
  return [...labels]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}="${value}"`);
}
