import fc from 'fast-check';
import Type from 'typebox';
import { describe, expect, it } from 'vitest';
import { formatProblem } from '../../config/problem.ts';
import { parseYaml, problemFrom } from '../../config/yaml-file.ts';

const Anything = Type.Unknown();
const Recipe = Type.Object(
  {
    name: Type.String({ title: 'name', minLength: 2, maxLength: 10 }),
    steps: Type.Array(
      Type.Object(
        { minutes: Type.Integer({ minimum: 1, maximum: 90, default: 5 }), hot: Type.Boolean() },
        { additionalProperties: false },
      ),
      { default: [], maxItems: 3 },
    ),
  },
  { additionalProperties: false },
);

const linesOf = (text: string, schema: Type.TSchema = Anything) =>
  parseYaml('file.yaml', text, schema).problems.map(formatProblem);
const valueIn = (text: string) => parseYaml('file.yaml', text, Anything).value;

describe('a text that fits', () => {
  it('gives plain values of the YAML 1.2 core schema', () => {
    expect(
      valueIn('a: [1, 0x1F, 1.5, true, yes, null, ~, "1", 2026-01-01]\n"b c": x\n3: y'),
    ).toEqual({
      a: [1, 31, 1.5, true, 'yes', null, null, '1', '2026-01-01'],
      'b c': 'x',
      '3': 'y',
    });
  });

  it('has its defaults filled in, each list its own', () => {
    const first = parseYaml('file.yaml', 'name: tea', Recipe).value!;
    first.steps.push({ minutes: 1, hot: true });
    expect(parseYaml('file.yaml', 'name: tea', Recipe).value).toEqual({ name: 'tea', steps: [] });
    expect(parseYaml('file.yaml', 'name: tea\nsteps: [{ hot: true }]', Recipe).value).toEqual({
      name: 'tea',
      steps: [{ minutes: 5, hot: true }],
    });
  });

  it('may be empty, or hold comments only', () => {
    for (const text of ['', '\n', '# later\n', '---\n']) expect(valueIn(text)).toEqual({});
  });

  it('may repeat a value by an alias', () => {
    expect(valueIn('a: &x { k: [1] }\nb: *x\nc: &x 2\nd: *x')).toEqual({
      a: { k: [1] },
      b: { k: [1] },
      c: 2,
      d: 2,
    });
  });
});

describe('a text that does not fit its schema', () => {
  it('is told every departure with its line', () => {
    const text = `
name: x
colour: red
steps:
  - hot: maybe
    minutes: 0
  - minutes: 91
  -
    - 1
  - hot:
`;
    expect(linesOf(text, Recipe)).toEqual([
      'file.yaml:2: name: "x" is too short; expected at least 2 characters',
      'file.yaml:3: colour: unknown key "colour"; expected name or steps',
      'file.yaml:4: steps: has 4 entries; expected at most 3',
      'file.yaml:5: steps[0].hot: found "maybe"; expected true or false',
      'file.yaml:6: steps[0].minutes: 0 is too small; expected at least 1',
      'file.yaml:7: steps[1]: "hot" is missing; expected true or false',
      'file.yaml:7: steps[1].minutes: 91 is too large; expected at most 90',
      'file.yaml:9: steps[2]: found a list; expected a mapping (lines of "key: value")',
      'file.yaml:10: steps[3].hot: has no value; expected true or false',
    ]);
  });

  it('is cut short when nearly everything is wrong', () => {
    const lines = linesOf(`name: tea\nsteps: [${'1, '.repeat(5000)}]`, Recipe);
    expect(lines).toHaveLength(101);
    expect(lines.at(-1)).toBe('file.yaml:1: and 4901 more problems');
  });

  it('shows hostile text harmlessly', () => {
    const text = `name: "${'x'.repeat(500)}"\n"\\u200f[31m\\nkey": 1`;
    expect(linesOf(text, Recipe)).toEqual([
      `file.yaml:1: name: "${'x'.repeat(59)}…" has 500 characters; expected at most 10`,
      'file.yaml:2: ["[31m key"]: unknown key "[31m key"; expected name or steps',
    ]);
  });
});

describe('a tab that indents', () => {
  it('is told without what follows from it', () => {
    const text = 'a:\n  - b: 1\n\tc: 2\n    d: [x]\n    e: 3\n    f: 4\n';
    expect(linesOf(text, Anything)).toEqual([
      'file.yaml:3: a tab is used for indentation; use spaces',
    ]);
  });

  it('hides neither further ones nor what is wrong before it', () => {
    const text = 'a: !custom x\nb:\n  - c: 1\n\td: 2\n    e: 3\nf:\n\tg: 1\n';
    expect(linesOf(text, Anything)).toEqual([
      'file.yaml:1: tags (words that begin with "!") are not accepted',
      'file.yaml:4: a tab is used for indentation; use spaces',
      'file.yaml:7: a tab is used for indentation; use spaces',
    ]);
  });
});

describe('problemFrom', () => {
  const parsed = parseYaml('file.yaml', 'a: &x\n  - k: 1\n  - l: 2\nb: *x\n', Anything);
  it.each([
    [['a', 1, 'l'], 'file.yaml:3: a[1].l: is odd'],
    [['a', 1], 'file.yaml:3: a[1]: is odd'],
    [['a', 1, 'none', 'deeper'], 'file.yaml:3: a[1].none.deeper: is odd'],
    [['a', 7], 'file.yaml:1: a[7]: is odd'],
    [['b', 1, 'l'], 'file.yaml:3: b[1].l: is odd'],
    [['c'], 'file.yaml:1: c: is odd'],
    [[], 'file.yaml:1: is odd'],
  ])('finds the line of %j', (path, line) => {
    expect(formatProblem(problemFrom(parsed, path, 'is odd'))).toBe(line);
  });
});

describe('a hostile text', () => {
  const laughs = ['a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha]'];
  for (let level = 1; level < 10; level += 1) {
    const before = `*a${level - 1}`;
    laughs.push(`a${level}: &a${level} [${Array(9).fill(before).join(', ')}]`);
  }

  it.each([
    [
      'billion laughs',
      laughs.join('\n'),
      [/^file.yaml:5: a4\[\d\]: aliases repeat more than 10000 values$/],
    ],
    ['alias of itself', 'a: &a [1, *a]', [/^file.yaml:1: nested deeper than 64 levels$/]],
    [
      'alias of nothing',
      'a: 1\nb: *c',
      [/^file.yaml:2: b: the alias names no anchor set before it$/],
    ],
    [
      'duplicate key',
      'a: 1\nb: { c: 1, c: 2 }\na: 3',
      [
        /^file.yaml:2: b: key "c" appears twice; first on line 2$/,
        /^file.yaml:3: key "a" appears twice; first on line 1$/,
      ],
    ],
    [
      '__proto__',
      'a: { __proto__: { role: x } }',
      [/^file.yaml:1: a: the key "__proto__" is not accepted$/],
    ],
    [
      'merge key',
      'a: &a { b: 1 }\nc: { <<: *a }',
      [/^file.yaml:2: c: merge keys \("<<"\) are not accepted; write the keys out$/],
    ],
    [
      'list as key',
      '? [a, b]\n: 1',
      [/^file.yaml:1: a key is a plain text, not a list or a mapping$/],
    ],
    [
      'tag',
      'a: !!binary aGVsbG8=\nb: !custom x',
      [/^file.yaml:1: tags \(words that begin with "!"\) are not accepted$/, /^file.yaml:2: tags /],
    ],
    [
      'directive',
      '%YAML 1.1\n---\na: yes',
      [/^file.yaml:1: directives \(lines that begin with "%"\) are not accepted$/],
    ],
    ['two documents', 'a: 1\n---\nb: 2', [/^file.yaml:2: a configuration file holds one document/]],
    [
      'tab as indentation',
      'a:\n\tb: 1',
      [/^file.yaml:2: a tab is used for indentation; use spaces$/],
    ],
    ['NUL', 'a: 1\nb: "x\0y"', [/^file.yaml:2: forbidden invisible character U\+0000; remove it$/]],
    [
      'text that reads backwards',
      'a: "x\u202ey"',
      [/^file.yaml:1: forbidden invisible character U\+202E; remove it$/],
    ],
    [
      'escaped control characters',
      'a: "\\e[2J"\n"\\0": 1',
      [
        /^file.yaml:1: a: forbidden invisible character U\+001B; remove it$/,
        /^file.yaml:2: forbidden invisible character U\+0000; remove it$/,
      ],
    ],
    ['open quote', 'a: "b\nc: d\n', [/^file.yaml:1: the quote that opens here is never closed$/]],
    ['deep lists', '['.repeat(100_000), [/^file.yaml:1: nested deeper than 64 levels$/, /./, /./]],
    [
      'deep lists, well closed',
      `${'['.repeat(80)}${']'.repeat(80)}`,
      [/^file.yaml:1: nested deeper than 64 levels$/],
    ],
    [
      'deep mappings',
      Array.from({ length: 1000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
      [/nested deeper than 64 levels$/],
    ],
    [
      'five megabytes',
      `a: ${'x'.repeat(5 * 1024 * 1024)}`,
      [/^file.yaml: is 5242883 bytes long; at most 4194304 are accepted$/],
    ],
  ] as const)('%s is refused', (_name, text, expected) => {
    const parsed = parseYaml('file.yaml', text, Anything);
    expect(parsed.value).toBeNull();
    const lines = parsed.problems.map(formatProblem);
    for (const [index, pattern] of expected.entries()) expect(lines[index]).toMatch(pattern);
    expect(lines.length).toBeLessThanOrEqual(101);
    expect(({} as Record<string, unknown>).role).toBeUndefined();
  });

  it('of any kind never throws, and has a value or a problem', () => {
    const piece = fc.constantFrom(
      ...['a', ': ', ':', '- ', '\n', '  ', '[', ']', '{', '}', ',', '"', "'", '&a ', '*a', '!t '],
      ...['<<', '|', '>', '#', '%', '---\n', '...\n', '\t', '?', '1', '~', '\\', '\u00a0', '💥'],
    );
    const text = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(text, (hostile) => {
        const parsed = parseYaml('file.yaml', hostile, Anything);
        for (const problem of parsed.problems) expect(problem.line).toBeGreaterThan(0);
        if (parsed.problems.length > 0) expect(parsed.value).toBeNull();
        else expect(parsed.lineOf(['a', 0, 'a'])).toBeGreaterThan(0);
      }),
      { seed: 9, numRuns: 2000 },
    );
  });

  it('keeps what it says about secrets out of syntax errors', () => {
    const lines = linesOf('community: "hunter2\nother: hunter2: hunter2\n').join('\n');
    expect(lines).not.toBe('');
    expect(lines).not.toContain('hunter2');
  });
});
