import { lineOf, type ParsedFile, type SyntaxNode, walk } from './source-files.ts';

export const MAX_FILE_LINES = 400;
export const MAX_FUNCTION_LINES = 70;

const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

/** What only one file may touch, and what everyone else uses instead. */
interface Ban {
  readonly what: string;
  readonly instead: string;
  readonly allowedIn: RegExp;
  readonly matches: (node: SyntaxNode) => boolean;
}

const CLOCK = /^(lib\/clock\.ts|web\/browser-clock\.ts)$/;
const RANDOM = /^lib\/random\.ts$/;
const TIME =
  'take `now: EpochMs` as an argument, or use the `Clock` that is passed in (lib/clock.ts)';
const TIMER = '`clock.after(delayMs, callback)` or `delay(clock, delayMs)` of lib/clock.ts';
const CHANCE = 'the `Random` that is passed in (lib/random.ts)';

const nameOf = (node: unknown) => (node as { name?: string } | null)?.name;

function isMember(object: string, property: string) {
  return (node: SyntaxNode) =>
    node.type === 'MemberExpression' &&
    nameOf(node.object) === object &&
    nameOf(node.property) === property;
}

function isCallOf(...names: string[]) {
  return (node: SyntaxNode) =>
    node.type === 'CallExpression' && names.includes(nameOf(node.callee) ?? '');
}

function isMethodCall(...names: string[]) {
  return (node: SyntaxNode) => {
    const callee = node.callee as SyntaxNode | undefined;
    return (
      node.type === 'CallExpression' &&
      callee?.type === 'MemberExpression' &&
      names.includes(nameOf(callee.property) ?? '')
    );
  };
}

function isDateWithoutInstant(node: SyntaxNode): boolean {
  const isDate = nameOf(node.callee) === 'Date';
  if (node.type === 'CallExpression') return isDate;
  return node.type === 'NewExpression' && isDate && (node.arguments as unknown[]).length === 0;
}

const BANS: readonly Ban[] = [
  { what: 'Date.now()', instead: TIME, allowedIn: CLOCK, matches: isMember('Date', 'now') },
  { what: 'new Date()', instead: TIME, allowedIn: CLOCK, matches: isDateWithoutInstant },
  {
    what: 'performance.now()',
    instead: '`clock.monotonicMs()` of lib/clock.ts',
    allowedIn: CLOCK,
    matches: isMember('performance', 'now'),
  },
  {
    what: 'process.hrtime',
    instead: '`clock.monotonicMs()` of lib/clock.ts',
    allowedIn: CLOCK,
    matches: isMember('process', 'hrtime'),
  },
  {
    what: 'setTimeout or setInterval',
    instead: TIMER,
    allowedIn: CLOCK,
    matches: (node) =>
      isCallOf('setTimeout', 'setInterval')(node) ||
      isMethodCall('setTimeout', 'setInterval')(node),
  },
  {
    what: 'node:timers',
    instead: TIMER,
    allowedIn: CLOCK,
    matches: (node) =>
      node.type === 'ImportDeclaration' &&
      /^(node:)?timers/.test(String((node.source as SyntaxNode).value)),
  },
  {
    what: 'Math.random()',
    instead: CHANCE,
    allowedIn: RANDOM,
    matches: isMember('Math', 'random'),
  },
  {
    what: 'randomUUID, randomBytes or randomInt',
    instead: CHANCE,
    allowedIn: RANDOM,
    matches: (node) =>
      isCallOf('randomUUID', 'randomBytes', 'randomInt')(node) ||
      isMethodCall('randomUUID', 'randomBytes', 'randomInt', 'getRandomValues')(node),
  },
];

export function bannedCalls(file: ParsedFile): string[] {
  const found: string[] = [];
  walk(file.program, (node) => {
    for (const ban of BANS) {
      if (!ban.matches(node) || ban.allowedIn.test(file.path)) continue;
      found.push(`${file.path}:${lineOf(file.text, node.start)} ${ban.what}: use ${ban.instead}`);
    }
  });
  return found;
}

/** A function that declares tests is a list, not a step of a program. */
function declaresTests(node: SyntaxNode): boolean {
  let found = false;
  walk(node, (child) => {
    if (child.type === 'CallExpression' && TEST_WORDS.has(rootNameOf(child))) found = true;
  });
  return found;
}

const TEST_WORDS = new Set(['describe', 'test', 'it']);

/** `describe` of `describe.skipIf(x)('…')`. */
function rootNameOf(call: SyntaxNode): string {
  let callee = call.callee as SyntaxNode;
  while (callee.type === 'MemberExpression' || callee.type === 'CallExpression') {
    callee = (callee.type === 'MemberExpression' ? callee.object : callee.callee) as SyntaxNode;
  }
  return nameOf(callee) ?? '';
}

export function longFunctions(file: ParsedFile): string[] {
  const found: string[] = [];
  walk(file.program, (node) => {
    if (!FUNCTIONS.has(node.type)) return;
    const from = lineOf(file.text, node.start);
    const lines = lineOf(file.text, node.end) - from + 1;
    if (lines <= MAX_FUNCTION_LINES || declaresTests(node)) return;
    found.push(`${file.path}:${from} has ${lines} lines, at most ${MAX_FUNCTION_LINES}: split it`);
  });
  return found;
}

export function tooLong(file: ParsedFile): string[] {
  const lines = file.text.trimEnd().split('\n').length;
  return lines > MAX_FILE_LINES
    ? [`${file.path} has ${lines} lines, at most ${MAX_FILE_LINES}: split it by what it does`]
    : [];
}

function exportedFunctionName(statement: SyntaxNode): string | null {
  if (statement.type !== 'ExportNamedDeclaration') return null;
  const declaration = statement.declaration as SyntaxNode | null;
  if (declaration === null) return null;
  if (declaration.type === 'FunctionDeclaration' || declaration.type === 'ClassDeclaration') {
    return nameOf(declaration.id) ?? null;
  }
  if (declaration.type !== 'VariableDeclaration') return null;
  const [first] = declaration.declarations as SyntaxNode[];
  return FUNCTIONS.has((first?.init as SyntaxNode | null)?.type ?? '')
    ? (nameOf(first?.id) ?? null)
    : null;
}

export function undocumentedExports(file: ParsedFile): string[] {
  return (file.program.body as SyntaxNode[]).flatMap((statement, index, statements) => {
    const name = exportedFunctionName(statement);
    if (name === null) return [];
    const overloaded = (statements[index - 1]?.declaration as SyntaxNode | null)?.type;
    if (overloaded === 'TSDeclareFunction') return [];
    const before = file.text.slice(0, statement.start).trimEnd();
    const comment = before.slice(before.lastIndexOf('/*'));
    if (before.endsWith('*/') && comment.startsWith('/**')) return [];
    return [
      `${file.path}:${lineOf(file.text, statement.start)} ${name} needs a /** doc comment */: meaning, units, what comes back when things go wrong`,
    ];
  });
}

const POSTPONED = new RegExp(
  `\\b(${['TO', 'FIX'].map((word, i) => word + ['DO', 'ME'][i]).join('|')})\\b`,
);

export function postponedWork(file: ParsedFile): string[] {
  return file.comments
    .filter((comment) => POSTPONED.test(comment.value))
    .map((comment) => `${file.path}:${lineOf(file.text, comment.start)} postpones work: do it now`);
}

export function defaultExports(file: ParsedFile): string[] {
  if (/(^|\/)[\w-]+\.config\.ts$/.test(file.path)) return [];
  return (file.program.body as SyntaxNode[])
    .filter((statement) => statement.type === 'ExportDefaultDeclaration')
    .map(() => `${file.path} has a default export: give it a name`);
}
