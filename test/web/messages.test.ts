import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { REFUSALS } from '../../api/carry-out.ts';
import { DEVICE_METRICS } from '../../collector/metrics.ts';
import { DUTY_MESSAGES } from '../../web/duty-messages.ts';
import { english } from '../../web/messages-en.ts';
import { chinese } from '../../web/messages-zh-cn.ts';
import { READING_NAMES, VALUE_NAMES } from '../../web/reading-names.ts';

type Leaf = string | ((...parts: never[]) => string);

function leaves(table: object, path = ''): [string, Leaf][] {
  return Object.entries(table).flatMap(([key, value]): [string, Leaf][] =>
    typeof value === 'object' ? leaves(value, `${path}${key}.`) : [[path + key, value as Leaf]],
  );
}

/** A message with every part filled in. */
function say(leaf: Leaf): string {
  return typeof leaf === 'string' ? leaf : leaf(...([2, 1, 3] as never[]));
}

describe('the texts of the console', () => {
  const translated = new Map(leaves(chinese));

  it.each(leaves(english))('%s is there in Chinese', (key, leaf) => {
    const text = say(translated.get(key) ?? '');
    expect(text).toMatch(/\p{Script=Han}/u);
    expect(text).not.toBe(say(leaf));
    const latin = text.match(/[A-Za-z]{2,}/g) ?? [];
    expect(latin.filter((word) => !['README', 'SNMP'].includes(word))).toEqual([]);
  });

  it('has no text that nothing shows', async () => {
    const folder = fileURLToPath(new URL('../../web/', import.meta.url));
    const names = (await readdir(folder)).filter((name) => /\.tsx?$/.test(name));
    const sources = await Promise.all(
      names
        .filter((name) => !name.startsWith('messages-'))
        .map((name) => readFile(folder + name, 'utf8')),
    );
    const all = sources.join('\n');
    // Named by a state or a view, not in so many letters.
    const named = new Set(['live', 'connecting', 'reconnecting', 'incident', 'device']);
    const isShown = (key: string) =>
      new RegExp(`\\b(text|value|peek\\(\\))\\.${key}\\b|\\{ ${key} \\} = messages`).test(all);
    const unused = Object.keys(english).filter((key) => !named.has(key) && !isShown(key));
    expect(unused).toEqual([]);
  });
});

describe('the texts of who is on call, silences and the procedure', () => {
  const translated = new Map(leaves(DUTY_MESSAGES['zh-CN']));

  it.each(leaves(DUTY_MESSAGES.en))('%s is there in Chinese', (key, leaf) => {
    const text = say(translated.get(key) ?? '');
    expect(text).toMatch(/\p{Script=Han}/u);
    expect(text).not.toBe(say(leaf));
  });

  it('say of every refused command and report why', async () => {
    const desk = new URL('../../api/report-desk.ts', import.meta.url);
    const named = (await readFile(desk, 'utf8')).match(/readonly refused:([^;]*);/)?.[1] ?? '';
    const ofReports = Array.from(named.matchAll(/'([a-z-]+)'/g), ([, reason = '']) => reason);
    expect(ofReports.length).toBeGreaterThan(3);
    for (const reason of [...Object.keys(REFUSALS), ...ofReports])
      expect(DUTY_MESSAGES.en.refusals, reason).toHaveProperty(reason);
  });
});

describe('the readings of a device', () => {
  const metrics = DEVICE_METRICS.map(({ name }) => name.replace('threenines_', '')).filter((name) =>
    /^(cpu|memory|storage|sensor|component|power)_|_uptime_seconds$/.test(name),
  );

  it.each(metrics)('%s has a name in both languages', (metric) => {
    const name = READING_NAMES[metric];
    expect(name?.en).toMatch(/[a-z]/i);
    expect(name?.['zh-CN']).toMatch(/\p{Script=Han}/u);
  });

  it('has no name for a metric that is not there', () => {
    for (const named of [READING_NAMES, VALUE_NAMES])
      expect(Object.keys(named).filter((metric) => !metrics.includes(metric))).toEqual([]);
  });
});

describe('the sources of the console', () => {
  it('put text into the page as text only, and read time in one place', async () => {
    const folder = fileURLToPath(new URL('../../web/', import.meta.url));
    for (const name of (await readdir(folder)).filter((each) => /\.tsx?$/.test(each))) {
      const source = await readFile(folder + name, 'utf8');
      expect(source, name).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write/);
      if (name !== 'browser-clock.ts')
        expect(source, name).not.toMatch(/Date\.now|setTimeout|setInterval|performance\.now/);
    }
  });
});
